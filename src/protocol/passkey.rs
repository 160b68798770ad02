//! Passkeys (W3C Web Authentication, level 3): what a browser sends when it creates or uses one, and the checks of
//! [section 7](https://www.w3.org/TR/webauthn-3/#sctn-rp-operations). No attestation is requested: which device made a
//! passkey is of no interest, so nothing of CBOR has to be read. The browser provides the public key as SPKI.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use rsa::RsaPublicKey;
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::DecodePublicKey;
use serde::{Deserialize, Serialize};

use crate::limits;

/// Why a passkey is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Refusal {
    /// A field is not base64url, not of its form, or too long.
    #[error("the browser has sent an incomplete passkey")]
    Malformed,
    /// It was made for another page or purpose.
    #[error("the passkey was used for another page")]
    WrongPage,
    /// The authenticator has not checked a PIN, a finger or a face.
    #[error("the device has not verified its user")]
    UserNotVerified,
    /// The key is not one that [`PasskeyKey`] reads.
    #[error("passkeys of this kind are not supported")]
    UnsupportedKey,
    /// The signature is not valid.
    #[error("the signature of the passkey is not valid")]
    BadSignature,
}

/// What a passkey is made or used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// A new one is created.
    Create,
    /// The owner signs in.
    SignIn,
}

impl Ceremony {
    /// The value of `type` in the client data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::SignIn => "webauthn.get",
        }
    }
}

/// The page that may use passkeys.
#[derive(Debug, Clone, Copy)]
pub struct RelyingParty<'a> {
    /// The domain, without port.
    pub id: &'a str,
    /// Scheme and authority.
    pub origin: &'a str,
}

/// Decodes base64url of a bounded length.
///
/// # Errors
/// [`Refusal::Malformed`] if it is something else.
pub fn decode(text: &str) -> Result<Vec<u8>, Refusal> {
    if text.is_empty() || text.len() > limits::PASSKEY_FIELD {
        return Err(Refusal::Malformed);
    }
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal::Malformed)
}

/// Encodes as base64url.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// Returns the challenge that client data were made for.
///
/// # Errors
/// [`Refusal::WrongPage`] if they were made on another page or for another ceremony.
pub fn challenge(client_data: &[u8], ceremony: Ceremony, party: RelyingParty<'_>) -> Result<String, Refusal> {
    let data: ClientData = serde_json::from_slice(client_data).map_err(|_| Refusal::Malformed)?;
    let is_ours = data.r#type == ceremony.name() && data.origin == party.origin && !data.cross_origin;
    if is_ours { Ok(data.challenge) } else { Err(Refusal::WrongPage) }
}

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const CREDENTIAL_INCLUDED: u8 = 1 << 6;

/// Authenticator data that were made for this server by a verified user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatorData {
    /// How often the authenticator has signed; 0 if it does not count.
    pub sign_count: u32,
    /// The id of a new passkey.
    pub credential: Option<Vec<u8>>,
}

impl AuthenticatorData {
    /// Reads the data ([section 6.1](https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data)).
    ///
    /// # Errors
    /// [`Refusal::WrongPage`] if they are for another domain, [`Refusal::UserNotVerified`], or [`Refusal::Malformed`].
    pub fn read(bytes: &[u8], party: RelyingParty<'_>) -> Result<Self, Refusal> {
        let (domain, rest) = bytes.split_at_checked(32).ok_or(Refusal::Malformed)?;
        let (&[flags, a, b, c, d], rest) = rest.split_first_chunk::<5>().ok_or(Refusal::Malformed)?;
        if domain != digest(&SHA256, party.id.as_bytes()).as_ref() {
            return Err(Refusal::WrongPage);
        }
        if flags & USER_PRESENT == 0 || flags & USER_VERIFIED == 0 {
            return Err(Refusal::UserNotVerified);
        }
        let credential = match flags & CREDENTIAL_INCLUDED {
            0 => None,
            _ => Some(included_credential(rest)?.to_vec()),
        };
        Ok(Self { sign_count: u32::from_be_bytes([a, b, c, d]), credential })
    }
}

/// The id in attested credential data: it follows the model of the authenticator and its own length.
fn included_credential(data: &[u8]) -> Result<&[u8], Refusal> {
    let rest = data.get(16..).ok_or(Refusal::Malformed)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(Refusal::Malformed)?;
    rest.get(..usize::from(u16::from_be_bytes(*length))).filter(|id| !id.is_empty()).ok_or(Refusal::Malformed)
}

/// What precedes the point of a P-256 key in SPKI (RFC 5480).
const P256_HEAD: &[u8] =
    b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
/// What precedes an Ed25519 key in SPKI (RFC 8410).
const ED25519_HEAD: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

/// The public key of a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasskeyKey {
    /// ES256, which every authenticator supports: the uncompressed point.
    P256([u8; 65]),
    /// EdDSA.
    Ed25519([u8; 32]),
    /// RS256 (Windows): PKCS#1 DER.
    Rsa(Vec<u8>),
}

impl PasskeyKey {
    /// The COSE numbers of the supported algorithms, the preferred first.
    pub const ALGORITHMS: [i32; 3] = [-7, -8, -257];

