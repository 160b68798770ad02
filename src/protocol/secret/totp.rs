//! Time-based one-time passwords (RFC 6238): SHA-1, six digits and steps of 30 seconds, which every authenticator app knows.

use ring::hmac;

use crate::error::{Error, Result};
use crate::protocol::time::Timestamp;

/// The digits of base32 (RFC 4648).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Seconds of a step.
const STEP: i64 = 30;
/// Bytes of a secret, as RFC 4226 recommends.
const BYTES: usize = 20;

/// The secret that this server shares with an authenticator app.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(Vec<u8>);

impl TotpSecret {
    /// Generates a secret.
    ///
    /// # Errors
    /// [`Error::Internal`] if the operating system provides no randomness.
    pub fn generate() -> Result<Self> {
        let mut bytes = vec![0_u8; BYTES];
        getrandom::fill(&mut bytes).map_err(|e| Error::internal(format!("the system provides no randomness: {e}")))?;
        Ok(Self(bytes))
    }

    /// Reads a secret in base32; `None` if the text is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut bytes, mut buffer, mut bits) = (Vec::new(), 0_u32, 0);
        for c in text.bytes() {
            let digit = BASE32.iter().position(|d| *d == c.to_ascii_uppercase())?;
            buffer = buffer << 5 | u32::try_from(digit).ok()?;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push((buffer >> bits & 0xff) as u8);
            }
        }
        (!bytes.is_empty()).then_some(Self(bytes))
    }

    /// The secret in base32.
    pub fn to_base32(&self) -> String {
        base32(&self.0)
    }

    /// The address that authenticator apps read from a QR code.
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let (issuer, account) = (encode(issuer).replace('+', "%20"), encode(account).replace('+', "%20"));
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", self.to_base32())
    }

    /// The code of a step.
    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let digest = tag.as_ref();
        let at = usize::from(digest[digest.len() - 1] & 0xf);
        let number = digest[at..at + 4].iter().fold(0_u32, |n, byte| n << 8 | u32::from(*byte)) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }

    /// The step that a code belongs to: the present one or a neighbour, because clocks differ.
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let present = now.seconds().div_euclid(STEP);
        (present - 1..=present + 1).find(|step| super::same(&self.code(*step), code))
    }

    /// The code at a time.
    pub fn code_at(&self, at: Timestamp) -> String {
        self.code(at.seconds().div_euclid(STEP))
    }
}

/// Encodes bytes in base32 without padding.
pub fn base32(bytes: &[u8]) -> String {
    let (mut text, mut buffer, mut bits) = (String::with_capacity(bytes.len() * 8 / 5 + 1), 0_u32, 0);
    for byte in bytes {
        buffer = buffer << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(BASE32[(buffer >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(BASE32[(buffer << (5 - bits) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rfc() -> TotpSecret {
        TotpSecret(b"12345678901234567890".to_vec())
    }

    /// The vectors of RFC 6238, appendix B, with six of their eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(rfc().code_at(Timestamp::from_millis(seconds * 1_000)), code);
        }
    }

    #[test]
    fn a_code_is_valid_in_its_step_and_the_next_ones() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
        let code = rfc().code_at(at(1_000));
        assert_eq!(rfc().step_of(&code, at(1_000)), Some(33));
        assert_eq!(rfc().step_of(&code, at(1_029)), Some(33));
        assert_eq!(rfc().step_of(&code, at(1_000 + 90)), None);
        assert_eq!(rfc().step_of("", at(1_000)), None);
    }

    #[test]
    fn secrets_are_written_in_base32() {
        assert_eq!(rfc().to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(TotpSecret::parse("gezdgnbvgy3tqojqgezdgnbvgy3tqojq") == Some(rfc()));
        assert!(TotpSecret::parse("not base32!").is_none() && TotpSecret::parse("").is_none());
        let uri = rfc().uri("a.example", "al ice");
        assert!(uri.starts_with("otpauth://totp/a.example:al%20ice?secret=GEZD"), "{uri}");
    }
}
