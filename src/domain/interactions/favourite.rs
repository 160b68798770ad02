//! The owner's favourites.

use std::sync::Arc;

use serde_json::json;

use super::{emoji_reaction, target};
use crate::domain::Domain;
use crate::domain::outbox::{builders, queue};
use crate::domain::signal::Worker;
use crate::domain::urls::OwnAction;
use crate::error::Result;
use crate::protocol::activitystreams::types::Audience;
use crate::protocol::ids::StatusId;
use crate::store::interactions::favourites;
use crate::store::search;

/// Favourites a post and sends a Like to its author. Returns the id of the post, or of the post that it boosts.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) if the owner may not see it.
pub fn add(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        let status = target::find(tx, &owner, id)?;
        let like = tx.next_id();
        let uri = OwnAction::Like.of(&owner.uri, like);
        if favourites::insert(tx, like, owner.id, status.id, Some(&uri), tx.now())? {
            search::refresh(tx, status.id)?;
            queue::send_to_author(tx, &owner, &status, |author| {
                builders::personal(&owner.uri, &uri, "Like", json!(status.uri), author)
            })?;
            tx.wake(Worker::Delivery);
        }
        Ok(status.id)
    })
}

/// Removes a favourite and sends the Undo of its Like.
///
/// # Errors
/// As [`add`].
pub fn remove(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        let status = target::find(tx, &owner, id)?;
        search::refresh(tx, status.id)?;
        if let Some(Some(uri)) = favourites::remove(tx, owner.id, status.id)? {
            queue::send_to_author(tx, &owner, &status, |author| {
                let like = json!({"id": uri, "type": "Like", "actor": owner.uri, "object": status.uri});
                builders::undo(&owner.uri, like, Audience { to: vec![author.to_owned()], cc: vec![] })
            })?;
            emoji_reaction::resend_remaining(tx, &owner, &status)?;
            tx.wake(Worker::Delivery);
        }
        Ok(status.id)
    })
}
