//! OAuth scopes.

use std::fmt;

use crate::error::refusal::OAuthRefusal;
use crate::error::{Error, OAuthCode, Result};

/// All supported scopes.
pub const SCOPES: &[&str] = &[
    "read",
    "read:accounts",
    "read:blocks",
    "read:bookmarks",
    "read:favourites",
    "read:filters",
    "read:follows",
    "read:lists",
    "read:mutes",
    "read:notifications",
    "read:search",
    "read:statuses",
    "write",
    "write:accounts",
    "write:blocks",
    "write:bookmarks",
    "write:conversations",
    "write:favourites",
    "write:filters",
    "write:follows",
    "write:lists",
    "write:media",
    "write:mutes",
    "write:notifications",
    "write:reports",
    "write:statuses",
    "follow",
    "push",
    "profile",
];

/// A set of granted scopes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(Vec<&'static str>);

impl Scopes {
    /// Parses scopes separated by spaces, commas or plus signs. Unknown ones are ignored, so that newer apps can sign in.
    /// An empty text means `read`.
    ///
    /// # Errors
    /// `invalid_scope` if none of the scopes is known.
    pub fn parse(text: &str) -> Result<Self> {
        let requested: Vec<&str> = text.split([' ', '+', ',']).filter(|s| !s.is_empty()).collect();
        if requested.is_empty() {
            return Ok(Self(vec!["read"]));
        }
        let known: Vec<&'static str> = SCOPES.iter().copied().filter(|s| requested.contains(s)).collect();
        if known.is_empty() {
            return Err(Error::oauth(
                OAuthCode::InvalidScope,
                OAuthRefusal::UnknownScope(text.chars().take(100).collect()),
            ));
        }
        Ok(Self(known))
    }

    /// True if these scopes cover another: `read` covers `read:statuses`, `follow` covers follows, blocks and mutes.
    pub fn cover(&self, scope: &str) -> bool {
        self.0.iter().any(|granted| {
            *granted == scope
                || scope.split_once(':').is_some_and(|(family, part)| {
                    *granted == family || (*granted == "follow" && matches!(part, "follows" | "blocks" | "mutes"))
                })
                || (scope == "profile" && *granted == "read")
        })
    }

    /// True if every scope of `other` is covered by these.
    pub fn cover_all(&self, other: &Self) -> bool {
        other.0.iter().all(|s| self.cover(s))
    }

    /// The single scopes.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_covers_its_parts() {
        let s = |t| Scopes::parse(t).unwrap();
        assert!(s("read").cover("read:statuses") && !s("read").cover("write:statuses"));
        assert!(s("follow").cover("write:follows") && s("follow").cover("read:blocks"));
        assert!(!s("follow").cover("read:statuses") && !s("read:statuses").cover("read"));
        assert!(s("read+write").cover("write") && s("").cover("read"));
        assert_eq!(s("write from-the-future").to_string(), "write");
        assert!(Scopes::parse("nonsense").is_err());
    }
}
