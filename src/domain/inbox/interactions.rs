//! Favourites, reactions, boosts, and taking things back.

use super::{Need, Outcome, moderation};
use crate::domain::inbox::authorization::{self, Action};
use crate::domain::{Domain, addressing, federation_policy, notifications as notify};
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::{Activity, ActivityKind, Item, Reaction, THUMB_DOWN};
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::ids::StatusId;
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::interactions::{favourites, reactions};
use crate::store::notifications::NotificationKind;
use crate::store::relationships::follows::Follow;
use crate::store::relationships::{blocks, follows};
use crate::store::statuses::{self, tombstones};
use crate::store::statuses::{NewStatus, Status};
use crate::store::{Conn, notifications, timelines};

use Outcome::{Applied, Ignored, Refused};

pub(crate) fn like(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let Some(id) = activity.objects.first().and_then(Item::id) else { return Ok(Ignored("it has no object")) };
    let Some(status) = statuses::by_uri(conn, id)?.filter(|s| s.local && s.boost_of.is_none()) else {
        return Ok(Ignored("it is not of a post of ours"));
    };
    if let Some(why) = authorization::refusal(conn, domain, signer, Action::React(&status))? {
        return Ok(Refused(why));
    }
    if let Some(id) = &activity.id
        && tombstones::covers_since(conn, id, &signer.uri, domain.now().minus(limits::EARLY_UNDO_MEMORY))?
    {
        return Ok(Ignored("it was taken back already"));
    }
    // A vote up or down takes the place of the other; of Like and Dislike no Undo comes between (Lemmy).
    if activity.is_dislike {
        unliked(conn, signer, status.id)?;
    }
    if let Some(reaction) = &activity.reaction {
        return react(conn, domain, signer, &status, reaction, activity.id.as_deref());
    }
    unreacted(conn, signer, status.id, THUMB_DOWN)?;
    let added =
        favourites::favourite(conn, domain.next_id(), signer.id, status.id, activity.id.as_deref(), domain.now())?;
    if added {
        notify::tell(conn, domain, NotificationKind::Favourite, signer.id, Some(status.id))?;
    } else if let Some(id) = &activity.id
        && let Some(before) = favourites::renew_favourite(conn, signer.id, status.id, id)?
    {
        // The Undo of the earlier Like may still be on the way, and must not end the new one.
        tombstones::insert_unseen(conn, &before, &signer.uri, domain.now())?;
    }
    Ok(Applied)
}

fn react(
    conn: &Conn,
    domain: &Domain,
    signer: &Actor,
    status: &Status,
    reaction: &Reaction,
    uri: Option<&str>,
) -> Result<Outcome> {
    let (of, most) = ((signer.id, status.id), limits::REACTIONS_PER_ACTOR);
    let mut reaction = reaction.clone();
    if let Some(url) = &reaction.url
        && !federation_policy::takes_media(conn, domain, &signer.place(), url)?
    {
        reaction.url = None;
    }
    if !reactions::insert(conn, domain.next_id(), of, &reaction, uri, most, domain.now())? {
        return Ok(Ignored("the reaction is here already, or the actor has too many"));
    }
    notify::tell(conn, domain, NotificationKind::Reaction, signer.id, Some(status.id))?;
    Ok(Applied)
}

