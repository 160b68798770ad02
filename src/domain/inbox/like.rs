//! Like, with or without an emoji, and Dislike.

use super::authorization::Action;
use super::inbound::Inbound;
use super::outcome::Outcome::{Applied, Ignored, Refused};
use super::outcome::{Outcome, Reason};
use crate::domain::federation_policy;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::{Reaction, THUMB_DOWN};
use crate::protocol::ids::StatusId;
use crate::store::interactions::{favourites, reactions};
use crate::store::notifications::{self, NotificationKind};
use crate::store::statuses::{self, Status};

pub(super) fn like(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, domain, signer, activity } = inbound;
    let Some(id) = inbound.object_id() else { return Ok(Ignored(Reason::NoObject)) };
    let Some(status) = statuses::by_uri(conn, id)?.filter(|s| s.local && s.boost_of.is_none()) else {
        return Ok(Ignored(Reason::NotOwnersPost));
    };
    if let Some(reason) = inbound.refusal(Action::React(&status))? {
        return Ok(Refused(reason));
    }
    let uri = activity.id.as_deref();
    if let Some(uri) = uri
        && inbound.was_undone(uri)?
    {
        return Ok(Ignored(Reason::AlreadyUndone));
    }
    // Lemmy replaces Like by Dislike, and Dislike by Like, without an Undo.
    if activity.is_dislike {
        remove_like(inbound, status.id)?;
    }
    if let Some(reaction) = &activity.reaction {
        return react(inbound, &status, reaction);
    }
    remove_reaction(inbound, status.id, THUMB_DOWN)?;
    if favourites::insert(conn, domain.next_id(), signer.id, status.id, uri, inbound.now())? {
        inbound.notify(NotificationKind::Favourite, Some(status.id))?;
    } else if let Some(uri) = uri
        && let Some(before) = favourites::renew(conn, signer.id, status.id, uri)?
    {
        // The Undo of the earlier Like may still be on its way, and must not end the new one.
        inbound.bury(&before)?;
    }
    Ok(Applied)
}

fn react(inbound: Inbound<'_>, status: &Status, reaction: &Reaction) -> Result<Outcome> {
    let Inbound { conn, domain, signer, activity } = inbound;
    let (of, most) = ((signer.id, status.id), limits::REACTIONS_PER_ACTOR);
    let mut reaction = reaction.clone();
    if let Some(url) = &reaction.url
        && !federation_policy::accepts_media(conn, domain, &signer.place(), url)?
    {
        reaction.url = None;
    }
    let uri = activity.id.as_deref();
    if !reactions::insert(conn, domain.next_id(), of, &reaction, uri, most, inbound.now())? {
        return Ok(Ignored(Reason::ReactionNotAdded));
    }
    inbound.notify(NotificationKind::Reaction, Some(status.id))?;
    Ok(Applied)
}

/// Removes the signer's favourite.
pub(super) fn remove_like(inbound: Inbound<'_>, status: StatusId) -> Result<Outcome> {
    let Inbound { conn, signer, .. } = inbound;
    if favourites::remove(conn, signer.id, status)?.is_none() {
        return Ok(Ignored(Reason::NothingToUndo));
    }
    notifications::remove(conn, NotificationKind::Favourite, signer.id, Some(status))?;
    Ok(Applied)
}

/// Removes one of the signer's emoji reactions.
pub(super) fn remove_reaction(inbound: Inbound<'_>, status: StatusId, emoji: &str) -> Result<Outcome> {
    let Inbound { conn, signer, .. } = inbound;
    if reactions::remove(conn, signer.id, status, emoji)?.is_none() {
        return Ok(Ignored(Reason::NothingToUndo));
    }
    if reactions::last_of(conn, signer.id, status)?.is_none() {
        notifications::remove(conn, NotificationKind::Reaction, signer.id, Some(status))?;
    }
    Ok(Applied)
}
