//! Sign-ins, the owner's account, and its move.

use crate::error::refusal::{AccountRefusal, MoveRefusal};
use crate::protocol::passkey;
use crate::web::locale::Message;

pub(super) fn account(refusal: &AccountRefusal) -> Message {
    match refusal {
        AccountRefusal::WrongCredentials => Message::new("login-wrong"),
        AccountRefusal::WrongPassword => Message::new("error-password-wrong"),
        AccountRefusal::WrongCurrentPassword => Message::new("error-current-password-wrong"),
        AccountRefusal::PasswordLength { minimum, maximum } => {
            Message::new("error-password-length").with("minimum", *minimum).with("maximum", *maximum)
        }
        AccountRefusal::CodeUsed => Message::new("error-code-used"),
        AccountRefusal::CodeWrong => Message::new("error-code-wrong"),
        AccountRefusal::PageTooOld => Message::new("error-page-too-old"),
        AccountRefusal::PasskeyNotAccepted(refusal) => passkey(*refusal),
        AccountRefusal::PasskeyUnknown => Message::new("error-passkey-unknown"),
        AccountRefusal::SignInUsed => Message::new("error-sign-in-used"),
        AccountRefusal::PasskeyStored => Message::new("error-passkey-stored"),
        AccountRefusal::TooManyPasskeys(maximum) => Message::new("error-passkeys").with("maximum", *maximum),
        AccountRefusal::UserNameCharacters => Message::new("error-username"),
        AccountRefusal::UserNameLength(maximum) => Message::new("error-username-length").with("maximum", *maximum),
        AccountRefusal::DisplayNameLength(maximum) => Message::new("error-display-name").with("maximum", *maximum),
        AccountRefusal::OwnerExists => Message::new("error-owner-exists"),
        AccountRefusal::Moved(target) => Message::new("error-moved").with("target", target.as_str()),
        AccountRefusal::TooManyFields(maximum) => Message::new("error-fields").with("maximum", *maximum),
        AccountRefusal::NotADomain(name) => Message::new("error-domain").with("name", name.as_str()),
        AccountRefusal::TooManyDomains(maximum) => Message::new("error-domains").with("maximum", *maximum),
    }
}

fn passkey(refusal: passkey::Refusal) -> Message {
    match refusal {
        passkey::Refusal::Malformed => Message::new("error-passkey-malformed"),
        passkey::Refusal::WrongPage => Message::new("error-passkey-page"),
        passkey::Refusal::UserNotVerified => Message::new("error-passkey-user"),
        passkey::Refusal::UnsupportedKey => Message::new("error-passkey-key"),
        passkey::Refusal::BadSignature => Message::new("error-passkey-signature"),
    }
}

pub(super) fn moving(refusal: &MoveRefusal) -> Message {
    match refusal {
        MoveRefusal::FromSelf => Message::new("error-move-from-self"),
        MoveRefusal::ToSelf => Message::new("error-move-to-self"),
        MoveRefusal::TooManyAliases(maximum) => Message::new("error-aliases").with("maximum", *maximum),
        MoveRefusal::NotAnAlias(account) => Message::new("error-not-an-alias").with("account", account.as_str()),
        MoveRefusal::MovedAlready(handle) => Message::new("error-moved-already").with("handle", handle.as_str()),
        MoveRefusal::TargetMoved { handle, target } => {
            Message::new("error-move-moved-on").with("handle", handle.as_str()).with("target", target.as_str())
        }
        MoveRefusal::AliasMissing { handle, own } => {
            Message::new("error-alias-missing").with("handle", handle.as_str()).with("own", own.as_str())
        }
        MoveRefusal::TooSoon { days, date } => {
            Message::new("error-move-too-soon").with("days", *days).with("date", date.as_str())
        }
        MoveRefusal::NotMoved => Message::new("error-not-moved"),
    }
}
