//! Settings.

use crate::error::refusal::SettingRefusal;
use crate::web::locale::Message;

pub(super) fn setting(refusal: &SettingRefusal) -> Message {
    match refusal {
        SettingRefusal::NotAColour(text) => Message::new("error-colour").with("text", text.as_str()),
        SettingRefusal::OwnCssTooLong(kib) => Message::new("error-own-css").with("kib", *kib),
        SettingRefusal::NoAvatar => Message::new("error-no-avatar"),
        SettingRefusal::TooManyRules(maximum) => Message::new("error-rules").with("maximum", *maximum),
        SettingRefusal::UnknownTimeZone(name) => Message::new("error-time-zone").with("name", name.as_str()),
        SettingRefusal::PreviewsOff => Message::new("error-previews-off"),
        SettingRefusal::PushEndpointTooLong(maximum) => Message::new("error-push-long").with("maximum", *maximum),
        // The browser chooses the endpoint: the reason helps its developers only, and the API has it.
        SettingRefusal::PushEndpointUnusable(_) => Message::new("error-push-endpoint"),
        SettingRefusal::PushKeys => Message::new("error-push-keys"),
        SettingRefusal::NotAHost(name) => Message::new("error-host").with("name", name.as_str()),
        SettingRefusal::OwnHost => Message::new("error-own-host"),
    }
}
