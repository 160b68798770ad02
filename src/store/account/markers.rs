//! How far the owner has read.

use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// A reading position.
#[derive(Debug, Clone, Copy)]
pub struct Marker {
    /// The newest id that was read.
    pub last_read_id: i64,
    /// Grows with each change.
    pub version: i64,
    /// When it changed.
    pub updated_at: Timestamp,
}

/// The marker of a timeline (`home` or `notifications`).
pub fn get(conn: &Conn, timeline: &str) -> Result<Option<Marker>> {
    Ok(conn
        .prepare_cached("SELECT last_read_id, version, updated_at FROM markers WHERE timeline = ?1")?
        .query_row([timeline], |r| Ok(Marker { last_read_id: r.get(0)?, version: r.get(1)?, updated_at: r.get(2)? }))
        .optional()?)
}

/// Moves a marker.
pub fn set(conn: &Conn, timeline: &str, last_read_id: i64, now: Timestamp) -> Result<()> {
    conn.execute(
        "INSERT INTO markers VALUES (?1, ?2, 1, ?3) \
         ON CONFLICT (timeline) DO UPDATE SET last_read_id = ?2, version = version + 1, updated_at = ?3",
        params![timeline, last_read_id, now],
    )?;
    Ok(())
}
