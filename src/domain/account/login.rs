//! The owner signs in with a browser.

use ring::hmac;

use super::setup;
use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::SessionId;
use crate::protocol::secret;
use crate::store::account::sessions;
use crate::store::account::sessions::Session;
use crate::store::database::settings;

/// Recognises browsers in which the owner has signed in before: they keep a random id with its authentication code.
pub struct DeviceKey(hmac::Key);

impl DeviceKey {
    fn new(secret: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()))
    }

    /// The mark of a new device.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn issue(&self) -> Result<String> {
        let id = secret::generate()?;
        let code = secret::hex(hmac::sign(&self.0, id.as_bytes()).as_ref());
        Ok(format!("{id}.{code}"))
    }

    /// The id in a mark of ours; `None` if it is not authentic.
    pub fn id_in<'m>(&self, mark: &'m str) -> Option<&'m str> {
        let (id, code) = mark.split_once('.')?;
        let expected = secret::hex(hmac::sign(&self.0, id.as_bytes()).as_ref());
        secret::same(code, &expected).then_some(id)
    }
}

/// The key for marks of devices, made at the first start.
///
/// # Errors
/// When the database cannot be written.
pub fn device_key(domain: &Domain) -> Result<DeviceKey> {
    if let Some(secret) = domain.store.read(|c| settings::get(c, settings::DEVICE_KEY))? {
        return Ok(DeviceKey::new(&secret));
    }
    let secret = secret::generate()?;
    let key = DeviceKey::new(&secret);
    domain.store.write_quietly(move |conn| settings::set(conn, settings::DEVICE_KEY, &secret))?;
    Ok(key)
}

/// Identifies the present password, so that guesses at an earlier one are not counted against the owner.
///
/// # Errors
/// When the database cannot be read.
pub fn password_mark(domain: &Domain) -> Result<String> {
    let hash = domain.store.read(|c| settings::get(c, settings::PASSWORD))?;
    Ok(hash.map(|h| secret::hash(&h)).unwrap_or_default())
}

/// Checks user name and password. A wrong name and a wrong password take the same time and give the same answer. The
/// server lets only one sign-in of known and one of other browsers at a time come here, because a hash takes memory and time.
///
/// # Errors
/// [`Error::Unauthorized`] when either is wrong.
pub fn check_password(domain: &Domain, username: &str, password: &str) -> Result<()> {
    let who = domain.owner()?;
    let hash = domain
        .store
        .read(|c| settings::get(c, settings::PASSWORD))?
        .ok_or_else(|| Error::internal("the owner has no password"))?;
    let right = password.len() <= *limits::PASSWORD_BYTES.end() && setup::verify_password(password, &hash)?;
    let name = username.trim().trim_start_matches('@');
    let name = name.split('@').next().unwrap_or_default();
    if right && name.eq_ignore_ascii_case(&who.username) {
        return Ok(());
    }
    Err(Error::Unauthorized("The user name or the password is wrong".into()))
}

/// A new session: what goes into the cookie, and the session itself.
///
/// # Errors
/// When the database cannot be written.
pub fn start_session(domain: &Domain, user_agent: &str) -> Result<(String, Session)> {
    let cookie = secret::generate()?;
    let session = Session { id: SessionId(domain.next_id()), csrf: secret::generate()?, used_at: domain.now() };
    let (hash, row) = (secret::hash(&cookie), session.clone());
    let agent: String = user_agent.chars().take(256).collect();
    domain.store.write_quietly(move |conn| sessions::insert(conn, &hash, &row, &agent, limits::SESSIONS))?;
    Ok((cookie, session))
}

/// The session of a cookie, if it is alive. Its time of use is noted once a day.
///
/// # Errors
/// When the database cannot be read.
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
///
/// # Errors
/// When the database cannot be written.
pub fn end_session(domain: &Domain, id: SessionId) -> Result<()> {
    domain.store.write_quietly(move |conn| sessions::end(conn, Some(id)))
}

/// Makes the token of the one-time link to the setup page, and forgets an earlier one.
///
/// # Errors
/// When the database cannot be written.
pub fn new_setup_token(domain: &Domain) -> Result<String> {
    let token = secret::generate()?;
    let hash = secret::hash(&token);
    domain.store.write_quietly(move |conn| settings::set(conn, settings::SETUP_TOKEN, &hash))?;
    Ok(token)
}

/// True if this is the token of the setup link.
///
/// # Errors
/// When the database cannot be read.
pub fn is_setup_token(domain: &Domain, token: &str) -> Result<bool> {
    let stored = domain.store.read(|c| settings::get(c, settings::SETUP_TOKEN))?;
    Ok(stored.is_some_and(|hash| secret::same(&hash, &secret::hash(token))))
}
