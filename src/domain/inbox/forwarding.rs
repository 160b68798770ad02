//! Activities that another server than their actor's brings: inbox forwarding (ActivityPub 7.1.2), and activities that are
//! forwarded to the owner without a proof.

use super::delete;
use super::inbound::Inbound;
use super::outcome::Outcome::{Applied, Ignored};
use super::outcome::{Outcome, Reason};
use crate::domain::urls::OwnCollection;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types::{Activity, ActivityKind, ActorKind, Item};
use crate::protocol::visibility::Visibility;
use crate::store::peers::relays;
use crate::store::queues::deliveries::{self, Lane, OutgoingActivity};
use crate::store::queues::jobs;
use crate::store::relationships::follows;
use crate::store::statuses::{self, Status};
use crate::store::{actors, quota};

/// Returns `true` if the author itself sends an activity about a public reply in a thread of the owner and addresses the
/// owner's followers, which only this server knows. Called before and after the activity is applied
/// ([`is_worth_forwarding`]).
pub fn is_to_forward(inbound: Inbound<'_>) -> Result<bool> {
    let Inbound { conn, domain, signer, activity } = inbound;
    let is_of_post = matches!(activity.kind, ActivityKind::Create | ActivityKind::Update | ActivityKind::Delete);
    // A relayed activity is only a hint.
    if !is_of_post || activity.actor != signer.uri {
        return Ok(false);
    }
    let followers = OwnCollection::Followers.of(&domain.owner()?.uri);
    let addressed = activity.audience.to.contains(&followers) || activity.audience.cc.contains(&followers);
    let Some(id) = inbound.object_id().filter(|_| addressed) else { return Ok(false) };
    let mut next = statuses::by_uri(conn, id)?.filter(|s| !s.local && s.visibility <= Visibility::Unlisted);
    for _ in 0..limits::FORWARDING_LEVELS {
        let Some(status) = next else { return Ok(false) };
        next = match status.in_reply_to {
            Some(parent) => statuses::get(conn, parent)?.filter(|s| s.visibility <= Visibility::Unlisted),
            None => None,
        };
        if next.as_ref().is_some_and(|s: &Status| s.local) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Decides from the results of [`is_to_forward`] before and after an activity was applied. A Create is forwarded only for a new
/// reply, or it could be forwarded without end; a Delete only if the post was stored.
pub fn is_worth_forwarding(activity: &Activity, before: bool, after: bool) -> bool {
    match activity.kind {
        ActivityKind::Create => after && !before,
        _ => before || after,
    }
}

/// Forwards the original bytes to the owner's followers on other servers than the sender's, within hourly limits for each
/// author and host, and only while the queue is not too long.
pub fn forward(inbound: Inbound<'_>, body: &[u8]) -> Result<()> {
    let Inbound { conn, domain, signer, activity } = inbound;
    let owner = domain.owner()?;
    let mut inboxes = follows::follower_inboxes(conn, owner.id)?;
    inboxes.retain(|(_, host)| *host != signer.host);
    let now = domain.now();
    let may = |name: &str, most| domain.forwards.take(name, most, now);
    if inboxes.is_empty()
        || deliveries::are_too_many(conn)?
        || !may(&signer.uri, limits::FORWARDS_PER_ACTOR_PER_HOUR)
        || !may(&quota::key(conn, &signer.host)?, limits::FORWARDS_PER_HOST_PER_HOUR)
    {
        return Ok(());
    }
    let out = OutgoingActivity {
        id: domain.next_id(),
        actor: owner.id,
        uri: activity.id.clone().unwrap_or_default(),
        kind: activity.kind.clone(),
        status: None,
        body: body.to_vec(),
        to_followers: false,
        private: false,
    };
    deliveries::enqueue(conn, &out, &inboxes, Lane::Forward, now)
}

/// Returns `true` if the signer may relay activities of other actors: a relay that the owner subscribed to, an actor that
/// follows or is followed by the owner, and the author of the post that the activity replies to.
pub fn may_forward(inbound: Inbound<'_>) -> Result<bool> {
    let Inbound { conn, signer, .. } = inbound;
    let owner = inbound.owner()?.id;
    let accepted = |a, b| follows::is_accepted(conn, a, b);
    if relays::is_relay(conn, signer.id)? || accepted(owner, signer.id)? || accepted(signer.id, owner)? {
        return Ok(true);
    }
    let parent = inbound.object().and_then(parent_of).unwrap_or_default();
    let Some(parent) = statuses::by_uri(conn, &parent)? else { return Ok(false) };
    if parent.actor_id == signer.id {
        return Ok(true);
    }
    // PeerTube forwards the comments on a video in the name of its server.
    let author = actors::get(conn, parent.actor_id)?;
    Ok(signer.kind == ActorKind::Application && author.is_some_and(|author| author.host == signer.host))
}

/// Takes a relayed activity without a proof as a reason to ask its own server, if it concerns the owner.
pub(super) fn hint(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, signer, activity, .. } = inbound;
    let Some(item) = inbound.object() else { return Ok(Ignored(Reason::NoObject)) };
    let Some(object) = item.id() else { return Ok(Ignored(Reason::NoObjectId)) };
    match activity.kind {
        ActivityKind::Delete => delete::check_gone(inbound, object),
        ActivityKind::Update if object == activity.actor => refresh_actor(inbound, object),
        ActivityKind::Create | ActivityKind::Update if same_origin(object, &activity.actor) => {
            let relay = relays::is_relay(conn, signer.id)?;
            let known = statuses::by_uri(conn, object)?.is_some();
            if !relay && !known && !concerns_owner(inbound, item)? {
                return Ok(Ignored(Reason::NotForOwner));
            }
            inbound.enqueue(&jobs::Task::FetchObject(object.to_owned()))?;
            Ok(Applied)
        }
        _ => Ok(Ignored(Reason::Unverified)),
    }
}

/// Fetches the document of a stored actor again, because another actor announces that it has changed.
pub(super) fn refresh_actor(inbound: Inbound<'_>, actor: &str) -> Result<Outcome> {
    if inbound.domain.site.owns(actor) || actors::id_by_uri(inbound.conn, actor)?.is_none() {
        return Ok(Ignored(Reason::UnknownActor));
    }
    inbound.enqueue(&jobs::Task::RefreshActor(actor.to_owned()))?;
    Ok(Applied)
}

fn concerns_owner(inbound: Inbound<'_>, item: &Item) -> Result<bool> {
    let conn = inbound.conn;
    let followed = match actors::id_by_uri(conn, &inbound.activity.actor)? {
        Some(author) => inbound.domain.owner_follows(conn, author)?,
        None => false,
    };
    let in_thread = match parent_of(item) {
        Some(parent) => statuses::by_uri(conn, &parent)?.is_some(),
        None => false,
    };
    Ok(followed || in_thread || inbound.names_owner()?)
}

/// The id of the post that an embedded object replies to.
fn parent_of(item: &Item) -> Option<String> {
    match item {
        Item::Embedded(value) => value.object().ok().and_then(|o| o.in_reply_to.clone()),
        Item::Id(_) => None,
    }
}
