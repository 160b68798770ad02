//! Follows of the owner, and responses to the requests of others to follow the owner.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::account::moved;
use crate::domain::outbox::{builders, queue};
use crate::domain::urls::OwnAction;
use crate::domain::{Domain, Owner, Tx};
use crate::error::refusal::PeopleRefusal;
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

/// Options of a follow; `None` keeps the current value.
#[derive(Debug, Clone, Default)]
pub struct FollowOptions {
    /// Show boosts.
    pub boosts: Option<bool>,
    /// Notify the owner of each post.
    pub notify: Option<bool>,
    /// Show only posts in these languages; all if it is empty.
    pub languages: Option<Vec<String>>,
}

fn actor_in_reach(conn: &Conn, id: ActorId) -> Result<Actor> {
    let in_reach = |a: &Actor| a.gone_at.is_none() && a.limited != Severity::Suspend;
    actors::get(conn, id)?.filter(in_reach).ok_or(Error::NotFound)
}

/// Follows an actor, or changes the options of an existing follow.
///
/// # Errors
/// [`Error::NotFound`] if there is no such actor, [`Error::Forbidden`] if it is the owner or one blocks the other.
pub fn follow(domain: &Arc<Domain>, target: ActorId, options: FollowOptions) -> Result<()> {
    let owner = domain.owner()?;
    domain.transact(move |tx| {
        moved::check_not_moved(tx, tx.domain(), owner.id)?;
        let actor = actor_in_reach(tx, target)?;
        if actor.local {
            return Err(Error::Forbidden(PeopleRefusal::FollowSelf.into()));
        }
        if blocks::exists(tx, target, owner.id)? || blocks::exists(tx, owner.id, target)? {
            return Err(Error::Forbidden(PeopleRefusal::Blocked.into()));
        }
        // Options for an accepted follow change only what the owner sees.
        let has_options = options.boosts.is_some() || options.notify.is_some() || options.languages.is_some();
        let follow = match follows::between(tx, owner.id, target)?.filter(|f| f.accepted && has_options) {
            Some(follow) => follow,
            None => send_request(tx, &owner, &actor)?,
        };
        let wishes = Follow {
            show_boosts: options.boosts.unwrap_or(follow.show_boosts),
            notify: options.notify.unwrap_or(follow.notify),
            languages: options.languages.unwrap_or_else(|| follow.languages.clone()),
            ..follow
        };
        follows::set_wishes(tx, &wishes)
    })
}

/// The owner's follow of an actor; a Follow is sent if there is none yet.
pub(crate) fn request(tx: &Tx<'_>, owner: &Owner, actor: &Actor) -> Result<Follow> {
    if let Some(follow) = follows::between(tx, owner.id, actor.id)?
        && follow.failure.is_none()
    {
        return Ok(follow);
    }
    send_request(tx, owner, actor)
}

/// Sends a Follow with a new id, even if there is a follow: the other server may have refused or lost the last one, and
/// ignores activities whose id it has seen.
fn send_request(tx: &Tx<'_>, owner: &Owner, actor: &Actor) -> Result<Follow> {
    if let Some(before) = follows::between(tx, owner.id, actor.id)? {
        deliveries::withdraw(tx, &actor.inbox, &before.uri)?;
    }
    let id = FollowId(tx.next_id());
    let uri = OwnAction::Follow.of(&owner.uri, id.0);
    let follow = follows::insert(tx, id, &uri, owner.id, actor.id, false, tx.now())?;
    queue::send_to(tx, owner.id, actor, follow_document(owner, &follow, actor))?;
    Ok(follow)
}

/// Ends a follow of the owner: the other server gets an Undo, and the posts leave the home timeline.
pub fn end(tx: &Tx<'_>, owner: &Owner, actor: &Actor, follow: &Follow) -> Result<()> {
    if follow.failure.is_some() {
        // The other server has no such follow.
        return follows::remove(tx, follow);
    }
    undo(tx, owner, actor, follow)?;
    timelines::remove_actor(tx, actor.id)
}

