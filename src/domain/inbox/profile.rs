//! Somebody pins posts, or moves.

use super::{Need, Outcome};
use crate::domain::Domain;
use crate::domain::relationships::account_move;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types::{Activity, ActorKind, Item};
use crate::store::actors::Actor;
use crate::store::notifications::NotificationKind;
use crate::store::queues::jobs;
use crate::store::relationships::follows;
use crate::store::{Conn, actors, notifications, statuses, timelines};

use Outcome::{Applied, Ignored, Refused};

/// Add to or Remove from the actor's own pinned posts. Any other collection (moderators of a community, containers of
/// a thread) is ignored.
pub(crate) fn pin(conn: &Conn, signer: &Actor, activity: &Activity, on: bool, domain: &Domain) -> Result<Outcome> {
    if !on && activity.target.is_some() && leaves(conn, domain, signer, activity)? {
        return Ok(Applied);
    }
    if activity.target.is_none() || activity.target != signer.featured_uri {
        return Ok(Ignored("it is not about the actor's pinned posts"));
    }
    if signer.kind == ActorKind::Group && domain.owner_follows(conn, signer.id)? {
        return crate::domain::inbox::announce::pinned(conn, domain, signer, activity);
    }
    let Some(id) = activity.objects.first().and_then(Item::id) else { return Ok(Ignored("it has no object")) };
    match statuses::by_uri(conn, id)? {
        Some(status) if status.actor_id != signer.id => Ok(Refused("only its author may pin it")),
        Some(status) => {
            let full = || -> Result<bool> { Ok(statuses::count_pinned(conn, signer.id)? >= limits::REMOTE_PINS) };
            if on && status.pinned_at.is_none() && full()? {
                return Ok(Ignored("the actor has too many pinned posts"));
            }
            statuses::set_pinned(conn, status.id, on.then(|| status.pinned_at.unwrap_or(domain.now())))?;
            Ok(Applied)
        }
        // An older post that was never here: the whole list is fetched anew, if the owner follows the actor.
        None if on && same_origin(id, &signer.uri) && domain.owner_follows(conn, signer.id)? => {
            jobs::enqueue_for(conn, &jobs::Task::Backfill(signer.uri.clone()), jobs::Cause::Followed, domain.now())?;
            Ok(Applied)
        }
        None => Ok(Ignored("the post is not here")),
    }
}

/// Ends the owner's follow of an actor that removes the owner from its followers, and the actor's follow of the owner if it
/// removes the owner from those whom it follows. Returns `false` if the activity is neither.
fn leaves(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<bool> {
    let owner = domain.owner()?;
    if activity.objects.first().and_then(Item::id) != Some(owner.uri.as_str()) {
        return Ok(false);
    }
    if activity.target == signer.followers_uri {
        if let Some(follow) = follows::between(conn, owner.id, signer.id)? {
            follows::remove(conn, &follow)?;
            timelines::remove_actor(conn, timelines::HOME, signer.id)?;
        }
        return Ok(true);
    }
    if activity.target == signer.following_uri {
        if let Some(follow) = follows::between(conn, signer.id, owner.id)? {
            follows::remove(conn, &follow)?;
            notifications::remove(conn, NotificationKind::FollowRequest, signer.id, None)?;
            notifications::remove(conn, NotificationKind::Follow, signer.id, None)?;
        }
        return Ok(true);
    }
    Ok(false)
}

/// Move of somebody whom the owner follows: believed only if the new account names the old one. It is sent by the old
/// account, or by the new one (FEP-7628), which then must be named by the old one.
pub(crate) fn moved(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let Some(object) = activity.objects.first().and_then(Item::id) else { return Ok(Ignored("it has no object")) };
    let Some(target) = activity.target.as_deref() else { return Ok(Ignored("it does not say where to")) };
    if object == target {
        return Ok(Ignored("it leads nowhere"));
    }
    if signer.uri != object && signer.uri != target {
        return Ok(Refused("only the old or the new account may say so"));
    }
    let (Some(old), true) = (actors::by_uri(conn, object)?, object != domain.owner()?.uri) else {
        return Ok(Ignored("the old account is not known here"));
    };
    if domain.site.owns(target) {
        return Ok(Ignored("the new account is ours"));
    }
    if !account_move::concerns(conn, domain, &old)? {
        return Ok(Ignored("nobody here follows the old account"));
    }
    // Both documents must say it as they are now. One that does not was perhaps fetched just before it did: people look
    // at the new account while it is made ready, and the Move comes once.
    let fresh = |agrees: bool| {
        domain.now().minus(if agrees { limits::MOVE_DOCUMENT_AGE } else { limits::MOVE_CONTRADICTION_AGE })
    };
    let names_old = |new: &Actor| new.also_known_as.iter().any(|a| a == object);
    let names_new = |old: &Actor| signer.uri == object || old.moved_to.as_deref() == Some(target);
    let (new, old_agrees) = (actors::by_uri(conn, target)?, names_new(&old));
    let new_agrees = new.as_ref().is_some_and(names_old);
    for (uri, known, agrees) in [(target, new, new_agrees), (object, Some(old.clone()), old_agrees)] {
        // One that was fetched a moment ago is not fetched again now, but once more later.
        if known.is_none_or(|a| a.fetched_at < fresh(agrees)) {
            return Ok(Outcome::Needs(Need::Actor(uri.to_owned())));
        }
    }
    let Some(new) = actors::by_uri(conn, target)? else { return Ok(Ignored("the new account cannot be had")) };
    // A cache may have given us the document of before: the new account is made ready just before it moves.
    if !names_old(&new) || !names_new(&old) {
        return Ok(Outcome::Doubted("one of the two accounts does not name the other"));
    }
    match account_move::follow_along(conn, domain, &old, &new, signer.uri == target)? {
        Some(why) => Ok(Refused(why)),
        None => Ok(Applied),
    }
}
