//! Emoji reactions to statuses.

use rusqlite::{OptionalExtension, params};

use super::Conn;
use super::visible::{Viewer, actor_shown};
use crate::error::Result;
use crate::protocol::activitystreams::types::Reaction;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;

/// Stores a reaction. Answers false if the actor has reacted so already, or has used up `most` reactions.
///
/// # Errors
/// When the database cannot be written.
pub fn insert(
    conn: &Conn,
    id: i64,
    (actor, status): (ActorId, StatusId),
    reaction: &Reaction,
    uri: Option<&str>,
    most: i64,
    now: Timestamp,
) -> Result<bool> {
    let added = conn
        .prepare_cached(
            "INSERT INTO reactions SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 \
             WHERE (SELECT count(*) FROM reactions WHERE status_id = ?3 AND actor_id = ?2) < ?8 ON CONFLICT DO NOTHING",
        )?
        .execute(params![id, actor, status, reaction.text, reaction.url, uri, now, most])?;
    Ok(added == 1)
}

/// Removes a reaction. Answers the id of its activity, if there was one.
///
/// # Errors
/// When the database cannot be written.
pub fn remove(conn: &Conn, actor: ActorId, status: StatusId, emoji: &str) -> Result<Option<Option<String>>> {
    Ok(conn
        .prepare_cached("DELETE FROM reactions WHERE status_id = ?1 AND actor_id = ?2 AND emoji = ?3 RETURNING uri")?
        .query_row(params![status, actor, emoji], |r| r.get(0))
        .optional()?)
}

/// The status and emoji of the reaction with this activity id, by this actor.
///
/// # Errors
/// When the database cannot be read.
pub fn by_uri(conn: &Conn, uri: &str, actor: ActorId) -> Result<Option<(StatusId, String)>> {
    Ok(conn
        .prepare_cached("SELECT status_id, emoji FROM reactions WHERE uri = ?1 AND actor_id = ?2")?
        .query_row(params![uri, actor], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?)
}

/// The newest reaction of an actor to a status.
///
/// # Errors
/// When the database cannot be read.
pub fn last_of(conn: &Conn, actor: ActorId, status: StatusId) -> Result<Option<Reaction>> {
    Ok(conn
        .prepare_cached(
            "SELECT emoji, url FROM reactions WHERE actor_id = ?1 AND status_id = ?2 ORDER BY id DESC LIMIT 1",
        )?
        .query_row(params![actor, status], |r| Ok(Reaction { text: r.get(0)?, url: r.get(1)? }))
        .optional()?)
}

/// How often one emoji stands under a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The emoji, or `:name:` of a custom one.
    pub emoji: String,
    /// The picture of a custom one.
    pub url: Option<String>,
    /// How many reacted with it.
    pub count: i64,
    /// The asking actor is among them.
    pub own: bool,
}

/// The reactions to a status, the most frequent first.
///
/// # Errors
/// When the database cannot be read.
pub fn tally(conn: &Conn, viewer: Viewer, status: StatusId) -> Result<Vec<Tally>> {
    let sql = format!(
        "SELECT r.emoji, max(r.url), count(*), max(r.actor_id IS ?2) FROM reactions r WHERE r.status_id = ?1 AND {} \
         GROUP BY r.emoji ORDER BY 3 DESC, min(r.id) LIMIT 50",
        actor_shown(viewer, "r")
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![status, viewer.owner()], |r| {
            Ok(Tally { emoji: r.get(0)?, url: r.get(1)?, count: r.get(2)?, own: r.get(3)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
