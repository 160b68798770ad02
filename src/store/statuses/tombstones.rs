//! What was deleted.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::to_json;
use crate::store::visibility::Viewer;

/// Remembers that an object of another actor is gone.
pub fn insert(conn: &Conn, uri: &str, kind: &str, now: Timestamp) -> Result<()> {
    conn.prepare_cached("INSERT INTO tombstones VALUES (?1, ?2, 0, ?3, 0) ON CONFLICT DO UPDATE SET deleted_at = ?3")?
        .execute(params![uri, kind, now])?;
    Ok(())
}

/// Remembers that `actor` deleted an object that is not stored. It says nothing of an object of another actor under this
/// id: on one server anyone can name the ids of all.
pub fn insert_unseen(conn: &Conn, uri: &str, actor: &str, now: Timestamp) -> Result<()> {
    insert(conn, &unseen(uri, actor), "Note", now)
}

/// No id holds a space, so this is the name of nothing else.
fn unseen(uri: &str, actor: &str) -> String {
    format!("{uri} {actor}")
}

/// Returns `true` if an object of this author was deleted, also before it came here.
pub fn covers(conn: &Conn, uri: &str, author: &str) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM tombstones WHERE uri IN (?1, ?2))")?
        .query_row([uri, &unseen(uri, author)], |r| r.get(0))?)
}

/// Forgets that a remote object was deleted: its own server shows it again.
pub fn lift(conn: &Conn, uri: &str) -> Result<()> {
    // The rows of `unseen` follow the id with a space.
    let sql = "DELETE FROM tombstones WHERE local = 0 AND (uri = ?1 OR (uri > ?1 || ' ' AND uri < ?1 || '!'))";
    conn.prepare_cached(sql)?.execute([uri])?;
    Ok(())
}

/// Returns `true` if this actor has undone, since then, what has this id and has not come yet.
pub fn covers_since(conn: &Conn, uri: &str, actor: &str, since: Timestamp) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM tombstones WHERE uri = ?1 AND deleted_at >= ?2)")?
        .query_row(params![unseen(uri, actor), since], |r| r.get(0))?)
}

/// Remembers that a post of this server is gone, and whether it was for everyone.
pub fn insert_own(conn: &Conn, uri: &str, kind: &str, open: bool, now: Timestamp) -> Result<()> {
    conn.prepare_cached("INSERT INTO tombstones VALUES (?1, ?2, 1, ?3, ?4) ON CONFLICT DO UPDATE SET deleted_at = ?3")?
        .execute(params![uri, kind, now, !open])?;
    Ok(())
}

/// A post of this server that is gone.
#[derive(Debug, Clone)]
pub struct OwnTombstone {
    /// Its type.
    pub kind: String,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// It was for everyone; otherwise only signed requests learn that it existed.
    pub open: bool,
}

/// The post of this server that had this id, if it was deleted.
pub fn own(conn: &Conn, uri: &str) -> Result<Option<OwnTombstone>> {
    Ok(conn
        .prepare_cached("SELECT kind, deleted_at, closed FROM tombstones WHERE uri = ?1 AND local = 1")?
        .query_row([uri], |r| {
            let closed: bool = r.get(2)?;
            Ok(OwnTombstone { kind: r.get(0)?, deleted_at: r.get(1)?, open: !closed })
        })
        .optional()?)
}

/// The ones of these objects that were deleted and may be known to have been there: what of this server was not for everyone is so
/// to the owner alone.
pub fn told_among(conn: &Conn, uris: &[&str], viewer: Viewer) -> Result<HashSet<String>> {
    let sql = "SELECT t.uri FROM json_each(?1) j CROSS JOIN tombstones t ON t.uri = j.value WHERE t.closed = 0 OR ?2";
    let read = |r: &Row<'_>| r.get(0);
    let args = params![to_json(&uris), viewer.is_owner()];
    Ok(conn.prepare_cached(sql)?.query_map(args, read)?.collect::<Result<_, _>>()?)
}

/// The ones of these objects that were posts of this server, were not for everyone, and were deleted.
pub fn closed_among(conn: &Conn, uris: &[&str]) -> Result<HashSet<String>> {
    let sql = "SELECT t.uri FROM json_each(?1) j CROSS JOIN tombstones t ON t.uri = j.value WHERE t.closed = 1";
    let read = |r: &Row<'_>| r.get(0);
    Ok(conn.prepare_cached(sql)?.query_map([to_json(&uris)], read)?.collect::<Result<_, _>>()?)
}

/// When the object with this id was deleted, if it was.
pub fn deleted_at(conn: &Conn, uri: &str) -> Result<Option<Timestamp>> {
    Ok(conn
        .prepare_cached("SELECT deleted_at FROM tombstones WHERE uri = ?1")?
        .query_row([uri], |r| r.get(0))
        .optional()?)
}

/// Forgets deleted objects of other servers: they only guard against a late Create. Our own stay permanently.
pub fn purge_remote(conn: &Conn, before: Timestamp) -> Result<()> {
    conn.execute("DELETE FROM tombstones WHERE deleted_at < ?1 AND local = 0", [before])?;
    Ok(())
}