/// A boost by a person.
pub(crate) fn boost(
    conn: &Conn,
    domain: &Domain,
    signer: &Actor,
    activity: &Activity,
    object: &str,
) -> Result<Outcome> {
    let Some(uri) = activity.id.as_deref() else { return Ok(Ignored("a boost without an id cannot be stored")) };
    if !same_origin(uri, &signer.uri) || domain.site.owns(uri) {
        return Ok(Refused("the boost lies on another server than its actor"));
    }
    if tombstones::covers(conn, uri, &signer.uri)? {
        return Ok(Ignored("the boost was taken back"));
    }
    let owner = domain.owner()?;
    let follow = follows::between(conn, owner.id, signer.id)?.filter(|f| f.accepted);
    let boosted = match statuses::by_uri(conn, object)? {
        Some(status) => status,
        None if domain.site.owns(object) => return Ok(Ignored("there is no such post")),
        None if follow.is_some() => return Ok(Outcome::Needs(Need::Object(object.to_owned()))),
        None => return Ok(Ignored("a boost by somebody whom the owner does not follow")),
    };
    if let Some(why) = authorization::refusal(conn, domain, signer, Action::React(&boosted))? {
        return Ok(Refused(why));
    }
    if blocks::exists(conn, owner.id, boosted.actor_id)? {
        return Ok(Refused("the owner blocks the author of what it boosts"));
    }
    if boosted.boost_of.is_some() || !(boosted.visibility.is_open() || boosted.actor_id == signer.id) {
        return Ok(Refused("this post is not open to be boosted"));
    }
    let Some(boost) = statuses::insert(conn, &boost_row(conn, domain, signer, activity, uri, &boosted)?)? else {
        return Ok(Ignored("the boost is here already"));
    };
    if follow.is_some_and(|f| f.show_boosts) {
        timelines::insert(conn, timelines::HOME, boost.id)?;
    }
    if boosted.actor_id == owner.id {
        notify::tell(conn, domain, NotificationKind::Boost, signer.id, Some(boosted.id))?;
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
    // A boost to nobody, or to the author of the post alone, is for those who follow whoever boosts.
    let stated = addressing::visibility(&activity.audience, signer).min(Visibility::Private);
    let visibility = stated.max(of.visibility);
    Ok(NewStatus::boost(id, uri.to_owned(), signer, of.id, visibility, published))
}

pub(crate) fn undo(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let Some(item) = activity.objects.first() else { return Ok(Ignored("it has no object")) };
    if let Some(id) = item.id()
        && let Some(outcome) = undo_by_id(conn, domain, signer, id)?
    {
        return Ok(outcome);
    }
    let Item::Embedded(value) = item else {
        // It may have overtaken what it undoes.
        if let Some(id) = item.id().filter(|id| same_origin(id, &signer.uri)) {
            tombstones::insert_unseen(conn, id, &signer.uri, domain.now())?;
        }
        return Ok(Ignored("what it undoes is not here"));
    };
    let Ok(inner) = activitystreams::read_activity(value) else { return Ok(Ignored("what it undoes cannot be read")) };
    if let Some(ban) = moderation::ban_in(activity) {
        return moderation::unbanned(conn, domain, signer, &ban);
    }
    if inner.actor != signer.uri {
        return Ok(Refused("what it undoes was done by somebody else"));
    }
    let Some(object) = inner.objects.first().and_then(Item::id) else {
        return Ok(Ignored("what it undoes has no object"));
    };
    if inner.kind == ActivityKind::Delete {
        return undelete(conn, domain, signer, object);
    }
    let owner = domain.owner()?;
    if let (ActivityKind::Announce, Some(boost)) = (&inner.kind, &inner.id)
        && follows::is_accepted(conn, owner.id, signer.id)?
    {
        // It may still wait for the post that it boosts.
        tombstones::insert_unseen(conn, boost, &signer.uri, domain.now())?;
    }
    if is_replaced(conn, domain, signer, &inner)? {
        return Ok(Ignored("another has taken the place of this one, or it was undone already"));
    }
    let outcome = undo_what_it_names(conn, domain, signer, &inner, object)?;
    use ActivityKind::{Announce, Block, Follow, Like};
    if let (Ignored(_), Follow | Like | Announce | Block, Some(id)) = (&outcome, &inner.kind, &inner.id) {
        // It may have been overtaken by this.
        tombstones::insert_unseen(conn, id, &signer.uri, domain.now())?;
    }
    Ok(outcome)
}

/// True if a newer activity of the signer has taken the place of the one that is undone.
fn is_replaced(conn: &Conn, domain: &Domain, signer: &Actor, undone: &Activity) -> Result<bool> {
    let Some(id) = &undone.id else { return Ok(false) };
    match undone.kind {
        ActivityKind::Follow => tombstones::covers(conn, id, &signer.uri),
        // Not for long: some servers use the same id each time.
        ActivityKind::Like => {
            tombstones::covers_since(conn, id, &signer.uri, domain.now().minus(limits::EARLY_UNDO_MEMORY))
        }
        _ => Ok(false),
    }
}

/// The author or a moderator restores a deleted post: what its own server shows of it is taken.
fn undelete(conn: &Conn, domain: &Domain, signer: &Actor, object: &str) -> Result<Outcome> {
    if !same_origin(object, &signer.uri) {
        return Ok(Refused("the object lies on another server"));
    }
    let known = tombstones::deleted_at(conn, object)?.is_some() || tombstones::covers(conn, object, &signer.uri)?;
    if !known && !domain.owner_follows(conn, signer.id)? {
        return Ok(Ignored("no such post was deleted here"));
    }
    Ok(Outcome::Needs(Need::Current(object.to_owned())))
}

/// Undoes the thing that the signer has done to the object of `inner`, whatever its id is here.
fn undo_what_it_names(conn: &Conn, domain: &Domain, signer: &Actor, inner: &Activity, object: &str) -> Result<Outcome> {
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
            if let Some(reaction) = &inner.reaction {
                return unreacted(conn, signer, status.id, &reaction.text);
            }
            if inner.kind == ActivityKind::Like {
                return unliked(conn, signer, status.id);
            }
            match statuses::boost_by(conn, status.id, signer.id)? {
                Some(boost) => unboosted(conn, signer, &boost),
                None => Ok(Ignored("what it undoes is not here")),
            }
        }
        ActivityKind::Block if object == owner.uri && inner.target.is_none() => {
            let removed = blocks::remove(conn, signer.id, owner.id)?.is_some();
            Ok(if removed { Applied } else { Ignored("what it undoes is not here") })
        }
        _ => Ok(Ignored("an activity of this type cannot be undone here")),
    }
}

