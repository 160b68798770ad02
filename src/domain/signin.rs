//! The owner signs in with a browser.

use std::sync::Mutex;

use super::{Domain, owner};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::SessionId;
use crate::protocol::secret;
use crate::store::sessions::Session;
use crate::store::{sessions, settings};

/// One password hash at a time, so that sign-ins cannot take all memory and processors.
static ONE_HASH: Mutex<()> = Mutex::new(());

/// Checks user name and password. A wrong name and a wrong password take the same time and give the same answer.
///
/// # Errors
/// [`Error::Unauthorized`] when either is wrong.
pub fn check_password(domain: &Domain, username: &str, password: &str) -> Result<()> {
    let who = domain.owner()?;
    let hash = domain
        .store
        .read(|c| settings::get(c, settings::PASSWORD))?
        .ok_or_else(|| Error::internal("the owner has no password"))?;
    let _one = ONE_HASH.lock().unwrap_or_else(|e| e.into_inner());
    let right = password.len() <= *limits::PASSWORD.end() && owner::verify_password(password, &hash)?;
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
