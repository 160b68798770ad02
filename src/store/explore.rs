//! What this server has seen that may interest: trends, suggestions and the directory. Only accounts that agreed to be shown
//! (`discoverable`) and that no policy or decision of the owner hides appear.

use std::collections::HashMap;

use rusqlite::params;

use super::Conn;
use super::database::column_types::IdList;
use super::visibility::{Viewer, shown_to, visible_to};
use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;

/// A condition on a row of `actors` under the name `a`: it may be shown to people who do not look for it.
const OPEN: &str = "a.discoverable = 1 AND a.suspended = 0 AND a.limited = 0 AND a.gone_at IS NULL AND a.moved_to IS NULL \
    AND a.kind <> 4 AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.target_id = a.id OR blocks.actor_id = a.id) \
    AND NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.target_id = a.id)";

/// Rows to return, and rows to skip.
pub type Slice = (u32, u32);

/// The hashtags that most accounts used in public posts since a post id.
pub fn tags(conn: &Conn, since: StatusId, (limit, offset): Slice) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT t.tag FROM statuses s JOIN actors a ON a.id = s.actor_id JOIN status_tags t ON t.status_id = s.id \
         WHERE s.id >= ?1 AND s.visibility = 0 AND s.boost_of_id IS NULL AND s.sensitive = 0 AND {OPEN} \
         GROUP BY t.tag HAVING count(DISTINCT s.actor_id) > 1 \
         ORDER BY count(DISTINCT s.actor_id) DESC, count(*) DESC, t.tag LIMIT ?2 OFFSET ?3"
    );
    Ok(conn.prepare_cached(&sql)?.query_map(params![since, limit, offset], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// The links that most accounts posted publicly since a post id, as ids of their cards.
pub fn links(conn: &Conn, since: StatusId, (limit, offset): Slice) -> Result<Vec<i64>> {
    let sql = format!(
        "SELECT x.card_id FROM statuses s JOIN actors a ON a.id = s.actor_id JOIN status_cards x ON x.status_id = s.id \
         JOIN preview_cards c ON c.id = x.card_id AND c.title <> '' \
         WHERE s.id >= ?1 AND s.visibility = 0 AND s.boost_of_id IS NULL AND s.sensitive = 0 AND {OPEN} \
         GROUP BY x.card_id HAVING count(DISTINCT s.actor_id) > 1 \
         ORDER BY count(DISTINCT s.actor_id) DESC, count(*) DESC, x.card_id DESC LIMIT ?2 OFFSET ?3"
    );
    Ok(conn.prepare_cached(&sql)?.query_map(params![since, limit, offset], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// The public posts with these cards since a post id, by card and day (days since 1970): posts, and their authors.
pub fn link_uses(conn: &Conn, cards: &IdList, since: StatusId) -> Result<HashMap<(i64, i64), (i64, i64)>> {
    let sql = "SELECT x.card_id, s.created_at / 86400000, count(*), count(DISTINCT s.actor_id) FROM json_each(?1) j \
               CROSS JOIN status_cards x ON x.card_id = j.value AND x.status_id >= ?2 \
               JOIN statuses s ON s.id = x.status_id WHERE s.visibility = 0 GROUP BY 1, 2";
    let read = |r: &rusqlite::Row<'_>| Ok(((r.get(0)?, r.get(1)?), (r.get(2)?, r.get(3)?)));
    Ok(conn.prepare_cached(sql)?.query_map(params![cards, since], read)?.collect::<Result<_, _>>()?)
}

/// The public posts since a post id that were boosted and favourited most.
pub fn statuses(conn: &Conn, viewer: Viewer, since: StatusId, (limit, offset): Slice) -> Result<Vec<StatusId>> {
    let sql = format!(
        "SELECT s.id FROM statuses s JOIN actors a ON a.id = s.actor_id WHERE s.id >= ?1 AND s.visibility = 0 \
         AND s.boost_of_id IS NULL AND s.in_reply_to_uri IS NULL AND s.sensitive = 0 \
         AND s.boosts_count + s.favourites_count > 0 AND {OPEN} AND {} AND {} \
         ORDER BY s.boosts_count + s.favourites_count DESC, s.id DESC LIMIT ?2 OFFSET ?3",
        visible_to(viewer, "s"),
        shown_to(viewer, "s")
    );
    Ok(conn.prepare_cached(&sql)?.query_map(params![since, limit, offset], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// The accounts of the directory: the last active ones first, or the newest.
pub fn directory(conn: &Conn, by_activity: bool, local_only: bool, (limit, offset): Slice) -> Result<Vec<ActorId>> {
    let order = if by_activity { "ifnull(a.last_status_at, 0) DESC, a.id" } else { "a.id DESC" };
    let among = if local_only { "AND a.id IN (SELECT id FROM actors WHERE local = 1)" } else { "" };
    let sql = format!("SELECT a.id FROM actors a WHERE {OPEN} {among} ORDER BY {order} LIMIT ?1 OFFSET ?2");
    Ok(conn.prepare_cached(&sql)?.query_map([limit, offset], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// Accounts that the owner does not follow and has not dismissed, whose posts the owner favourited or boosted, or accounts that
/// the owner follows boosted into the home timeline, since a time. The most frequent first; `true` if the owner did it.
pub fn suggestions(conn: &Conn, viewer: Viewer, since: Timestamp, limit: u32) -> Result<Vec<(ActorId, bool)>> {
    let Some(owner) = viewer.owner() else { return Ok(Vec::new()) };
    let first = crate::protocol::ids::first_id_at(since);
    let sql = format!(
        "SELECT a.id, max(x.own) FROM ( \
           SELECT s.actor_id AS actor, 1 AS own FROM favourites f JOIN statuses s ON s.id = f.status_id \
             WHERE f.actor_id = ?1 AND f.created_at >= ?2 \
           UNION ALL SELECT s.actor_id, b.actor_id = ?1 FROM timelines t JOIN statuses b ON b.id = t.status_id \
             JOIN statuses s ON s.id = b.boost_of_id WHERE t.timeline = 0 AND t.status_id >= ?3 \
         ) x JOIN actors a ON a.id = x.actor WHERE a.local = 0 AND {OPEN} \
         AND NOT EXISTS (SELECT 1 FROM follows WHERE follower_id = ?1 AND target_id = a.id) \
         AND NOT EXISTS (SELECT 1 FROM dismissed_suggestions WHERE actor_id = a.id) \
         GROUP BY a.id ORDER BY count(*) DESC, a.id LIMIT ?4"
    );
    Ok(conn
        .prepare_cached(&sql)?
        .query_map(params![owner, since, first, limit], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

/// Never suggests an account again.
pub fn dismiss(conn: &Conn, actor: ActorId) -> Result<()> {
    conn.execute("INSERT INTO dismissed_suggestions VALUES (?1) ON CONFLICT DO NOTHING", [actor])?;
    Ok(())
}
