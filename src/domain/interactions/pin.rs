//! Posts that the owner pins to the profile.

use std::sync::Arc;

use serde_json::json;

use super::target;
use crate::domain::outbox::queue::{self, Outgoing};
use crate::domain::outbox::recipients::Recipients;
use crate::domain::signal::Worker;
use crate::domain::urls::{OwnAction, OwnCollection};
use crate::domain::{Domain, Owner, Tx};
use crate::error::refusal::InteractionRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{Audience, PUBLIC};
use crate::protocol::activitystreams::write::{self, OwnActivity};
use crate::protocol::ids::StatusId;
use crate::protocol::visibility::Visibility;
use crate::store::queues::deliveries::Lane;
use crate::store::statuses::Status;
use crate::store::visibility::Viewer;
use crate::store::{Conn, statuses};

/// Pins a post of the owner and sends an Add to the followers.
///
/// # Errors
/// [`Error::NotFound`] if the owner may not see the post; [`Error::Invalid`] if someone else wrote it, it is direct, or
/// too many posts are pinned.
pub fn add(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        let status = own_target(tx, &owner, id)?;
        if status.pinned_at.is_some() {
            return Ok(status.id);
        }
        if status.visibility == Visibility::Direct {
            return Err(Error::invalid(InteractionRefusal::PinDirect));
        }
        if statuses::pinned(tx, Viewer::Owner(owner.id), owner.id)?.len() >= limits::PINS {
            return Err(Error::invalid(InteractionRefusal::TooManyPins(limits::PINS)));
        }
        statuses::set_pinned(tx, status.id, Some(tx.now()))?;
        send(tx, &owner, &status, "Add")?;
        Ok(status.id)
    })
}

/// Unpins a post of the owner and sends a Remove to the followers.
///
/// # Errors
/// [`Error::NotFound`] if the owner may not see the post; [`Error::Invalid`] if someone else wrote it.
pub fn remove(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        let status = own_target(tx, &owner, id)?;
        if status.pinned_at.is_some() {
            statuses::set_pinned(tx, status.id, None)?;
            send(tx, &owner, &status, "Remove")?;
        }
        Ok(status.id)
    })
}

fn own_target(conn: &Conn, owner: &Owner, id: StatusId) -> Result<Status> {
    let status = target::find(conn, owner, id)?;
    if status.actor_id != owner.id {
        return Err(Error::invalid(InteractionRefusal::PinOfOther));
    }
    Ok(status)
}

fn send(tx: &Tx<'_>, owner: &Owner, status: &Status, kind: &str) -> Result<()> {
    if !status.visibility.is_open() {
        return Ok(());
    }
    let mut document = write::activity(&OwnActivity {
        id: &OwnAction::Pin.of(&owner.uri, tx.next_id()),
        kind,
        actor: &owner.uri,
        object: json!(status.uri),
        audience: Audience { to: vec![PUBLIC.to_owned()], cc: vec![OwnCollection::Followers.of(&owner.uri)] },
        published: None,
    });
    document["target"] = json!(OwnCollection::Featured.of(&owner.uri));
    let recipients = Recipients { inboxes: Vec::new(), to_followers: true };
    tx.wake(Worker::Delivery);
    queue::send(tx, Outgoing { actor: owner.id, document, recipients, lane: Lane::Bulk, status: Some(status.id) })
}
