//! Blocking and unblocking actors.

use std::sync::Arc;

use serde_json::json;

use super::follow::{self, FollowResponse};
use crate::domain::outbox::{builders, queue};
use crate::domain::urls::OwnAction;
use crate::domain::{Domain, Owner, Tx};
use crate::error::refusal::PeopleRefusal;
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::Audience;
use crate::protocol::ids::ActorId;
use crate::store::actors::{self, Actor};
use crate::store::relationships::{blocks, follows};
use crate::store::{notifications, timelines};

/// Blocks an actor: follows in both directions end, its posts leave the home timeline and the notifications, and its
/// server gets a Block, so that it hides the owner from the actor.
///
/// # Errors
/// [`Error::NotFound`] if there is no such actor, [`Error::Forbidden`] if it is the owner.
pub fn block(domain: &Arc<Domain>, target: ActorId) -> Result<()> {
    let owner = domain.owner()?;
    domain.transact(move |tx| {
        let actor = actors::get(tx, target)?.ok_or(Error::NotFound)?;
        if actor.local {
            return Err(Error::Forbidden(PeopleRefusal::BlockSelf.into()));
        }
        let uri = OwnAction::Block.of(&owner.uri, tx.next_id());
        if !blocks::insert(tx, tx.next_id(), (owner.id, target), Some(&uri), tx.now())? {
            return Ok(());
        }
        end_follows(tx, &owner, &actor)?;
        timelines::remove_actor(tx, target)?;
        timelines::remove_boosts_of(tx, target)?;
        notifications::remove_actor(tx, target)?;
        let document = builders::personal(&owner.uri, &uri, "Block", json!(actor.uri), &actor.uri);
        queue::send_to(tx, owner.id, &actor, document)
    })
}

/// Ends the follows between the owner and an actor, and notifies its server of both.
pub(crate) fn end_follows(tx: &Tx<'_>, owner: &Owner, actor: &Actor) -> Result<()> {
    if let Some(followed) = follows::between(tx, owner.id, actor.id)? {
        follow::end(tx, owner, actor, &followed)?;
    }
    if let Some(follower) = follows::between(tx, actor.id, owner.id)? {
        follow::send_response(tx, owner, &follower, FollowResponse::Reject)?;
        follows::remove(tx, &follower)?;
    }
    Ok(())
}

/// Ends a block.
///
/// # Errors
/// [`Error::NotFound`] if there is no such actor.
pub fn unblock(domain: &Arc<Domain>, target: ActorId) -> Result<()> {
    let owner = domain.owner()?;
    domain.transact(move |tx| {
        let actor = actors::get(tx, target)?.ok_or(Error::NotFound)?;
        let Some(Some(uri)) = blocks::remove(tx, owner.id, target)? else { return Ok(()) };
        let block = json!({"id": uri, "type": "Block", "actor": owner.uri, "object": actor.uri});
        let document = builders::undo(&owner.uri, block, Audience { to: vec![actor.uri.clone()], cc: vec![] });
        queue::send_to(tx, owner.id, &actor, document)
    })
}
