//! Notifications of the owner: which events cause one.

use super::{Domain, push};
use crate::error::Result;
use crate::protocol::ids::{ActorId, NotificationId, StatusId};
use crate::store::interactions::thread_mutes;
use crate::store::notifications::{Notification, NotificationKind};
use crate::store::peers::domain_policies::Severity;
use crate::store::relationships::{blocks, follows, mutes};
use crate::store::statuses::Status;
use crate::store::{Conn, actors, notifications, statuses};

/// Notifies the owner, unless the owner is, blocks or mutes the actor, or has muted the thread. Returns `true` if there is a new
/// notification.
pub fn notify(
    conn: &Conn,
    domain: &Domain,
    kind: NotificationKind,
    actor: ActorId,
    status: Option<StatusId>,
) -> Result<bool> {
    let owner = domain.owner()?.id;
    if actor == owner || blocks::exists(conn, owner, actor)? || is_silenced(conn, owner, actor)? {
        return Ok(false);
    }
    if mutes::silences(conn, actor)? {
        return Ok(false);
    }
    if let Some(id) = status
        && let Some(status) = statuses::get(conn, id)?
        && thread_mutes::exists(conn, status.thread)?
    {
        return Ok(false);
    }
    insert(conn, domain, kind, actor, status)
}

/// Notifies the owner of a report, unless the owner blocks the actor. Reports are not grouped.
pub fn notify_of_report(conn: &Conn, domain: &Domain, actor: ActorId, report: i64) -> Result<bool> {
    let owner = domain.owner()?.id;
    if blocks::exists(conn, owner, actor)? || is_silenced(conn, owner, actor)? {
        return Ok(false);
    }
    let new = Notification { report_id: Some(report), ..new(domain, NotificationKind::Report, actor) };
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
    insert(conn, domain, NotificationKind::Poll, poll.actor_id, Some(poll.id))
}

fn insert(
    conn: &Conn,
    domain: &Domain,
    kind: NotificationKind,
    actor: ActorId,
    status: Option<StatusId>,
) -> Result<bool> {
    store(conn, domain, &Notification { status_id: status, ..new(domain, kind, actor) })
}

/// Stores a notification and queues it for the apps that want it pushed. Returns `false` if it is stored already.
fn store(conn: &Conn, domain: &Domain, notification: &Notification) -> Result<bool> {
    let is_new = notifications::insert(conn, notification)?;
    if is_new {
        push::enqueue(conn, domain, notification)?;
    }
    Ok(is_new)
}

fn new(domain: &Domain, kind: NotificationKind, actor: ActorId) -> Notification {
    Notification {
        id: NotificationId(domain.next_id()),
        kind,
        actor_id: actor,
        status_id: None,
        created_at: domain.now(),
        report_id: None,
    }
}
