//! Actors that move, are gone, or delete themselves.

use rusqlite::{OptionalExtension, params};

use super::actor::Actor;
use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::database::column_types::to_json;
use crate::store::{Conn, statuses};

/// Marks an actor gone: its server says so. Nothing is delivered to it any longer; a newer document brings it back.
pub fn mark_gone(conn: &Conn, id: ActorId, now: Timestamp) -> Result<()> {
    conn.execute("UPDATE actors SET gone_at = ?2 WHERE id = ?1 AND local = 0", params![id, now])?;
    Ok(())
}

/// An actor has signed something: it is there, whatever its document said.
pub fn heard(conn: &Conn, id: ActorId) -> Result<()> {
    conn.prepare_cached("UPDATE actors SET gone_at = NULL WHERE id = ?1 AND gone_at IS NOT NULL")?.execute([id])?;
    Ok(())
}

/// Removes the newest posts of a remote actor that is deleted, at most `most`, and hides the others until they are removed too.
/// Returns `true` if there are any.
pub fn delete_some_posts(conn: &Conn, actor: &Actor, most: usize) -> Result<bool> {
    if !actor.suspended {
        statuses::record_deletion_by(conn, actor.id)?;
    }
    let ids: Vec<StatusId> = conn
        .prepare_cached("SELECT id FROM statuses WHERE actor_id = ?1 ORDER BY id DESC LIMIT ?2")?
        .query_map(params![actor.id, most as i64], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    for id in ids {
        if let Some(status) = statuses::get(conn, id)? {
            statuses::remove(conn, &status)?;
        }
    }
    let hide = "UPDATE actors SET suspended = 1 WHERE id = ?1 AND local = 0 \
                AND EXISTS (SELECT 1 FROM statuses WHERE actor_id = ?1)";
    Ok(conn.prepare_cached(hide)?.execute([actor.id])? > 0)
}

/// Removes a remote actor without posts and everything that refers to it, and keeps the counters of what is left.
pub fn delete(conn: &Conn, id: ActorId) -> Result<()> {
    conn.prepare_cached(
        "UPDATE statuses SET favourites_count = max(0, favourites_count - 1) \
         WHERE id IN (SELECT status_id FROM favourites WHERE actor_id = ?1)",
    )?
    .execute([id])?;
    conn.execute("DELETE FROM actors WHERE id = ?1 AND local = 0", [id])?;
    Ok(())
}

/// Leaves an empty row of an actor that was removed, so that what the owner thinks of it stays should it come again.
pub fn insert_gone(conn: &Conn, was: &Actor, now: Timestamp) -> Result<()> {
    conn.execute(
        "INSERT INTO actors (id, uri, kind, username, domain, host, inbox, created_at, updated_at, fetched_at, gone_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', ?7, ?7, ?7, ?7)",
        params![was.id, was.uri, was.kind, was.username, was.domain, was.host, now],
    )?;
    Ok(())
}

/// Returns `true` if the owner was led from this actor to another account since then.
pub fn has_moved_since(conn: &Conn, actor: ActorId, since: Timestamp) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM actors WHERE id = ?1 AND moved_at >= ?2)")?
        .query_row(params![actor, since], |r| r.get(0))?)
}

/// When the owner was last led from this actor to another account; for the owner, when it last moved.
pub fn moved_at(conn: &Conn, actor: ActorId) -> Result<Option<Timestamp>> {
    let read = conn.prepare_cached("SELECT moved_at FROM actors WHERE id = ?1")?.query_row([actor], |r| r.get(0));
    Ok(read.optional()?.flatten())
}

/// Notes that the owner was led from this actor to another account, or that the owner has moved.
pub fn note_move(conn: &Conn, actor: ActorId, now: Timestamp) -> Result<()> {
    conn.prepare_cached("UPDATE actors SET moved_at = ?2 WHERE id = ?1")?.execute(params![actor, now])?;
    Ok(())
}

/// Notes where an actor of this server has moved, and what else it is known as.
pub fn set_moved(conn: &Conn, id: ActorId, to: Option<&str>, aliases: &[String], now: Timestamp) -> Result<()> {
    conn.execute(
        "UPDATE actors SET moved_to = ?2, also_known_as = ?3, updated_at = ?4 WHERE id = ?1",
        params![id, to, to_json(&aliases), now],
    )?;
    Ok(())
}
