//! The four visibilities of a status.

/// Who a status is for. The order is from widest to narrowest, so `max` of two is the narrower one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visibility {
    /// Everybody, and listed in public timelines.
    Public,
    /// Everybody who has the link or follows the author.
    Unlisted,
    /// Followers of the author, and those mentioned.
    Private,
    /// Those mentioned.
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

    /// Reads the API's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.as_str() == name)
    }

    /// True if anybody may read it.
    pub fn is_open(self) -> bool {
        self <= Self::Unlisted
    }
}
