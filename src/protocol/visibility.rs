//! The four visibilities of a status.

use serde::{Deserialize, Serialize};

/// Visibility of a status (as in Mastodon), ordered from widest to narrowest, so that `max` of two is the narrower one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Visibility {
    /// Visible to everyone and listed in public timelines.
    Public,
    /// Visible to everyone, but not listed.
    Unlisted,
    /// Visible to followers of the author and to mentioned actors.
    Private,
    /// Visible to mentioned actors.
    Direct,
}

impl Visibility {
    /// All four, widest first.
    pub const ALL: [Self; 4] = [Self::Public, Self::Unlisted, Self::Private, Self::Direct];

    /// The name in the client API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Private => "private",
            Self::Direct => "direct",
        }
    }

    /// Parses the name in the client API.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.as_str() == name)
    }

    /// Returns `true` if everyone may read it.
    pub fn is_open(self) -> bool {
        self <= Self::Unlisted
    }
}
