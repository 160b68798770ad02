//! Refusals of apps, when they are registered and when they ask for access.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why an app cannot be registered, or ask for access.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum OAuthRefusal {
    /// The app is not registered, or its secret is wrong.
    #[error(
        "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."
    )]
    UnknownClient,
    /// The app has not registered the redirect URI.
    #[error("The redirect uri included is not valid.")]
    RedirectUri,
    /// The response type is missing.
    #[error("The parameter `response_type` is missing: use code.")]
    ResponseTypeMissing,
    /// The response type is another one.
    #[error("The response_type must be code.")]
    ResponseType,
    /// The app asks for more than it has registered.
    #[error("The app registered for `{registered}` and may not ask for `{requested}`.")]
    ScopeExceeded {
        /// The registered scopes.
        registered: String,
        /// The requested scopes.
        requested: String,
    },
    /// None of these scopes is known.
    #[error("The requested scope is invalid, unknown, or malformed: {0}")]
    UnknownScope(String),
    /// A method without a PKCE challenge.
    #[error("The parameter code_challenge is missing.")]
    ChallengeMissing,
    /// Another method of PKCE.
    #[error("The code_challenge_method must be S256.")]
    ChallengeMethod,
    /// The PKCE challenge is not a hash.
    #[error("The code_challenge must be the SHA-256 of the verifier in base64url.")]
    Challenge,
    /// The name of an app is blank.
    #[error("Application name can't be blank")]
    NoName,
    /// No redirect URI, or more than this number.
    #[error("Redirect URI: give 1 to {0} of them")]
    RedirectUriCount(usize),
    /// A field of an app is longer than this number of bytes.
    #[error("Application fields have at most {0} bytes")]
    FieldTooLong(usize),
    /// An app cannot register this redirect URI.
    #[error("Redirect URI {problem}: {uri}")]
    RedirectUriRefused {
        /// What is wrong with it.
        problem: RedirectProblem,
        /// Its beginning.
        uri: String,
    },
}

/// What is wrong with a redirect URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RedirectProblem {
    /// It has other characters than those of URIs.
    Characters,
    /// It is not absolute.
    NotAbsolute,
    /// It has a fragment.
    Fragment,
    /// It has a user name or password.
    Credentials,
    /// It has no host.
    NoHost,
    /// It is not encrypted, and not on this machine.
    Insecure,
    /// It is another URN than the one that shows the code.
    Urn,
    /// A browser handles its scheme itself.
    Scheme,
}

impl fmt::Display for RedirectProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Characters => "must be an absolute URI of visible ASCII characters",
            Self::NotAbsolute => "must be an absolute URI",
            Self::Fragment => "must not have a fragment",
            Self::Credentials => "must not contain a user name or password",
            Self::NoHost => "must have a host after `//`",
            Self::Insecure => "must use https, unless it is on this machine (localhost)",
            Self::Urn => "must be urn:ietf:wg:oauth:2.0:oob if it is a URN",
            Self::Scheme => "has a scheme that cannot be redirected to safely",
        })
    }
}
