//! VAPID: the key by which a push service knows this server (RFC 8292).

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::json;
use url::Url;

use super::base64url::{decode, encode};
use super::encryption::{Encrypted, Encryption};
use crate::error::{Error, Result};
use crate::protocol::time::Timestamp;

/// A token is valid for this many seconds; RFC 8292 permits a day.
const VALID: i64 = 12 * 3_600;
/// The header of every token.
const HEADER: &[u8] = br#"{"typ":"JWT","alg":"ES256"}"#;

/// The key pair of this server.
pub struct VapidKey(EcdsaKeyPair);

impl VapidKey {
    /// Generates a key, as text that [`VapidKey::read`] reads.
    ///
    /// # Errors
    /// [`Error::Internal`] if the system provides no randomness.
    pub fn generate() -> Result<String> {
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        Ok(encode(key.map_err(|_| Error::internal("the system provides no randomness"))?.as_ref()))
    }

    /// Reads a stored key.
    ///
    /// # Errors
    /// [`Error::Internal`] if it is damaged.
    pub fn read(text: &str) -> Result<Self> {
        let damaged = || Error::internal("the VAPID key in the database is damaged");
        let bytes = decode(text).ok_or_else(damaged)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &bytes, &SystemRandom::new());
        pair.map(Self).map_err(|_| damaged())
    }

    /// The public key, as apps pass it to their push service: an uncompressed point in base64url.
    pub fn public(&self) -> String {
        encode(self.0.public_key().as_ref())
    }

    /// The headers of a request to a push service at `endpoint`. `contact` is an https or mailto URL of this server.
    ///
    /// # Errors
    /// [`Error::Internal`] if the token cannot be signed.
    pub fn headers(
        &self,
        endpoint: &Url,
        contact: &str,
        now: Timestamp,
        (encryption, message): (Encryption, &Encrypted),
    ) -> Result<Vec<(&'static str, String)>> {
        let token = self.token(endpoint, contact, now)?;
        let key = self.public();
        Ok(match encryption {
            Encryption::Aes128Gcm => vec![
                ("Content-Encoding", "aes128gcm".to_owned()),
                ("Authorization", format!("vapid t={token}, k={key}")),
            ],
            Encryption::AesGcm => vec![
                ("Content-Encoding", "aesgcm".to_owned()),
                ("Authorization", format!("WebPush {token}")),
                ("Encryption", format!("salt={}", encode(&message.salt))),
                ("Crypto-Key", format!("dh={};p256ecdsa={key}", encode(&message.sender))),
            ],
        })
    }

    /// The JSON Web Token of RFC 8292 section 2.
    fn token(&self, endpoint: &Url, contact: &str, now: Timestamp) -> Result<String> {
        let audience = endpoint.origin().ascii_serialization();
        let claims = json!({"aud": audience, "exp": now.seconds() + VALID, "sub": contact});
        let text = format!("{}.{}", encode(HEADER), encode(claims.to_string().as_bytes()));
        let signature = self.0.sign(&SystemRandom::new(), text.as_bytes());
        let signature = signature.map_err(|_| Error::internal("a VAPID token could not be signed"))?;
        Ok(format!("{text}.{}", encode(signature.as_ref())))
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    /// The claims of a token that this key has signed.
    fn claims(token: &str, key: &str) -> Option<serde_json::Value> {
        let (text, signature) = token.rsplit_once('.')?;
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, decode(key)?);
        key.verify(text.as_bytes(), &decode(signature)?).ok()?;
        let (header, claims) = text.split_once('.')?;
        assert_eq!(decode(header)?, HEADER);
        serde_json::from_slice(&decode(claims)?).ok()
    }

    #[test]
    fn a_token_has_the_form_of_rfc_8292_section_2_4() {
        let example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3Njgs\
             InN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNj\
             jvW2L9OkSSHzvoD1oA";
        let key = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";
        let expected =
            json!({"aud": "https://push.example.net", "exp": 1_453_523_768, "sub": "mailto:push@example.com"});
        assert_eq!(claims(example, key), Some(expected));

        let own = VapidKey::read(&VapidKey::generate().unwrap()).unwrap();
        let endpoint = Url::parse("https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV").unwrap();
        let now = Timestamp::from_millis(1_453_523_768_000 - VALID * 1_000);
        let token = own.token(&endpoint, "mailto:push@example.com", now).unwrap();
        assert_eq!(claims(&token, &own.public()), claims(example, key));
        assert_eq!(claims(&token, key), None, "another key has not signed it");
        assert_eq!(decode(&own.public()).unwrap().len(), 65);
    }

    #[test]
    fn a_damaged_key_is_an_error() {
        assert!(VapidKey::read("").is_err() && VapidKey::read("AAAA").is_err());
    }
}
