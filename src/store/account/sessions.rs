//! Browsers in which the owner is signed in. Cookies are stored as SHA-256.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::SessionId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::IdList;
use crate::store::database::events::{self, StoreEvent};

/// A session.
#[derive(Debug, Clone)]
pub struct Session {
    /// Our id for it.
    pub id: SessionId,
    /// The token that its forms carry.
    pub csrf: String,
    /// When it was last used.
    pub used_at: Timestamp,
}

/// Stores a session under the hash of its cookie, and drops the least recently used ones beyond `keep`.
pub fn insert(conn: &Conn, cookie_hash: &str, s: &Session, user_agent: &str, keep: i64) -> Result<()> {
    conn.execute(
        "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        params![s.id, cookie_hash, s.csrf, user_agent, s.used_at],
    )?;
    let removed = conn.execute(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions ORDER BY used_at DESC, id DESC LIMIT -1 OFFSET ?1)",
        [keep],
    )?;
    if removed > 0 {
        events::record(StoreEvent::SessionsEnded);
    }
    Ok(())
}

/// The session of a cookie, if it was used since `since`.
pub fn by_cookie(conn: &Conn, cookie_hash: &str, since: Timestamp) -> Result<Option<Session>> {
    Ok(conn
        .prepare_cached("SELECT id, csrf, used_at FROM sessions WHERE cookie = ?1 AND used_at >= ?2")?
        .query_row(params![cookie_hash, since], |r| Ok(Session { id: r.get(0)?, csrf: r.get(1)?, used_at: r.get(2)? }))
        .optional()?)
}

/// Which of these sessions are valid: they were used since `since`.
pub fn valid(conn: &Conn, ids: &IdList, since: Timestamp) -> Result<HashSet<SessionId>> {
    let sql = "SELECT id FROM sessions WHERE id IN (SELECT value FROM json_each(?1)) AND used_at >= ?2";
    Ok(conn.prepare_cached(sql)?.query_map(params![ids, since], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// Notes that a session was used.
pub fn touch(conn: &Conn, id: SessionId, now: Timestamp) -> Result<()> {
    conn.execute("UPDATE sessions SET used_at = ?2 WHERE id = ?1", params![id, now])?;
    Ok(())
}

/// A browser in which the owner is signed in.
#[derive(Debug, Clone)]
pub struct Browser {
    /// The id of the session.
    pub id: SessionId,
    /// What the browser calls itself.
    pub user_agent: String,
    /// When the owner signed in.
    pub created_at: Timestamp,
    /// When it was last used, to within a day.
    pub used_at: Timestamp,
}

/// The browsers that were used since `since`, the last used first.
pub fn list(conn: &Conn, since: Timestamp) -> Result<Vec<Browser>> {
    let sql =
        "SELECT id, user_agent, created_at, used_at FROM sessions WHERE used_at >= ?1 ORDER BY used_at DESC, id DESC";
    let row =
        |r: &Row<'_>| Ok(Browser { id: r.get(0)?, user_agent: r.get(1)?, created_at: r.get(2)?, used_at: r.get(3)? });
    Ok(conn.prepare_cached(sql)?.query_map([since], row)?.collect::<Result<_, _>>()?)
}

/// Ends all sessions but one.
pub fn end_others(conn: &Conn, kept: SessionId) -> Result<()> {
    conn.execute("DELETE FROM sessions WHERE id <> ?1", [kept])?;
    events::record(StoreEvent::SessionsEnded);
    Ok(())
}

/// Ends one session, or all of them.
pub fn end(conn: &Conn, id: Option<SessionId>) -> Result<()> {
    match id {
        Some(id) => conn.execute("DELETE FROM sessions WHERE id = ?1", [id])?,
        None => conn.execute("DELETE FROM sessions", [])?,
    };
    events::record(StoreEvent::SessionsEnded);
    Ok(())
}
