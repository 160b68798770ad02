//! Texts that are missing or too long.

use crate::error::refusal::{LimitedText, RequiredText, TextRefusal};
use crate::web::locale::Message;

pub(super) fn text(refusal: &TextRefusal) -> Message {
    match refusal {
        TextRefusal::Blank(text) => blank(*text),
        TextRefusal::TooLong { text, maximum } => too_long(*text, *maximum),
    }
}

fn blank(text: RequiredText) -> Message {
    match text {
        RequiredText::Post => Message::new("error-text-blank"),
        RequiredText::Title => Message::new("error-title-blank"),
        RequiredText::FilterContext => Message::new("error-filter-context"),
        RequiredText::Keyword => Message::new("error-keyword-blank"),
    }
}

fn too_long(text: LimitedText, maximum: usize) -> Message {
    match text {
        LimitedText::ContentWarning => Message::new("error-warning-long").with("maximum", maximum),
        LimitedText::MediaDescription => Message::new("error-description-long").with("maximum", maximum),
        LimitedText::Title => Message::new("error-title-long").with("maximum", maximum),
        LimitedText::Keyword => Message::new("error-keyword-long").with("maximum", maximum),
        LimitedText::AccountNote => Message::new("error-note-long").with("maximum", maximum),
        LimitedText::ReportComment => Message::new("error-comment-long").with("maximum", maximum),
        LimitedText::DisplayName => Message::new("error-name-long").with("maximum", maximum),
        LimitedText::ProfileNote => Message::new("error-profile-note-long").with("maximum", maximum),
        LimitedText::AvatarDescription => Message::new("error-avatar-description-long").with("maximum", maximum),
        LimitedText::HeaderDescription => Message::new("error-header-description-long").with("maximum", maximum),
        LimitedText::FieldLabel => Message::new("error-field-label-long").with("maximum", maximum),
        LimitedText::FieldValue => Message::new("error-field-value-long").with("maximum", maximum),
        LimitedText::ServerDescription => Message::new("error-server-description-long").with("maximum", maximum),
        LimitedText::PrivacyPolicy => Message::new("error-privacy-policy-long").with("maximum", maximum),
        LimitedText::TermsOfService => Message::new("error-terms-long").with("maximum", maximum),
        LimitedText::Rule => Message::new("error-rule-long").with("maximum", maximum),
        LimitedText::Search => Message::new("error-search-long").with("maximum", maximum),
    }
}
