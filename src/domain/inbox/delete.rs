//! Delete: posts, actors, and the approvals that are deleted to revoke them.

use super::authorization::Action;
use super::inbound::Inbound;
use super::outcome::Outcome::{Applied, Ignored, Refused, Unfinished};
use super::outcome::{Outcome, Reason};
use crate::domain::Tx;
use crate::domain::interactions::{boost, reply_approval};
use crate::domain::outbox::queue;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::same_origin;
use crate::store::actors;
use crate::store::interactions::quotes;
use crate::store::queues::jobs;
use crate::store::relationships::{blocks, follows};
use crate::store::statuses::{self, ApprovalState, Status, tombstones};

pub(super) fn delete(inbound: Inbound<'_>) -> Result<Outcome> {
    let Some(id) = inbound.object_id() else { return Ok(Ignored(Reason::NoObject)) };
    if id == inbound.signer.uri {
        return delete_actor(inbound);
    }
    if actors::id_by_uri(inbound.conn, id)?.is_some() {
        return Ok(Refused(Reason::NotTheActor));
    }
    if let Some(status) = statuses::by_uri(inbound.conn, id)? {
        return delete_post(inbound, id, &status);
    }
    if !same_origin(id, &inbound.signer.uri) {
        return Ok(Refused(Reason::ForeignObject));
    }
    if revoke_approval(inbound, id)? {
        return Ok(Applied);
    }
    if !is_related(inbound)? {
        return Ok(Ignored(Reason::UnknownPost));
    }
    // A Create by the same actor that arrives later must find that its post is deleted.
    inbound.bury(id)?;
    Ok(Applied)
}

fn delete_actor(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, domain, signer, .. } = inbound;
    follows::end_all(conn, signer.id)?;
    let owner = inbound.owner()?.id;
    let blocked = blocks::exists(conn, owner, signer.id)?;
    boost::remove_of_author(conn, domain, signer.id)?;
    // Of a bot there may be a hundred thousand, for which all other writes would wait a minute.
    if actors::delete_some_posts(conn, signer, limits::RETENTION_DELETIONS)? {
        return Ok(Unfinished);
    }
    actors::delete(conn, signer.id)?;
    if blocked {
        // The actor may return under the same name.
        actors::insert_gone(conn, signer, inbound.now())?;
        blocks::insert(conn, domain.next_id(), (owner, signer.id), None, inbound.now())?;
    }
    // GoToSocial sends Undos of its follows afterwards, with a key that it still serves.
    tombstones::insert(conn, &signer.uri, signer.kind.as_str(), inbound.now())?;
    Ok(Applied)
}

fn delete_post(inbound: Inbound<'_>, id: &str, status: &Status) -> Result<Outcome> {
    let Inbound { conn, domain, .. } = inbound;
    let author = actors::get(conn, status.actor_id)?.map(|a| a.uri).unwrap_or_default();
    if inbound.is_group_post(id, &author)? {
        return check_gone(inbound, id);
    }
    if let Some(reason) = inbound.refusal(Action::Change(status))? {
        return Ok(Refused(reason));
    }
    boost::remove_of_status(conn, domain, status)?;
    statuses::delete(conn, status)?;
    tombstones::insert(conn, id, &status.kind, inbound.now())?;
    Ok(Applied)
}

/// Verifies a deletion that another actor announces with the post's own server. That server also denies posts that are not
/// public, so for those it proves nothing.
pub(super) fn check_gone(inbound: Inbound<'_>, object: &str) -> Result<Outcome> {
    if inbound.domain.site.owns(object) {
        return Ok(Refused(Reason::LocalObject));
    }
    let Some(status) = statuses::by_uri(inbound.conn, object)? else { return Ok(Ignored(Reason::UnknownPost)) };
    if !status.visibility.is_open() {
        return Ok(Ignored(Reason::NotPublic));
    }
    inbound.enqueue(&jobs::Task::CheckGone(object.to_owned()))?;
    Ok(Applied)
}

/// Returns `true` if the signer follows, is followed, or has written a stored post. Only for such actors, deletions of
/// unknown posts are recorded.
fn is_related(inbound: Inbound<'_>) -> Result<bool> {
    let (conn, signer) = (inbound.conn, inbound.signer.id);
    Ok(inbound.is_followed()?
        || follows::is_accepted(conn, signer, inbound.owner()?.id)?
        || statuses::any_by(conn, signer)?)
}

/// Revokes the signer's approval of a quote (FEP-044f) or of a reply of the owner (GoToSocial). Returns `false` if there is
/// no such approval.
fn revoke_approval(inbound: Inbound<'_>, stamp: &str) -> Result<bool> {
    let Inbound { conn, domain, signer, .. } = inbound;
    let owner = inbound.owner()?;
    let mut any = false;
    for id in quotes::by_approval(conn, stamp)? {
        let Some(status) = statuses::get(conn, id)? else { continue };
        let quoted = status.quote.as_ref().and_then(|q| q.status);
        let author = quoted.map(|id| statuses::get(conn, id)).transpose()?.flatten().map(|s| s.actor_id);
        if author == Some(signer.id) {
            quotes::set_state(conn, id, ApprovalState::Revoked, None)?;
            if status.actor_id == owner.id {
                queue::send_update(&Tx::unmanaged(conn, domain), &owner, id)?;
            }
            any = true;
        }
    }
    for id in quotes::replies_by_approval(conn, stamp)? {
        let status = statuses::get(conn, id)?.filter(|s| s.in_reply_to_actor == Some(signer.id));
        if let Some(status) = status {
            reply_approval::apply_decision(conn, domain, &status, None)?;
            any = true;
        }
    }
    Ok(any)
}
