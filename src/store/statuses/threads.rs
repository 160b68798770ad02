//! What is above and below a status in its thread.
//!
//! Replies are links that others wrote, so each walk remembers what it has seen (`UNION` keeps each row once) and is
//! bounded. Conditions come before bounds: replies that the viewer may not see use up no place.

use rusqlite::params;

use super::counts::add_counts;
use super::status::Status;
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::database::pagination::Page;
use crate::store::database::viewer_sql::ViewerSql;
use crate::store::visibility::{Viewer, shown_to, visible_to};
use crate::store::{Conn, search};

/// A status of a thread, before it is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// It.
    pub id: StatusId,
    /// What it replies to.
    pub parent: Option<StatusId>,
    /// How long its texts are.
    pub bytes: usize,
}

/// The length of the texts of the row `s`, read from the header of the row; of the few posts that have them also of descriptions
/// of media, options of polls, and quoted posts.
const BYTES: &str = "octet_length(s.content) + octet_length(s.summary) + octet_length(s.emoji) \
    + iif(s.has_media, (SELECT ifnull(sum(ifnull(octet_length(m.description), 0) + ifnull(octet_length(m.remote_url), 0)), 0) \
        FROM media m WHERE m.status_id = s.id), 0) \
    + iif(s.kind = 'Question', (SELECT ifnull(sum(octet_length(o.title)), 0) FROM poll_options o WHERE o.status_id = s.id), 0) \
    + iif(s.quote_id IS NULL, 0, ifnull((SELECT octet_length(q.content) + octet_length(q.summary) + octet_length(q.emoji) \
        FROM statuses q WHERE q.id = s.quote_id), 0))";

