//! Notifications of the owner: which events cause one.

pub mod policy;
pub mod requests;

use policy::Treatment;

use super::{Domain, Tx, push};
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::interactions::thread_mutes;
use crate::store::notifications::severances::{self, Severance};
use crate::store::notifications::{Notification, NotificationKind, groups};
use crate::store::peers::domain_policies::Severity;
use crate::store::relationships::{blocks, follows, mutes};
use crate::store::statuses::Status;
use crate::store::{Conn, actors, notifications, statuses};

/// Notifies the owner, unless the owner is, blocks or mutes the actor, or has muted the thread, or the notification policy
/// drops it. Returns `true` if there is a new notification that the policy does not filter.
pub fn notify(
    conn: &Conn,
    domain: &Domain,
    kind: NotificationKind,
    actor: ActorId,
    status: Option<StatusId>,
) -> Result<bool> {
    let owner = domain.owner()?.id;
    if actor == owner || blocks::exists(conn, owner, actor)? {
        return Ok(false);
    }
    if mutes::silences(conn, actor)? {
        return Ok(false);
    }
    let about = status.map(|id| statuses::get(conn, id)).transpose()?.flatten();
    if let Some(status) = &about
        && thread_mutes::exists(conn, status.thread)?
    {
        return Ok(false);
    }
    let filtered = match policy::treatment(conn, domain, kind, actor, about.as_ref())? {
        Treatment::Accept => false,
        Treatment::Filter => true,
        Treatment::Drop => return Ok(false),
    };
    let group_key = group_key(conn, domain, kind, status)?;
    let new = Notification { status_id: status, group_key, filtered, ..new(conn, domain, kind, actor)? };
    Ok(store(conn, domain, &new)? && !filtered)
}

/// The key of the group that a notification belongs to: the latest of its kind and status, if that is not full of hours.
fn group_key(conn: &Conn, domain: &Domain, kind: NotificationKind, status: Option<StatusId>) -> Result<Option<String>> {
    let name = match kind {
        // Apps that do not know reactions get them as favourites.
        NotificationKind::Favourite | NotificationKind::Reaction => "favourite",
        NotificationKind::Boost => "reblog",
        NotificationKind::Follow => "follow",
        _ => return Ok(None),
    };
    let prefix = status.map_or_else(|| format!("{name}-"), |id| format!("{name}-{id}-"));
    let hour = domain.now().seconds() / 3_600;
    let latest = groups::latest_key(conn, &prefix)?.and_then(|key| key.strip_prefix(&prefix)?.parse::<i64>().ok());
    let hour = latest.filter(|begun| hour - begun < limits::NOTIFICATION_GROUP_HOURS).unwrap_or(hour);
    Ok(Some(format!("{prefix}{hour}")))
}

/// Notifies the owner that follows ended because the owner suspended a server.
pub fn notify_of_severance(tx: &Tx<'_>, host: &str, followers: i64, following: i64) -> Result<()> {
    let id = tx.next_id();
    let severance = Severance { id, host: host.to_owned(), followers, following, created_at: tx.now() };
    severances::insert(tx, &severance)?;
    let owner = tx.owner()?.id;
    let new = Notification { severance_id: Some(id), ..new(tx, tx.domain(), NotificationKind::Severed, owner)? };
    store(tx, tx.domain(), &new).map(|_| ())
}

/// Notifies the owner of a report, unless the owner blocks the actor. Reports are not grouped.
pub fn notify_of_report(conn: &Conn, domain: &Domain, actor: ActorId, report: i64) -> Result<bool> {
    let owner = domain.owner()?.id;
    if blocks::exists(conn, owner, actor)? || is_silenced(conn, owner, actor)? {
        return Ok(false);
    }
    let new = Notification { report_id: Some(report), ..new(conn, domain, NotificationKind::Report, actor)? };
    store(conn, domain, &new)
}

/// True for actors that are silenced and that the owner does not follow: they cause no notifications.
fn is_silenced(conn: &Conn, owner: ActorId, actor: ActorId) -> Result<bool> {
    let limited = actors::get(conn, actor)?.map(|a| a.limited).unwrap_or_default();
    Ok(limited != Severity::Allow && !follows::is_accepted(conn, owner, actor)?)
}

/// Notifies the owner that a poll has ended, also a poll of the owner.
pub fn notify_of_poll(conn: &Conn, domain: &Domain, poll: &Status) -> Result<bool> {
    if thread_mutes::exists(conn, poll.thread)? {
        return Ok(false);
    }
    let new = Notification { status_id: Some(poll.id), ..new(conn, domain, NotificationKind::Poll, poll.actor_id)? };
    store(conn, domain, &new)
}

/// Stores a notification and, unless it is filtered, queues it for the apps that want it pushed. Returns `false` if it is
/// stored already.
fn store(conn: &Conn, domain: &Domain, notification: &Notification) -> Result<bool> {
    let is_new = notifications::insert(conn, notification)?;
    if is_new && !notification.filtered {
        push::enqueue(conn, domain, notification)?;
    }
    Ok(is_new)
}

fn new(conn: &Conn, domain: &Domain, kind: NotificationKind, actor: ActorId) -> Result<Notification> {
    Ok(Notification::new(notifications::next_id(conn)?, kind, actor, domain.now()))
}
