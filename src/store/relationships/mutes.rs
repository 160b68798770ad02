//! Accounts that the owner has muted: their posts are hidden from the owner, who stays visible to them.

use std::collections::HashMap;

use rusqlite::{Row, params};

use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::IdList;
use crate::store::database::pagination::Page;

/// A mute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mute {
    /// The muted account.
    pub target: ActorId,
    /// It causes no notifications either.
    pub notifications: bool,
    /// When it ends; never if `None`.
    pub expires_at: Option<Timestamp>,
}

fn from_row(r: &Row<'_>) -> rusqlite::Result<Mute> {
    Ok(Mute { target: r.get(0)?, notifications: r.get(1)?, expires_at: r.get(2)? })
}

/// Stores a mute, or changes the one of the same account.
pub fn set(conn: &Conn, id: i64, mute: Mute, now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO mutes VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (target_id) DO UPDATE SET notifications = ?3, expires_at = ?4",
    )?
    .execute(params![id, mute.target, mute.notifications, mute.expires_at, now])?;
    Ok(())
}

/// Removes a mute.
pub fn remove(conn: &Conn, target: ActorId) -> Result<()> {
    conn.execute("DELETE FROM mutes WHERE target_id = ?1", [target])?;
    Ok(())
}

/// Removes the mutes that have ended.
pub fn remove_expired(conn: &Conn, now: Timestamp) -> Result<()> {
    conn.execute("DELETE FROM mutes WHERE expires_at <= ?1", [now])?;
    Ok(())
}

/// Returns `true` if an account must not cause notifications.
pub fn silences(conn: &Conn, target: ActorId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM mutes WHERE target_id = ?1 AND notifications = 1)")?
        .query_row([target], |r| r.get(0))?)
}

/// The mutes of these accounts.
pub fn among(conn: &Conn, targets: &IdList) -> Result<HashMap<ActorId, Mute>> {
    let sql =
        "SELECT target_id, notifications, expires_at FROM mutes WHERE target_id IN (SELECT value FROM json_each(?1))";
    let rows = conn.prepare_cached(sql)?.query_map([targets], from_row)?.collect::<Result<Vec<_>, _>>()?;
    Ok(rows.into_iter().map(|mute| (mute.target, mute)).collect())
}

/// The mutes, newest first, with the page cursor.
pub fn list(conn: &Conn, page: &Page) -> Result<Vec<(i64, Mute)>> {
    let sql = format!(
        "SELECT target_id, notifications, expires_at, id FROM mutes WHERE id < ?1 AND id > ?2 ORDER BY id {} LIMIT ?3",
        page.order()
    );
    page.read(conn, &sql, params![page.below, page.above, page.limit], |r| Ok((r.get(3)?, from_row(r)?)))
}
