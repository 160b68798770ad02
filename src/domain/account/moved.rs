//! What the owner cannot do while the account has moved to another one.

use super::handle::NamedAccount;
use crate::domain::Domain;
use crate::error::refusal::AccountRefusal;
use crate::error::{Error, Result};
use crate::protocol::ids::ActorId;
use crate::store::{Conn, actors};

/// Refuses what the owner of a moved account does to be heard or to follow. Mastodon refuses everything.
///
/// # Errors
/// [`Error::Forbidden`] if the owner's account has moved.
pub fn check_not_moved(conn: &Conn, domain: &Domain, owner: ActorId) -> Result<()> {
    let Some(uri) = actors::get(conn, owner)?.and_then(|me| me.moved_to) else { return Ok(()) };
    let target = NamedAccount::load(conn, domain, &uri)?.name();
    Err(Error::Forbidden(AccountRefusal::Moved(target).into()))
}
