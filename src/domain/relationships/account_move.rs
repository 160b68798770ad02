//! Accounts that move: those whom the owner follows, and the owner's own.

use std::sync::Arc;

use serde_json::json;

use super::follow;
use crate::domain::Domain;
use crate::domain::inbox::outcome::Reason;
use crate::domain::outbox::queue::{self, Outgoing};
use crate::domain::outbox::recipients::Recipients;
use crate::domain::urls::{OwnAction, OwnCollection};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::is_id;
use crate::protocol::activitystreams::types::Audience;
use crate::protocol::activitystreams::write::{self, OwnActivity};
use crate::store::actors::Actor;
use crate::store::queues::deliveries::Lane;
use crate::store::queues::jobs;
use crate::store::relationships::{blocks, follows};
use crate::store::{Conn, actors};

/// True if a move of this actor would change something here.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn concerns(conn: &Conn, domain: &Domain, old: &Actor) -> Result<bool> {
    Ok(follows::between(conn, domain.owner()?.id, old.id)?.is_some())
}

/// Follows the new account instead of the old one, if both agree: the new one names the old as its own, and where the
/// new one spoke, the old one names it as where it went. Answers why not, if not.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn follow_along(
    conn: &Conn,
    domain: &Domain,
    old: &Actor,
    new: &Actor,
    new_spoke: bool,
) -> Result<Option<Reason>> {
    let owner = domain.owner()?;
    if !new.also_known_as.contains(&old.uri) {
        return Ok(Some(Reason::AccountsDisagree));
    }
    if new_spoke && old.moved_to.as_ref() != Some(&new.uri) {
        return Ok(Some(Reason::AccountsDisagree));
    }
    if blocks::exists(conn, owner.id, new.id)? || blocks::exists(conn, new.id, owner.id)? {
        return Ok(Some(Reason::AccountBlocked));
    }
    let Some(before) = follows::between(conn, owner.id, old.id)? else { return Ok(None) };
    let now = domain.now();
    if actors::has_moved_since(conn, old.id, now.minus(limits::MOVE_INTERVAL))? {
        return Ok(Some(Reason::MovedRecently));
    }
    actors::note_move(conn, old.id, now)?;
    let after = follow::request(conn, domain, &owner, new)?;
    follows::set_wishes(conn, after.id, before.show_boosts, before.notify)?;
    follow::withdraw(conn, domain, &owner, old, &before)?;
    Ok(None)
}

/// Fetches the account that an actor has moved to, if it is not stored yet; later, so that the owner sees both.
///
/// # Errors
/// When the database cannot be written.
pub fn fetch_successor(domain: &Arc<Domain>, actor: &Actor) -> Result<()> {
    let Some(uri) = actor.moved_to.clone().filter(|uri| !domain.site.owns(uri)) else { return Ok(()) };
    if domain.store.read(|c| actors::id_by_uri(c, &uri))?.is_some() {
        return Ok(());
    }
    let now = domain.now();
    domain.store.write_quietly(move |conn| jobs::enqueue(conn, &jobs::Task::RefreshActor(uri), now))?;
    domain.signals.jobs.notify();
    Ok(())
}

/// Names other accounts as the owner's own, so that they may move here.
///
/// # Errors
/// [`Error::Invalid`] when an address is none, or they are too many.
pub fn set_aliases(domain: &Arc<Domain>, aliases: Vec<String>) -> Result<()> {
    if aliases.len() > limits::ACTOR_ALIASES {
        return Err(Error::invalid(format!("no more than {} accounts can be named", limits::ACTOR_ALIASES)));
    }
    if let Some(bad) = aliases.iter().find(|a| !is_id(a)) {
        return Err(Error::invalid(format!("`{bad}` is not the address of an account")));
    }
    let owner = domain.owner()?;
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        let me = actors::get(conn, owner.id)?.ok_or(Error::NotFound)?;
        actors::set_moved(conn, owner.id, me.moved_to.as_deref(), &aliases, ctx.now())?;
        queue::send_profile(conn, &ctx, &owner)
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

/// Moves the owner's followers to another account, which must have named this one as its own already.
///
/// # Errors
/// [`Error::Invalid`] when it has not; whatever hinders fetching it.
pub fn move_out(domain: &Arc<Domain>, target: &str) -> Result<()> {
    let owner = domain.owner()?;
    let id = domain.remote()?.fresh_actor(target)?;
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        let new = actors::get(conn, id)?.filter(|a| !a.local).ok_or(Error::NotFound)?;
        if !new.also_known_as.contains(&owner.uri) {
            let (there, here) = (&new.uri, &owner.uri);
            return Err(Error::invalid(format!("{there} must first name {here} as an account of its own")));
        }
        let me = actors::get(conn, owner.id)?.ok_or(Error::NotFound)?;
        actors::set_moved(conn, owner.id, Some(&new.uri), &me.also_known_as, ctx.now())?;
        queue::send_profile(conn, &ctx, &owner)?;
        let mut document = write::activity(&OwnActivity {
            id: &OwnAction::Move.of(&owner.uri, ctx.next_id()),
            kind: "Move",
            actor: &owner.uri,
            object: json!(owner.uri),
            audience: Audience { to: vec![OwnCollection::Followers.of(&owner.uri)], cc: vec![] },
            published: None,
        });
        document["target"] = json!(new.uri);
        let recipients = Recipients { inboxes: Vec::new(), to_followers: true };
        queue::send(conn, &ctx, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: None })
    })?;
    domain.signals.delivery.notify();
    Ok(())
}
