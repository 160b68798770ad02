//! Accept and Reject: responses to the owner's follows, relay subscriptions, quotes and replies. ApproveReply and RejectReply:
//! the decisions of a video's author about replies.

use crate::domain::inbox::authorization::Action;
use crate::domain::inbox::inbound::{Inbound, type_of};
use crate::domain::inbox::outcome::Outcome::{Applied, Ignored, Refused};
use crate::domain::inbox::outcome::{Outcome, Reason};
use crate::domain::interactions::{quotes as quoting, reply_approval};
use crate::domain::outbox::relay;
use crate::error::Result;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types::{Activity, Item};
use crate::store::interactions::quotes;
use crate::store::peers::relays::{self, Relay};
use crate::store::queues::jobs;
use crate::store::relationships::follows::{self, Follow};
use crate::store::statuses::{self, ApprovalState, Status};
use crate::store::timelines;

pub(crate) fn accept(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, domain, signer, activity } = inbound;
    if let Some(subscription) = relay_subscription(inbound)? {
        if !relay::represents(signer, &subscription) {
            return Ok(Refused(Reason::OtherRelay));
        }
        relays::accept(conn, subscription.id, signer.id)?;
        return Ok(Applied);
    }
    // An approval counts only if the server of its author holds it.
    let approval = activity.result.as_deref().filter(|r| same_origin(r, &signer.uri));
    if approval.is_some() && decide_quote(inbound, approval)? {
        return Ok(Applied);
    }
    if let Some(status) = reply_of(inbound)? {
        // GoToSocial sends such an Accept for a reply that was sent without a request.
        if approval.is_none() {
            return Ok(Ignored(Reason::NoApproval));
        }
        reply_approval::apply_decision(conn, domain, &status, approval)?;
        return Ok(Applied);
    }
    let follow = match follow_of(inbound)? {
        Ok(follow) => follow,
        Err(outcome) => return Ok(outcome),
    };
    if follows::accept(conn, &follow)? {
        jobs::enqueue(conn, &jobs::Task::Backfill(signer.uri.clone()), inbound.now())?;
    }
    Ok(Applied)
}

/// A Reject of a follow also ends one that was accepted before.
pub(crate) fn reject(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, domain, signer, .. } = inbound;
    if let Some(subscription) = relay_subscription(inbound)? {
        if !relay::represents(signer, &subscription) {
            return Ok(Refused(Reason::OtherRelay));
        }
        relays::remove(conn, subscription.id)?;
        return Ok(Applied);
    }
    if decide_quote(inbound, None)? {
        return Ok(Applied);
    }
    if let Some(status) = reply_of(inbound)? {
        reply_approval::apply_decision(conn, domain, &status, None)?;
        return Ok(Applied);
    }
    let follow = match follow_of(inbound)? {
        Ok(follow) => follow,
        Err(outcome) => return Ok(outcome),
    };
    follows::remove(conn, &follow)?;
    timelines::remove_actor(conn, signer.id)?;
    Ok(Applied)
}

/// Records whether a reply of the owner is shown under a video. The video's author decides, also about replies to comments.
pub(crate) fn set_reply_state(inbound: Inbound<'_>, state: ApprovalState) -> Result<Outcome> {
    let Inbound { conn, signer, .. } = inbound;
    let Some(id) = inbound.object_id() else { return Ok(Ignored(Reason::NoObject)) };
    let owner = inbound.owner()?;
    let reply = statuses::by_uri(conn, id)?.filter(|s| s.actor_id == owner.id && s.in_reply_to_uri.is_some());
    let Some(reply) = reply else { return Ok(Ignored(Reason::NotOwnersPost)) };
    let root = statuses::get(conn, reply.thread)?.map(|s| s.actor_id);
    if ![reply.in_reply_to_actor, root].contains(&Some(signer.id)) {
        return Ok(Refused(Reason::NotTheAuthor));
    }
    quotes::set_reply_state(conn, reply.id, state, None)?;
    Ok(Applied)
}

fn relay_subscription(inbound: Inbound<'_>) -> Result<Option<Relay>> {
    inbound.object_id().map_or(Ok(None), |id| relays::by_follow(inbound.conn, id))
}

/// The follow of the owner that the activity responds to. Some servers rewrite ids, so it is also found by its two actors.
fn follow_of(inbound: Inbound<'_>) -> Result<std::result::Result<Follow, Outcome>> {
    let Inbound { conn, domain, signer, activity } = inbound;
    let owner = inbound.owner()?;
    let Some(item) = inbound.object() else { return Ok(Err(Ignored(Reason::NoObject))) };
    let by_id = match item.id() {
        Some(id) => follows::by_uri(conn, id, owner.id)?,
        None => None,
    };
    let between = || follows::between(conn, owner.id, signer.id);
    let found = match by_id {
        Some(follow) => Some(follow),
        None if type_of(item).as_deref() == Some("Follow") => match may_be_follow(activity, &owner.uri, &signer.uri) {
            true => between()?,
            false => None,
        },
        // An unknown id means the one pending follow. An id of this server would be known.
        None => match item.id() {
            Some(id) if matches!(item, Item::Id(_)) && !domain.site.owns(id) => between()?.filter(|f| !f.accepted),
            _ => None,
        },
    };
    let Some(follow) = found else { return Ok(Err(Ignored(Reason::UnknownFollow))) };
    Ok(match inbound.refusal(Action::Respond(&follow))? {
        Some(reason) => Err(Refused(reason)),
        None => Ok(follow),
    })
}

/// Returns `false` if an embedded Follow states another follower or another target.
fn may_be_follow(response: &Activity, follower: &str, target: &str) -> bool {
    response.inner.as_ref().is_none_or(|follow| {
        follow.actor == follower && follow.objects.first().and_then(Item::id).is_none_or(|object| object == target)
    })
}

/// Applies a decision about a quote of the owner. Returns `false` if the activity is not about one.
fn decide_quote(inbound: Inbound<'_>, approval: Option<&str>) -> Result<bool> {
    match inbound.object_id() {
        Some(id) if inbound.domain.site.owns(id) => {
            quoting::apply_response(inbound.conn, inbound.domain, inbound.signer, id, approval)
        }
        _ => Ok(false),
    }
}

/// The reply of the owner that GoToSocial accepts or rejects: the object itself, or the instrument of the request that is the
/// object.
fn reply_of(inbound: Inbound<'_>) -> Result<Option<Status>> {
    let Some(item) = inbound.object() else { return Ok(None) };
    let instrument = inbound.activity.inner.as_ref().and_then(|request| request.instrument.as_ref());
    let ids = [item.id(), instrument.and_then(Item::id)];
    reply_approval::find_reply(inbound.conn, inbound.domain, inbound.signer.id, ids.into_iter().flatten())
}
