//! HTTP signatures in both schemes that the fediverse uses: draft-cavage-12 and RFC 9421.
//!
//! [`parse`] checks everything that needs no key: coverage, host, digest, clock. [`Presented::verify`] checks the signature. The
//! algorithm follows from the key, never from the claim of the signature (algorithm confusion).
//!
//! ```
//! use dassie::protocol::signature::{self, PublicKey, RequestParts, RequestToSign, SignatureScheme, SigningKey};
//! use dassie::protocol::time::Timestamp;
//!
//! let key = SigningKey::generate_rsa().unwrap();
//! let now = Timestamp::from_millis(1_795_216_793_000);
//! let url = "https://peer.example/inbox".parse().unwrap();
//! let body = br#"{"type":"Follow"}"#;
//! let request = RequestToSign { method: "POST", url: &url, body: Some(body), content_type: None };
//! let signed = signature::sign(SignatureScheme::Cavage, &request, "https://me.example/actor#main-key", &key, now);
//!
//! // The receiver adds the headers that it got to the parts of the request.
//! let mut headers: Vec<_> = signed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
//! headers.push(("host".into(), "peer.example".into()));
//! let received = RequestParts {
//!     method: "POST",
//!     scheme: "https",
//!     authority: "peer.example",
//!     target: "/inbox",
//!     headers: &headers,
//!     body: Some(body),
//! };
//! let presented = signature::parse(&received, now).unwrap();
//! assert_eq!(presented.key_id, "https://me.example/actor#main-key");
//! presented.verify(&PublicKey::from_pem(&key.public_pem()).unwrap()).unwrap();
//! ```

mod cavage;
mod digest;
mod keys;
pub mod proof;
mod rfc9421;

pub use keys::{ProofKey, PublicKey, SigningKey};

use std::fmt;

use crate::error::Error;
use crate::limits;
use crate::protocol::time::Timestamp;

/// The two signature schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureScheme {
    /// draft-cavage-http-signatures-12: one `Signature` header.
    Cavage,
    /// RFC 9421: `Signature-Input` and `Signature`.
    Rfc9421,
}

impl SignatureScheme {
    /// Returns the other scheme, which is tried if this one is refused.
    pub fn other(self) -> Self {
        match self {
            Self::Cavage => Self::Rfc9421,
            Self::Rfc9421 => Self::Cavage,
        }
    }
}

/// The parts of a request that signatures can cover.
#[derive(Debug, Clone, Copy)]
pub struct RequestParts<'a> {
    /// `GET`, `POST`.
    pub method: &'a str,
    /// `https` or `http` as configured, because a proxy may terminate TLS.
    pub scheme: &'a str,
    /// Our configured host, with its port if unusual.
    pub authority: &'a str,
    /// Path and query as received.
    pub target: &'a str,
    /// All headers, with names in lower case.
    pub headers: &'a [(String, String)],
    /// The body of a POST, byte for byte.
    pub body: Option<&'a [u8]>,
}

impl RequestParts<'_> {
    /// Returns the value of a header that must not be repeated: two values are an attack or a broken proxy.
    fn single(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.headers.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let first = values.next();
        match values.next() {
            Some(_) => Err(Refusal::Repeated(name.to_owned())),
            None => Ok(first),
        }
    }

    /// Returns all values of a header, joined (RFC 9110 section 5.2).
    fn joined(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self.headers.iter().filter(|(n, _)| n == name).map(|(_, v)| v.trim()).collect();
        if values.is_empty() { None } else { Some(values.join(", ")) }
    }

    fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or(self.target)
    }

    /// Returns `true` if a signed host is ours, with or without the default port.
    fn is_our_host(&self, host: &str) -> bool {
        let usual = if self.scheme == "https" { ":443" } else { ":80" };
        let bare = |h: &str| h.trim().to_ascii_lowercase().trim_end_matches(usual).to_owned();
        bare(host) == bare(self.authority)
    }
}

