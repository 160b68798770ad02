//! Interactions that a policy can allow.

/// What an interaction policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interaction {
    /// A favourite or reaction.
    Like,
    /// An answer.
    Reply,
    /// A boost.
    Announce,
    /// A quote.
    Quote,
}

impl Interaction {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Like, Self::Reply, Self::Announce, Self::Quote];

    /// The name that the types of its request and its authorisation begin with: `QuoteRequest`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Like => "Like",
            Self::Reply => "Reply",
            Self::Announce => "Announce",
            Self::Quote => "Quote",
        }
    }

    /// Reads the type of a request.
    pub fn of_request(name: &str) -> Option<Self> {
        let kind = name.strip_suffix("Request")?;
        Self::ALL.into_iter().find(|i| i.as_str() == kind)
    }

    /// Reads the type of a consent: `QuoteAuthorization`, in older GoToSocial `LikeApproval`.
    pub fn of_consent(name: &str) -> Option<Self> {
        let kind = name.strip_suffix("Authorization").or_else(|| name.strip_suffix("Approval"))?;
        Self::ALL.into_iter().find(|i| i.as_str() == kind)
    }
}
