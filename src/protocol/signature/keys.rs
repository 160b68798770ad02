//! Keys: RSA for HTTP signatures, Ed25519 for object proofs and for peers that sign with it.
//!
//! `rsa` makes keys and reads and writes PEM; ring signs and verifies, because its private operation takes constant
//! time (RUSTSEC-2023-0071) and is several times faster.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::VerifyingKey;
use ring::rsa::KeyPair;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, UnparsedPublicKey};
use rsa::pkcs1::{DecodeRsaPublicKey, EncodeRsaPublicKey};
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, RsaPublicKey};

use super::refusal::Refusal;
use crate::error::{Error, Result};
use crate::limits;

/// Bits of our own RSA keys: what every peer accepts.
const OWN_RSA_BITS: usize = 2_048;
/// The multicodec prefix of an Ed25519 public key (FEP-521a).
const MULTICODEC_ED25519: [u8; 2] = [0xed, 0x01];
/// The multicodec prefix of an RSA public key (FEP-521a).
const MULTICODEC_RSA: [u8; 2] = [0x85, 0x24];

/// A public key of an actor.
#[derive(Debug, Clone)]
pub enum PublicKey {
    /// RSA; PKCS#1 DER as ring wants it.
    Rsa(Vec<u8>),
    /// Ed25519.
    Ed25519(Box<VerifyingKey>),
}

impl PublicKey {
    /// Parses a PEM key: SPKI, or PKCS#1.
    ///
    /// # Errors
    /// [`Refusal::BadKey`] if it is neither, or its size is outside [`limits::RSA_BITS`].
    pub fn from_pem(pem: &str) -> Result<Self, Refusal> {
        let key = RsaPublicKey::from_public_key_pem(pem.trim())
            .or_else(|_| RsaPublicKey::from_pkcs1_pem(pem.trim()))
            .map_err(|_| Refusal::BadKey("the PEM is not an RSA public key"))?;
        Self::from_rsa(key)
    }

    fn from_rsa(key: RsaPublicKey) -> Result<Self, Refusal> {
        if !limits::RSA_BITS.contains(&key.n().bits()) {
            return Err(Refusal::BadKey("an RSA key must have 2048 to 8192 bits"));
        }
        let der = key.to_pkcs1_der().map_err(|_| Refusal::BadKey("the RSA key cannot be written"))?;
        Ok(Self::Rsa(der.as_bytes().to_vec()))
    }

    /// Parses a `publicKeyMultibase` of an Ed25519 or RSA key (base58btc, FEP-521a).
    ///
    /// # Errors
    /// [`Refusal::BadKey`] if it is neither, or weak.
    pub fn from_multibase(text: &str) -> Result<Self, Refusal> {
        let wrong = || Refusal::BadKey("the multibase key is neither an Ed25519 nor an RSA key");
        let encoded = text.strip_prefix('z').filter(|t| t.len() < limits::KEY_TEXT / 4).ok_or_else(wrong)?;
        let bytes = bs58::decode(encoded).into_vec().map_err(|_| wrong())?;
        if let Some(der) = bytes.strip_prefix(&MULTICODEC_RSA) {
            return Self::from_rsa(RsaPublicKey::from_pkcs1_der(der).map_err(|_| wrong())?);
        }
        let raw: [u8; 32] =
            bytes.strip_prefix(&MULTICODEC_ED25519).and_then(|b| b.try_into().ok()).ok_or_else(wrong)?;
        let key = VerifyingKey::from_bytes(&raw).map_err(|_| wrong())?;
        if key.is_weak() {
            return Err(Refusal::BadKey("the Ed25519 key is weak"));
        }
        Ok(Self::Ed25519(Box::new(key)))
    }

    /// Formats the key in multibase (FEP-521a): `z6Mk…` for Ed25519, `z4MX…` for RSA.
    pub fn to_multibase(&self) -> String {
        let (codec, key): ([u8; 2], &[u8]) = match self {
            Self::Rsa(der) => (MULTICODEC_RSA, der),
            Self::Ed25519(key) => (MULTICODEC_ED25519, key.as_bytes()),
        };
        format!("z{}", bs58::encode([&codec, key].concat()).into_string())
    }

    /// Returns `true` if this key made the signature of the message.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8], sha512: bool) -> bool {
        match self {
            Self::Rsa(der) => {
                let algorithm: &'static dyn ring::signature::VerificationAlgorithm =
                    if sha512 { &RSA_PKCS1_2048_8192_SHA512 } else { &RSA_PKCS1_2048_8192_SHA256 };
                UnparsedPublicKey::new(algorithm, der).verify(message, signature).is_ok()
            }
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
        }
    }
}

/// An RSA key of ours.
pub struct SigningKey {
    pair: KeyPair,
    private: RsaPrivateKey,
    public_pem: String,
}

