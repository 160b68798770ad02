//! What errors name: pages translate the names.

use std::fmt;

/// What has a limit of its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeLimit {
    /// The body of a request.
    RequestBody,
    /// A text of a form.
    FormText,
    /// An image.
    Image,
    /// A video or recording.
    VideoOrRecording,
    /// The picture of an emoji.
    Emoji,
    /// The description of a pack of emoji.
    PackDescription,
    /// A picture in a pack of emoji.
    PackPicture,
}

impl fmt::Display for SizeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RequestBody => "request body",
            Self::FormText => "text of the form",
            Self::Image => "image",
            Self::VideoOrRecording => "video or recording",
            Self::Emoji => "emoji",
            Self::PackDescription => "description",
            Self::PackPicture => "picture",
        })
    }
}

/// What is looked up on another server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// An account, by its handle.
    Account,
    /// An account or a post, by its URL.
    AccountOrPost,
    /// A custom emoji.
    Emoji,
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Account => "account",
            Self::AccountOrPost => "account or post",
            Self::Emoji => "emoji",
        })
    }
}