fn places(conn: &Conn, sql: &str, id: StatusId) -> Result<Vec<Place>> {
    let rows = conn
        .prepare_cached(sql)?
        .query_map(params![id, limits::THREAD_TREE_POSTS as i64], |r| {
            let bytes: i64 = r.get(2)?;
            Ok(Place { id: r.get(0)?, parent: r.get(1)?, bytes: usize::try_from(bytes).unwrap_or(0) })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The chain of statuses above one that `viewer` may see, the nearest first, of at most [`limits::THREAD_TREE_POSTS`].
pub fn ancestors(conn: &Conn, viewer: Viewer, id: StatusId) -> Result<Vec<Place>> {
    static SQL: ViewerSql = ViewerSql::new();
    let build = || {
        format!(
            "WITH RECURSIVE up (id, parent) AS ( \
           SELECT id, in_reply_to_id FROM statuses WHERE id = ?1 \
           UNION SELECT p.id, p.in_reply_to_id FROM up JOIN statuses p ON p.id = up.parent LIMIT ?2) \
         SELECT s.id, s.in_reply_to_id, {BYTES} FROM up CROSS JOIN statuses s ON s.id = up.id \
         WHERE s.id <> ?1 AND {} AND {}",
            visible_to(viewer, "s"),
            shown_to(viewer, "s")
        )
    };
    places(conn, &SQL.get(viewer, 0, build), id)
}

/// The replies below a status that `viewer` may see, oldest first, not yet in thread order, at most
/// [`limits::THREAD_TREE_POSTS`] of them, the nearest. What is below a reply that the viewer may not see is left out.
pub fn descendants(conn: &Conn, viewer: Viewer, id: StatusId) -> Result<Vec<Place>> {
    static SQL: ViewerSql = ViewerSql::new();
    let build = || {
        let shown = format!("{} AND {}", visible_to(viewer, "s"), shown_to(viewer, "s"));
        format!(
            "WITH RECURSIVE down (id, parent, bytes) AS ( \
           SELECT s.id, s.in_reply_to_id, {BYTES} FROM statuses s WHERE s.in_reply_to_id = ?1 AND {shown} \
           UNION SELECT s.id, s.in_reply_to_id, {BYTES} FROM down CROSS JOIN statuses s ON s.in_reply_to_id = down.id \
           WHERE {shown} LIMIT ?2) \
         SELECT id, parent, bytes FROM down ORDER BY id"
        )
    };
    places(conn, &SQL.get(viewer, 0, build), id)
}

/// The first status of the chain above one, itself if it replies to nothing that is stored.
pub(super) fn top(conn: &Conn, id: StatusId) -> Result<StatusId> {
    let sql = "WITH RECURSIVE up (id, parent) AS ( \
                 SELECT id, in_reply_to_id FROM statuses WHERE id = ?1 \
                 UNION SELECT p.id, p.in_reply_to_id FROM up JOIN statuses p ON p.id = up.parent) \
               SELECT id FROM up WHERE parent IS NULL";
    let mut top = conn.prepare_cached(sql)?;
    let mut rows = top.query([id])?;
    Ok(match rows.next()? {
        Some(row) => row.get(0)?,
        None => id,
    })
}

/// Links replies that arrived before the status that they reply to; `uri` is its id, or another address by which they name
/// it. One that this status itself replies to, over
/// whatever detour, stays unlinked: a reply never closes a cycle.
pub(super) fn adopt_replies(conn: &Conn, parent: &Status, uri: &str) -> Result<()> {
    const WAITS: &str = "in_reply_to_uri = ?1 AND in_reply_to_id IS NULL";
    let waiting: Vec<(StatusId, StatusId, bool)> = conn
        .prepare_cached(&format!("SELECT id, thread_id, visibility <= 1 FROM statuses WHERE {WAITS}"))?
        .query_map([uri], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<Result<_, _>>()?;
    if waiting.is_empty() {
        return Ok(());
    }
    // Of the chain above a status only its top replies to nothing stored, so only the top can close a cycle.
    let top = top(conn, parent.id)?;
    conn.prepare_cached(&format!(
        "UPDATE statuses SET in_reply_to_id = ?2, in_reply_to_actor_id = ?3, in_reply_to_uri = ?5, parent_gone = 0 \
             WHERE {WAITS} AND id <> ?4"
    ))?
    .execute(params![uri, parent.id, parent.actor_id, top, parent.uri])?;
    let mut join = conn.prepare_cached("UPDATE statuses SET thread_id = ?1 WHERE thread_id = ?2")?;
    let mut joined: Vec<StatusId> = waiting.iter().filter(|w| w.0 != top).map(|w| w.1).collect();
    joined.sort_unstable();
    joined.dedup();
    for other in joined.into_iter().filter(|other| *other != parent.thread) {
        join.execute(params![parent.thread, other])?;
    }
    for (id, ..) in waiting.iter().take(limits::REINDEXED_REPLIES) {
        search::refresh(conn, *id)?;
    }
    let open = waiting.iter().filter(|w| w.0 != top && w.2).count();
    add_counts(conn, parent.id, open as i64, 0, 0)
}

/// Notes that what these replies wait for is gone: its server responds with 404 or 410, or it was deleted.
pub fn note_parent_gone(conn: &Conn, uri: &str) -> Result<()> {
    conn.prepare_cached(
        "UPDATE statuses SET parent_gone = 1 WHERE in_reply_to_uri = ?1 AND in_reply_to_id IS NULL AND parent_gone = 0",
    )?
    .execute([uri])?;
    Ok(())
}

/// The newest direct replies to a status by actors that `owner` follows.
pub fn answers_by_followed(conn: &Conn, owner: ActorId, id: StatusId, limit: u32) -> Result<Vec<StatusId>> {
    Ok(conn
        .prepare_cached(
            "SELECT s.id FROM statuses s WHERE s.in_reply_to_id = ?1 AND EXISTS (SELECT 1 FROM follows f \
             WHERE f.follower_id = ?2 AND f.target_id = s.actor_id AND f.accepted = 1) ORDER BY s.id DESC LIMIT ?3",
        )?
        .query_map(params![id, owner, limit], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Open replies to a status, oldest first or newest first: what its `replies` collection shows.
pub fn open_replies(conn: &Conn, id: StatusId, page: &Page) -> Result<Vec<(StatusId, String)>> {
    let sql = format!(
        "SELECT s.id, s.uri FROM statuses s WHERE s.in_reply_to_id = ?1 AND s.visibility <= 1 AND s.id < ?2 AND s.id > ?3 \
         AND {} AND {} ORDER BY s.id {} LIMIT ?4",
        visible_to(Viewer::Anonymous, "s"),
        shown_to(Viewer::Anonymous, "s"),
        page.order()
    );
    page.read(conn, &sql, params![id, page.below, page.above, page.limit], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// How many rows [`open_replies`] has in all.
pub fn count_open_replies(conn: &Conn, id: StatusId) -> Result<i64> {
    let sql = format!(
        "SELECT count(*) FROM statuses s WHERE s.in_reply_to_id = ?1 AND {} AND {}",
        visible_to(Viewer::Anonymous, "s"),
        shown_to(Viewer::Anonymous, "s")
    );
    Ok(conn.prepare_cached(&sql)?.query_row([id], |r| r.get(0))?)
}

/// Returns `true` if the server of a status's author rates posts up and down: it has videos (PeerTube) or link posts (Lemmy and its
/// kin). Looks at the newest posts of that server that are stored.
pub fn is_rated(conn: &Conn, status: &Status) -> Result<bool> {
    let rated = |kind: &str| matches!(kind, "Video" | "Page");
    if rated(&status.kind) {
        return Ok(true);
    }
    let kinds: Vec<String> = conn
        .prepare_cached(
            "SELECT DISTINCT kind FROM (SELECT s.kind FROM actors a JOIN statuses s ON s.actor_id = a.id \
             WHERE a.host = (SELECT host FROM actors WHERE id = ?1) AND a.host <> '' LIMIT ?2)",
        )?
        .query_map(params![status.actor_id, limits::DOWNVOTE_DETECTION_POSTS], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(kinds.iter().any(|kind| rated(kind)))
}
