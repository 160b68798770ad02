//! Timelines: home and lists are rows, written when a status arrives; public ones are read from the statuses.

use rusqlite::params;

use super::Conn;
use super::database::events::{self, StoreEvent};
use super::database::pagination::Page;
use super::database::viewer_sql::ViewerSql;
use super::visibility::{Viewer, shown_to, unmuted, visible_to};
use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};

/// The number of the home timeline.
pub const HOME: i64 = 0;

/// Puts a status into a timeline.
pub fn insert(conn: &Conn, timeline: i64, status: StatusId) -> Result<()> {
    let added = conn
        .prepare_cached("INSERT INTO timelines VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![timeline, status])?;
    if added == 1 {
        events::record(StoreEvent::InTimeline(timeline, status));
    }
    Ok(())
}

/// The timelines that show a status, or a boost of it.
pub fn showing(conn: &Conn, status: StatusId) -> Result<Vec<i64>> {
    Ok(conn
        .prepare_cached(
            "SELECT timeline FROM timelines WHERE status_id = ?1 UNION SELECT t.timeline FROM statuses b \
             JOIN timelines t ON t.status_id = b.id WHERE b.boost_of_id = ?1",
        )?
        .query_map([status], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Returns `true` if a post, or a boost of it, is among the newest statuses of a timeline.
pub fn shows_among_newest(conn: &Conn, timeline: i64, post: StatusId, newest: u32) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM (SELECT status_id FROM timelines WHERE timeline = ?1 \
               ORDER BY status_id DESC LIMIT ?3) t CROSS JOIN statuses s ON s.id = t.status_id \
               WHERE s.id = ?2 OR s.boost_of_id = ?2)";
    Ok(conn.prepare_cached(sql)?.query_row(params![timeline, post, newest], |r| r.get(0))?)
}

/// Takes a status out of all timelines.
pub fn remove_status(conn: &Conn, status: StatusId) -> Result<()> {
    conn.prepare_cached("DELETE FROM timelines WHERE status_id = ?1")?.execute([status])?;
    Ok(())
}

/// Takes what others boosted of an actor out of all timelines: the owner blocks it.
pub fn remove_boosts_of(conn: &Conn, actor: ActorId) -> Result<()> {
    conn.execute(
        "DELETE FROM timelines WHERE status_id IN (SELECT b.id FROM statuses s \
         JOIN statuses b ON b.boost_of_id = s.id WHERE s.actor_id = ?1)",
        [actor],
    )?;
    Ok(())
}

/// Takes everything by (or boosted by) an actor out of all timelines, and what came through it as a community, except by
/// actors that the owner follows themselves: the owner has unfollowed it.
pub fn remove_actor(conn: &Conn, actor: ActorId) -> Result<()> {
    conn.execute(&format!("DELETE FROM timelines WHERE status_id IN ({})", of_member("?1")), [actor])?;
    Ok(())
}

/// The ids of the statuses that are in a timeline because of an actor: those by it, and those that came through it as a
/// community, except by actors that the owner follows themselves.
pub(super) fn of_member(actor: &str) -> String {
    format!(
        "SELECT id FROM statuses WHERE actor_id = {actor} \
         UNION ALL SELECT s.id FROM statuses s WHERE s.group_id = {actor} AND s.local = 0 AND NOT EXISTS (SELECT 1 \
         FROM follows f JOIN actors o ON o.id = f.follower_id AND o.local = 1 \
         WHERE f.target_id = s.actor_id AND f.accepted = 1)"
    )
}

/// One page of a timeline.
pub fn read(conn: &Conn, viewer: Viewer, timeline: i64, page: &Page) -> Result<Vec<StatusId>> {
    static SQL: ViewerSql<2> = ViewerSql::new();
    let sql = SQL.get(viewer, page.variant(), || {
        format!(
            "SELECT t.status_id FROM timelines t JOIN statuses s ON s.id = t.status_id WHERE t.timeline = ?1 \
             AND t.status_id < ?2 AND t.status_id > ?3 AND {} AND {} ORDER BY t.status_id {} LIMIT ?4",
            visible_to(viewer, "s"),
            unmuted(viewer, "s"),
            page.order()
        )
    });
    page.read(conn, &sql, params![timeline, page.below, page.above, page.limit], |r| r.get(0))
}

/// The number of statuses of others in a timeline above one, counted up to a limit.
pub fn count_above(conn: &Conn, timeline: i64, above: i64, limit: u32) -> Result<u32> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM timelines t JOIN statuses s ON s.id = t.status_id \
               WHERE t.timeline = ?1 AND t.status_id > ?2 AND s.local = 0 LIMIT ?3)";
    Ok(conn.prepare_cached(sql)?.query_row(params![timeline, above, limit], |r| r.get(0))?)
}

/// Which public statuses are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PublicScope {
    /// The owner's and those of others.
    All,
    /// Only the owner's.
    Local,
    /// Only those of others.
    Remote,
}

impl PublicScope {
    /// The condition on a row of `statuses` under the name `s`, with its `AND`; empty for all.
    pub(super) fn condition(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Local => "AND s.local = 1",
            Self::Remote => "AND s.local = 0",
        }
    }
}

/// One page of the public timeline (no boosts).
pub fn public(conn: &Conn, viewer: Viewer, scope: PublicScope, only_media: bool, page: &Page) -> Result<Vec<StatusId>> {
    let scope = scope.condition();
    let media = if only_media { "AND s.has_media = 1" } else { "" };
    let sql = format!(
        "SELECT s.id FROM statuses s WHERE s.visibility = 0 AND s.boost_of_id IS NULL AND s.id < ?1 AND s.id > ?2 \
         AND NOT EXISTS (SELECT 1 FROM actors WHERE actors.id = s.actor_id AND actors.limited = 1) {scope} {media} AND {} AND {} ORDER BY s.id {} LIMIT ?3",
        visible_to(viewer, "s"),
        shown_to(viewer, "s"),
        page.order()
    );
    page.read(conn, &sql, params![page.below, page.above, page.limit], |r| r.get(0))
}

/// The posts of a thread that others may answer and that name their replies: id of the post, id of its collection.
pub fn thread_replies(conn: &Conn, thread: StatusId) -> Result<Vec<(String, String)>> {
    Ok(conn
        .prepare_cached(
            "SELECT uri, replies_uri FROM statuses WHERE thread_id = ?1 AND visibility <= 1 AND local = 0 \
             AND replies_uri IS NOT NULL ORDER BY id LIMIT 200",
        )?
        .query_map([thread], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

/// The ids of the open statuses of a thread, oldest first.
pub fn open_thread(conn: &Conn, thread: StatusId) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT s.uri FROM statuses s WHERE s.thread_id = ?1 AND s.boost_of_id IS NULL AND {} AND {} ORDER BY s.id LIMIT 1000",
        visible_to(Viewer::Anonymous, "s"),
        shown_to(Viewer::Anonymous, "s")
    );
    Ok(conn.prepare_cached(&sql)?.query_map([thread], |r| r.get(0))?.collect::<Result<_, _>>()?)
}
