//! Encryption of messages: `aes128gcm` (RFC 8291 over RFC 8188) and `aesgcm` (draft-ietf-webpush-encryption-04).

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::SystemRandom;

use crate::error::{Error, Result};

/// The size of a record; a message is one.
const RECORD: u32 = 4_096;
/// An uncompressed point of P-256.
const POINT: usize = 65;
const AUTH: usize = 16;
const SALT: usize = 16;

/// How a message is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// The standard: everything is in the body.
    Aes128Gcm,
    /// The draft before it: salt and key are in headers.
    AesGcm,
}

/// The keys of a subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    public: Vec<u8>,
    auth: Vec<u8>,
}

/// An encrypted message.
#[derive(Debug)]
pub struct Encrypted {
    /// The body of the request.
    pub body: Vec<u8>,
    /// The salt.
    pub salt: [u8; SALT],
    /// The public key of the sender, for this message alone.
    pub sender: Vec<u8>,
}

impl Subscriber {
    /// The keys `p256dh` and `auth` of a subscription; `None` if they are not a point of P-256 and 16 bytes.
    pub fn new(public: Vec<u8>, auth: Vec<u8>) -> Option<Self> {
        let has_form = public.len() == POINT && public[0] == 4 && auth.len() == AUTH;
        let subscriber = Self { public, auth };
        // A key agreement tells whether the point is on the curve.
        (has_form && subscriber.agree().is_ok()).then_some(subscriber)
    }

    /// The point.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// The shared secret of the subscription.
    pub fn auth(&self) -> &[u8] {
        &self.auth
    }

    /// A new key of the sender: its public part, and the secret that it shares with the subscriber.
    fn agree(&self) -> Result<(Vec<u8>, Vec<u8>)> {
        let failed = |_| Error::internal("key agreement with the subscriber failed");
        let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).map_err(failed)?;
        let sender = private.compute_public_key().map_err(failed)?.as_ref().to_vec();
        let peer = UnparsedPublicKey::new(&ECDH_P256, &self.public);
        let secret = agree_ephemeral(private, &peer, <[u8]>::to_vec).map_err(failed)?;
        Ok((sender, secret))
    }

    /// Encrypts a message for the subscriber.
    ///
    /// # Errors
    /// [`Error::Internal`] if the message does not fit into a record, or the system provides no randomness.
    pub fn encrypt(&self, encryption: Encryption, message: &[u8]) -> Result<Encrypted> {
        let (sender, secret) = self.agree()?;
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt).map_err(|e| Error::internal(format!("the system provides no randomness: {e}")))?;
        self.encrypt_with(encryption, message, &secret, Encrypted { body: Vec::new(), salt, sender })
    }

    fn encrypt_with(
        &self,
        encryption: Encryption,
        message: &[u8],
        secret: &[u8],
        parts: Encrypted,
    ) -> Result<Encrypted> {
        let keys = match encryption {
            Encryption::Aes128Gcm => self.standard_keys(secret, &parts)?,
            Encryption::AesGcm => self.draft_keys(secret, &parts)?,
        };
        let mut record = Vec::with_capacity(message.len() + 32);
        match encryption {
            Encryption::Aes128Gcm => {
                record.extend_from_slice(message);
                // The delimiter of the last record.
                record.push(2);
            }
            Encryption::AesGcm => {
                // The length of the padding.
                record.extend_from_slice(&[0, 0]);
                record.extend_from_slice(message);
            }
        }
        if record.len() + AES_128_GCM.tag_len() > RECORD as usize {
            return Err(Error::internal("the message does not fit into a record"));
        }
        let failed = |_| Error::internal("a message could not be encrypted");
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &keys.content).map_err(failed)?);
        let nonce = Nonce::assume_unique_for_key(keys.nonce);
        key.seal_in_place_append_tag(nonce, Aad::empty(), &mut record).map_err(failed)?;
        let body = match encryption {
            Encryption::Aes128Gcm => {
                let mut body = parts.salt.to_vec();
                body.extend_from_slice(&RECORD.to_be_bytes());
                body.push(POINT as u8);
                body.extend_from_slice(&parts.sender);
                body.append(&mut record);
                body
            }
            Encryption::AesGcm => record,
        };
        Ok(Encrypted { body, ..parts })
    }

    /// RFC 8291 section 3.4.
    fn standard_keys(&self, secret: &[u8], parts: &Encrypted) -> Result<Keys> {
        let input: [u8; 32] = derive(&self.auth, secret, &[b"WebPush: info\0", &self.public, &parts.sender])?;
        Ok(Keys {
            content: derive(&parts.salt, &input, &[b"Content-Encoding: aes128gcm\0"])?,
            nonce: derive(&parts.salt, &input, &[b"Content-Encoding: nonce\0"])?,
        })
    }

    /// draft-ietf-webpush-encryption-04 section 4.
    fn draft_keys(&self, secret: &[u8], parts: &Encrypted) -> Result<Keys> {
        let input: [u8; 32] = derive(&self.auth, secret, &[b"Content-Encoding: auth\0"])?;
        let length = (POINT as u16).to_be_bytes();
        let context: [&[u8]; 5] = [b"P-256\0", &length, &self.public, &length, &parts.sender];
        let info = |label: &'static [u8]| [&[label], &context[..]].concat();
        Ok(Keys {
            content: derive(&parts.salt, &input, &info(b"Content-Encoding: aesgcm\0"))?,
            nonce: derive(&parts.salt, &input, &info(b"Content-Encoding: nonce\0"))?,
        })
    }
}

