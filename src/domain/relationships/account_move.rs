//! Account moves: of actors that the owner follows, and of the owner.

use std::sync::Arc;

use serde_json::json;

use super::follow;
use crate::domain::inbox::outcome::Reason;
use crate::domain::outbox::queue::{self, Outgoing};
use crate::domain::outbox::recipients::Recipients;
use crate::domain::urls::{OwnAction, OwnCollection};
use crate::domain::{Domain, Tx};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::is_id;
use crate::protocol::activitystreams::types::Audience;
use crate::protocol::activitystreams::write::{self, OwnActivity};
use crate::store::actors::Actor;
use crate::store::queues::deliveries::Lane;
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

/// Sets the aliases of the owner: accounts that may move to this one.
///
/// # Errors
/// [`Error::Invalid`] if one is not a URL, or there are too many.
pub fn set_aliases(domain: &Arc<Domain>, aliases: Vec<String>) -> Result<()> {
    if aliases.len() > limits::ACTOR_ALIASES {
        return Err(Error::invalid(format!("at most {} accounts can be named", limits::ACTOR_ALIASES)));
    }
    if let Some(bad) = aliases.iter().find(|a| !is_id(a)) {
        return Err(Error::invalid(format!("`{bad}` is not the address of an account")));
    }
    let owner = domain.owner()?;
    domain.transact(move |tx| {
        let me = actors::get(tx, owner.id)?.ok_or(Error::NotFound)?;
        actors::set_moved(tx, owner.id, me.moved_to.as_deref(), &aliases, tx.now())?;
        queue::send_profile(tx, &owner)
    })
}

/// Moves the owner's followers to another account, which must list the owner's account as an alias.
///
/// # Errors
/// [`Error::Invalid`] if it does not, and the errors of fetching it.
pub fn move_out(domain: &Arc<Domain>, target: &str) -> Result<()> {
    let owner = domain.owner()?;
    let id = domain.remote()?.fresh_actor(target)?;
    domain.transact(move |tx| {
        let new = actors::get(tx, id)?.filter(|a| !a.local).ok_or(Error::NotFound)?;
        if !new.also_known_as.contains(&owner.uri) {
            let (there, here) = (&new.uri, &owner.uri);
            return Err(Error::invalid(format!("{there} must first name {here} as an account of its own")));
        }
        let me = actors::get(tx, owner.id)?.ok_or(Error::NotFound)?;
        actors::set_moved(tx, owner.id, Some(&new.uri), &me.also_known_as, tx.now())?;
        queue::send_profile(tx, &owner)?;
        let mut document = write::activity(&OwnActivity {
            id: &OwnAction::Move.of(&owner.uri, tx.next_id()),
            kind: "Move",
            actor: &owner.uri,
            object: json!(owner.uri),
            audience: Audience { to: vec![OwnCollection::Followers.of(&owner.uri)], cc: vec![] },
            published: None,
        });
        document["target"] = json!(new.uri);
        let recipients = Recipients { inboxes: Vec::new(), to_followers: true };
        queue::send(tx, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: None })
    })
}
