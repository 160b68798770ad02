//! Why a request is refused: one type for each subject, which carries the values of the reason.
//!
//! The texts here are those of the client API, in English. Pages translate the types (`web/locale/refusals`).

mod account;
mod emoji;
mod file_kind;
mod filters;
mod interactions;
mod media;
mod moving;
mod oauth;
mod people;
mod polls;
mod posts;
mod request;
mod settings;
mod text;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use account::AccountRefusal;
pub use emoji::{EmojiRefusal, PackRefusal};
pub use file_kind::FileKind;
pub use filters::FilterRefusal;
pub use interactions::InteractionRefusal;
pub use media::{AcceptedFiles, AnimationRefusal, HeavyImage, MediaRefusal, StreamRefusal};
pub use moving::MoveRefusal;
pub use oauth::{OAuthRefusal, RedirectProblem};
pub use people::{HashtagRefusal, PeopleRefusal};
pub use polls::PollRefusal;
pub use posts::PostRefusal;
pub use request::RequestRefusal;
pub use settings::SettingRefusal;
pub use text::{LimitedText, RequiredText, TextRefusal};

/// The reason why a request is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error, Serialize, Deserialize)]
pub enum Refusal {
    /// A text is too long, or missing.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// A post, its attachments or its time.
    #[error(transparent)]
    Post(#[from] PostRefusal),
    /// A poll, or a vote in one.
    #[error(transparent)]
    Poll(#[from] PollRefusal),
    /// A boost, quote, reply, reaction or pin.
    #[error(transparent)]
    Interaction(#[from] InteractionRefusal),
    /// The sign-in, or the owner's account.
    #[error(transparent)]
    Account(#[from] AccountRefusal),
    /// The account cannot move.
    #[error(transparent)]
    Move(#[from] MoveRefusal),
    /// A follow, block, mute or list.
    #[error(transparent)]
    People(#[from] PeopleRefusal),
    /// A hashtag of the owner.
    #[error(transparent)]
    Hashtag(#[from] HashtagRefusal),
    /// A filter.
    #[error(transparent)]
    Filter(#[from] FilterRefusal),
    /// A setting.
    #[error(transparent)]
    Setting(#[from] SettingRefusal),
    /// A custom emoji.
    #[error(transparent)]
    Emoji(#[from] EmojiRefusal),
    /// A pack of custom emoji.
    #[error(transparent)]
    Pack(#[from] PackRefusal),
    /// An image.
    #[error(transparent)]
    Media(#[from] MediaRefusal),
    /// An animated image.
    #[error(transparent)]
    Animation(#[from] AnimationRefusal),
    /// A video or recording.
    #[error(transparent)]
    Stream(#[from] StreamRefusal),
    /// The form or address is not as it should be.
    #[error(transparent)]
    Request(#[from] RequestRefusal),
    /// An app that is registered, or asks for access.
    #[error(transparent)]
    OAuth(#[from] OAuthRefusal),
    /// Only apps, peers, the command line and the log show it: it is not translated.
    #[error("{0}")]
    Untranslated(Cow<'static, str>),
}

impl From<&'static str> for Refusal {
    fn from(text: &'static str) -> Self {
        Self::Untranslated(text.into())
    }
}

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Self::Untranslated(text.into())
    }
}
