//! Why signatures are refused.

use crate::error::Error;

/// Why a signature is refused. The text starts with a stable code; peers log it and try the other scheme because of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The request is not signed.
    #[error("signature-missing: the request must be signed")]
    Missing,
    /// The header is malformed.
    #[error("signature-malformed: {0}")]
    Malformed(&'static str),
    /// A parameter or header is repeated.
    #[error("repeated: `{0}` occurs more than once")]
    Repeated(String),
    /// A required component is not signed.
    #[error("missing-component:{0}")]
    MissingComponent(&'static str),
    /// A signed component is missing or not supported.
    #[error("unknown-component:{0}")]
    UnknownComponent(String),
    /// It was signed for another host.
    #[error("wrong-host: the request was signed for another host")]
    WrongHost,
    /// The body does not match its digest.
    #[error("digest-mismatch: the body does not match its digest")]
    DigestMismatch,
    /// The time of the signature is missing, or differs from ours by more than [`limits::SIGNATURE_CLOCK_SKEW`].
    #[error("clock: the time of signing is missing or more than an hour off")]
    Clock,
    /// `expires` has passed.
    #[error("expired: the signature is no longer valid")]
    Expired,
    /// The algorithm is not supported or does not match the key.
    #[error("algorithm: use rsa-sha256, or ed25519 with an Ed25519 key")]
    Algorithm,
    /// The key is unusable.
    #[error("bad-key: {0}")]
    BadKey(&'static str),
    /// The signature was not made with this key.
    #[error("signature-invalid: the key did not make this signature")]
    Invalid,
}

impl From<Refusal> for Error {
    fn from(r: Refusal) -> Self {
        Self::Unauthorized(r.to_string().into())
    }
}
