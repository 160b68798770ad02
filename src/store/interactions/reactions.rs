//! Emoji reactions to statuses.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::Reaction;
use crate::protocol::ids::{ActorId, NotificationId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::IdList;
use crate::store::database::viewer_sql::ViewerSql;
use crate::store::visibility::{Viewer, actor_shown};

/// Stores a reaction. Returns `false` if the actor has reacted so already, or has used up `most` reactions.
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

/// Removes a reaction. Returns the id of its activity, if there was one.
pub fn remove(conn: &Conn, actor: ActorId, status: StatusId, emoji: &str) -> Result<Option<Option<String>>> {
    Ok(conn
        .prepare_cached("DELETE FROM reactions WHERE status_id = ?1 AND actor_id = ?2 AND emoji = ?3 RETURNING uri")?
        .query_row(params![status, actor, emoji], |r| r.get(0))
        .optional()?)
}

/// The status and emoji of the reaction with this activity id, by this actor.
pub fn by_uri(conn: &Conn, uri: &str, actor: ActorId) -> Result<Option<(StatusId, String)>> {
    Ok(conn
        .prepare_cached("SELECT status_id, emoji FROM reactions WHERE uri = ?1 AND actor_id = ?2")?
        .query_row(params![uri, actor], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?)
}

/// The reactions of an actor to a status with the ids of their activities, newest first.
pub fn of_actor(conn: &Conn, actor: ActorId, status: StatusId) -> Result<Vec<(Reaction, Option<String>)>> {
    let rows = conn
        .prepare_cached(
            "SELECT emoji, url, uri FROM reactions WHERE actor_id = ?1 AND status_id = ?2 ORDER BY id DESC LIMIT ?3",
        )?
        .query_map(params![actor, status, limits::REACTIONS_PER_ACTOR], |r| {
            Ok((Reaction { text: r.get(0)?, url: r.get(1)? }, r.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The newest reaction of an actor to a status.
pub fn last_of(conn: &Conn, actor: ActorId, status: StatusId) -> Result<Option<Reaction>> {
    Ok(conn
        .prepare_cached(
            "SELECT emoji, url FROM reactions WHERE actor_id = ?1 AND status_id = ?2 ORDER BY id DESC LIMIT 1",
        )?
        .query_row(params![actor, status], |r| Ok(Reaction { text: r.get(0)?, url: r.get(1)? }))
        .optional()?)
}

/// How often one emoji is used on a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReactionCount {
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
pub fn tally(conn: &Conn, viewer: Viewer, status: StatusId) -> Result<Vec<ReactionCount>> {
    Ok(tallies(conn, viewer, &IdList::of_statuses([&status]))?.remove(&status).unwrap_or_default())
}

/// The reactions to these statuses, as [`tally`]: [`limits::REACTIONS_SHOWN`] of each, and pictures of them as long as
/// their addresses fit into [`limits::REACTION_URL_BYTES`].
pub fn tallies(conn: &Conn, viewer: Viewer, statuses: &IdList) -> Result<HashMap<StatusId, Vec<ReactionCount>>> {
    static SQL: ViewerSql = ViewerSql::new();
    let build = || {
        format!(
            "SELECT r.emoji, max(r.url), count(*), max(r.actor_id IS ?2), r.status_id FROM json_each(?1) j \
         CROSS JOIN reactions r ON r.status_id = j.value WHERE {} \
         GROUP BY r.status_id, r.emoji ORDER BY 3 DESC, min(r.id)",
            actor_shown(viewer, "r")
        )
    };
    let sql = SQL.get(viewer, 0, build);
    let read = |r: &Row<'_>| {
        Ok((r.get(4)?, ReactionCount { emoji: r.get(0)?, url: r.get(1)?, count: r.get(2)?, own: r.get(3)? }))
    };
    let mut found: HashMap<StatusId, (usize, Vec<ReactionCount>)> = HashMap::new();
    for row in conn.prepare_cached(&sql)?.query_map(params![statuses, viewer.owner()], read)? {
        let (status, mut tally): (StatusId, ReactionCount) = row?;
        let (urls, tallies) = found.entry(status).or_default();
        if tallies.len() >= limits::REACTIONS_SHOWN {
            continue;
        }
        tally.url = tally.url.filter(|url| {
            *urls += url.len();
            *urls <= limits::REACTION_URL_BYTES
        });
        tallies.push(tally);
    }
    Ok(found.into_iter().map(|(status, (_, tallies))| (status, tallies)).collect())
}

/// The newest reaction of its actor to its status, of each of these notifications.
pub fn of_notifications(conn: &Conn, notifications: &IdList) -> Result<HashMap<NotificationId, Reaction>> {
    let sql = "SELECT n.id, r.emoji, r.url FROM json_each(?1) j CROSS JOIN notifications n ON n.id = j.value \
               CROSS JOIN reactions r ON r.status_id = n.status_id AND r.actor_id = n.actor_id ORDER BY r.id";
    let read = |r: &Row<'_>| Ok((r.get(0)?, Reaction { text: r.get(1)?, url: r.get(2)? }));
    Ok(conn.prepare_cached(sql)?.query_map([notifications], read)?.collect::<Result<_, _>>()?)
}
