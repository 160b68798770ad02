//! Refusals of apps that ask for access.

use serde::{Deserialize, Serialize};

/// Why an app cannot ask for access.
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
}
