//! Subscriptions to relays: they get our public posts, and name those of others, which are then fetched.
//!
//! Two kinds are in use. One is subscribed to by following everybody through its inbox (`https://relay/inbox`), the
//! other (LitePub) by following its actor (`https://relay/actor`), which follows back. Either is done by the actor of this
//! server.

use std::sync::Arc;

use serde_json::json;

use super::builders;
use super::queue::{self, Outgoing};
use super::recipients::Recipients;
use crate::domain::relationships::follow;
use crate::domain::urls::{OwnAction, host_of};
use crate::domain::{Domain, InstanceActor};
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::{Audience, PUBLIC};
use crate::protocol::activitystreams::{is_id, same_origin};
use crate::store::actors::Actor;
use crate::store::peers::relays::{self, Relay};
use crate::store::queues::deliveries;
use crate::store::queues::deliveries::Lane;
use crate::store::{Conn, actors};

/// Asks a relay to take us: by the address of its inbox or of its actor. It counts once it has accepted.
///
/// # Errors
/// [`Error::Invalid`] when the address is none, [`Error::Conflict`] when we are subscribed already, and whatever
/// hinders fetching its actor.
pub fn subscribe(domain: &Arc<Domain>, address: &str) -> Result<()> {
    if !is_id(address) {
        return Err(Error::invalid(format!("`{address}` is no address; write it like https://relay.example/inbox")));
    }
    let instance = domain.instance()?;
    let (inbox, actor, object) = if address.trim_end_matches('/').ends_with("/inbox") {
        (address.to_owned(), None, PUBLIC.to_owned())
    } else {
        let id = domain.remote()?.actor_by_uri(address)?;
        let actor = domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
        (actor.inbox, Some(id), actor.uri)
    };
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        let id = ctx.next_id();
        let uri = OwnAction::Follow.of(&instance.uri, id);
        if !relays::insert(conn, id, &inbox, actor, (&uri, &object), ctx.now())? {
            return Err(Error::Conflict("this relay is subscribed to already".into()));
        }
        let document = builders::personal(&instance.uri, &uri, "Follow", json!(object), &object);
        send(conn, &ctx, &instance, &inbox, document)
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

/// Leaves a relay.
///
/// # Errors
/// [`Error::NotFound`] when we are not subscribed to it.
pub fn unsubscribe(domain: &Arc<Domain>, address: &str) -> Result<()> {
    let instance = domain.instance()?;
    let (ctx, address) = (domain.clone(), address.to_owned());
    domain.store.write(move |conn| {
        let relay = find(conn, &address)?.ok_or(Error::NotFound)?;
        let object = relay.followed;
        let follow = json!({"id": relay.follow_uri, "type": "Follow", "actor": instance.uri, "object": object});
        let document = builders::undo(&instance.uri, follow, Audience { to: vec![object], cc: vec![] });
        relays::remove(conn, relay.id)?;
        send(conn, &ctx, &instance, &relay.inbox, document)
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

/// The relay that an actor speaks for. A relay that the owner named only by its inbox has no known actor until one of
/// its host first speaks for it.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn spoken_for(conn: &Conn, actor: &Actor) -> Result<Option<Relay>> {
    Ok(relays::list(conn)?.into_iter().find(|relay| speaks_for(actor, relay)))
}

/// True if an actor may answer for a relay.
pub(crate) fn speaks_for(actor: &Actor, relay: &Relay) -> bool {
    match relay.actor {
        Some(id) => id == actor.id,
        None => same_origin(&relay.inbox, &actor.uri),
    }
}

/// Lets a relay follow this server: those of the LitePub kind follow back, and pass on nothing before that is accepted.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn accept_follow(
    conn: &Conn,
    domain: &Domain,
    relay: &Relay,
    actor: &Actor,
    follow: Option<&str>,
) -> Result<()> {
    let instance = domain.instance()?;
    let follow = follow::received(follow.unwrap_or_default(), &actor.uri, &instance.uri);
    let id = OwnAction::Accept.of(&instance.uri, domain.next_id());
    let document = builders::personal(&instance.uri, &id, "Accept", follow, &actor.uri);
    send(conn, domain, &instance, &relay.inbox, document)
}

/// Rejects the follow of an actor that is no relay of ours: this server has no posts to follow. An earlier answer to it that
/// still waits is not sent.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn reject_follow(conn: &Conn, domain: &Domain, actor: &Actor, follow: Option<&str>) -> Result<()> {
    let instance = domain.instance()?;
    let answers = OwnAction::Reject.of_follower(&instance.uri, actor.id);
    deliveries::withdraw(conn, &actor.inbox, &answers)?;
    let follow = follow::received(follow.unwrap_or_default(), &actor.uri, &instance.uri);
    let id = format!("{answers}{}", domain.next_id());
    let document = builders::personal(&instance.uri, &id, "Reject", follow, &actor.uri);
    queue::send_to(conn, domain, instance.id, actor, document)
}

fn find(conn: &Conn, address: &str) -> Result<Option<Relay>> {
    for relay in relays::list(conn)? {
        let named = match relay.actor {
            Some(id) => actors::get(conn, id)?.is_some_and(|a| a.uri == address),
            None => false,
        };
        if named || relay.inbox == address {
            return Ok(Some(relay));
        }
    }
    Ok(None)
}

fn send(
    conn: &Conn,
    domain: &Domain,
    instance: &InstanceActor,
    inbox: &str,
    document: serde_json::Value,
) -> Result<()> {
    let host = host_of(inbox).ok_or_else(|| Error::invalid("the relay's inbox has no host"))?;
    let recipients = Recipients { inboxes: vec![(inbox.to_owned(), host)], to_followers: false };
    queue::send(conn, domain, Outgoing { actor: instance.id, document, recipients, lane: Lane::Owner, status: None })
}

/// Adds the inboxes of all relays that took us to the recipients of something public.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn add_to(conn: &Conn, recipients: &mut Recipients) -> Result<()> {
    for relay in relays::list(conn)?.into_iter().filter(|r| r.accepted) {
        if let Some(host) = host_of(&relay.inbox) {
            recipients.inboxes.push((relay.inbox, host));
        }
    }
    Ok(())
}
