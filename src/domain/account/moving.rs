//! Moving the owner's account: aliases (the accounts that may move to this one), the move to another account, and its undoing.

use std::sync::Arc;

use serde_json::json;

use super::handle::{NamedAccount, handle};
use crate::domain::outbox::queue::{self, Outgoing};
use crate::domain::outbox::recipients::Recipients;
use crate::domain::queries::accounts;
use crate::domain::urls::{OwnAction, OwnCollection};
use crate::domain::{Domain, Owner, Tx};
use crate::error::refusal::MoveRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::Audience;
use crate::protocol::activitystreams::write::{self, OwnActivity};
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::actors::Actor;
use crate::store::queues::deliveries::Lane;
use crate::store::{Conn, actors};

/// The aliases and the move of the owner's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveState {
    /// The accounts that may move to this one.
    pub aliases: Vec<NamedAccount>,
    /// The account that this one has moved to.
    pub moved_to: Option<NamedAccount>,
    /// The earliest time of the next move; `None` if the account may move now.
    pub next_move_at: Option<Timestamp>,
}

/// Returns the aliases and the move of the owner's account.
pub fn state(domain: &Domain) -> Result<MoveState> {
    let owner = domain.owner()?;
    domain.store.read(|c| {
        let me = actors::get(c, owner.id)?.ok_or(Error::NotFound)?;
        Ok(MoveState {
            aliases: me.also_known_as.iter().map(|uri| NamedAccount::load(c, domain, uri)).collect::<Result<_>>()?,
            moved_to: me.moved_to.as_deref().map(|uri| NamedAccount::load(c, domain, uri)).transpose()?,
            next_move_at: next_move_at(c, owner.id, domain.now())?,
        })
    })
}

fn next_move_at(conn: &Conn, owner: ActorId, now: Timestamp) -> Result<Option<Timestamp>> {
    let next = actors::moved_at(conn, owner)?.map(|at| at.plus(limits::MOVE_COOLDOWN));
    Ok(next.filter(|next| *next > now))
}

/// Adds an alias: an account that may move to this one, by handle or URL.
///
/// # Errors
/// [`Error::Invalid`] if the text names no other account or there are too many aliases, and the errors of fetching the account.
pub fn add_alias(domain: &Arc<Domain>, account: &str) -> Result<NamedAccount> {
    let owner = domain.owner()?;
    let id = accounts::named(domain, account)?;
    domain.transact(move |tx| {
        let actor = actors::get(tx, id)?.ok_or(Error::NotFound)?;
        if actor.local {
            return Err(Error::invalid(MoveRefusal::FromSelf));
        }
        let me = actors::get(tx, owner.id)?.ok_or(Error::NotFound)?;
        let alias = NamedAccount::load(tx, tx.domain(), &actor.uri)?;
        if me.also_known_as.contains(&actor.uri) {
            return Ok(alias);
        }
        if me.also_known_as.len() >= limits::ACTOR_ALIASES {
            return Err(Error::invalid(MoveRefusal::TooManyAliases(limits::ACTOR_ALIASES)));
        }
        let aliases = [me.also_known_as.clone(), vec![actor.uri]].concat();
        change(tx, &owner, &me, me.moved_to.as_deref(), &aliases)?;
        Ok(alias)
    })
}

/// Removes an alias, by its id or its handle. Nothing is fetched: its server may no longer exist.
///
/// # Errors
/// [`Error::Invalid`] if there is no such alias.
pub fn remove_alias(domain: &Arc<Domain>, account: &str) -> Result<NamedAccount> {
    let owner = domain.owner()?;
    let wanted = account.trim().trim_start_matches('@').to_owned();
    let aliases = state(domain)?.aliases;
    let is_it = |a: &&NamedAccount| {
        a.uri == wanted || a.handle.as_ref().is_some_and(|handle| handle.eq_ignore_ascii_case(&wanted))
    };
    let found = aliases.iter().find(is_it).cloned();
    let alias = found.ok_or_else(|| Error::invalid(MoveRefusal::NotAnAlias(account.trim().to_owned())))?;
    let uri = alias.uri.clone();
    domain.transact(move |tx| {
        let me = actors::get(tx, owner.id)?.ok_or(Error::NotFound)?;
        let kept: Vec<String> = me.also_known_as.iter().filter(|a| **a != uri).cloned().collect();
        change(tx, &owner, &me, me.moved_to.as_deref(), &kept)
    })?;
    Ok(alias)
}

