//! The formats that the owner can write a post in.

/// The format of a text by the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextFormat {
    /// Plain text, with its line breaks.
    #[default]
    Plain,
    /// Markdown.
    Markdown,
}

impl TextFormat {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Plain => "text/plain",
            Self::Markdown => "text/markdown",
        }
    }

    /// The format with this media type; plain text if it is unknown.
    pub fn of_media_type(media_type: &str) -> Self {
        Self::parse(media_type).unwrap_or_default()
    }

    /// The format with a media type that a client names; `None` for a format that does not exist.
    pub fn parse(media_type: &str) -> Option<Self> {
        [Self::Plain, Self::Markdown].into_iter().find(|format| format.media_type() == media_type)
    }
}