struct Keys {
    content: [u8; 16],
    nonce: [u8; 12],
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF with SHA-256 (RFC 5869).
fn derive<const N: usize>(salt: &[u8], input: &[u8], info: &[&[u8]]) -> Result<[u8; N]> {
    let mut key = [0; N];
    Salt::new(HKDF_SHA256, salt)
        .extract(input)
        .expand(info, Length(N))
        .and_then(|expanded| expanded.fill(&mut key))
        .map_err(|_| Error::internal("a key could not be derived"))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::super::base64url::{decode, encode};
    use super::*;

    /// Decrypts as a subscriber does who has agreed on this secret.
    fn decrypted(subscriber: &Subscriber, encryption: Encryption, secret: &[u8], message: &Encrypted) -> Vec<u8> {
        let (keys, record) = match encryption {
            Encryption::Aes128Gcm => {
                assert_eq!(message.body[..16], message.salt);
                assert_eq!(message.body[16..21], [0, 0, 16, 0, 65]);
                assert_eq!(message.body[21..86], message.sender[..]);
                (subscriber.standard_keys(secret, message).unwrap(), &message.body[86..])
            }
            Encryption::AesGcm => (subscriber.draft_keys(secret, message).unwrap(), &message.body[..]),
        };
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &keys.content).unwrap());
        let mut record = record.to_vec();
        let nonce = Nonce::assume_unique_for_key(keys.nonce);
        let plain = key.open_in_place(nonce, Aad::empty(), &mut record).unwrap();
        match encryption {
            Encryption::Aes128Gcm => plain.strip_suffix(&[2]).unwrap().to_vec(),
            Encryption::AesGcm => plain.strip_prefix(&[0, 0]).unwrap().to_vec(),
        }
    }

    #[test]
    fn a_message_is_encrypted_as_in_rfc_8291_appendix_a() {
        let bytes = |text: &str| decode(text).unwrap();
        let subscriber = Subscriber::new(
            bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        );
        let parts = Encrypted {
            body: Vec::new(),
            salt: bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap(),
            sender: bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"),
        };
        let secret = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let message = b"When I grow up, I want to be a watermelon";
        let encrypted = subscriber.unwrap().encrypt_with(Encryption::Aes128Gcm, message, &secret, parts).unwrap();
        assert_eq!(
            encode(&encrypted.body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl\
             7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn both_encryptions_are_decrypted_by_the_subscriber() {
        let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let public = private.compute_public_key().unwrap().as_ref().to_vec();
        let subscriber = Subscriber::new(public, vec![7; 16]).unwrap();
        let (sender, secret) = subscriber.agree().unwrap();
        let peer = UnparsedPublicKey::new(&ECDH_P256, &sender);
        assert_eq!(agree_ephemeral(private, &peer, <[u8]>::to_vec).unwrap(), secret);
        for encryption in [Encryption::Aes128Gcm, Encryption::AesGcm] {
            let parts = Encrypted { body: Vec::new(), salt: [9; 16], sender: sender.clone() };
            let message = subscriber.encrypt_with(encryption, b"hello", &secret, parts).unwrap();
            assert_eq!(decrypted(&subscriber, encryption, &secret, &message), b"hello");
        }
    }

    #[test]
    fn unusable_keys_and_long_messages_are_refused() {
        let point = decode("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let point = point.unwrap();
        let mut elsewhere = point.clone();
        elsewhere[64] ^= 1;
        assert!(Subscriber::new(elsewhere, vec![0; 16]).is_none(), "not on the curve");
        assert!(Subscriber::new(point.clone(), vec![0; 15]).is_none());
        assert!(Subscriber::new(point[..33].to_vec(), vec![0; 16]).is_none());
        let subscriber = Subscriber::new(point, vec![0; 16]).unwrap();
        assert!(subscriber.encrypt(Encryption::AesGcm, &[b'x'; 4_096]).is_err());
        assert!(subscriber.encrypt(Encryption::Aes128Gcm, &[b'x'; 3_900]).is_ok());
    }

    #[test]
    fn base64_is_read_in_each_spelling() {
        assert_eq!(decode("-_8="), Some(vec![0xfb, 0xff]));
        assert_eq!(decode("+/8"), Some(vec![0xfb, 0xff]));
        assert_eq!(decode("!"), None);
    }
}
