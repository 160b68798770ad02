//! Announce: boosts of people, and what communities and relays pass on (FEP-1b12).

use super::{Outcome, cause, interactions, moderation, note, type_of};
use crate::domain::Domain;
use crate::error::Result;
use crate::protocol::activitystreams::types::{Activity, ActivityKind, ActorKind, Item};
use crate::protocol::activitystreams::{self, is_id, same_origin};
use crate::store::actors::Actor;
use crate::store::peers::relays;
use crate::store::queues::jobs;
use crate::store::{Conn, actors, statuses};

use Outcome::{Applied, Ignored, Refused};

/// A boost of a person; of a community a post in it; of a relay something to fetch. Whoever passes an activity on is
/// not believed: it is fetched from its own server.
pub(crate) fn announce(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let Some(item) = activity.objects.first() else { return Ok(Ignored("it has no object")) };
    let relay = relays::is_relay(conn, signer.id)?;
    if type_of(item).is_some_and(|t| activitystreams::is_activity_type(&t)) {
        return match item {
            Item::Embedded(value) => passed_on(conn, domain, signer, value, relay),
            Item::Id(_) => Ok(Ignored("it has no object")),
        };
    }
    let Some(object) = item.id().filter(|id| is_id(id)) else { return Ok(Ignored("its object has no id")) };
    if relay {
        return relayed(conn, domain, object);
    }
    if signer.kind == ActorKind::Group {
        return match domain.site.owns(object) {
            true => ours_in_group(conn, domain, signer, object),
            false => for_group(conn, domain, signer, object),
        };
    }
    interactions::boost(conn, domain, signer, activity, object)
}

/// A relay names a public post: it is fetched, and stands in the public timeline.
fn relayed(conn: &Conn, domain: &Domain, object: &str) -> Result<Outcome> {
    if domain.site.owns(object) || statuses::by_uri(conn, object)?.is_some() {
        return Ok(Ignored("the post is here already"));
    }
    jobs::enqueue_for(conn, &jobs::Task::FetchObject(object.to_owned()), jobs::Cause::Followed, domain.now())?;
    Ok(Applied)
}

/// A community names a post in it: it is no boost, and is fetched if the owner follows the community. What a person
/// passes on so is fetched too, but is in no community.
fn for_group(conn: &Conn, domain: &Domain, group: &Actor, object: &str) -> Result<Outcome> {
    if !domain.owner_follows(conn, group.id)? {
        return Ok(Ignored("a community that the owner does not follow"));
    }
    let task = match group.kind {
        ActorKind::Group => jobs::Task::FetchForGroup(group.id, object.to_owned()),
        _ => jobs::Task::FetchObject(object.to_owned()),
    };
    jobs::enqueue_for(conn, &task, jobs::Cause::Followed, domain.now())?;
    Ok(Applied)
}

/// A community passes on a post of the owner to its members: it is in that community, and nobody has boosted it.
fn ours_in_group(conn: &Conn, domain: &Domain, group: &Actor, object: &str) -> Result<Outcome> {
    if !domain.owner_follows(conn, group.id)? {
        return Ok(Ignored("a community that the owner does not follow"));
    }
    let Some(status) = statuses::by_uri(conn, object)?.filter(|s| s.boost_of.is_none() && s.visibility.is_open())
    else {
        return Ok(Ignored("there is no open post of this id"));
    };
    note::into_group(conn, domain, group.id, &status)?;
    Ok(Applied)
}

/// An activity inside an Announce, by a relay of ours or somebody whom the owner follows. It is never shown as a boost.
fn passed_on(conn: &Conn, domain: &Domain, group: &Actor, value: &serde_json::Value, relay: bool) -> Result<Outcome> {
    if !relay && !domain.owner_follows(conn, group.id)? {
        return Ok(Ignored("passed on by nobody whom the owner follows"));
    }
    let Ok(inner) = activitystreams::read_activity(value) else {
        return Ok(Ignored("what it passes on cannot be read"));
    };
    let Some(object) = inner.objects.first().and_then(Item::id).filter(|id| is_id(id)) else {
        return Ok(Ignored("what it passes on has no object"));
    };
    if let (ActivityKind::Undo, Some(ban)) = (&inner.kind, moderation::ban_in(&inner)) {
        return moderation::unbanned(conn, domain, group, &ban);
    }
    if let Some(restored) = restored(&inner).filter(|id| !domain.site.owns(id)) {
        return for_group(conn, domain, group, &restored);
    }
    match inner.kind {
        ActivityKind::Update if is_actor(conn, &inner, object)? => refresh(conn, domain, group, object),
        ActivityKind::Create | ActivityKind::Update if relay => relayed(conn, domain, object),
        ActivityKind::Create | ActivityKind::Update if domain.site.owns(object) => Ok(Ignored("the object is ours")),
        ActivityKind::Create | ActivityKind::Update => for_group(conn, domain, group, object),
        ActivityKind::Delete => check_gone(conn, domain, group, object),
        ActivityKind::Like | ActivityKind::Undo => second_hand(conn, domain, group, &inner, value),
        ActivityKind::Add | ActivityKind::Remove => pinned(conn, domain, group, &inner),
        ActivityKind::Block => moderation::banned(conn, domain, group, &inner),
        _ => Ok(Ignored("what it passes on has no effect here")),
    }
}