impl SigningKey {
    /// Generates an RSA-2048 key. This takes about a second on a small machine.
    ///
    /// # Errors
    /// [`Error::Internal`] if the operating system provides no randomness.
    pub fn generate_rsa() -> Result<Self> {
        let private = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, OWN_RSA_BITS).map_err(broken)?;
        Self::new(private)
    }

    /// Parses a PKCS#8 PEM.
    ///
    /// # Errors
    /// [`Error::Internal`] if the text is not such a key.
    pub fn from_pem(pem: &str) -> Result<Self> {
        Self::new(RsaPrivateKey::from_pkcs8_pem(pem).map_err(broken)?)
    }

    fn new(private: RsaPrivateKey) -> Result<Self> {
        let der = private.to_pkcs8_der().map_err(broken)?;
        let pair = KeyPair::from_pkcs8(der.as_bytes()).map_err(broken)?;
        let public_pem = private.to_public_key().to_public_key_pem(LineEnding::LF).map_err(broken)?;
        Ok(Self { pair, private, public_pem })
    }

    /// Formats the private key as PKCS#8 PEM.
    ///
    /// # Errors
    /// [`Error::Internal`] if it cannot be encoded.
    pub fn to_pem(&self) -> Result<String> {
        Ok(self.private.to_pkcs8_pem(LineEnding::LF).map_err(broken)?.to_string())
    }

    /// Returns the public key as SPKI PEM, with a final line feed.
    pub fn public_pem(&self) -> String {
        self.public_pem.clone()
    }

    /// Signs with RSASSA-PKCS1-v1_5 and SHA-256.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        let random = ring::rand::SystemRandom::new();
        if self.pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).is_err() {
            // Only possible without randomness. Peers refuse an empty signature, and the delivery is retried.
            signature.clear();
        }
        signature
    }
}

fn broken(e: impl std::fmt::Display) -> Error {
    Error::internal(format!("an RSA key cannot be used: {e}"))
}

/// The owner's Ed25519 key, for object proofs (FEP-8b32).
pub struct ProofKey(ed25519_dalek::SigningKey);

impl ProofKey {
    /// Generates a key.
    ///
    /// # Errors
    /// [`Error::Internal`] if the operating system provides no randomness.
    pub fn generate() -> Result<Self> {
        let mut seed = [0_u8; 32];
        getrandom::fill(&mut seed).map_err(|e| Error::internal(format!("the system provides no randomness: {e}")))?;
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(&seed)))
    }

    /// Formats the seed in base64, as stored.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0.to_bytes())
    }

    /// Parses the format of [`ProofKey::to_base64`].
    ///
    /// # Errors
    /// [`Error::Internal`] if the text is not such a key.
    pub fn from_base64(text: &str) -> Result<Self> {
        let seed = STANDARD.decode(text).ok().and_then(|b| <[u8; 32]>::try_from(b).ok());
        let seed = seed.ok_or_else(|| Error::internal("an Ed25519 key cannot be used"))?;
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(&seed)))
    }

    /// Signs a message with Ed25519.
    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        use ed25519_dalek::Signer;
        self.0.sign(message).to_bytes()
    }

    /// Formats the public key as `z6Mk…` (FEP-521a).
    pub fn public_multibase(&self) -> String {
        let mut bytes = MULTICODEC_ED25519.to_vec();
        bytes.extend_from_slice(self.0.verifying_key().as_bytes());
        format!("z{}", bs58::encode(bytes).into_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_round_trip_through_pem() {
        let key = SigningKey::generate_rsa().unwrap();
        let again = SigningKey::from_pem(&key.to_pem().unwrap()).unwrap();
        assert_eq!(key.public_pem(), again.public_pem());
        assert!(key.public_pem().ends_with("-----END PUBLIC KEY-----\n"));
        let public = PublicKey::from_pem(&key.public_pem()).unwrap();
        assert!(public.verifies(b"x", &again.sign(b"x"), false) && !public.verifies(b"y", &again.sign(b"x"), false));
    }

    #[test]
    fn weak_and_foreign_keys_are_refused() {
        let small = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1_024).unwrap().to_public_key();
        assert!(PublicKey::from_pem(&small.to_public_key_pem(LineEnding::LF).unwrap()).is_err());
        let mut zero = MULTICODEC_ED25519.to_vec();
        zero.extend_from_slice(&[0; 32]);
        assert!(PublicKey::from_multibase(&format!("z{}", bs58::encode(zero).into_string())).is_err());
        for bad in ["", "z", "zzz", "uABC", "z6Mk"] {
            assert!(PublicKey::from_multibase(bad).is_err(), "{bad}");
        }
        let key = ProofKey::generate().unwrap();
        assert!(PublicKey::from_multibase(&key.public_multibase()).is_ok());
        assert!(key.public_multibase().starts_with("z6Mk"));
        let rsa = PublicKey::from_pem(&SigningKey::generate_rsa().unwrap().public_pem()).unwrap();
        let PublicKey::Rsa(again) = PublicKey::from_multibase(&rsa.to_multibase()).unwrap() else { panic!("not RSA") };
        assert!(matches!(rsa, PublicKey::Rsa(der) if der == again));
        assert_eq!(ProofKey::from_base64(&key.to_base64()).unwrap().public_multibase(), key.public_multibase());
    }
}
