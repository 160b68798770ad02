//! Deletion of statuses.

use super::counts::add_counts;
use super::status::Status;
use crate::error::Result;
use crate::store::{Conn, actors, search};

/// Removes a status with its boosts, favourites, notifications and timeline rows, and keeps the counters.
pub fn delete(conn: &Conn, status: &Status) -> Result<()> {
    if status.visibility.is_open() {
        if let Some(parent) = status.in_reply_to {
            add_counts(conn, parent, -1, 0, 0)?;
        }
        match status.boost_of {
            Some(of) => add_counts(conn, of, 0, -1, 0)?,
            None => actors::add_counts(conn, status.actor_id, -1, 0, 0)?,
        }
    }
    search::remove(conn, status.id)?;
    conn.prepare_cached("UPDATE statuses SET parent_gone = 1 WHERE in_reply_to_id = ?1")?.execute([status.id])?;
    conn.prepare_cached("DELETE FROM statuses WHERE id = ?1")?.execute([status.id])?;
    Ok(())
}