/// True if an activity is about an actor: by the type of its object, or because that is an actor here.
fn is_actor(conn: &Conn, inner: &Activity, object: &str) -> Result<bool> {
    let stated = inner.objects.first().and_then(type_of).is_some_and(|kind| activitystreams::is_actor_type(&kind));
    Ok(stated || actors::id_by_uri(conn, object)?.is_some())
}

/// A community passes on that an actor has changed, itself mostly: an actor that is stored is fetched from its origin.
fn refresh(conn: &Conn, domain: &Domain, group: &Actor, object: &str) -> Result<Outcome> {
    if domain.site.owns(object) || actors::id_by_uri(conn, object)?.is_none() {
        return Ok(Ignored("an actor that is not known here"));
    }
    let task = jobs::Task::RefreshActor(object.to_owned());
    jobs::enqueue_for(conn, &task, cause(conn, domain, group)?, domain.now())?;
    Ok(Applied)
}

/// A community has pinned a post, or no longer pins it: its list of pinned posts is fetched.
pub(crate) fn pinned(conn: &Conn, domain: &Domain, group: &Actor, activity: &Activity) -> Result<Outcome> {
    if activity.target.is_none() || activity.target != group.featured_uri {
        return Ok(Ignored("it is not about the actor's pinned posts"));
    }
    let task = jobs::Task::Featured(group.uri.clone());
    jobs::enqueue_again(conn, &task, cause(conn, domain, group)?, domain.now())?;
    Ok(Applied)
}

/// The post that an Undo of a Delete restores (Lemmy); its own server is asked for it, whoever says so.
fn restored(activity: &Activity) -> Option<String> {
    let Some(Item::Embedded(value)) = activity.objects.first().filter(|_| activity.kind == ActivityKind::Undo) else {
        return None;
    };
    let inner = activitystreams::read_activity(value).ok().filter(|inner| inner.kind == ActivityKind::Delete)?;
    inner.objects.first().and_then(Item::id).filter(|id| is_id(id)).map(str::to_owned)
}

/// What somebody else says was deleted is asked for; only its own server knows. Of what is not open that server tells
/// this one nothing, so that it would look as if it were gone.
pub(crate) fn check_gone(conn: &Conn, domain: &Domain, by: &Actor, object: &str) -> Result<Outcome> {
    if domain.site.owns(object) {
        return Ok(Refused("an object of ours cannot be written from outside"));
    }
    let Some(status) = statuses::by_uri(conn, object)? else { return Ok(Ignored("the post is not here")) };
    if !status.visibility.is_open() {
        return Ok(Ignored("the post is not for everybody, so only its author can say that it is gone"));
    }
    jobs::enqueue_for(conn, &jobs::Task::CheckGone(object.to_owned()), cause(conn, domain, by)?, domain.now())?;
    Ok(Applied)
}

/// A like of a post of ours, or its end, that somebody else brings: its own server is asked for it.
fn second_hand(
    conn: &Conn,
    domain: &Domain,
    by: &Actor,
    inner: &Activity,
    value: &serde_json::Value,
) -> Result<Outcome> {
    let about_us = |item: &Item| -> Result<bool> {
        Ok(match item.id() {
            Some(id) if domain.site.owns(id) => statuses::by_uri(conn, id)?.is_some(),
            _ => false,
        })
    };
    let ours = match (&inner.kind, inner.objects.first()) {
        (ActivityKind::Like, Some(item)) => about_us(item)?,
        (_, Some(Item::Embedded(undone))) => match activitystreams::read_activity(undone) {
            Ok(undone) => undone.objects.first().map(about_us).transpose()?.unwrap_or(false),
            Err(_) => false,
        },
        _ => false,
    };
    let id = activitystreams::id_of(value).filter(|id| same_origin(id, &inner.actor));
    match id {
        Some(id) if ours => {
            jobs::enqueue_for(conn, &jobs::Task::Relayed(id.to_owned()), cause(conn, domain, by)?, domain.now())?;
            Ok(Applied)
        }
        _ => Ok(Ignored("what it passes on is not about a post of ours")),
    }
}
