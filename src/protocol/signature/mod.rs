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
mod presented;
pub mod proof;
mod refusal;
mod request;
mod rfc9421;
#[cfg(test)]
mod tests;

pub use keys::{ProofKey, PublicKey, SigningKey};
pub use presented::Presented;
pub use refusal::Refusal;
pub use request::{RequestParts, RequestToSign, SignatureScheme};

use crate::limits;
use crate::protocol::time::Timestamp;

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
