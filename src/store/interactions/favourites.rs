//! Favourites (Like).

use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::database::pagination::Page;
use crate::store::visibility::{Viewer, actor_shown, visible_to};
use crate::store::{Conn, statuses};

/// Stores a favourite. Returns `false` if it was there.
pub fn insert(
    conn: &Conn,
    id: i64,
    actor: ActorId,
    status: StatusId,
    uri: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let added = conn
        .prepare_cached(
            "INSERT INTO favourites (id, actor_id, status_id, uri, created_at) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (status_id, actor_id) DO NOTHING",
        )?
        .execute(params![id, actor, status, uri, now])?;
    if added == 1 {
        statuses::add_counts(conn, status, 0, 0, 1)?;
    }
    Ok(added == 1)
}

/// Gives a favourite the id of a newer Like of the same actor. Returns the id that it had, if that was another.
pub fn renew(conn: &Conn, actor: ActorId, status: StatusId, uri: &str) -> Result<Option<String>> {
    let before: Option<String> = conn
        .prepare_cached("SELECT uri FROM favourites WHERE status_id = ?1 AND actor_id = ?2 AND uri <> ?3")?
        .query_row(params![status, actor, uri], |r| r.get(0))
        .optional()?;
    if before.is_some() {
        conn.prepare_cached("UPDATE favourites SET uri = ?3 WHERE status_id = ?1 AND actor_id = ?2")?
            .execute(params![status, actor, uri])?;
    }
    Ok(before)
}

/// Removes a favourite. Returns the id of its Like, if there was a favourite.
pub fn remove(conn: &Conn, actor: ActorId, status: StatusId) -> Result<Option<Option<String>>> {
    let removed = conn
        .prepare_cached("DELETE FROM favourites WHERE status_id = ?1 AND actor_id = ?2 RETURNING uri")?
        .query_row(params![status, actor], |r| r.get(0))
        .optional()?;
    if removed.is_some() {
        statuses::add_counts(conn, status, 0, 0, -1)?;
    }
    Ok(removed)
}

/// The id of an actor's Like of a status, if it favourited that with an activity.
pub fn uri(conn: &Conn, actor: ActorId, status: StatusId) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached("SELECT uri FROM favourites WHERE status_id = ?1 AND actor_id = ?2")?
        .query_row(params![status, actor], |r| r.get(0))
        .optional()?
        .flatten())
}

/// The status that the Like with this id, by this actor, is of.
pub fn by_uri(conn: &Conn, uri: &str, actor: ActorId) -> Result<Option<StatusId>> {
    Ok(conn
        .prepare_cached("SELECT status_id FROM favourites WHERE uri = ?1 AND actor_id = ?2")?
        .query_row(params![uri, actor], |r| r.get(0))
        .optional()?)
}

/// Who favourited a status, newest first, with the page cursor; nobody who is suspended or blocked, or for
/// others than the owner silenced.
pub fn actors_of_status(conn: &Conn, viewer: Viewer, status: StatusId, page: &Page) -> Result<Vec<(i64, ActorId)>> {
    let sql = format!(
        "SELECT f.id, f.actor_id FROM favourites f WHERE f.status_id = ?1 AND f.id < ?2 AND f.id > ?3 AND {} \
         ORDER BY f.id {} LIMIT ?4",
        actor_shown(viewer, "f"),
        page.order()
    );
    page.list(conn, &sql, status)
}

/// The statuses that an actor favourited, newest favourite first, with the page cursor.
pub fn list(conn: &Conn, viewer: Viewer, actor: ActorId, page: &Page) -> Result<Vec<(i64, StatusId)>> {
    let sql = format!(
        "SELECT f.id, f.status_id FROM favourites f JOIN statuses s ON s.id = f.status_id WHERE f.actor_id = ?1 \
         AND f.id < ?2 AND f.id > ?3 AND {} ORDER BY f.id {} LIMIT ?4",
        visible_to(viewer, "s"),
        page.order()
    );
    page.list(conn, &sql, actor)
}
