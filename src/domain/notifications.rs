//! When the owner is told of something.

use super::Domain;
use crate::error::Result;
use crate::protocol::ids::{ActorId, NotificationId, StatusId};
use crate::store::interactions::thread_mutes;
use crate::store::notifications::{Notification, NotificationKind};
use crate::store::peers::domain_policies::Severity;
use crate::store::relationships::{blocks, follows};
use crate::store::statuses::Status;
use crate::store::{Conn, actors, notifications, statuses};

/// Tells the owner, unless the owner blocks the actor, did it, or has muted the thread. Answers whether it was told.
///
/// # Errors
/// When the database cannot be written.
pub fn tell(
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
    if let Some(id) = status
        && let Some(status) = statuses::get(conn, id)?
        && thread_mutes::exists(conn, status.thread)?
    {
        return Ok(false);
    }
    insert(conn, domain, kind, actor, status)
}

/// Tells the owner of a report, each by itself, unless the owner blocks the actor.
pub fn tell_of_report(conn: &Conn, domain: &Domain, actor: ActorId, report: i64) -> Result<bool> {
    let owner = domain.owner()?.id;
    if blocks::exists(conn, owner, actor)? || is_silenced(conn, owner, actor)? {
        return Ok(false);
    }
    notifications::insert(
        conn,
        &Notification { report_id: Some(report), ..new(domain, NotificationKind::Report, actor) },
    )
}

/// Whoever is silenced reaches only an owner who follows them.
fn is_silenced(conn: &Conn, owner: ActorId, actor: ActorId) -> Result<bool> {
    let limited = actors::get(conn, actor)?.map(|a| a.limited).unwrap_or_default();
    Ok(limited != Severity::Allow && !follows::is_accepted(conn, owner, actor)?)
}

/// Tells that a poll is over, also one of the owner.
///
/// # Errors
/// When the database cannot be written.
pub fn tell_of_poll(conn: &Conn, domain: &Domain, poll: &Status) -> Result<bool> {
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
    notifications::insert(conn, &Notification { status_id: status, ..new(domain, kind, actor) })
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
