//! Undo of follows, likes, reactions, boosts, blocks, bans and deletions.

use super::announce;
use super::authorization::Action;
use super::community;
use super::inbound::Inbound;
use super::like;
use super::outcome::Outcome::{Applied, Ignored, Needs, Refused};
use super::outcome::{Need, Outcome, Reason};
use super::relationships::follow;
use crate::error::Result;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types::{Activity, ActivityKind, Item};
use crate::store::interactions::{favourites, reactions};
use crate::store::relationships::{blocks, follows};
use crate::store::statuses::{self, tombstones};

pub(super) fn undo(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, signer, activity, .. } = inbound;
    let Some(item) = inbound.object() else { return Ok(Ignored(Reason::NoObject)) };
    if let Some(id) = item.id()
        && let Some(outcome) = undo_by_id(inbound, id)?
    {
        return Ok(outcome);
    }
    if let Item::Id(id) = item {
        // The Undo may have overtaken the activity.
        if same_origin(id, &signer.uri) {
            inbound.bury(id)?;
        }
        return Ok(Ignored(Reason::NothingToUndo));
    }
    let Some(undone) = activity.inner.as_deref() else { return Ok(Ignored(Reason::UnreadableInner)) };
    if let Some(ban) = community::ban_in(activity) {
        return community::unban(inbound.relaying(ban));
    }
    if undone.actor != signer.uri {
        return Ok(Refused(Reason::NotTheActor));
    }
    let Some(object) = undone.objects.first().and_then(Item::id) else { return Ok(Ignored(Reason::NoObject)) };
    if undone.kind == ActivityKind::Delete {
        return restore(inbound, object);
    }
    if let (ActivityKind::Announce, Some(boost)) = (&undone.kind, &undone.id)
        && follows::is_accepted(conn, inbound.owner()?.id, signer.id)?
    {
        // The boost may still wait for its post to be fetched.
        inbound.bury(boost)?;
    }
    if is_superseded(inbound, undone)? {
        return Ok(Ignored(Reason::Superseded));
    }
    let outcome = undo_by_object(inbound, undone, object)?;
    use ActivityKind::{Announce, Block, Follow, Like};
    if let (Ignored(_), Follow | Like | Announce | Block, Some(id)) = (&outcome, &undone.kind, &undone.id) {
        // The Undo may have overtaken the activity.
        inbound.bury(id)?;
    }
    Ok(outcome)
}

/// Returns `true` if a newer activity of the signer has replaced the undone one.
fn is_superseded(inbound: Inbound<'_>, undone: &Activity) -> Result<bool> {
    let Some(id) = &undone.id else { return Ok(false) };
    match undone.kind {
        ActivityKind::Follow => tombstones::covers(inbound.conn, id, &inbound.signer.uri),
        ActivityKind::Like => inbound.was_undone(id),
        _ => Ok(false),
    }
}

/// Restores a post that its author or a moderator deleted, in the state that its own server has.
fn restore(inbound: Inbound<'_>, object: &str) -> Result<Outcome> {
    let Inbound { conn, signer, .. } = inbound;
    if !same_origin(object, &signer.uri) {
        return Ok(Refused(Reason::ForeignObject));
    }
    let known = tombstones::deleted_at(conn, object)?.is_some() || tombstones::covers(conn, object, &signer.uri)?;
    if !known && !inbound.is_followed()? {
        return Ok(Ignored(Reason::UnknownDeletion));
    }
    Ok(Needs(Need::Current(object.to_owned())))
}

/// Undoes the activity that is stored under this id. Returns `None` if there is none.
fn undo_by_id(inbound: Inbound<'_>, id: &str) -> Result<Option<Outcome>> {
    let Inbound { conn, signer, .. } = inbound;
    if let Some(stored) = follows::by_uri(conn, id, signer.id)? {
        return follow::remove_follow(inbound, &stored).map(Some);
    }
    if let Some((status, emoji)) = reactions::by_uri(conn, id, signer.id)? {
        return like::remove_reaction(inbound, status, &emoji).map(Some);
    }
    if let Some(status) = favourites::by_uri(conn, id, signer.id)? {
        return like::remove_like(inbound, status).map(Some);
    }
    // Bridgy Fed names its blocks by id alone.
    if blocks::remove_by_uri(conn, id, signer.id)? {
        return Ok(Some(Applied));
    }
    match statuses::by_uri(conn, id)?.filter(|s| s.boost_of.is_some()) {
        Some(boost) => match inbound.refusal(Action::Change(&boost))? {
            Some(reason) => Ok(Some(Refused(reason))),
            None => announce::remove_boost(inbound, &boost).map(Some),
        },
        None => Ok(None),
    }
}

/// Undoes what the signer has done to `object`, whatever id it is stored under.
fn undo_by_object(inbound: Inbound<'_>, undone: &Activity, object: &str) -> Result<Outcome> {
    let Inbound { conn, signer, .. } = inbound;
    let owner = inbound.owner()?;
    match undone.kind {
        ActivityKind::Follow if object == owner.uri => match follows::between(conn, signer.id, owner.id)? {
            Some(stored) => follow::remove_follow(inbound, &stored),
            None => Ok(Ignored(Reason::NothingToUndo)),
        },
        ActivityKind::Like | ActivityKind::Announce => {
            let Some(status) = statuses::by_uri(conn, object)? else { return Ok(Ignored(Reason::NothingToUndo)) };
            if let Some(reaction) = &undone.reaction {
                return like::remove_reaction(inbound, status.id, &reaction.text);
            }
            if undone.kind == ActivityKind::Like {
                return like::remove_like(inbound, status.id);
            }
            match statuses::boost_by(conn, status.id, signer.id)? {
                Some(boost) => announce::remove_boost(inbound, &boost),
                None => Ok(Ignored(Reason::NothingToUndo)),
            }
        }
        ActivityKind::Block if object == owner.uri && undone.target.is_none() => {
            let removed = blocks::remove(conn, signer.id, owner.id)?.is_some();
            Ok(if removed { Applied } else { Ignored(Reason::NothingToUndo) })
        }
        _ => Ok(Ignored(Reason::UnsupportedUndo)),
    }
}
