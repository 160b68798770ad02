//! The owner blocks somebody, or ends a block.

use std::sync::Arc;

use serde_json::json;

use super::follow::{self, FollowResponse};
use crate::domain::Domain;
use crate::domain::outbox::builders;
use crate::domain::outbox::queue;
use crate::domain::urls::OwnAction;
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::Audience;
use crate::protocol::ids::ActorId;
use crate::store::relationships::{blocks, follows};
use crate::store::{actors, notifications, timelines};

/// Blocks an actor: both follows end, what it wrote leaves the home timeline and the notifications, and it is told,
/// so that its server hides the owner from it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such actor, [`Error::Forbidden`] when it is the owner.
pub fn block(domain: &Arc<Domain>, target: ActorId) -> Result<()> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        let actor = actors::get(conn, target)?.ok_or(Error::NotFound)?;
        if actor.local {
            return Err(Error::Forbidden("You can't block yourself".into()));
        }
        let uri = OwnAction::Block.of(&owner.uri, ctx.next_id());
        if !blocks::insert(conn, ctx.next_id(), (owner.id, target), Some(&uri), ctx.now())? {
            return Ok(());
        }
        if let Some(followed) = follows::between(conn, owner.id, target)? {
            follow::end(conn, &ctx, &owner, &actor, &followed)?;
        }
        if let Some(follower) = follows::between(conn, target, owner.id)? {
            follow::send_answer(conn, &ctx, &owner, &follower, FollowResponse::Reject)?;
            follows::remove(conn, &follower)?;
        }
        timelines::remove_actor(conn, timelines::HOME, target)?;
        timelines::remove_boosts_of(conn, timelines::HOME, target)?;
        notifications::remove_actor(conn, target)?;
        let document = builders::personal(&owner.uri, &uri, "Block", json!(actor.uri), &actor.uri);
        queue::send_to(conn, &ctx, owner.id, &actor, document)
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

/// Ends a block.
///
/// # Errors
/// [`Error::NotFound`] when there is no such actor.
pub fn unblock(domain: &Arc<Domain>, target: ActorId) -> Result<()> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        let actor = actors::get(conn, target)?.ok_or(Error::NotFound)?;
        let Some(Some(uri)) = blocks::remove(conn, owner.id, target)? else { return Ok(()) };
        let block = json!({"id": uri, "type": "Block", "actor": owner.uri, "object": actor.uri});
        let document = builders::undo(&owner.uri, block, Audience { to: vec![actor.uri.clone()], cc: vec![] });
        queue::send_to(conn, &ctx, owner.id, &actor, document)
    })?;
    domain.signals.delivery.notify();
    Ok(())
}
