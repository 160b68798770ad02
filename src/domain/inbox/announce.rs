//! Announce: boosts, and the posts and activities that communities and relays distribute.

use super::authorization::Action;
use super::community;
use super::inbound::{Inbound, type_of};
use super::outcome::Outcome::{Applied, Ignored, Needs, Refused};
use super::outcome::{Need, Outcome, Reason};
use crate::domain::addressing;
use crate::domain::relationships::timelines;
use crate::error::Result;
use crate::protocol::activitystreams::types::{ActorKind, Item};
use crate::protocol::activitystreams::{self, is_id, same_origin};
use crate::protocol::visibility::Visibility;
use crate::store::notifications;
use crate::store::notifications::NotificationKind;
use crate::store::peers::relays;
use crate::store::relationships::{blocks, follows};
use crate::store::statuses::{self, NewStatus, Status, tombstones};

pub(super) fn announce(inbound: Inbound<'_>) -> Result<Outcome> {
    let Some(item) = inbound.object() else { return Ok(Ignored(Reason::NoObject)) };
    if type_of(item).is_some_and(|t| activitystreams::is_activity_type(&t)) {
        return match item {
            Item::Embedded(value) => community::distribute(inbound, value),
            Item::Id(_) => Ok(Ignored(Reason::NoObject)),
        };
    }
    let Some(object) = item.id().filter(|id| is_id(id)) else { return Ok(Ignored(Reason::NoObjectId)) };
    if relays::is_relay(inbound.conn, inbound.signer.id)? {
        return community::fetch_relayed(inbound, object);
    }
    if inbound.signer.kind == ActorKind::Group {
        return match inbound.domain.site.owns(object) {
            true => community::add_own_post(inbound, object),
            false => community::fetch_post(inbound, object),
        };
    }
    boost(inbound, object)
}

fn boost(inbound: Inbound<'_>, object: &str) -> Result<Outcome> {
    let Inbound { conn, domain, signer, activity } = inbound;
    let Some(uri) = activity.id.as_deref() else { return Ok(Ignored(Reason::NoActivityId)) };
    if !same_origin(uri, &signer.uri) || domain.site.owns(uri) {
        return Ok(Refused(Reason::ForeignId));
    }
    if tombstones::covers(conn, uri, &signer.uri)? {
        return Ok(Ignored(Reason::AlreadyUndone));
    }
    let owner = inbound.owner()?;
    let follow = follows::between(conn, owner.id, signer.id)?.filter(|f| f.accepted);
    let boosted = match statuses::by_uri(conn, object)? {
        Some(status) => status,
        None if domain.site.owns(object) => return Ok(Ignored(Reason::UnknownPost)),
        None if follow.is_some() => return Ok(Needs(Need::Object(object.to_owned()))),
        None => return Ok(Ignored(Reason::NotFollowed)),
    };
    if let Some(reason) = inbound.refusal(Action::React(&boosted))? {
        return Ok(Refused(reason));
    }
    if blocks::exists(conn, owner.id, boosted.actor_id)? {
        return Ok(Refused(Reason::AuthorBlocked));
    }
    if boosted.boost_of.is_some() || !(boosted.visibility.is_open() || boosted.actor_id == signer.id) {
        return Ok(Refused(Reason::NotBoostable));
    }
    let Some(boost) = statuses::insert(conn, &boost_row(inbound, uri, &boosted)?)? else {
        return Ok(Ignored(Reason::AlreadyStored));
    };
    if let Some(follow) = follow {
        timelines::add_followed(conn, domain, &follow, &boost)?;
    }
    if boosted.actor_id == owner.id {
        inbound.notify(NotificationKind::Boost, Some(boosted.id))?;
    }
    Ok(Applied)
}

fn boost_row(inbound: Inbound<'_>, uri: &str, of: &Status) -> Result<NewStatus> {
    let Inbound { conn, signer, activity, .. } = inbound;
    let now = inbound.now();
    let published = activity.published.unwrap_or(now).min(now);
    let id = statuses::free_id(conn, published)?;
    // A boost without an audience, or addressed only to the author of the post, is for the followers of its actor.
    let stated = addressing::visibility(&activity.audience, signer).min(Visibility::Private);
    let visibility = stated.max(of.visibility);
    Ok(NewStatus::boost(id, uri.to_owned(), signer, of.id, visibility, published))
}

/// Removes a boost.
pub(super) fn remove_boost(inbound: Inbound<'_>, boost: &Status) -> Result<Outcome> {
    let Inbound { conn, domain, signer, .. } = inbound;
    if let Some(of) = boost.boost_of {
        notifications::remove(conn, NotificationKind::Boost, signer.id, Some(of))?;
    }
    timelines::delete_boost(conn, domain, boost)?;
    Ok(Applied)
}
