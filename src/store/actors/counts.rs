//! Counters of actors.

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// Notes what an actor's own server counts: statuses, followers, followed. Unknown counts stay.
pub fn set_remote_counts(conn: &Conn, id: ActorId, counts: [Option<i64>; 3]) -> Result<()> {
    conn.prepare_cached(
        "UPDATE actors SET remote_statuses = ifnull(?2, remote_statuses), remote_followers = ifnull(?3, remote_followers), \
         remote_following = ifnull(?4, remote_following) WHERE id = ?1",
    )?
    .execute(params![id, counts[0], counts[1], counts[2]])?;
    Ok(())
}

/// Adds to an actor's counters.
pub fn add_counts(conn: &Conn, id: ActorId, statuses: i64, followers: i64, following: i64) -> Result<()> {
    conn.prepare_cached(
        "UPDATE actors SET statuses_count = max(0, statuses_count + ?2), followers_count = max(0, followers_count + ?3), \
         following_count = max(0, following_count + ?4) WHERE id = ?1",
    )?
    .execute(params![id, statuses, followers, following])?;
    Ok(())
}

/// Notes the time of an actor's newest status.
pub fn note_status_at(conn: &Conn, id: ActorId, at: Timestamp) -> Result<()> {
    conn.prepare_cached("UPDATE actors SET last_status_at = max(ifnull(last_status_at, 0), ?2) WHERE id = ?1")?
        .execute(params![id, at])?;
    Ok(())
}