/// Why a signature is refused. The text starts with a stable code; peers log it and try the other scheme because of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The request is not signed.
    Missing,
    /// The header is malformed.
    Malformed(&'static str),
    /// A parameter or header is repeated.
    Repeated(String),
    /// A required component is not signed.
    MissingComponent(&'static str),
    /// A signed component is missing or not supported.
    UnknownComponent(String),
    /// It was signed for another host.
    WrongHost,
    /// The body does not match its digest.
    DigestMismatch,
    /// The time of the signature is missing, or differs from ours by more than [`limits::SIGNATURE_CLOCK_SKEW`].
    Clock,
    /// `expires` has passed.
    Expired,
    /// The algorithm is not supported or does not match the key.
    Algorithm,
    /// The key is unusable.
    BadKey(&'static str),
    /// The signature was not made with this key.
    Invalid,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("signature-missing: the request must be signed"),
            Self::Malformed(what) => write!(f, "signature-malformed: {what}"),
            Self::Repeated(what) => write!(f, "repeated: `{what}` occurs more than once"),
            Self::MissingComponent(what) => write!(f, "missing-component:{what}"),
            Self::UnknownComponent(what) => write!(f, "unknown-component:{what}"),
            Self::WrongHost => f.write_str("wrong-host: the request was signed for another host"),
            Self::DigestMismatch => f.write_str("digest-mismatch: the body does not match its digest"),
            Self::Clock => f.write_str("clock: the time of signing is missing or more than an hour off"),
            Self::Expired => f.write_str("expired: the signature is no longer valid"),
            Self::Algorithm => f.write_str("algorithm: use rsa-sha256, or ed25519 with an Ed25519 key"),
            Self::BadKey(why) => write!(f, "bad-key: {why}"),
            Self::Invalid => f.write_str("signature-invalid: the key did not make this signature"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Error {
    fn from(r: Refusal) -> Self {
        Self::Unauthorized(r.to_string().into())
    }
}

/// A parsed signature, to be verified with its key.
#[derive(Debug, Clone)]
pub struct Presented {
    /// The id of the key, a URL.
    pub key_id: String,
    /// Its scheme.
    pub form: SignatureScheme,
    /// The claimed algorithm, which the key must match.
    claimed: Claim,
    signature: Vec<u8>,
    /// The possible signature bases: peers disagree whether the request target includes the query.
    bases: Vec<String>,
}

/// The algorithm that a signature claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// None, or that of the key (`hs2019`).
    ByKey,
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaSha256,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaSha512,
    /// Ed25519.
    Ed25519,
}

/// Parses the signature of a request and checks everything that needs no key.
///
/// # Errors
/// [`Refusal`] for the first failed check.
pub fn parse(request: &RequestParts<'_>, now: Timestamp) -> Result<Presented, Refusal> {
    let is_9421 = request.headers.iter().any(|(n, _)| n == "signature-input");
    let presented = if is_9421 { rfc9421::parse(request, now)? } else { cavage::parse(request, now)? };
    if presented.key_id.len() > limits::URL
        || !(presented.key_id.starts_with("https://") || presented.key_id.starts_with("http://"))
    {
        return Err(Refusal::Malformed("keyId is not a URL"));
    }
    Ok(presented)
}

/// Returns the `keyId` of a signature header without any check.
pub fn key_id_of(header: &str) -> Option<String> {
    let lower = header.to_ascii_lowercase();
    let start = lower.find("keyid=\"")? + "keyid=\"".len();
    let value = header.get(start..)?.split('"').next()?;
    (value.len() <= limits::URL).then(|| value.to_owned())
}

impl Presented {
    /// Returns the decoded signature.
    pub fn bytes(&self) -> &[u8] {
        &self.signature
    }

    /// Verifies the signature with the key of [`Presented::key_id`].
    ///
    /// # Errors
    /// [`Refusal::Algorithm`] if the key does not match the claimed algorithm, [`Refusal::Invalid`] if it did not make the
    /// signature.
    pub fn verify(&self, key: &PublicKey) -> Result<(), Refusal> {
        let fits = matches!(
            (self.claimed, key),
            (Claim::ByKey, _)
                | (Claim::RsaSha256 | Claim::RsaSha512, PublicKey::Rsa(_))
                | (Claim::Ed25519, PublicKey::Ed25519(_))
        );
        if !fits {
            return Err(Refusal::Algorithm);
        }
        let sha512 = self.claimed == Claim::RsaSha512;
        if self.bases.iter().any(|base| key.verifies(base.as_bytes(), &self.signature, sha512)) {
            Ok(())
        } else {
            Err(Refusal::Invalid)
        }
    }
}

fn check_clock(signed_at: Option<Timestamp>, now: Timestamp) -> Result<(), Refusal> {
    let at = signed_at.ok_or(Refusal::Clock)?;
    let skew = limits::SIGNATURE_CLOCK_SKEW;
    if at < now.minus(skew) || at > now.plus(skew) { Err(Refusal::Clock) } else { Ok(()) }
}

/// An outgoing request.
#[derive(Debug, Clone, Copy)]
pub struct RequestToSign<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// Its URL.
    pub url: &'a url::Url,
    /// Its body, if it has one.
    pub body: Option<&'a [u8]>,
    /// The content type of the body.
    pub content_type: Option<&'a str>,
}

impl RequestToSign<'_> {
    /// The host, with its port unless it is the default.
    fn authority(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    fn target(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }
}

/// Returns the headers that sign a request: `Date`, `Digest` or `Content-Digest` if there is a body, and the signature. The caller
/// adds `Host` and `Content-Type` with the values in [`RequestToSign`].
pub fn sign(
    form: SignatureScheme,
    request: &RequestToSign<'_>,
    key_id: &str,
    key: &SigningKey,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    match form {
        SignatureScheme::Cavage => cavage::sign(request, key_id, key, now),
        SignatureScheme::Rfc9421 => rfc9421::sign(request, key_id, key, now),
    }
}

#[cfg(test)]
mod tests;
