//! Random secrets, their stored hashes, and comparison in constant time.

pub mod totp;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use subtle::ConstantTimeEq;

use crate::error::{Error, Result};

/// Generates a secret of 256 random bits, as 43 characters of base64url.
///
/// # Errors
/// [`Error::Internal`] if the operating system provides no randomness.
pub fn generate() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| Error::internal(format!("the system provides no randomness: {e}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Returns the SHA-256 hash in hex, which is stored instead of the secret.
pub fn hash(secret: &str) -> String {
    digest(secret.as_bytes())
}

/// Returns the SHA-256 hash of bytes in hex.
pub fn digest(bytes: &[u8]) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref())
}

/// Encodes bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, b| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{b:02x}");
        text
    })
}

/// Compares two strings in constant time.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// Returns the PKCE challenge of a verifier with method S256 (RFC 7636 section 4.2).
pub fn pkce_challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes()))
}

/// A key that seals secrets which must be read again, such as tokens that messages contain (AES-256-GCM).
pub struct SealingKey(LessSafeKey);

/// The bytes of a nonce, which precede what is sealed.
const NONCE: usize = 12;

impl SealingKey {
    /// Generates a key, as text that [`SealingKey::read`] reads.
    ///
    /// # Errors
    /// [`Error::Internal`] if the operating system provides no randomness.
    pub fn generate() -> Result<String> {
        generate()
    }

    /// Reads a stored key; `None` if it is damaged.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &bytes).ok()?)))
    }

    /// Seals a secret.
    ///
    /// # Errors
    /// [`Error::Internal`] if the operating system provides no randomness.
    pub fn seal(&self, secret: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce).map_err(|e| Error::internal(format!("the system provides no randomness: {e}")))?;
        let mut sealed = secret.to_vec();
        let sealing = Nonce::assume_unique_for_key(nonce);
        let failed = |_| Error::internal("a secret could not be sealed");
        self.0.seal_in_place_append_tag(sealing, Aad::empty(), &mut sealed).map_err(failed)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what was sealed with this key; `None` if it was not, or was changed.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let mut sealed = sealed.to_vec();
        let opened = self.0.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::empty(), &mut sealed).ok()?;
        Some(opened.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        assert_eq!(
            pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn sealed_data_is_opened_with_the_same_key_only() {
        let [key, other] = [(), ()].map(|()| SealingKey::read(&SealingKey::generate().unwrap()).unwrap());
        let mut sealed = key.seal(b"token").unwrap();
        assert_eq!(key.open(&sealed).as_deref(), Some(&b"token"[..]));
        assert_ne!(sealed, key.seal(b"token").unwrap());
        assert!(other.open(&sealed).is_none() && key.open(b"short").is_none());
        sealed[14] ^= 1;
        assert!(key.open(&sealed).is_none());
        assert!(SealingKey::read("c2hvcnQ").is_none());
    }

    #[test]
    fn secrets_differ_and_hash_alike() {
        let (a, b) = (generate().unwrap(), generate().unwrap());
        assert_eq!(a.len(), 43);
        assert_ne!(a, b);
        assert!(same(&hash(&a), &hash(&a)) && !same(&hash(&a), &hash(&b)));
    }
}
