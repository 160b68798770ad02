//! The owner's password.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;

use crate::domain::Domain;
use crate::error::refusal::AccountRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::store::account::{apps, sessions};
use crate::store::database::settings;

/// Checks a new password.
///
/// # Errors
/// [`Error::Invalid`] with the rule that it breaks.
pub fn check(password: &str) -> Result<()> {
    if limits::PASSWORD_BYTES.contains(&password.len()) {
        return Ok(());
    }
    let (minimum, maximum) = (*limits::PASSWORD_BYTES.start(), *limits::PASSWORD_BYTES.end());
    Err(Error::invalid(AccountRefusal::PasswordLength { minimum, maximum }))
}

/// argon2id with the minimum parameters of OWASP: 19 MiB, two passes.
fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| Error::internal(format!("argon2: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password, in the form that is stored.
pub fn hash(password: &str) -> Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    Ok(argon2()?
        .hash_password(password.as_bytes(), &salt)
        .map_err(|e| Error::internal(format!("argon2: {e}")))?
        .to_string())
}

/// Working memory of argon2, reused by all checks. If each check allocated its own, the allocator would keep 19 MiB for
/// each thread that has ever checked a password.
static WORKSPACE: Mutex<Vec<Block>> = Mutex::new(Vec::new());

/// True if the password matches the hash.
///
/// # Errors
/// If the hash is damaged.
pub fn verify(password: &str, hash: &str) -> Result<bool> {
    let damaged = |why: String| Error::internal(format!("stored password hash: {why}"));
    let parsed = PasswordHash::new(hash).map_err(|e| damaged(e.to_string()))?;
    let params = Params::try_from(&parsed).map_err(|e| damaged(e.to_string()))?;
    let (Some(salt), Some(expected)) = (parsed.salt, parsed.hash) else {
        return Err(damaged("salt or hash is missing".into()));
    };
    let mut bytes = [0; 64];
    let salt = salt.decode_b64(&mut bytes).map_err(|e| damaged(e.to_string()))?;
    let mut workspace = WORKSPACE.lock().unwrap_or_else(PoisonError::into_inner);
    workspace.resize(params.block_count(), Block::default());
    let mut found = vec![0; expected.len()];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut found, workspace.as_mut_slice())
        .map_err(|e| damaged(e.to_string()))?;
    Ok(found.ct_eq(expected.as_bytes()).into())
}

/// Sets a new password and signs out every browser and app.
///
/// # Errors
/// [`Error::Invalid`] if the password breaks a rule.
pub fn set(domain: &Domain, password: &str) -> Result<()> {
    check(password)?;
    let hash = hash(password)?;
    domain.store.write(move |conn| {
        settings::set(conn, settings::PASSWORD, &hash)?;
        sessions::end(conn, None)?;
        apps::revoke_all(conn)
    })
}