    /// Reads a key in SPKI DER.
    ///
    /// # Errors
    /// [`Refusal::UnsupportedKey`] if it is of another kind.
    pub fn from_spki(der: &[u8]) -> Result<Self, Refusal> {
        if let Some(point) = der.strip_prefix(P256_HEAD) {
            return point
                .try_into()
                .ok()
                .filter(|p: &[u8; 65]| p[0] == 4)
                .map(Self::P256)
                .ok_or(Refusal::UnsupportedKey);
        }
        if let Some(key) = der.strip_prefix(ED25519_HEAD) {
            return key.try_into().map(Self::Ed25519).map_err(|_| Refusal::UnsupportedKey);
        }
        let key = RsaPublicKey::from_public_key_der(der).map_err(|_| Refusal::UnsupportedKey)?;
        let pkcs1 = key.to_pkcs1_der().map_err(|_| Refusal::UnsupportedKey)?;
        Ok(Self::Rsa(pkcs1.as_bytes().to_vec()))
    }

    /// Checks the signature over authenticator data and client data.
    ///
    /// # Errors
    /// [`Refusal::BadSignature`] if this key has not made it.
    pub fn check(&self, authenticator: &[u8], client_data: &[u8], signature: &[u8]) -> Result<(), Refusal> {
        let signed = [authenticator, digest(&SHA256, client_data).as_ref()].concat();
        let valid = match self {
            Self::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(&signed, signature),
            Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(&signed, signature),
            Self::Rsa(der) => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).verify(&signed, signature),
        };
        valid.map_err(|_| Refusal::BadSignature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTY: RelyingParty<'_> = RelyingParty { id: "me.example", origin: "https://me.example" };

    fn data(domain: &str, flags: u8, rest: &[u8]) -> Vec<u8> {
        [digest(&SHA256, domain.as_bytes()).as_ref(), &[flags, 0, 0, 0, 7], rest].concat()
    }

    #[test]
    fn client_data_are_for_one_page_and_one_purpose() {
        let json = |kind: &str, origin: &str, more: &str| {
            format!(r#"{{"type":"{kind}","challenge":"abc","origin":"{origin}"{more}}}"#).into_bytes()
        };
        let read = |bytes: &[u8]| challenge(bytes, Ceremony::SignIn, PARTY);
        assert_eq!(read(&json("webauthn.get", PARTY.origin, r#","crossOrigin":false,"other":1"#)).unwrap(), "abc");
        for bytes in [
            json("webauthn.create", PARTY.origin, ""),
            json("webauthn.get", "https://evil.example", ""),
            json("webauthn.get", "https://me.example:8443", ""),
            json("webauthn.get", PARTY.origin, r#","crossOrigin":true"#),
        ] {
            assert_eq!(read(&bytes), Err(Refusal::WrongPage));
        }
        assert_eq!(read(b"{}"), Err(Refusal::Malformed));
    }

    #[test]
    fn authenticator_data_are_of_this_domain_and_a_verified_user() {
        let read = |bytes: &[u8]| AuthenticatorData::read(bytes, PARTY);
        let plain = AuthenticatorData { sign_count: 7, credential: None };
        assert_eq!(read(&data("me.example", 5, b"")).unwrap(), plain);
        assert_eq!(read(&data("evil.example", 5, b"")), Err(Refusal::WrongPage));
        assert_eq!(read(&data("me.example", 1, b"")), Err(Refusal::UserNotVerified));
        assert_eq!(read(&data("me.example", 4, b"")), Err(Refusal::UserNotVerified));
        let attested = [&[0_u8; 16][..], &[0, 3], b"abcKEY"].concat();
        assert_eq!(read(&data("me.example", 0x45, &attested)).unwrap().credential.as_deref(), Some(&b"abc"[..]));
        for length in 0..20 {
            assert_eq!(read(&data("me.example", 0x45, &attested[..length])), Err(Refusal::Malformed), "{length}");
        }
        for length in 0..37 {
            assert_eq!(read(&data("me.example", 5, b"")[..length]), Err(Refusal::Malformed), "{length}");
        }
    }

    #[test]
    fn signatures_of_each_supported_kind_are_verified() {
        use ring::rand::SystemRandom;
        use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
        let random = SystemRandom::new();
        let (authenticator, client) = (data("me.example", 5, b""), b"{}".to_vec());
        let signed = [&authenticator[..], digest(&SHA256, &client).as_ref()].concat();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let spki = [P256_HEAD, pair.public_key().as_ref()].concat();
        let signature = pair.sign(&random, &signed).unwrap();
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        let other = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
        let other_spki = [ED25519_HEAD, other.public_key().as_ref()].concat();
        for (spki, signature) in [(spki, signature.as_ref()), (other_spki, other.sign(&signed).as_ref())] {
            let key = PasskeyKey::from_spki(&spki).unwrap();
            assert_eq!(key.check(&authenticator, &client, signature), Ok(()));
            assert_eq!(key.check(&authenticator, b"{ }", signature), Err(Refusal::BadSignature));
            assert_eq!(PasskeyKey::from_spki(&spki[..spki.len() - 1]), Err(Refusal::UnsupportedKey));
        }
        assert_eq!(PasskeyKey::from_spki(b""), Err(Refusal::UnsupportedKey));
    }
}
