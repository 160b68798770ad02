//! What an incoming activity does. Runs inside one write transaction, after the activity was authenticated.

use super::authorise::{self, Deed};
use super::follow::{self, Answer};
use super::{Domain, accounts, notify};
use crate::error::Result;
use crate::protocol::activitystreams::types::{Activity, ActivityKind, Item};
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::ids::{FollowId, StatusId};
use crate::store::actors::Actor;
use crate::store::follows::Follow;
use crate::store::notifications::Kind as Told;
use crate::store::statuses::{NewStatus, Status};
use crate::store::{Conn, actors, follows, jobs, notifications, reactions, statuses, timelines, tombstones};

mod objects;
pub use objects::{How, store_object};

/// What came of an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It had its effect.
    Applied,
    /// It is nothing that concerns us.
    Ignored(&'static str),
    /// It may not do what it wants.
    Refused(&'static str),
    /// It cannot be judged before this object is here; fetch it and ask again.
    Needs(String),
}

use Outcome::{Applied, Ignored};

/// Applies an activity of `signer`, who is its actor and has signed it.
///
/// # Errors
/// When the database cannot be written; the activity is tried again then.
pub fn apply(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    if activity.actor != signer.uri {
        return Ok(Outcome::Refused("the activity is by another actor than its signer"));
    }
    match &activity.kind {
        ActivityKind::Create => create(conn, domain, signer, activity),
        ActivityKind::Update => update(conn, domain, signer, activity),
        ActivityKind::Delete => delete(conn, domain, signer, activity),
        ActivityKind::Follow => followed(conn, domain, signer, activity),
        ActivityKind::Accept => answered(conn, domain, signer, activity, Answer::Accept),
        ActivityKind::Reject => answered(conn, domain, signer, activity, Answer::Reject),
        ActivityKind::Undo => undo(conn, domain, signer, activity),
        ActivityKind::Like => like(conn, domain, signer, activity),
        ActivityKind::Announce => announce(conn, domain, signer, activity),
        ActivityKind::Block
        | ActivityKind::Flag
        | ActivityKind::Add
        | ActivityKind::Remove
        | ActivityKind::Move
        | ActivityKind::Other(_) => Ok(Ignored("an activity of this type has no effect here")),
    }
}

fn id_of(item: &Item) -> Option<&str> {
    match item {
        Item::Id(id) => Some(id),
        Item::Embedded(value) => activitystreams::id_of(value),
    }
}

fn type_of(item: &Item) -> Option<String> {
    match item {
        Item::Id(_) => None,
        Item::Embedded(value) => activitystreams::kind_of(value),
    }
}

fn create(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let mut outcome = Ignored("it has no object");
    for item in &activity.objects {
        let value = match item {
            Item::Embedded(value) => value,
            Item::Id(id) if domain.site.owns(id) => return Ok(Ignored("the object is ours")),
            Item::Id(id) => {
                if follows::between(conn, domain.owner()?.id, signer.id)?.is_some_and(|f| f.accepted)
                    && statuses::by_uri(conn, id)?.is_none()
                    && same_origin(id, &signer.uri)
                {
                    return Ok(Outcome::Needs(id.clone()));
                }
                continue;
            }
        };
        let Ok(object) = activitystreams::read_object(value) else {
            outcome = Ignored("the object is nothing that becomes a post");
            continue;
        };
        if let Some(why) = authorise::refusal(conn, domain, signer, Deed::Write(&object))? {
            return Ok(Outcome::Refused(why));
        }
        outcome = objects::deliver(conn, domain, signer, &object, activity)?;
    }
    Ok(outcome)
}

fn update(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let Some(item) = activity.objects.first() else { return Ok(Ignored("it has no object")) };
    let Some(id) = id_of(item) else { return Ok(Ignored("its object has no id")) };
    if id == signer.uri {
        return update_actor(conn, domain, signer, item);
    }
    let Some(status) = statuses::by_uri(conn, id)? else { return Ok(Ignored("the post is not here")) };
    if let Some(why) = authorise::refusal(conn, domain, signer, Deed::Change(&status))? {
        return Ok(Outcome::Refused(why));
    }
    let Item::Embedded(value) = item else { return Ok(Ignored("the new state of the post is not there")) };
    let Ok(object) = activitystreams::read_object(value) else {
        return Ok(Ignored("the object is nothing that becomes a post"));
    };
    if let Some(why) = authorise::refusal(conn, domain, signer, Deed::Write(&object))? {
        return Ok(Outcome::Refused(why));
    }
    objects::revise(conn, domain, &status, &object)?;
    Ok(Applied)
}

fn update_actor(conn: &Conn, domain: &Domain, signer: &Actor, item: &Item) -> Result<Outcome> {
    let whole = match item {
        Item::Embedded(value) => activitystreams::read_actor(value).ok(),
        Item::Id(_) => None,
    };
    match whole {
        Some(doc) => {
            accounts::store_actor(conn, domain, &doc, &signer.username, &signer.domain)?;
        }
        // A stub must never clear fields: the whole document is fetched.
        None => jobs::enqueue(conn, jobs::Kind::RefreshActor, &signer.uri, domain.now())?,
    }
    Ok(Applied)
}

fn delete(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let Some(id) = activity.objects.first().and_then(id_of) else { return Ok(Ignored("it has no object")) };
    if id == signer.uri {
        end_follows(conn, signer)?;
        actors::delete(conn, signer.id)?;
        return Ok(Applied);
    }
    match statuses::by_uri(conn, id)? {
        Some(status) => {
            if let Some(why) = authorise::refusal(conn, domain, signer, Deed::Change(&status))? {
                return Ok(Outcome::Refused(why));
            }
            statuses::delete(conn, &status)?;
            tombstones::insert(conn, id, &status.kind, false, domain.now())?;
            Ok(Applied)
        }
        None if actors::id_by_uri(conn, id)?.is_some() => {
            Ok(Outcome::Refused("only the actor itself may change or delete it"))
        }
        // A late Create of it by the same actor must find that it is gone already.
        None if same_origin(id, &signer.uri) => {
            tombstones::insert_unseen(conn, id, &signer.uri, domain.now())?;
            Ok(Applied)
        }
        None => Ok(Outcome::Refused("the object lies on another server")),
    }
}

/// Counters forget what the cascade removes.
fn end_follows(conn: &Conn, actor: &Actor) -> Result<()> {
    use crate::store::follows::Side;
    use crate::store::page::Page;
    for side in [Side::Followers, Side::Following] {
        for (_, other) in follows::list(conn, actor.id, side, true, &Page::newest(u32::MAX))? {
            let (follower, target) = if side == Side::Followers { (other, actor.id) } else { (actor.id, other) };
            if let Some(follow) = follows::between(conn, follower, target)? {
                follows::remove(conn, &follow)?;
            }
        }
    }
    Ok(())
}

fn followed(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let owner = domain.owner()?;
    let Some(object) = activity.objects.first().and_then(id_of) else { return Ok(Ignored("it has no object")) };
    if object != owner.uri {
        // Friendica subscribes to a thread by following a post.
        return Ok(Ignored("only the owner can be followed"));
    }
    let Some(uri) = activity.id.as_deref() else { return Ok(Ignored("a follow without an id cannot be answered")) };
    if let Some(why) = authorise::refusal(conn, domain, signer, Deed::Follow)? {
        let follow = pending(uri, signer, owner.id);
        follow::send_answer(conn, domain, &owner, &follow, Answer::Reject)?;
        return Ok(Outcome::Refused(why));
    }
    let locked = actors::get(conn, owner.id)?.is_some_and(|a| a.locked);
    let before = follows::between(conn, signer.id, owner.id)?;
    let accepted = !locked || before.is_some_and(|f| f.accepted);
    let id = FollowId(domain.next_id());
    let follow = follows::insert(conn, id, uri, signer.id, owner.id, accepted, domain.now())?;
    if accepted {
        follow::send_answer(conn, domain, &owner, &follow, Answer::Accept)?;
        notify::tell(conn, domain, Told::Follow, signer.id, None)?;
    } else {
        notify::tell(conn, domain, Told::FollowRequest, signer.id, None)?;
    }
    Ok(Applied)
}

fn pending(uri: &str, follower: &Actor, target: crate::protocol::ids::ActorId) -> Follow {
    Follow {
        id: FollowId(0),
        uri: uri.to_owned(),
        follower: follower.id,
        target,
        accepted: false,
        show_boosts: true,
        notify: false,
    }
}

fn answered(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity, answer: Answer) -> Result<Outcome> {
    let owner = domain.owner()?;
    let Some(item) = activity.objects.first() else { return Ok(Ignored("it has no object")) };
    let named = match id_of(item) {
        Some(id) => follows::by_uri(conn, id, owner.id)?,
        None => None,
    };
    // Some servers rewrite the id of an embedded Follow: then who follows whom decides.
    let meant = match named {
        Some(follow) => Some(follow),
        None if type_of(item).as_deref() == Some("Follow") => follows::between(conn, owner.id, signer.id)?,
        None => None,
    };
    let Some(follow) = meant else { return Ok(Ignored("it answers no follow of ours")) };
    if let Some(why) = authorise::refusal(conn, domain, signer, Deed::Answer(&follow))? {
        return Ok(Outcome::Refused(why));
    }
    match answer {
        Answer::Accept => {
            if follows::accept(conn, &follow)? {
                jobs::enqueue(conn, jobs::Kind::Backfill, &signer.uri, domain.now())?;
            }
        }
        Answer::Reject => {
            follows::remove(conn, &follow)?;
            timelines::remove_actor(conn, timelines::HOME, signer.id)?;
        }
    }
    Ok(Applied)
}

fn like(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let Some(id) = activity.objects.first().and_then(id_of) else { return Ok(Ignored("it has no object")) };
    let Some(status) = statuses::by_uri(conn, id)?.filter(|s| s.local && s.boost_of.is_none()) else {
        return Ok(Ignored("it is not of a post of ours"));
    };
    if let Some(why) = authorise::refusal(conn, domain, signer, Deed::React(&status))? {
        return Ok(Outcome::Refused(why));
    }
    let added =
        reactions::favourite(conn, domain.next_id(), signer.id, status.id, activity.id.as_deref(), domain.now())?;
    if added {
        notify::tell(conn, domain, Told::Favourite, signer.id, Some(status.id))?;
    }
    Ok(Applied)
}

fn announce(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let Some(item) = activity.objects.first() else { return Ok(Ignored("it has no object")) };
    if type_of(item).is_some_and(|t| activitystreams::is_activity_type(&t)) {
        return Ok(Ignored("a relayed activity is not a boost"));
    }
    let Some(object) = id_of(item) else { return Ok(Ignored("its object has no id")) };
    let Some(uri) = activity.id.as_deref() else { return Ok(Ignored("a boost without an id cannot be stored")) };
    if !same_origin(uri, &signer.uri) || domain.site.owns(uri) {
        return Ok(Outcome::Refused("the boost lies on another server than its actor"));
    }
    let owner = domain.owner()?;
    let follow = follows::between(conn, owner.id, signer.id)?.filter(|f| f.accepted);
    let boosted = match statuses::by_uri(conn, object)? {
        Some(status) => status,
        None if domain.site.owns(object) => return Ok(Ignored("there is no such post")),
        None if follow.is_some() => return Ok(Outcome::Needs(object.to_owned())),
        None => return Ok(Ignored("a boost by somebody whom the owner does not follow")),
    };
    if let Some(why) = authorise::refusal(conn, domain, signer, Deed::React(&boosted))? {
        return Ok(Outcome::Refused(why));
    }
    if boosted.boost_of.is_some() || !(boosted.visibility.is_open() || boosted.actor_id == signer.id) {
        return Ok(Outcome::Refused("this post is not open to be boosted"));
    }
    let Some(boost) = statuses::insert(conn, &boost_row(conn, domain, signer, activity, uri, &boosted)?)? else {
        return Ok(Ignored("the boost is here already"));
    };
    if follow.is_some_and(|f| f.show_boosts) {
        timelines::insert(conn, timelines::HOME, boost.id)?;
    }
    if boosted.actor_id == owner.id {
        notify::tell(conn, domain, Told::Boost, signer.id, Some(boosted.id))?;
    }
    Ok(Applied)
}

fn boost_row(
    conn: &Conn,
    domain: &Domain,
    signer: &Actor,
    activity: &Activity,
    uri: &str,
    of: &Status,
) -> Result<NewStatus> {
    let now = domain.now();
    let published = activity.published.unwrap_or(now).min(now);
    let id = statuses::free_id(conn, published)?;
    let visibility = super::audience::visibility(&activity.audience, signer).max(of.visibility);
    Ok(NewStatus::boost(id, uri.to_owned(), signer, of.id, visibility, published))
}

fn undo(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let Some(item) = activity.objects.first() else { return Ok(Ignored("it has no object")) };
    if let Some(id) = id_of(item)
        && let Some(outcome) = undo_by_id(conn, domain, signer, id)?
    {
        return Ok(outcome);
    }
    let Item::Embedded(value) = item else { return Ok(Ignored("what it undoes is not here")) };
    let Ok(inner) = activitystreams::read_activity(value) else { return Ok(Ignored("what it undoes cannot be read")) };
    if inner.actor != signer.uri {
        return Ok(Outcome::Refused("what it undoes was done by somebody else"));
    }
    let Some(object) = inner.objects.first().and_then(id_of) else {
        return Ok(Ignored("what it undoes has no object"));
    };
    let owner = domain.owner()?;
    match inner.kind {
        ActivityKind::Follow if object == owner.uri => match follows::between(conn, signer.id, owner.id)? {
            Some(follow) => unfollowed(conn, domain, signer, &follow),
            None => Ok(Ignored("what it undoes is not here")),
        },
        ActivityKind::Like | ActivityKind::Announce => {
            let Some(status) = statuses::by_uri(conn, object)? else {
                return Ok(Ignored("what it undoes is not here"));
            };
            if inner.kind == ActivityKind::Like {
                return unliked(conn, signer, status.id);
            }
            match statuses::boost_by(conn, status.id, signer.id)? {
                Some(boost) => unboosted(conn, signer, &boost),
                None => Ok(Ignored("what it undoes is not here")),
            }
        }
        _ => Ok(Ignored("an activity of this type cannot be undone here")),
    }
}

/// Looks for what was done with this activity id; `None` when nothing was.
fn undo_by_id(conn: &Conn, domain: &Domain, signer: &Actor, id: &str) -> Result<Option<Outcome>> {
    if let Some(follow) = follows::by_uri(conn, id, signer.id)? {
        return unfollowed(conn, domain, signer, &follow).map(Some);
    }
    if let Some(status) = reactions::favourite_by_uri(conn, id, signer.id)? {
        return unliked(conn, signer, status).map(Some);
    }
    match statuses::by_uri(conn, id)?.filter(|s| s.boost_of.is_some()) {
        Some(boost) => match authorise::refusal(conn, domain, signer, Deed::Change(&boost))? {
            Some(why) => Ok(Some(Outcome::Refused(why))),
            None => unboosted(conn, signer, &boost).map(Some),
        },
        None => Ok(None),
    }
}

fn unfollowed(conn: &Conn, domain: &Domain, signer: &Actor, follow: &Follow) -> Result<Outcome> {
    if let Some(why) = authorise::refusal(conn, domain, signer, Deed::Unfollow(follow))? {
        return Ok(Outcome::Refused(why));
    }
    follows::remove(conn, follow)?;
    notifications::remove(conn, Told::FollowRequest, signer.id, None)?;
    notifications::remove(conn, Told::Follow, signer.id, None)?;
    Ok(Applied)
}

fn unliked(conn: &Conn, signer: &Actor, status: StatusId) -> Result<Outcome> {
    if reactions::unfavourite(conn, signer.id, status)?.is_none() {
        return Ok(Ignored("what it undoes is not here"));
    }
    notifications::remove(conn, Told::Favourite, signer.id, Some(status))?;
    Ok(Applied)
}

fn unboosted(conn: &Conn, signer: &Actor, boost: &Status) -> Result<Outcome> {
    if let Some(of) = boost.boost_of {
        notifications::remove(conn, Told::Boost, signer.id, Some(of))?;
    }
    statuses::delete(conn, boost)?;
    Ok(Applied)
}
