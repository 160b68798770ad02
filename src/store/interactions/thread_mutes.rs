//! Threads that the owner gets no notifications of.

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::StatusId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// Mutes a thread.
pub fn insert(conn: &Conn, thread: StatusId, now: Timestamp) -> Result<()> {
    conn.execute("INSERT INTO muted_threads VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![thread, now])?;
    Ok(())
}

/// Unmutes a thread.
pub fn remove(conn: &Conn, thread: StatusId) -> Result<()> {
    conn.execute("DELETE FROM muted_threads WHERE thread_id = ?1", [thread])?;
    Ok(())
}

/// Returns `true` if the owner has muted this thread.
pub fn exists(conn: &Conn, thread: StatusId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM muted_threads WHERE thread_id = ?1)")?
        .query_row([thread], |r| r.get(0))?)
}
