//! Who blocks whom.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::IdList;
use crate::store::database::pagination::Page;

/// Returns `true` if `actor` blocks `target`.
pub fn exists(conn: &Conn, actor: ActorId, target: ActorId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM blocks WHERE actor_id = ?1 AND target_id = ?2)")?
        .query_row([actor, target], |r| r.get(0))?)
}

/// Returns `true` if an actor of this server blocks `target`.
pub fn is_by_local(conn: &Conn, target: ActorId) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM blocks b JOIN actors a ON a.id = b.actor_id AND a.local = 1 WHERE b.target_id = ?1)",
        )?
        .query_row([target], |r| r.get(0))?)
}

/// The ones of these actors that an actor of this server blocks.
pub fn by_local_among(conn: &Conn, targets: &IdList) -> Result<HashSet<ActorId>> {
    let sql = "SELECT b.target_id FROM json_each(?1) j CROSS JOIN blocks b ON b.target_id = j.value \
               JOIN actors a ON a.id = b.actor_id AND a.local = 1";
    Ok(conn.prepare_cached(sql)?.query_map([targets], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// The blocks between an actor and these actors, in both directions: who blocks whom.
pub fn among(conn: &Conn, actor: ActorId, others: &IdList) -> Result<HashSet<(ActorId, ActorId)>> {
    let sql = "SELECT actor_id, target_id FROM blocks WHERE actor_id = ?1 AND target_id IN (SELECT value FROM json_each(?2)) \
               UNION ALL SELECT actor_id, target_id FROM blocks WHERE target_id = ?1 AND actor_id IN (SELECT value FROM json_each(?2))";
    let read = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, r.get(1)?));
    Ok(conn.prepare_cached(sql)?.query_map(params![actor, others], read)?.collect::<Result<_, _>>()?)
}

/// Stores a block. Returns `false` if it was there.
pub fn insert(
    conn: &Conn,
    id: i64,
    (actor, target): (ActorId, ActorId),
    uri: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let added = conn
        .prepare_cached("INSERT INTO blocks VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")?
        .execute(params![id, actor, target, uri, now])?;
    Ok(added == 1)
}

/// Removes a block. Returns the id of its activity, if there was a block.
pub fn remove(conn: &Conn, actor: ActorId, target: ActorId) -> Result<Option<Option<String>>> {
    Ok(conn
        .prepare_cached("DELETE FROM blocks WHERE actor_id = ?1 AND target_id = ?2 RETURNING uri")?
        .query_row([actor, target], |r| r.get(0))
        .optional()?)
}

/// Removes the block with this activity id by this actor. Returns `false` if there was none.
pub fn remove_by_uri(conn: &Conn, uri: &str, actor: ActorId) -> Result<bool> {
    let removed =
        conn.prepare_cached("DELETE FROM blocks WHERE actor_id = ?2 AND uri = ?1")?.execute(params![uri, actor])?;
    Ok(removed > 0)
}

/// The actors that an actor blocks, newest first, with the page cursor.
pub fn list(conn: &Conn, actor: ActorId, page: &Page) -> Result<Vec<(i64, ActorId)>> {
    let sql = format!(
        "SELECT id, target_id FROM blocks WHERE actor_id = ?1 AND id < ?2 AND id > ?3 ORDER BY id {} LIMIT ?4",
        page.order()
    );
    page.list(conn, &sql, actor)
}
