//! What was deleted.

use rusqlite::{OptionalExtension, params};

use super::Conn;
use crate::error::Result;
use crate::protocol::time::Timestamp;

/// Remembers that the object with this id is gone.
///
/// # Errors
/// When the database cannot be written.
pub fn insert(conn: &Conn, uri: &str, kind: &str, local: bool, now: Timestamp) -> Result<()> {
    conn.prepare_cached("INSERT INTO tombstones VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")?
        .execute(params![uri, kind, local, now])?;
    Ok(())
}

/// When the object with this id was deleted, if it was, with its former type.
///
/// # Errors
/// When the database cannot be read.
pub fn get(conn: &Conn, uri: &str) -> Result<Option<(String, Timestamp)>> {
    Ok(conn
        .prepare_cached("SELECT kind, deleted_at FROM tombstones WHERE uri = ?1")?
        .query_row([uri], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?)
}

/// Forgets deleted objects of other servers: they only guard against a late Create. Our own stay for ever.
///
/// # Errors
/// When the database cannot be written.
pub fn purge_remote(conn: &Conn, before: Timestamp) -> Result<()> {
    conn.execute("DELETE FROM tombstones WHERE deleted_at < ?1 AND local = 0", [before])?;
    Ok(())
}
