//! A parsed signature, which waits for its key.

use super::keys::PublicKey;
use super::refusal::Refusal;
use super::request::SignatureScheme;
use crate::limits;
use crate::protocol::time::Timestamp;

/// A parsed signature, to be verified with its key.
#[derive(Debug, Clone)]
pub struct Presented {
    /// The id of the key, a URL.
    pub key_id: String,
    /// Its scheme.
    pub form: SignatureScheme,
    /// The claimed algorithm, which the key must match.
    pub(super) claimed: Claim,
    /// The decoded signature.
    pub(super) signature: Vec<u8>,
    /// The possible signature bases: peers disagree whether the request target includes the query.
    pub(super) bases: Vec<String>,
}

/// The algorithm that a signature claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// None, or that of the key (`hs2019`).
    ByKey,
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaSha256,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaSha512,
    /// Ed25519.
    Ed25519,
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

/// Checks that the time of a signature is near ours.
pub(super) fn check_clock(signed_at: Option<Timestamp>, now: Timestamp) -> Result<(), Refusal> {
    let at = signed_at.ok_or(Refusal::Clock)?;
    let skew = limits::SIGNATURE_CLOCK_SKEW;
    if at < now.minus(skew) || at > now.plus(skew) { Err(Refusal::Clock) } else { Ok(()) }
}