/// Looks for what was done with this activity id; `None` when nothing was.
fn undo_by_id(conn: &Conn, domain: &Domain, signer: &Actor, id: &str) -> Result<Option<Outcome>> {
    if let Some(follow) = follows::by_uri(conn, id, signer.id)? {
        return unfollowed(conn, domain, signer, &follow).map(Some);
    }
    if let Some((status, emoji)) = reactions::by_uri(conn, id, signer.id)? {
        return unreacted(conn, signer, status, &emoji).map(Some);
    }
    if let Some(status) = favourites::favourite_by_uri(conn, id, signer.id)? {
        return unliked(conn, signer, status).map(Some);
    }
    // Bridgy Fed names its blocks by id alone.
    if blocks::remove_by_uri(conn, id, signer.id)? {
        return Ok(Some(Applied));
    }
    match statuses::by_uri(conn, id)?.filter(|s| s.boost_of.is_some()) {
        Some(boost) => match authorization::refusal(conn, domain, signer, Action::Change(&boost))? {
            Some(why) => Ok(Some(Refused(why))),
            None => unboosted(conn, signer, &boost).map(Some),
        },
        None => Ok(None),
    }
}

fn unfollowed(conn: &Conn, domain: &Domain, signer: &Actor, follow: &Follow) -> Result<Outcome> {
    if let Some(why) = authorization::refusal(conn, domain, signer, Action::Unfollow(follow))? {
        return Ok(Refused(why));
    }
    follows::remove(conn, follow)?;
    notifications::remove(conn, NotificationKind::FollowRequest, signer.id, None)?;
    notifications::remove(conn, NotificationKind::Follow, signer.id, None)?;
    Ok(Applied)
}

fn unliked(conn: &Conn, signer: &Actor, status: StatusId) -> Result<Outcome> {
    if favourites::unfavourite(conn, signer.id, status)?.is_none() {
        return Ok(Ignored("what it undoes is not here"));
    }
    notifications::remove(conn, NotificationKind::Favourite, signer.id, Some(status))?;
    Ok(Applied)
}

fn unreacted(conn: &Conn, signer: &Actor, status: StatusId, emoji: &str) -> Result<Outcome> {
    if reactions::remove(conn, signer.id, status, emoji)?.is_none() {
        return Ok(Ignored("what it undoes is not here"));
    }
    if reactions::last_of(conn, signer.id, status)?.is_none() {
        notifications::remove(conn, NotificationKind::Reaction, signer.id, Some(status))?;
    }
    Ok(Applied)
}

fn unboosted(conn: &Conn, signer: &Actor, boost: &Status) -> Result<Outcome> {
    if let Some(of) = boost.boost_of {
        notifications::remove(conn, NotificationKind::Boost, signer.id, Some(of))?;
    }
    statuses::delete(conn, boost)?;
    Ok(Applied)
}
