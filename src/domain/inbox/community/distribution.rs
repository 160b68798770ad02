//! Activities inside an Announce. The actor that announces one is not trusted: the activity or its object is fetched from its
//! own server.

use serde_json::Value;

use super::ban::{ban, ban_in, unban};
use super::posts::{fetch_post, fetch_relayed};
use crate::domain::inbox::delete;
use crate::domain::inbox::featured;
use crate::domain::inbox::forwarding;
use crate::domain::inbox::inbound::{Inbound, type_of};
use crate::domain::inbox::outcome::Outcome::{Applied, Ignored};
use crate::domain::inbox::outcome::{Outcome, Reason};
use crate::error::Result;
use crate::protocol::activitystreams::types::{Activity, ActivityKind, Item};
use crate::protocol::activitystreams::{self, is_id, same_origin};
use crate::store::peers::relays;
use crate::store::queues::jobs;
use crate::store::{actors, statuses};

/// Applies an activity that a relay or an actor followed by the owner announces. It is never shown as a boost.
pub(crate) fn distribute(inbound: Inbound<'_>, document: &Value) -> Result<Outcome> {
    let (conn, site) = (inbound.conn, &inbound.domain.site);
    let relay = relays::is_relay(conn, inbound.signer.id)?;
    if !relay && !inbound.is_followed()? {
        return Ok(Ignored(Reason::NotFollowed));
    }
    let Some(inner) = inbound.activity.inner.as_deref() else { return Ok(Ignored(Reason::UnreadableInner)) };
    let inbound = inbound.relaying(inner);
    let Some(object) = inbound.object_id().filter(|id| is_id(id)) else { return Ok(Ignored(Reason::NoObjectId)) };
    if let (ActivityKind::Undo, Some(ban)) = (&inner.kind, ban_in(inner)) {
        return unban(inbound.relaying(ban));
    }
    if let Some(restored) = restored_post(inner).filter(|id| !site.owns(id)) {
        return fetch_post(inbound, &restored);
    }
    match inner.kind {
        ActivityKind::Update if is_of_actor(inbound, object)? => forwarding::refresh_actor(inbound, object),
        ActivityKind::Create | ActivityKind::Update if relay => fetch_relayed(inbound, object),
        ActivityKind::Create | ActivityKind::Update if site.owns(object) => Ok(Ignored(Reason::LocalObject)),
        ActivityKind::Create | ActivityKind::Update => fetch_post(inbound, object),
        ActivityKind::Delete => delete::check_gone(inbound, object),
        ActivityKind::Like | ActivityKind::Undo => verify_like(inbound, document),
        ActivityKind::Add | ActivityKind::Remove => featured::fetch_featured(inbound),
        ActivityKind::Block => ban(inbound),
        _ => Ok(Ignored(Reason::UnsupportedActivity)),
    }
}

/// Returns `true` if an activity is about an actor: its object has the type of one, or is a stored actor.
fn is_of_actor(inbound: Inbound<'_>, object: &str) -> Result<bool> {
    let stated = inbound.object().and_then(type_of).is_some_and(|kind| activitystreams::is_actor_type(&kind));
    Ok(stated || actors::id_by_uri(inbound.conn, object)?.is_some())
}

/// The post that an Undo of a Delete restores (Lemmy). It is fetched from its own server.
fn restored_post(activity: &Activity) -> Option<String> {
    let inner = activity.inner.as_deref().filter(|_| activity.kind == ActivityKind::Undo)?;
    let inner = Some(inner).filter(|inner| inner.kind == ActivityKind::Delete)?;
    inner.objects.first().and_then(Item::id).filter(|id| is_id(id)).map(str::to_owned)
}

/// Fetches a Like of a post of the owner, or the Undo of one, from its own server.
fn verify_like(inbound: Inbound<'_>, document: &Value) -> Result<Outcome> {
    let inner = inbound.activity;
    let liked = match inner.kind {
        ActivityKind::Like => inbound.object(),
        _ => inner.inner.as_ref().and_then(|undone| undone.objects.first()),
    };
    let is_own = match liked.and_then(Item::id) {
        Some(id) if inbound.domain.site.owns(id) => statuses::by_uri(inbound.conn, id)?.is_some(),
        _ => false,
    };
    match activitystreams::id_of(document).filter(|id| same_origin(id, &inner.actor)) {
        Some(id) if is_own => {
            inbound.enqueue(&jobs::Task::Relayed(id.to_owned()))?;
            Ok(Applied)
        }
        _ => Ok(Ignored(Reason::NotOwnersPost)),
    }
}
