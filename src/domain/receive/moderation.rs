//! Somebody blocks the owner, or another server complains of the owner.

use super::Outcome;
use crate::domain::authorise::{self, Deed};
use crate::domain::{Domain, notify};
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::{Activity, Item};
use crate::store::actors::Actor;
use crate::store::notifications::Kind as Told;
use crate::store::reports::Report;
use crate::store::{Conn, blocks, follows, notifications, reports, statuses, timelines};

use Outcome::{Applied, Ignored, Refused};

/// Ends both follows and remembers the block: nothing is delivered to the actor any more. The owner is not told.
pub(super) fn block(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let owner = domain.owner()?;
    if activity.objects.first().and_then(Item::id) != Some(owner.uri.as_str()) {
        return Ok(Ignored("it is not of the owner"));
    }
    if activity.target.is_some() {
        // Lemmy's: whoever moderates says it, and goes on talking to the owner elsewhere.
        return Ok(Ignored("it is a ban from a community or server"));
    }
    blocks::insert(conn, domain.next_id(), (signer.id, owner.id), activity.id.as_deref(), domain.now())?;
    for (follower, target) in [(signer.id, owner.id), (owner.id, signer.id)] {
        if let Some(follow) = follows::between(conn, follower, target)? {
            follows::remove(conn, &follow)?;
        }
    }
    timelines::remove_actor(conn, timelines::HOME, signer.id)?;
    notifications::remove(conn, Told::Follow, signer.id, None)?;
    notifications::remove(conn, Told::FollowRequest, signer.id, None)?;
    Ok(Applied)
}

/// Takes a complaint if it is about the owner or a post of the owner.
pub(super) fn flag(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let owner = domain.owner()?;
    if let Some(why) = authorise::refusal(conn, domain, signer, Deed::Report)? {
        return Ok(Refused(why));
    }
    let mut about_owner = false;
    let mut objects = Vec::new();
    for id in activity.objects.iter().filter_map(Item::id).take(limits::REPORT_OBJECTS) {
        if id == owner.uri {
            about_owner = true;
        } else if statuses::by_uri(conn, id)?.is_some_and(|s| s.actor_id == owner.id) {
            objects.push(id.to_owned());
        }
    }
    if !about_owner && objects.is_empty() {
        return Ok(Ignored("it is not about the owner"));
    }
    if reports::count_open_from(conn, &signer.host)? >= limits::REPORTS_PER_HOST {
        return Ok(Refused("there are too many open complaints of this server"));
    }
    let report = Report {
        id: domain.next_id(),
        uri: activity.id.clone(),
        actor: signer.id,
        target: Some(owner.id),
        objects,
        comment: activity.content.clone().unwrap_or_default(),
        created_at: domain.now(),
        closed_at: None,
    };
    if reports::insert(conn, &report)? {
        notify::tell_of_report(conn, domain, signer.id, report.id)?;
    }
    Ok(Applied)
}