/// Undoes a follow of the owner and keeps the posts in the home timeline, because the owner now follows the account that
/// the actor has moved to.
pub(crate) fn undo(tx: &Tx<'_>, owner: &Owner, actor: &Actor, follow: &Follow) -> Result<()> {
    let original = bare(follow_document(owner, follow, actor));
    let document = builders::undo(&owner.uri, original, Audience { to: vec![actor.uri.clone()], cc: vec![] });
    follows::remove(tx, follow)?;
    queue::send_to(tx, owner.id, actor, document)
}

/// Sends the Undo of a follow to a server that still counts the owner as a follower although there is no follow.
pub fn disown(tx: &Tx<'_>, owner: &Owner, actor: &Actor) -> Result<()> {
    let number = tx.next_id();
    let follow = json!({
        "id": OwnAction::Follow.of(&owner.uri, number), "type": "Follow", "actor": owner.uri, "object": actor.uri,
    });
    let document = builders::undo(&owner.uri, follow, Audience { to: vec![actor.uri.clone()], cc: vec![] });
    queue::send_to(tx, owner.id, actor, document)
}

/// Unfollows an actor, or withdraws the request to follow it. Its posts leave the home timeline.
///
/// # Errors
/// [`Error::NotFound`] if there is no such actor.
pub fn unfollow(domain: &Arc<Domain>, target: ActorId) -> Result<()> {
    let owner = domain.owner()?;
    domain.transact(move |tx| {
        let actor = actors::get(tx, target)?.ok_or(Error::NotFound)?;
        let Some(follow) = follows::between(tx, owner.id, target)? else { return Ok(()) };
        end(tx, &owner, &actor, &follow)
    })
}

/// The Follow activity of a follow of the owner.
pub fn follow_document(owner: &Owner, follow: &Follow, target: &Actor) -> Value {
    builders::personal(&owner.uri, &follow.uri, "Follow", json!(target.uri), &target.uri)
}

fn bare(mut document: Value) -> Value {
    if let Some(members) = document.as_object_mut() {
        members.remove("@context");
    }
    document
}

/// The response to a follow request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowResponse {
    /// Accepts the follower.
    Accept,
    /// Refuses or removes the follower.
    Reject,
}

/// Responds to the request of an actor to follow the owner.
///
/// # Errors
/// [`Error::NotFound`] if there is no such request.
pub fn respond(domain: &Arc<Domain>, follower: ActorId, response: FollowResponse) -> Result<()> {
    let owner = domain.owner()?;
    domain.transact(move |tx| {
        let follow = follows::between(tx, follower, owner.id)?.ok_or(Error::NotFound)?;
        send_response(tx, &owner, &follow, response)?;
        notifications::remove(tx, NotificationKind::FollowRequest, follower, None)?;
        match response {
            FollowResponse::Accept => {
                if follows::accept(tx, &follow)? {
                    crate::domain::notifications::notify(tx, tx.domain(), NotificationKind::Follow, follower, None)?;
                }
                Ok(())
            }
            FollowResponse::Reject => {
                notifications::remove(tx, NotificationKind::Follow, follower, None)?;
                follows::remove(tx, &follow)
            }
        }
    })
}

/// Sends Accept or Reject with the Follow embedded as it was received (Pixelfed requires it). An earlier response to the
/// same follower that is still queued is withdrawn, so that repeated requests of an unreachable server do not pile up.
pub fn send_response(tx: &Tx<'_>, owner: &Owner, follow: &Follow, response: FollowResponse) -> Result<()> {
    let Some(follower) = actors::get(tx, follow.follower)? else { return Ok(()) };
    let object = builders::received_follow(&follow.uri, &follower.uri, &owner.uri);
    let (kind, action) = match response {
        FollowResponse::Accept => ("Accept", OwnAction::Accept),
        FollowResponse::Reject => ("Reject", OwnAction::Reject),
    };
    for earlier in [OwnAction::Accept, OwnAction::Reject] {
        deliveries::withdraw(tx, &follower.inbox, &earlier.of_follower(&owner.uri, follower.id))?;
    }
    let id = format!("{}{}", action.of_follower(&owner.uri, follower.id), tx.next_id());
    let document = builders::personal(&owner.uri, &id, kind, object, &follower.uri);
    queue::send_to(tx, owner.id, &follower, document)
}
