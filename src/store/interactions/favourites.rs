//! Favourites, bookmarks and muted threads. (A boost is a status, a pin a column of one.)

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::database::column_types::IdList;
use crate::store::database::pagination::Page;
use crate::store::visibility::{Viewer, actor_shown, shown_to, visible_to};
use crate::store::{Conn, statuses};

/// Stores a favourite. Answers false if it was there.
///
/// # Errors
/// When the database cannot be written.
pub fn favourite(
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
///
/// # Errors
/// When the database cannot be written.
pub fn renew_favourite(conn: &Conn, actor: ActorId, status: StatusId, uri: &str) -> Result<Option<String>> {
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

/// Removes a favourite. Answers the id of its Like, if there was a favourite.
///
/// # Errors
/// When the database cannot be written.
pub fn unfavourite(conn: &Conn, actor: ActorId, status: StatusId) -> Result<Option<Option<String>>> {
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
pub fn favourite_uri(conn: &Conn, actor: ActorId, status: StatusId) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached("SELECT uri FROM favourites WHERE status_id = ?1 AND actor_id = ?2")?
        .query_row(params![status, actor], |r| r.get(0))
        .optional()?
        .flatten())
}

/// The status that the Like with this id, by this actor, is of.
///
/// # Errors
/// When the database cannot be read.
pub fn favourite_by_uri(conn: &Conn, uri: &str, actor: ActorId) -> Result<Option<StatusId>> {
    Ok(conn
        .prepare_cached("SELECT status_id FROM favourites WHERE uri = ?1 AND actor_id = ?2")?
        .query_row(params![uri, actor], |r| r.get(0))
        .optional()?)
}

/// Who favourited a status, newest first, with the page cursor; nobody who is suspended or blocked, or for
/// others than the owner silenced.
///
/// # Errors
/// When the database cannot be read.
pub fn favourited_by(conn: &Conn, viewer: Viewer, status: StatusId, page: &Page) -> Result<Vec<(i64, ActorId)>> {
    let sql = format!(
        "SELECT f.id, f.actor_id FROM favourites f WHERE f.status_id = ?1 AND f.id < ?2 AND f.id > ?3 AND {} \
         ORDER BY f.id {} LIMIT ?4",
        actor_shown(viewer, "f"),
        page.order()
    );
    page.list(conn, &sql, status)
}

/// Who boosted a status, newest first, with the page cursor. Only boosts that `viewer` may see.
///
/// # Errors
/// When the database cannot be read.
pub fn boosted_by(conn: &Conn, viewer: Viewer, status: StatusId, page: &Page) -> Result<Vec<(i64, ActorId)>> {
    let sql = format!(
        "SELECT s.id, s.actor_id FROM statuses s WHERE s.boost_of_id = ?1 AND s.id < ?2 AND s.id > ?3 AND {} AND {} ORDER BY s.id {} LIMIT ?4",
        visible_to(viewer, "s"),
        shown_to(viewer, "s"),
        page.order()
    );
    page.list(conn, &sql, status)
}

/// The statuses that an actor favourited, newest favourite first, with the page cursor.
///
/// # Errors
/// When the database cannot be read.
pub fn favourites_of(conn: &Conn, viewer: Viewer, actor: ActorId, page: &Page) -> Result<Vec<(i64, StatusId)>> {
    let sql = format!(
        "SELECT f.id, f.status_id FROM favourites f JOIN statuses s ON s.id = f.status_id WHERE f.actor_id = ?1 \
         AND f.id < ?2 AND f.id > ?3 AND {} ORDER BY f.id {} LIMIT ?4",
        visible_to(viewer, "s"),
        page.order()
    );
    page.list(conn, &sql, actor)
}

/// Bookmarks a status.
///
/// # Errors
/// When the database cannot be written.
pub fn bookmark(conn: &Conn, id: i64, status: StatusId, now: Timestamp) -> Result<()> {
    conn.execute(
        "INSERT INTO bookmarks VALUES (?1, ?2, ?3) ON CONFLICT (status_id) DO NOTHING",
        params![id, status, now],
    )?;
    Ok(())
}

/// Removes a bookmark.
///
/// # Errors
/// When the database cannot be written.
pub fn unbookmark(conn: &Conn, status: StatusId) -> Result<()> {
    conn.execute("DELETE FROM bookmarks WHERE status_id = ?1", [status])?;
    Ok(())
}

/// The owner's bookmarks, newest first, with the page cursor.
///
/// # Errors
/// When the database cannot be read.
pub fn bookmarks(conn: &Conn, viewer: Viewer, page: &Page) -> Result<Vec<(i64, StatusId)>> {
    let sql = format!(
        "SELECT b.id, b.status_id FROM bookmarks b JOIN statuses s ON s.id = b.status_id WHERE b.id < ?1 AND b.id > ?2 \
         AND {} ORDER BY b.id {} LIMIT ?3",
        visible_to(viewer, "s"),
        page.order()
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![page.below, page.above, page.limit], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(page.arrange(rows))
}

/// Mutes or unmutes a thread.
///
/// # Errors
/// When the database cannot be written.
pub fn set_thread_muted(conn: &Conn, thread: StatusId, muted: bool, now: Timestamp) -> Result<()> {
    if muted {
        conn.execute("INSERT INTO muted_threads VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![thread, now])?;
    } else {
        conn.execute("DELETE FROM muted_threads WHERE thread_id = ?1", [thread])?;
    }
    Ok(())
}

/// What the owner did with a status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnerMarks {
    /// Favourited.
    pub favourited: bool,
    /// Boosted.
    pub boosted: bool,
    /// Bookmarked.
    pub bookmarked: bool,
    /// Its thread is muted.
    pub muted: bool,
}

/// What the owner did with these statuses.
///
/// # Errors
/// When the database cannot be read.
pub fn owner_marks(conn: &Conn, owner: ActorId, statuses: &IdList) -> Result<HashMap<StatusId, OwnerMarks>> {
    let sql = "SELECT s.id, EXISTS (SELECT 1 FROM favourites WHERE status_id = s.id AND actor_id = ?1), \
                      EXISTS (SELECT 1 FROM statuses b WHERE b.boost_of_id = s.id AND b.actor_id = ?1), \
                      EXISTS (SELECT 1 FROM bookmarks WHERE status_id = s.id), \
                      EXISTS (SELECT 1 FROM muted_threads WHERE thread_id = s.thread_id) \
               FROM json_each(?2) j CROSS JOIN statuses s ON s.id = j.value";
    let read = |r: &Row<'_>| {
        let marks = OwnerMarks { favourited: r.get(1)?, boosted: r.get(2)?, bookmarked: r.get(3)?, muted: r.get(4)? };
        Ok((r.get(0)?, marks))
    };
    Ok(conn.prepare_cached(sql)?.query_map(params![owner, statuses], read)?.collect::<Result<_, _>>()?)
}

/// True if the owner has muted this thread.
///
/// # Errors
/// When the database cannot be read.
pub fn thread_muted(conn: &Conn, thread: StatusId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM muted_threads WHERE thread_id = ?1)")?
        .query_row([thread], |r| r.get(0))?)
}
