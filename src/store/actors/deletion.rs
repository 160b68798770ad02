//! Actors that move, are gone, or delete themselves.

use rusqlite::{OptionalExtension, params};

use super::actor::Actor;
use crate::error::Result;
use crate::protocol::ids::ActorId;
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

/// Removes a remote actor with everything that hangs on it, and keeps the counters of what is left.
pub fn delete(conn: &Conn, id: ActorId) -> Result<()> {
    statuses::record_deletion_by(conn, id)?;
    // The rows go by themselves; the counters and the index of words do not.
    for sql in [
        "UPDATE statuses SET favourites_count = max(0, favourites_count - 1) \
         WHERE id IN (SELECT status_id FROM favourites WHERE actor_id = ?1)",
        "UPDATE statuses SET boosts_count = max(0, boosts_count - 1) \
         WHERE id IN (SELECT boost_of_id FROM statuses WHERE actor_id = ?1 AND boost_of_id IS NOT NULL AND visibility <= 1)",
        "UPDATE statuses SET replies_count = max(0, replies_count - (SELECT count(*) FROM statuses r \
         WHERE r.in_reply_to_id = statuses.id AND r.actor_id = ?1 AND r.visibility <= 1)) \
         WHERE id IN (SELECT in_reply_to_id FROM statuses WHERE actor_id = ?1 AND in_reply_to_id IS NOT NULL)",
        "UPDATE statuses SET parent_gone = 1 WHERE actor_id <> ?1 \
         AND in_reply_to_id IN (SELECT id FROM statuses WHERE actor_id = ?1)",
        "DELETE FROM status_search WHERE rowid IN (SELECT id FROM statuses WHERE actor_id = ?1)",
    ] {
        conn.prepare_cached(sql)?.execute([id])?;
    }
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
