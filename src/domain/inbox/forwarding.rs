//! Activities that come from somebody else than their actor: what we forward (ActivityPub 7.1.2), and what others
//! forward to us without a proof, which is only a hint.

use super::{Outcome, announce};
use crate::domain::Domain;
use crate::domain::urls::OwnCollection;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types::{Activity, ActivityKind, ActorKind, Item};
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::peers::relays;
use crate::store::queues::deliveries::{Lane, OutgoingActivity};
use crate::store::queues::{deliveries, jobs};
use crate::store::relationships::follows;
use crate::store::statuses::Status;
use crate::store::{Conn, actors, quota, statuses};

use Outcome::{Applied, Ignored};

/// True if the activity is its author's own word about an open answer in a thread of ours, addressed to our followers,
/// whom only we know. Asked before and after the activity is applied ([`is_worth_forwarding`]).
///
/// # Errors
/// When the database cannot be read.
pub fn is_to_forward(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<bool> {
    let is_of_post = matches!(activity.kind, ActivityKind::Create | ActivityKind::Update | ActivityKind::Delete);
    // What others bring is a hint to us, and nothing to tell to our followers.
    if !is_of_post || activity.actor != signer.uri {
        return Ok(false);
    }
    let followers = OwnCollection::Followers.of(&domain.owner()?.uri);
    let addressed = activity.audience.to.contains(&followers) || activity.audience.cc.contains(&followers);
    let Some(id) = activity.objects.first().and_then(Item::id).filter(|_| addressed) else { return Ok(false) };
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

/// What is passed on, by whether it was [`is_to_forward`] before and after it was applied: a Create only of a new
/// answer, or it could be sent again without end; a Delete of one that was here.
pub fn is_worth_forwarding(activity: &Activity, before: bool, after: bool) -> bool {
    match activity.kind {
        ActivityKind::Create => after && !before,
        _ => before || after,
    }
}

/// Sends the bytes on as they came to our followers, except those on the sender's server; so often in an hour for each
/// author, and only while not too much waits already.
///
/// # Errors
/// When the database cannot be written.
pub fn forward(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity, body: &[u8]) -> Result<()> {
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

/// True if somebody may bring us activities of others: a relay that we asked, whom the owner follows or is followed
/// by, and who has a post in the thread. Everybody else is refused unread.
///
/// # Errors
/// When the database cannot be read.
pub fn may_forward(conn: &Conn, domain: &Domain, forwarder: &Actor, activity: &Activity) -> Result<bool> {
    let owner = domain.owner()?.id;
    let accepted = |a, b| follows::is_accepted(conn, a, b);
    if relays::is_relay(conn, forwarder.id)? || accepted(owner, forwarder.id)? || accepted(forwarder.id, owner)? {
        return Ok(true);
    }
    let parent = match activity.objects.first() {
        Some(Item::Embedded(value)) => value.object().ok().and_then(|o| o.in_reply_to.clone()).unwrap_or_default(),
        _ => String::new(),
    };
    let Some(parent) = statuses::by_uri(conn, &parent)? else { return Ok(false) };
    if parent.actor_id == forwarder.id {
        return Ok(true);
    }
    // PeerTube forwards the comments on a video in the name of its server.
    let author = actors::get(conn, parent.actor_id)?;
    Ok(forwarder.kind == ActorKind::Application && author.is_some_and(|author| author.host == forwarder.host))
}

/// What somebody else's word for an activity is worth: a reason to ask its own server, if it concerns us.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn hint(conn: &Conn, domain: &Domain, forwarder: &Actor, activity: &Activity) -> Result<Outcome> {
    let Some(item) = activity.objects.first() else { return Ok(Ignored("it has no object")) };
    let Some(object) = item.id() else { return Ok(Ignored("its object has no id")) };
    match activity.kind {
        ActivityKind::Delete => announce::check_gone(conn, domain, forwarder, object),
        ActivityKind::Update if object == activity.actor => refresh(conn, domain, forwarder, object),
        ActivityKind::Create | ActivityKind::Update if same_origin(object, &activity.actor) => {
            let relay = relays::is_relay(conn, forwarder.id)?;
            let known = statuses::by_uri(conn, object)?.is_some();
            if !relay && !known && !concerns(conn, domain, activity, item)? {
                return Ok(Ignored("it concerns nobody here"));
            }
            let cause = super::cause(conn, domain, forwarder)?;
            jobs::enqueue_for(conn, &jobs::Task::FetchObject(object.to_owned()), cause, domain.now())?;
            Ok(Applied)
        }
        _ => Ok(Ignored("brought by somebody else, without a proof")),
    }
}

/// The document of an actor that is said to have changed is asked for anew, if it is here.
fn refresh(conn: &Conn, domain: &Domain, forwarder: &Actor, actor: &str) -> Result<Outcome> {
    if domain.site.owns(actor) || actors::id_by_uri(conn, actor)?.is_none() {
        return Ok(Ignored("no actor of another server that is known here"));
    }
    let cause = super::cause(conn, domain, forwarder)?;
    jobs::enqueue_for(conn, &jobs::Task::RefreshActor(actor.to_owned()), cause, domain.now())?;
    Ok(Applied)
}

fn concerns(conn: &Conn, domain: &Domain, activity: &Activity, item: &Item) -> Result<bool> {
    let owner = domain.owner()?;
    let followed = match actors::id_by_uri(conn, &activity.actor)? {
        Some(author) => follows::is_accepted(conn, owner.id, author)?,
        None => false,
    };
    let parent = match item {
        Item::Embedded(value) => value.object().ok().and_then(|o| o.in_reply_to.clone()),
        Item::Id(_) => None,
    };
    let in_thread = match parent {
        Some(parent) => statuses::by_uri(conn, &parent)?.is_some(),
        None => false,
    };
    let named = activity.audience.to.contains(&owner.uri) || activity.audience.cc.contains(&owner.uri);
    Ok(followed || in_thread || named)
}
