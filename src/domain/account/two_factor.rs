//! The second factor of the owner's sign-in: a code of an authenticator app, or one of the recovery codes.

use std::sync::Arc;

use crate::domain::Domain;
use crate::error::refusal::AccountRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::secret;
use crate::protocol::secret::totp::{TotpSecret, base32};
use crate::store::Conn;
use crate::store::database::column_types::{from_json, to_json};
use crate::store::database::settings;

/// Returns `true` if signing in takes a code.
pub fn is_enabled(domain: &Domain) -> Result<bool> {
    Ok(domain.store.read(|c| settings::get(c, settings::TOTP_SECRET))?.is_some())
}

/// The number of recovery codes that were not used.
pub fn codes_left(domain: &Domain) -> Result<usize> {
    Ok(domain.store.read(recovery_codes)?.len())
}

fn stored_secret(conn: &Conn, key: &str) -> Result<Option<TotpSecret>> {
    match settings::get(conn, key)? {
        Some(text) => {
            TotpSecret::parse(&text).map(Some).ok_or_else(|| Error::internal("stored TOTP secret is damaged"))
        }
        None => Ok(None),
    }
}

/// The hashes of the recovery codes.
fn recovery_codes(conn: &Conn) -> Result<Vec<String>> {
    Ok(settings::get(conn, settings::RECOVERY_CODES)?.map(|text| from_json(&text)).unwrap_or_default())
}

/// The secret that the owner may enable. It stays the same until then, so that the page can be loaded again.
pub fn offer(domain: &Domain) -> Result<TotpSecret> {
    if let Some(secret) = domain.store.read(|c| stored_secret(c, settings::TOTP_OFFER))? {
        return Ok(secret);
    }
    let secret = TotpSecret::generate()?;
    let text = secret.to_base32();
    domain.store.write_quietly(move |c| settings::set(c, settings::TOTP_OFFER, &text))?;
    Ok(secret)
}

/// New recovery codes, and their hashes.
fn new_codes() -> Result<(Vec<String>, Vec<String>)> {
    let mut codes = Vec::with_capacity(limits::RECOVERY_CODES);
    for _ in 0..limits::RECOVERY_CODES {
        let mut bytes = [0_u8; 10];
        getrandom::fill(&mut bytes).map_err(|e| Error::internal(format!("the system provides no randomness: {e}")))?;
        let text = base32(&bytes).to_ascii_lowercase();
        codes.push(format!("{}-{}", &text[..8], &text[8..]));
    }
    let hashes = codes.iter().map(|code| secret::hash(&normalized(code))).collect();
    Ok((codes, hashes))
}

/// A code as people may type it.
fn normalized(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

/// Enables the offered secret, with a code of it as proof. Returns the recovery codes, which are stored as hashes.
///
/// # Errors
/// [`Error::Invalid`] if the code is wrong.
pub fn enable(domain: &Arc<Domain>, code: &str) -> Result<Vec<String>> {
    let (codes, hashes) = new_codes()?;
    let code = normalized(code);
    domain.transact(move |tx| {
        let wrong = || Error::invalid(AccountRefusal::CodeWrong);
        let secret = stored_secret(tx, settings::TOTP_OFFER)?.ok_or_else(wrong)?;
        let step = secret.step_of(&code, tx.now()).ok_or_else(wrong)?;
        settings::set(tx, settings::TOTP_SECRET, &secret.to_base32())?;
        settings::set(tx, settings::TOTP_STEP, &step.to_string())?;
        settings::set(tx, settings::RECOVERY_CODES, &to_json(&hashes))?;
        settings::remove(tx, settings::TOTP_OFFER)
    })?;
    Ok(codes)
}

/// Checks a code where one is required. A code works once.
///
/// # Errors
/// [`Error::Unauthorized`] if the code is wrong, or was used.
pub fn check(domain: &Arc<Domain>, code: &str) -> Result<()> {
    let code = normalized(code);
    let is_right = domain.transact_quietly(move |tx| {
        let Some(secret) = stored_secret(tx, settings::TOTP_SECRET)? else { return Ok(true) };
        let used: i64 = settings::get(tx, settings::TOTP_STEP)?.and_then(|s| s.parse().ok()).unwrap_or(i64::MIN);
        if let Some(step) = secret.step_of(&code, tx.now()).filter(|step| *step > used) {
            settings::set(tx, settings::TOTP_STEP, &step.to_string())?;
            return Ok(true);
        }
        let mut codes = recovery_codes(tx)?;
        let hash = secret::hash(&code);
        let Some(at) = codes.iter().position(|known| secret::same(known, &hash)) else { return Ok(false) };
        codes.remove(at);
        settings::set(tx, settings::RECOVERY_CODES, &to_json(&codes))?;
        Ok(true)
    })?;
    if is_right { Ok(()) } else { Err(Error::Unauthorized(AccountRefusal::CodeUsed.into())) }
}

/// Replaces the recovery codes.
pub fn renew_codes(domain: &Domain) -> Result<Vec<String>> {
    let (codes, hashes) = new_codes()?;
    domain.store.write_quietly(move |c| settings::set(c, settings::RECOVERY_CODES, &to_json(&hashes)))?;
    Ok(codes)
}

/// Signing in takes a password only from now on.
pub fn disable(domain: &Domain) -> Result<()> {
    domain.store.write_quietly(|c| {
        let keys = [settings::TOTP_SECRET, settings::TOTP_STEP, settings::TOTP_OFFER, settings::RECOVERY_CODES];
        keys.into_iter().try_for_each(|key| settings::remove(c, key))
    })
}