/// Changes what the actor document says about other accounts, and sends the new document.
fn change(tx: &Tx<'_>, owner: &Owner, me: &Actor, moved_to: Option<&str>, aliases: &[String]) -> Result<()> {
    // Servers ignore a document that is not newer than theirs.
    let now = tx.now().max(me.updated_at.plus(std::time::Duration::from_millis(1)));
    actors::set_moved(tx, owner.id, moved_to, aliases, now)?;
    queue::send_profile(tx, owner)
}

/// Whether the time since the last move counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cooldown {
    /// [`limits::MOVE_COOLDOWN`] must have passed.
    Respected,
    /// The owner moves again anyway.
    Ignored,
}

/// Checks that the owner's account may move to another one, given by handle or URL. The document of the other account is
/// fetched: it must list the owner's account as an alias.
///
/// # Errors
/// [`Error::Invalid`] with the rule that forbids it, and the errors of fetching the account.
pub fn check_target(domain: &Arc<Domain>, account: &str, cooldown: Cooldown) -> Result<NamedAccount> {
    let owner = domain.owner()?;
    let id = accounts::named(domain, account)?;
    let known = domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
    if known.local {
        return Err(Error::invalid(MoveRefusal::ToSelf));
    }
    let id = domain.remote()?.fresh_actor(&known.uri)?;
    domain.store.read(|c| {
        let new = actors::get(c, id)?.ok_or(Error::NotFound)?;
        may_move(c, domain, &owner, &new, cooldown)?;
        NamedAccount::load(c, domain, &new.uri)
    })
}

fn may_move(conn: &Conn, domain: &Domain, owner: &Owner, new: &Actor, cooldown: Cooldown) -> Result<()> {
    let handle = handle(domain, new);
    let me = actors::get(conn, owner.id)?.ok_or(Error::NotFound)?;
    if me.moved_to.as_ref() == Some(&new.uri) {
        return Err(Error::invalid(MoveRefusal::MovedAlready(handle)));
    }
    if let Some(target) = new.moved_to.clone() {
        return Err(Error::invalid(MoveRefusal::TargetMoved { handle, target }));
    }
    if !new.also_known_as.contains(&owner.uri) {
        let own = domain.site.handle_of(&owner.username);
        return Err(Error::invalid(MoveRefusal::AliasMissing { handle, own }));
    }
    match next_move_at(conn, owner.id, domain.now())? {
        Some(at) if cooldown == Cooldown::Respected => Err(Error::invalid(MoveRefusal::TooSoon {
            days: limits::MOVE_COOLDOWN.as_secs() / 86_400,
            date: at.to_date(),
        })),
        _ => Ok(()),
    }
}

/// Moves the owner's followers to another account, given by handle or URL: the actor document names it, and a Move is sent
/// to the followers. From then on the owner cannot post here, until the move is cancelled.
///
/// # Errors
/// As [`check_target`].
pub fn move_out(domain: &Arc<Domain>, account: &str, cooldown: Cooldown) -> Result<NamedAccount> {
    let (owner, target) = (domain.owner()?, check_target(domain, account, cooldown)?);
    let uri = target.uri.clone();
    domain.transact(move |tx| {
        let new = actors::by_uri(tx, &uri)?.ok_or(Error::NotFound)?;
        may_move(tx, tx.domain(), &owner, &new, cooldown)?;
        let me = actors::get(tx, owner.id)?.ok_or(Error::NotFound)?;
        change(tx, &owner, &me, Some(&uri), &me.also_known_as)?;
        actors::note_move(tx, owner.id, tx.now())?;
        let mut document = write::activity(&OwnActivity {
            id: &OwnAction::Move.of(&owner.uri, tx.next_id()),
            kind: "Move",
            actor: &owner.uri,
            object: json!(owner.uri),
            audience: Audience { to: vec![OwnCollection::Followers.of(&owner.uri)], cc: vec![] },
            published: None,
        });
        document["target"] = json!(uri);
        let recipients = Recipients { inboxes: Vec::new(), to_followers: true };
        queue::send(tx, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: None })
    })?;
    Ok(target)
}

/// Cancels the move: the actor document no longer names another account, and the owner can post again. Followers that have
/// left do not come back.
///
/// # Errors
/// [`Error::Invalid`] if the account has not moved.
pub fn cancel(domain: &Arc<Domain>) -> Result<()> {
    let owner = domain.owner()?;
    domain.transact(move |tx| {
        let me = actors::get(tx, owner.id)?.ok_or(Error::NotFound)?;
        if me.moved_to.is_none() {
            return Err(Error::invalid(MoveRefusal::NotMoved));
        }
        change(tx, &owner, &me, None, &me.also_known_as)
    })
}
