//! The error codes of OAuth.

/// Error codes of RFC 6749 section 5.2 (and 4.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OAuthCode {
    /// The code, verifier or credentials of the grant are wrong or used up.
    InvalidGrant,
    /// A parameter is missing or malformed.
    InvalidRequest,
    /// The client id or secret is wrong.
    InvalidClient,
    /// The token belongs to another client.
    UnauthorizedClient,
    /// A scope is unknown or exceeds the registration.
    InvalidScope,
    /// The grant type is not offered.
    UnsupportedGrantType,
    /// The response type is not offered.
    UnsupportedResponseType,
    /// The owner denied the request.
    AccessDenied,
}

impl OAuthCode {
    /// Returns the code as sent to the client.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::InvalidScope => "invalid_scope",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::AccessDenied => "access_denied",
        }
    }
}
