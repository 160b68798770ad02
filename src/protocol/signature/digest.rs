//! Digests of bodies: `Digest` (RFC 3230, as cavage uses it) and `Content-Digest` (RFC 9530).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, SHA512, digest};

use super::refusal::Refusal;

/// Formats `Digest: SHA-256=…`, in capitals because some peers accept only these.
pub(super) fn legacy(body: &[u8]) -> String {
    format!("SHA-256={}", STANDARD.encode(digest(&SHA256, body)))
}

/// Formats `Content-Digest: sha-256=:…:`.
pub(super) fn content(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(digest(&SHA256, body)))
}

/// Checks a `Digest` header: it must have a SHA-256 or SHA-512 digest, and all of these must match.
pub(super) fn check_legacy(header: &str, body: &[u8]) -> Result<(), Refusal> {
    check(header, body, |value| Some(value))
}

/// Checks a `Content-Digest` header in the same way.
pub(super) fn check_content(header: &str, body: &[u8]) -> Result<(), Refusal> {
    check(header, body, |value| value.strip_prefix(':')?.strip_suffix(':'))
}

fn check(header: &str, body: &[u8], unwrap: impl Fn(&str) -> Option<&str>) -> Result<(), Refusal> {
    let mut known = false;
    for part in header.split(',') {
        let (name, value) = part.trim().split_once('=').ok_or(Refusal::Malformed("the digest is malformed"))?;
        let algorithm = match name.to_ascii_lowercase().as_str() {
            "sha-256" => &SHA256,
            "sha-512" => &SHA512,
            _ => continue,
        };
        let given = unwrap(value).and_then(|v| STANDARD.decode(v).ok());
        let given = given.ok_or(Refusal::Malformed("the digest is malformed"))?;
        if given != digest(algorithm, body).as_ref() {
            return Err(Refusal::DigestMismatch);
        }
        known = true;
    }
    if known { Ok(()) } else { Err(Refusal::Malformed("the digest has neither SHA-256 nor SHA-512")) }
}
