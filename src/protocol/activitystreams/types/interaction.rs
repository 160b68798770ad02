//! Interactions that a policy can allow.

/// An interaction with a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interaction {
    /// A favourite or reaction.
    Like,
    /// A reply.
    Reply,
    /// A boost.
    Announce,
    /// A quote.
    Quote,
}

impl Interaction {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Like, Self::Reply, Self::Announce, Self::Quote];

    /// Returns the name that the types of its request and approval start with: `QuoteRequest`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Like => "Like",
            Self::Reply => "Reply",
            Self::Announce => "Announce",
            Self::Quote => "Quote",
        }
    }

    /// Parses the type of a request.
    pub fn of_request(name: &str) -> Option<Self> {
        let kind = name.strip_suffix("Request")?;
        Self::ALL.into_iter().find(|i| i.as_str() == kind)
    }

    /// Parses the type of an approval: `QuoteAuthorization`, or `LikeApproval` of older GoToSocial.
    pub fn of_approval(name: &str) -> Option<Self> {
        let kind = name.strip_suffix("Authorization").or_else(|| name.strip_suffix("Approval"))?;
        Self::ALL.into_iter().find(|i| i.as_str() == kind)
    }
}
