//! Somebody blocks the owner, or another server complains of the owner.

use super::Outcome;
use crate::domain::inbox::authorization::{self, Action};
use crate::domain::{Domain, notifications as notify};
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::{Activity, ActivityKind, ActorKind, Item};
use crate::protocol::activitystreams::{self, same_origin};
use crate::store::actors::{self, Actor};
use crate::store::notifications::NotificationKind;
use crate::store::relationships::follows::{self, Follow};
use crate::store::relationships::reports::Report;
use crate::store::relationships::{blocks, reports};
use crate::store::statuses::{self, tombstones};
use crate::store::{Conn, notifications, quota, timelines};

use Outcome::{Applied, Ignored, Refused};

/// Ends both follows and remembers the block: nothing is delivered to the actor any more. The owner is not told.
pub(crate) fn block(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let owner = domain.owner()?;
    if activity.objects.first().and_then(Item::id) != Some(owner.uri.as_str()) {
        return Ok(Ignored("it is not of the owner"));
    }
    if activity.target.is_some() {
        // Lemmy's: the moderator is not the one who no longer wants to hear from the owner.
        return banned(conn, domain, signer, activity);
    }
    if let Some(id) = &activity.id
        && tombstones::covers_since(conn, id, &signer.uri, domain.now().minus(limits::EARLY_UNDO_MEMORY))?
    {
        return Ok(Ignored("it was taken back already"));
    }
    blocks::insert(conn, domain.next_id(), (signer.id, owner.id), activity.id.as_deref(), domain.now())?;
    for (follower, target) in [(signer.id, owner.id), (owner.id, signer.id)] {
        if let Some(follow) = follows::between(conn, follower, target)? {
            follows::remove(conn, &follow)?;
        }
    }
    timelines::remove_actor(conn, timelines::HOME, signer.id)?;
    notifications::remove(conn, NotificationKind::Follow, signer.id, None)?;
    notifications::remove(conn, NotificationKind::FollowRequest, signer.id, None)?;
    Ok(Applied)
}

/// A ban of the owner from a community, or from a server with all its communities, as Lemmy sends it: a Block whose
/// `target` says from where. The server has ended the subscription, so the follow ends here too, and its page shows the
/// reason.
pub(crate) fn banned(conn: &Conn, domain: &Domain, by: &Actor, ban: &Activity) -> Result<Outcome> {
    let memberships = match memberships(conn, domain, by, ban)? {
        Ok(memberships) => memberships,
        Err(outcome) => return Ok(outcome),
    };
    let mut reason = "The moderators have banned you".to_owned();
    if let Some(words) = &ban.content {
        reason = format!("{reason}: {words}");
    }
    for follow in &memberships {
        follows::fail(conn, follow, &reason)?;
    }
    Ok(if memberships.is_empty() { Ignored("the owner is no member there") } else { Applied })
}

/// The end of a ban. The subscription stays ended; its page no longer shows the reason.
pub(crate) fn unbanned(conn: &Conn, domain: &Domain, by: &Actor, ban: &Activity) -> Result<Outcome> {
    let memberships = match memberships(conn, domain, by, ban)? {
        Ok(memberships) => memberships,
        Err(outcome) => return Ok(outcome),
    };
    let mut ended = memberships.iter().filter(|follow| follow.failure.is_some()).peekable();
    let is_known = ended.peek().is_some();
    for follow in ended {
        follows::remove(conn, follow)?;
    }
    Ok(if is_known { Applied } else { Ignored("what it undoes is not here") })
}

/// The ban that an Undo ends.
pub(crate) fn ban_in(undo: &Activity) -> Option<Activity> {
    let Item::Embedded(value) = undo.objects.first()? else { return None };
    let inner = activitystreams::read_activity(value).ok()?;
    (inner.kind == ActivityKind::Block && inner.target.is_some()).then_some(inner)
}

/// The follows of the owner that a ban is about. Only the origin that a community is on can ban from it: its own actors
/// (moderators of other servers reach us through the community, which announces the ban).
fn memberships(
    conn: &Conn,
    domain: &Domain,
    by: &Actor,
    ban: &Activity,
) -> Result<std::result::Result<Vec<Follow>, Outcome>> {
    let owner = domain.owner()?;
    let Some(target) = ban.target.as_deref() else { return Ok(Err(Ignored("it does not say from where"))) };
    if ban.objects.first().and_then(Item::id) != Some(owner.uri.as_str()) {
        return Ok(Err(Ignored("it is not of the owner")));
    }
    if !same_origin(target, &by.uri) {
        return Ok(Err(Refused("only the server of a community can ban from it")));
    }
    let community = actors::by_uri(conn, target)?.filter(|a| a.kind != ActorKind::Application);
    if let Some(community) = community {
        return Ok(Ok(follows::between(conn, owner.id, community.id)?.into_iter().collect()));
    }
    let mut all = Vec::new();
    for follow in follows::on_host(conn, owner.id, &by.host)? {
        if actors::get(conn, follow.target)?.is_some_and(|a| a.kind == ActorKind::Group) {
            all.push(follow);
        }
    }
    // The id of a server is its address (Lemmy, PieFed) or the actor that stands for it.
    let is_server = actors::by_uri(conn, target)?.is_some() || is_root(target);
    Ok(Ok(if is_server { all } else { Vec::new() }))
}

fn is_root(id: &str) -> bool {
    url::Url::parse(id).is_ok_and(|url| url.path() == "/")
}

/// Takes a complaint if it is about the owner or a post of the owner.
pub(crate) fn flag(conn: &Conn, domain: &Domain, signer: &Actor, activity: &Activity) -> Result<Outcome> {
    let owner = domain.owner()?;
    if let Some(why) = authorization::refusal(conn, domain, signer, Action::Report)? {
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
    if reports::count_open_from(conn, &quota::key(conn, &signer.host)?)? >= limits::REPORTS_PER_HOST {
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
