//! The owner follows, stops following, and answers those who ask to follow.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::outbox::builders;
use crate::domain::outbox::queue;
use crate::domain::urls::OwnAction;
use crate::domain::{Domain, Owner};
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::Audience;
use crate::protocol::ids::{ActorId, FollowId};
use crate::store::actors::Actor;
use crate::store::notifications::NotificationKind;
use crate::store::peers::domain_policies::Severity;
use crate::store::queues::deliveries;
use crate::store::relationships::follows::Follow;
use crate::store::relationships::{blocks, follows};
use crate::store::{Conn, actors, notifications, timelines};

/// What the owner wants to see of somebody; what is not said stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct FollowOptions {
    /// Boosts too.
    pub boosts: Option<bool>,
    /// A notification of each post.
    pub notify: Option<bool>,
}

fn remote_actor(conn: &Conn, id: ActorId) -> Result<Actor> {
    let there = |a: &Actor| a.gone_at.is_none() && a.limited != Severity::Suspend;
    actors::get(conn, id)?.filter(there).ok_or(Error::NotFound)
}

/// Follows an actor, or changes what the owner wants to see of one who is followed already.
///
/// # Errors
/// [`Error::NotFound`] when there is no such actor, [`Error::Forbidden`] when it is the owner, or a block forbids it.
pub fn follow(domain: &Arc<Domain>, target: ActorId, wishes: FollowOptions) -> Result<()> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        let actor = remote_actor(conn, target)?;
        if actor.local {
            return Err(Error::Forbidden("You can't follow yourself".into()));
        }
        if blocks::exists(conn, target, owner.id)? || blocks::exists(conn, owner.id, target)? {
            return Err(Error::Forbidden("This action is not allowed".into()));
        }
        // Options for an account that is followed already change what the owner sees, and nothing else.
        let has_options = wishes.boosts.is_some() || wishes.notify.is_some();
        let follow = match follows::between(conn, owner.id, target)?.filter(|f| f.accepted && has_options) {
            Some(follow) => follow,
            None => ask(conn, &ctx, &owner, &actor)?,
        };
        follows::set_wishes(
            conn,
            follow.id,
            wishes.boosts.unwrap_or(follow.show_boosts),
            wishes.notify.unwrap_or(follow.notify),
        )
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

/// The follow of an actor; it is asked for if there is none yet.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn request(conn: &Conn, domain: &Domain, owner: &Owner, actor: &Actor) -> Result<Follow> {
    if let Some(follow) = follows::between(conn, owner.id, actor.id)?
        && follow.failure.is_none()
    {
        return Ok(follow);
    }
    ask(conn, domain, owner, actor)
}

/// Sends a Follow with a new id, whether there is a follow already or not: its server may have refused or forgotten the
/// last one, and ignores an activity whose id it has seen.
fn ask(conn: &Conn, domain: &Domain, owner: &Owner, actor: &Actor) -> Result<Follow> {
    if let Some(before) = follows::between(conn, owner.id, actor.id)? {
        deliveries::withdraw(conn, &actor.inbox, &before.uri)?;
    }
    let id = FollowId(domain.next_id());
    let uri = OwnAction::Follow.of(&owner.uri, id.0);
    let follow = follows::insert(conn, id, &uri, owner.id, actor.id, false, domain.now())?;
    queue::send_to(conn, domain, owner.id, actor, follow_document(owner, &follow, actor))?;
    Ok(follow)
}

/// Ends a follow of the owner: the other side is told, and its posts leave the home timeline.
///
/// # Errors
/// When the database cannot be written.
pub fn end(conn: &Conn, domain: &Domain, owner: &Owner, actor: &Actor, follow: &Follow) -> Result<()> {
    if follow.failure.is_some() {
        // Its server knows of none.
        return follows::remove(conn, follow);
    }
    withdraw(conn, domain, owner, actor, follow)?;
    timelines::remove_actor(conn, timelines::HOME, actor.id)
}

/// Ends a follow of the owner, whose posts stay at home: it is followed under another name from now on.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn withdraw(conn: &Conn, domain: &Domain, owner: &Owner, actor: &Actor, follow: &Follow) -> Result<()> {
    let original = bare(follow_document(owner, follow, actor));
    let document = builders::undo(&owner.uri, original, Audience { to: vec![actor.uri.clone()], cc: vec![] });
    follows::remove(conn, follow)?;
    queue::send_to(conn, domain, owner.id, actor, document)
}

