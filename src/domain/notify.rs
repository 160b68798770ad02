//! When the owner is told of something.

use super::Domain;
use crate::error::Result;
use crate::protocol::ids::{ActorId, NotificationId, StatusId};
use crate::store::notifications::{Kind, Notification};
use crate::store::{Conn, follows, notifications, reactions, statuses};

/// Tells the owner, unless the owner blocks the actor, did it, or has muted the thread. Answers whether it was told.
///
/// # Errors
/// When the database cannot be written.
pub fn tell(conn: &Conn, domain: &Domain, kind: Kind, actor: ActorId, status: Option<StatusId>) -> Result<bool> {
    let owner = domain.owner()?.id;
    if actor == owner || follows::blocks(conn, owner, actor)? {
        return Ok(false);
    }
    if let Some(id) = status
        && let Some(status) = statuses::get(conn, id)?
        && reactions::thread_muted(conn, status.thread)?
    {
        return Ok(false);
    }
    let n = Notification {
        id: NotificationId(domain.next_id()),
        kind,
        actor_id: actor,
        status_id: status,
        created_at: domain.now(),
    };
    notifications::insert(conn, &n)
}
