//! Sign-in of the owner with a browser, and its sessions.

use ring::hmac;

use super::password as passwords;
use crate::domain::Domain;
use crate::domain::stored_secret::stored_secret;
use crate::error::refusal::AccountRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::SessionId;
use crate::protocol::secret;
use crate::store::account::sessions;
use crate::store::account::sessions::{Browser, Session};
use crate::store::database::settings;

/// Recognizes browsers in which the owner has signed in before: they keep a random id with its authentication code.
pub struct DeviceKey(hmac::Key);

impl DeviceKey {
    fn new(secret: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()))
    }

    /// Creates the cookie value of a new device.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn issue(&self) -> Result<String> {
        let id = secret::generate()?;
        let code = secret::hex(hmac::sign(&self.0, id.as_bytes()).as_ref());
        Ok(format!("{id}.{code}"))
    }

    /// The id in a cookie value; `None` if it is not authentic.
    pub fn id_in<'m>(&self, mark: &'m str) -> Option<&'m str> {
        let (id, code) = mark.split_once('.')?;
        let expected = secret::hex(hmac::sign(&self.0, id.as_bytes()).as_ref());
        secret::same(code, &expected).then_some(id)
    }
}

/// The key of device cookies, created at the first start.
pub fn device_key(domain: &Domain) -> Result<DeviceKey> {
    Ok(DeviceKey::new(&stored_secret(&domain.store, settings::DEVICE_KEY, secret::generate)?))
}

/// Identifies the current password, so that failed attempts with an earlier one no longer count.
pub fn password_mark(domain: &Domain) -> Result<String> {
    let hash = domain.store.read(|c| settings::get(c, settings::PASSWORD))?;
    Ok(hash.map(|h| secret::hash(&h)).unwrap_or_default())
}

/// Checks user name and password. A wrong name and a wrong password take the same time and cause the same error. The caller
/// allows one check at a time for known browsers and one for others, because a hash takes memory and time.
///
/// # Errors
/// [`Error::Unauthorized`] if either is wrong.
pub fn check_password(domain: &Domain, username: &str, password: &str) -> Result<()> {
    let owner = domain.owner()?;
    let hash = domain
        .store
        .read(|c| settings::get(c, settings::PASSWORD))?
        .ok_or_else(|| Error::internal("the owner has no password"))?;
    let right = password.len() <= *limits::PASSWORD_BYTES.end() && passwords::verify(password, &hash)?;
    let name = username.trim().trim_start_matches('@');
    let name = name.split('@').next().unwrap_or_default();
    if right && name.eq_ignore_ascii_case(&owner.username) {
        return Ok(());
    }
    Err(Error::Unauthorized(AccountRefusal::WrongCredentials.into()))
}

/// Starts a session. Returns the value of its cookie, and the session.
pub fn start_session(domain: &Domain, user_agent: &str) -> Result<(String, Session)> {
    let cookie = secret::generate()?;
    let session = Session { id: SessionId(domain.next_id()), csrf: secret::generate()?, used_at: domain.now() };
    let (hash, row) = (secret::hash(&cookie), session.clone());
    let agent: String = user_agent.chars().take(256).collect();
    domain.store.write_quietly(move |conn| sessions::insert(conn, &hash, &row, &agent, limits::SESSIONS))?;
    Ok((cookie, session))
}

/// The session of a cookie, unless it has expired. Its last use is recorded once a day.
pub fn session(domain: &Domain, cookie: &str) -> Result<Option<Session>> {
    let now = domain.now();
    let since = now.minus(limits::SESSION_AGE);
    let hash = secret::hash(cookie);
    let found = domain.store.read(|c| sessions::by_cookie(c, &hash, since))?;
    if let Some(session) = &found
        && now.midnight() > session.used_at
    {
        let id = session.id;
        domain.store.write_quietly(move |conn| sessions::touch(conn, id, now))?;
    }
    Ok(found)
}

/// Ends a session.
pub fn end_session(domain: &Domain, id: SessionId) -> Result<()> {
    domain.store.write_quietly(move |conn| sessions::end(conn, Some(id)))
}

/// The browsers in which the owner is signed in, the last used first.
pub fn browsers(domain: &Domain) -> Result<Vec<Browser>> {
    let since = domain.now().minus(limits::SESSION_AGE);
    domain.store.read(|c| sessions::list(c, since))
}

/// Ends all sessions but one.
pub fn end_other_sessions(domain: &Domain, kept: SessionId) -> Result<()> {
    domain.store.write_quietly(move |conn| sessions::end_others(conn, kept))
}

/// Creates the token of the link to the setup page, which replaces an earlier one.
pub fn new_setup_token(domain: &Domain) -> Result<String> {
    let token = secret::generate()?;
    let hash = secret::hash(&token);
    domain.store.write_quietly(move |conn| settings::set(conn, settings::SETUP_TOKEN, &hash))?;
    Ok(token)
}

/// True if this is the token of the setup link.
pub fn is_setup_token(domain: &Domain, token: &str) -> Result<bool> {
    let stored = domain.store.read(|c| settings::get(c, settings::SETUP_TOKEN))?;
    Ok(stored.is_some_and(|hash| secret::same(&hash, &secret::hash(token))))
}