/// Tells an actor that the owner does not follow it, although it thinks so.
///
/// # Errors
/// When the database cannot be written.
pub fn disown(conn: &Conn, domain: &Domain, owner: &Owner, actor: &Actor) -> Result<()> {
    let number = domain.next_id();
    let follow = json!({
        "id": OwnAction::Follow.of(&owner.uri, number), "type": "Follow", "actor": owner.uri, "object": actor.uri,
    });
    let document = builders::undo(&owner.uri, follow, Audience { to: vec![actor.uri.clone()], cc: vec![] });
    queue::send_to(conn, domain, owner.id, actor, document)
}

/// Stops following an actor, or takes back the request. Its posts leave the home timeline.
///
/// # Errors
/// [`Error::NotFound`] when there is no such actor.
pub fn unfollow(domain: &Arc<Domain>, target: ActorId) -> Result<()> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        let actor = actors::get(conn, target)?.ok_or(Error::NotFound)?;
        let Some(follow) = follows::between(conn, owner.id, target)? else { return Ok(()) };
        end(conn, &ctx, &owner, &actor, &follow)
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

/// The Follow activity of a follow of ours.
pub fn follow_document(owner: &Owner, follow: &Follow, target: &Actor) -> Value {
    builders::personal(&owner.uri, &follow.uri, "Follow", json!(target.uri), &target.uri)
}

fn bare(mut document: Value) -> Value {
    if let Some(members) = document.as_object_mut() {
        members.remove("@context");
    }
    document
}

/// How a request to follow the owner is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowResponse {
    /// Yes.
    Accept,
    /// No, or no longer.
    Reject,
}

/// Answers the request of an actor to follow the owner.
///
/// # Errors
/// [`Error::NotFound`] when there is no such request.
pub fn answer(domain: &Arc<Domain>, follower: ActorId, answer: FollowResponse) -> Result<()> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        let follow = follows::between(conn, follower, owner.id)?.ok_or(Error::NotFound)?;
        send_answer(conn, &ctx, &owner, &follow, answer)?;
        notifications::remove(conn, NotificationKind::FollowRequest, follower, None)?;
        match answer {
            FollowResponse::Accept => {
                if follows::accept(conn, &follow)? {
                    crate::domain::notifications::tell(conn, &ctx, NotificationKind::Follow, follower, None)?;
                }
                Ok(())
            }
            FollowResponse::Reject => {
                notifications::remove(conn, NotificationKind::Follow, follower, None)?;
                follows::remove(conn, &follow)
            }
        }
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

/// A Follow of an actor of ours as it came, to be embedded in the answer; one that came without an id has none.
pub(crate) fn received(id: &str, follower: &str, followed: &str) -> Value {
    let mut follow = json!({"type": "Follow", "actor": follower, "object": followed});
    if !id.is_empty() {
        follow["id"] = json!(id);
    }
    follow
}

/// Sends Accept or Reject with the whole Follow embedded as it came (Pixelfed requires it). An earlier answer to the same
/// follower that still waits is not sent any more: somebody may ask again and again without ever being there.
///
/// # Errors
/// When the database cannot be written.
pub fn send_answer(conn: &Conn, domain: &Domain, owner: &Owner, follow: &Follow, answer: FollowResponse) -> Result<()> {
    let Some(follower) = actors::get(conn, follow.follower)? else { return Ok(()) };
    let object = received(&follow.uri, &follower.uri, &owner.uri);
    let (kind, action) = match answer {
        FollowResponse::Accept => ("Accept", OwnAction::Accept),
        FollowResponse::Reject => ("Reject", OwnAction::Reject),
    };
    for earlier in [OwnAction::Accept, OwnAction::Reject] {
        deliveries::withdraw(conn, &follower.inbox, &earlier.of_follower(&owner.uri, follower.id))?;
    }
    let id = format!("{}{}", action.of_follower(&owner.uri, follower.id), domain.next_id());
    let document = builders::personal(&owner.uri, &id, kind, object, &follower.uri);
    queue::send_to(conn, domain, owner.id, &follower, document)
}
