//! Subscriptions to relays: they get the owner's public posts, and announce those of others, which are then fetched.
//!
//! There are two kinds. A Mastodon relay is subscribed to by sending a Follow of the public collection to its inbox
//! (`https://relay/inbox`); a LitePub relay by following its actor (`https://relay/actor`), which follows back. The
//! instance actor is the follower in both.

use std::sync::Arc;

use serde_json::{Value, json};

use super::builders;
use super::queue::{self, Outgoing};
use super::recipients::Recipients;
use crate::domain::urls::{OwnAction, host_of};
use crate::domain::{Domain, InstanceActor, Tx};
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::{Audience, PUBLIC};
use crate::protocol::activitystreams::{is_id, same_origin};
use crate::store::Conn;
use crate::store::actors::{self, Actor};
use crate::store::peers::relays::{self, Relay};
use crate::store::queues::deliveries::{self, Lane};

/// Subscribes to a relay by the URL of its inbox or of its actor. The subscription is in effect when the relay accepts it.
///
/// # Errors
/// [`Error::Invalid`] if `address` is not a URL, [`Error::Conflict`] if the relay is subscribed to already, and the errors
/// of fetching its actor.
pub fn subscribe(domain: &Arc<Domain>, address: &str) -> Result<()> {
    if !is_id(address) {
        return Err(Error::invalid(format!("`{address}` is not a URL; write it like https://relay.example/inbox")));
    }
    let instance = domain.instance()?;
    let (inbox, actor, object) = if address.trim_end_matches('/').ends_with("/inbox") {
        (address.to_owned(), None, PUBLIC.to_owned())
    } else {
        let id = domain.remote()?.actor_by_uri(address)?;
        let actor = domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
        (actor.inbox, Some(id), actor.uri)
    };
    domain.transact(move |tx| {
        let id = tx.next_id();
        let uri = OwnAction::Follow.of(&instance.uri, id);
        if !relays::insert(tx, id, &inbox, actor, (&uri, &object), tx.now())? {
            return Err(Error::Conflict("this relay is subscribed to already".into()));
        }
        let document = builders::personal(&instance.uri, &uri, "Follow", json!(object), &object);
        send(tx, &instance, &inbox, document)
    })
}

/// Unsubscribes from a relay.
///
/// # Errors
/// [`Error::NotFound`] if it is not subscribed to.
pub fn unsubscribe(domain: &Arc<Domain>, address: &str) -> Result<()> {
    let address = address.to_owned();
    domain.transact(move |tx| {
        let relay = find(tx, &address)?.ok_or(Error::NotFound)?;
        relays::remove(tx, relay.id)?;
        undo_follow(tx, &relay)
    })
}

/// Queues the Undo of the Follow of a relay.
pub(crate) fn undo_follow(tx: &Tx<'_>, relay: &Relay) -> Result<()> {
    let (instance, object) = (tx.instance()?, relay.followed.clone());
    let follow = json!({"id": relay.follow_uri, "type": "Follow", "actor": instance.uri, "object": object});
    let document = builders::undo(&instance.uri, follow, Audience { to: vec![object], cc: vec![] });
    send(tx, &instance, &relay.inbox, document)
}

/// The relay that an actor represents. A relay that was subscribed to by its inbox has no known actor until one on its
/// host first sends an activity.
pub(crate) fn represented_by(conn: &Conn, actor: &Actor) -> Result<Option<Relay>> {
    Ok(relays::list(conn)?.into_iter().find(|relay| represents(actor, relay)))
}

/// True if an actor may respond for a relay.
pub(crate) fn represents(actor: &Actor, relay: &Relay) -> bool {
    match relay.actor {
        Some(id) => id == actor.id,
        None => same_origin(&relay.inbox, &actor.uri),
    }
}

/// Accepts the Follow of a relay: LitePub relays follow back, and forward nothing before that is accepted.
pub(crate) fn accept_follow(tx: &Tx<'_>, relay: &Relay, actor: &Actor, follow: Option<&str>) -> Result<()> {
    let instance = tx.instance()?;
    let follow = builders::received_follow(follow.unwrap_or_default(), &actor.uri, &instance.uri);
    let id = OwnAction::Accept.of(&instance.uri, tx.next_id());
    let document = builders::personal(&instance.uri, &id, "Accept", follow, &actor.uri);
    send(tx, &instance, &relay.inbox, document)
}

/// Rejects the Follow of an actor that is not a relay: the instance actor has no posts. An earlier response that is still
/// queued is withdrawn.
pub(crate) fn reject_follow(tx: &Tx<'_>, actor: &Actor, follow: Option<&str>) -> Result<()> {
    let instance = tx.instance()?;
    let responses = OwnAction::Reject.of_follower(&instance.uri, actor.id);
    deliveries::withdraw(tx, &actor.inbox, &responses)?;
    let follow = builders::received_follow(follow.unwrap_or_default(), &actor.uri, &instance.uri);
    let id = format!("{responses}{}", tx.next_id());
    let document = builders::personal(&instance.uri, &id, "Reject", follow, &actor.uri);
    queue::send_to(tx, instance.id, actor, document)
}

fn find(conn: &Conn, address: &str) -> Result<Option<Relay>> {
    for relay in relays::list(conn)? {
        let matches = match relay.actor {
            Some(id) => actors::get(conn, id)?.is_some_and(|a| a.uri == address),
            None => false,
        };
        if matches || relay.inbox == address {
            return Ok(Some(relay));
        }
    }
    Ok(None)
}

fn send(tx: &Tx<'_>, instance: &InstanceActor, inbox: &str, document: Value) -> Result<()> {
    let host = host_of(inbox).ok_or_else(|| Error::invalid("relay inbox has no host"))?;
    let recipients = Recipients { inboxes: vec![(inbox.to_owned(), host)], to_followers: false };
    queue::send(tx, Outgoing { actor: instance.id, document, recipients, lane: Lane::Owner, status: None })
}
