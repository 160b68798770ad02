//! Moves of accounts that the owner follows. Those of the owner are in `account/moving.rs`.

use std::sync::Arc;

use super::follow;
use crate::domain::inbox::outcome::Reason;
use crate::domain::{Domain, Tx};
use crate::error::Result;
use crate::limits;
use crate::store::actors::Actor;
use crate::store::queues::jobs;
use crate::store::relationships::follows::{self, Follow};
use crate::store::relationships::{blocks, lists};
use crate::store::{Conn, actors};

/// True if the move of an actor matters, because the owner follows it.
pub(crate) fn concerns(conn: &Conn, domain: &Domain, old: &Actor) -> Result<bool> {
    Ok(follows::between(conn, domain.owner()?.id, old.id)?.is_some())
}

/// Follows the new account instead of the old one. The new one must list the old one as an alias, and if the new one has
/// sent the Move, the old one must state that it has moved there. Returns the reason if the move is not followed.
pub(crate) fn follow_along(tx: &Tx<'_>, old: &Actor, new: &Actor, sent_by_new: bool) -> Result<Option<Reason>> {
    let owner = tx.owner()?;
    if !new.also_known_as.contains(&old.uri) {
        return Ok(Some(Reason::AccountsDisagree));
    }
    if sent_by_new && old.moved_to.as_ref() != Some(&new.uri) {
        return Ok(Some(Reason::AccountsDisagree));
    }
    if blocks::exists(tx, owner.id, new.id)? || blocks::exists(tx, new.id, owner.id)? {
        return Ok(Some(Reason::AccountBlocked));
    }
    let Some(before) = follows::between(tx, owner.id, old.id)? else { return Ok(None) };
    let now = tx.now();
    if actors::has_moved_since(tx, old.id, now.minus(limits::MOVE_INTERVAL))? {
        return Ok(Some(Reason::MovedRecently));
    }
    actors::note_move(tx, old.id, now)?;
    let after = follow::request(tx, &owner, new)?;
    lists::move_member(tx, old.id, new.id, after.id)?;
    follows::set_wishes(tx, &Follow { id: after.id, ..before.clone() })?;
    follow::undo(tx, &owner, old, &before)?;
    Ok(None)
}

/// Fetches the account that an actor has moved to with a job, if it is not stored yet, so that the owner sees both.
pub fn fetch_successor(domain: &Arc<Domain>, actor: &Actor) -> Result<()> {
    let Some(uri) = actor.moved_to.clone().filter(|uri| !domain.site.owns(uri)) else { return Ok(()) };
    if domain.store.read(|c| actors::id_by_uri(c, &uri))?.is_some() {
        return Ok(());
    }
    domain.transact_quietly(move |tx| tx.queue_job(&jobs::Task::RefreshActor(uri), tx.now()))
}
