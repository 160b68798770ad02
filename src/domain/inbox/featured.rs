//! Add and Remove: pinned posts, and the removal of the owner from followers or followed actors.

use super::inbound::Inbound;
use super::outcome::Outcome::{Applied, Ignored, Refused};
use super::outcome::{Outcome, Reason};
use super::relationships::follow;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types::ActorKind;
use crate::store::queues::jobs;
use crate::store::relationships::follows;
use crate::store::{statuses, timelines};

/// Pins a post.
pub(super) fn add(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, signer, .. } = inbound;
    if let Some(outcome) = check_collection(inbound)? {
        return Ok(outcome);
    }
    let Some(id) = inbound.object_id() else { return Ok(Ignored(Reason::NoObject)) };
    let Some(status) = statuses::by_uri(conn, id)? else {
        // For an older post that is not stored, the whole collection is fetched.
        if !same_origin(id, &signer.uri) || !inbound.is_followed()? {
            return Ok(Ignored(Reason::UnknownPost));
        }
        inbound.enqueue_as_followed(&jobs::Task::Backfill(signer.uri.clone()))?;
        return Ok(Applied);
    };
    if status.actor_id != signer.id {
        return Ok(Refused(Reason::NotTheAuthor));
    }
    if status.pinned_at.is_none() && statuses::count_pinned(conn, signer.id)? >= limits::REMOTE_PINS {
        return Ok(Ignored(Reason::TooManyPins));
    }
    statuses::set_pinned(conn, status.id, Some(status.pinned_at.unwrap_or(inbound.now())))?;
    Ok(Applied)
}

/// Unpins a post, or ends a follow.
pub(super) fn remove(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, signer, activity, .. } = inbound;
    if activity.target.is_some() && remove_owner(inbound)? {
        return Ok(Applied);
    }
    if let Some(outcome) = check_collection(inbound)? {
        return Ok(outcome);
    }
    let Some(id) = inbound.object_id() else { return Ok(Ignored(Reason::NoObject)) };
    match statuses::by_uri(conn, id)? {
        Some(status) if status.actor_id != signer.id => Ok(Refused(Reason::NotTheAuthor)),
        Some(status) => {
            statuses::set_pinned(conn, status.id, None)?;
            Ok(Applied)
        }
        None => Ok(Ignored(Reason::UnknownPost)),
    }
}

/// Ignores other collections than the signer's pinned posts, such as the moderators of a community or the containers of a
/// thread. The pinned posts of a followed community are fetched, because they are by its members.
fn check_collection(inbound: Inbound<'_>) -> Result<Option<Outcome>> {
    let (signer, target) = (inbound.signer, &inbound.activity.target);
    if target.is_none() || *target != signer.featured_uri {
        return Ok(Some(Ignored(Reason::NotFeatured)));
    }
    if signer.kind == ActorKind::Group && inbound.is_followed()? {
        return fetch_featured(inbound).map(Some);
    }
    Ok(None)
}

/// Fetches the pinned posts of a community.
pub(super) fn fetch_featured(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, signer, activity, .. } = inbound;
    if activity.target.is_none() || activity.target != signer.featured_uri {
        return Ok(Ignored(Reason::NotFeatured));
    }
    let task = jobs::Task::Featured(signer.uri.clone());
    jobs::enqueue_again(conn, &task, inbound.cause()?, inbound.now())?;
    Ok(Applied)
}

/// Ends the owner's follow if the signer removes the owner from its followers, and the signer's follow if it removes the owner
/// from the actors that it follows. Returns `false` if the activity does neither.
fn remove_owner(inbound: Inbound<'_>) -> Result<bool> {
    let Inbound { conn, signer, activity, .. } = inbound;
    let owner = inbound.owner()?;
    if inbound.object_id() != Some(owner.uri.as_str()) {
        return Ok(false);
    }
    if activity.target == signer.followers_uri {
        if let Some(stored) = follows::between(conn, owner.id, signer.id)? {
            follows::remove(conn, &stored)?;
            timelines::remove_actor(conn, signer.id)?;
        }
        return Ok(true);
    }
    if activity.target == signer.following_uri {
        if let Some(stored) = follows::between(conn, signer.id, owner.id)? {
            follows::remove(conn, &stored)?;
            follow::remove_notifications(inbound)?;
        }
        return Ok(true);
    }
    Ok(false)
}
