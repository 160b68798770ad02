//! HTTP signatures in both forms that the field speaks, draft-cavage-12 and RFC 9421, verified over what was
//! received and made at the moment of sending.
//!
//! [`parse`] checks everything that needs no key: coverage, host, digest, clock. [`Presented::verify`] does the rest.
//! The algorithm follows from the key on file and never from what the signature claims (algorithm confusion).

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

/// The two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureScheme {
    /// draft-cavage-http-signatures-12: one `Signature` header.
    Cavage,
    /// RFC 9421: `Signature-Input` and `Signature`.
    Rfc9421,
}

impl SignatureScheme {
    /// The one that is tried when this one is refused.
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
    /// `https` or `http`, as configured and never as the socket says: a proxy stands between.
    pub scheme: &'a str,
    /// Our configured host, with its port if unusual.
    pub authority: &'a str,
    /// Path and query as received.
    pub target: &'a str,
    /// Headers, names in lower case, repeats kept.
    pub headers: &'a [(String, String)],
    /// The body of a POST, byte for byte.
    pub body: Option<&'a [u8]>,
}

impl RequestParts<'_> {
    /// The one value of a header. Two headers of one name that matters are an attack or a broken proxy.
    fn single(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.headers.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let first = values.next();
        match values.next() {
            Some(_) => Err(Refusal::Repeated(name.to_owned())),
            None => Ok(first),
        }
    }

    /// All values of a header, joined as RFC 9110 section 5.2 says.
    fn joined(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self.headers.iter().filter(|(n, _)| n == name).map(|(_, v)| v.trim()).collect();
        if values.is_empty() { None } else { Some(values.join(", ")) }
    }

    fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or(self.target)
    }

    /// True if a signed host is ours; the usual port may be named.
    fn is_our_host(&self, host: &str) -> bool {
        let usual = if self.scheme == "https" { ":443" } else { ":80" };
        let bare = |h: &str| h.trim().to_ascii_lowercase().trim_end_matches(usual).to_owned();
        bare(host) == bare(self.authority)
    }
}

/// Why a signature does not hold. The text names exactly what was wrong; peers log it and fall back on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no signature.
    Missing,
    /// The header cannot be read.
    Malformed(&'static str),
    /// A parameter or header stands twice.
    Repeated(String),
    /// Something that must be signed is not.
    MissingComponent(&'static str),
    /// Something is signed that is not there or that we cannot compute.
    UnknownComponent(String),
    /// It was signed for another host.
    WrongHost,
    /// The body is not what was signed.
    DigestMismatch,
    /// The time of signing is missing, or too far from ours.
    Clock,
    /// It says itself that it is no longer valid.
    Expired,
    /// Its algorithm is none that we verify, or does not fit the key.
    Algorithm,
    /// The key cannot be used.
    BadKey(&'static str),
    /// Everything is in order, but the key did not make it.
    Invalid,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("signature-missing: the request must be signed"),
            Self::Malformed(what) => write!(f, "signature-malformed: {what}"),
            Self::Repeated(what) => write!(f, "repeated: `{what}` stands more than once"),
            Self::MissingComponent(what) => write!(f, "missing-component:{what}"),
            Self::UnknownComponent(what) => write!(f, "unknown-component:{what}"),
            Self::WrongHost => f.write_str("wrong-host: the request was signed for another host"),
            Self::DigestMismatch => f.write_str("digest-mismatch: the body is not what was signed"),
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

/// A signature that needs only its key now.
#[derive(Debug, Clone)]
pub struct Presented {
    /// The key that it names; a URL.
    pub key_id: String,
    /// Its form.
    pub form: SignatureScheme,
    /// The algorithm that it claims, which the key must fit.
    claimed: Claim,
    signature: Vec<u8>,
    /// The strings that it may cover: peers disagree on whether the query belongs to the request target.
    bases: Vec<String>,
}

/// What a signature says of its algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// Nothing, or "what the key is" (`hs2019`).
    ByKey,
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaSha256,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaSha512,
    /// Ed25519.
    Ed25519,
}

/// Reads and checks the signature of a request, as far as no key is needed.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse(request: &RequestParts<'_>, now: Timestamp) -> Result<Presented, Refusal> {
    let is_9421 = request.headers.iter().any(|(n, _)| n == "signature-input");
    let presented = if is_9421 { rfc9421::parse(request, now)? } else { cavage::parse(request, now)? };
    if presented.key_id.len() > limits::URL
        || !(presented.key_id.starts_with("https://") || presented.key_id.starts_with("http://"))
    {
        return Err(Refusal::Malformed("the key id must be a URL"));
    }
    Ok(presented)
}

/// The `keyId` that a signature header names, before anything of it is checked.
pub fn key_id_of(header: &str) -> Option<String> {
    let lower = header.to_ascii_lowercase();
    let start = lower.find("keyid=\"")? + "keyid=\"".len();
    let value = header.get(start..)?.split('"').next()?;
    (value.len() <= limits::URL).then(|| value.to_owned())
}

impl Presented {
    /// The signature itself, however its header was written.
    pub fn bytes(&self) -> &[u8] {
        &self.signature
    }

    /// Verifies with the key that [`Presented::key_id`] led to.
    ///
    /// # Errors
    /// [`Refusal::Algorithm`] when the key is of another kind than claimed, [`Refusal::Invalid`] when it did not
    /// make the signature.
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

/// A request that we are about to send.
#[derive(Debug, Clone, Copy)]
pub struct RequestToSign<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// Where it goes.
    pub url: &'a url::Url,
    /// Its body, if it has one.
    pub body: Option<&'a [u8]>,
    /// The content type of the body.
    pub content_type: Option<&'a str>,
}

impl RequestToSign<'_> {
    /// Host with its port, if that is not the usual one.
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

/// The headers that sign a request: `Date`, `Digest` or `Content-Digest` where there is a body, and the signature.
/// The sender adds `Host` and `Content-Type` with the values that [`RequestToSign`] names.
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
