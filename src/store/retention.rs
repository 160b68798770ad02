//! Retention of posts by accounts that the owner does not follow: what nothing of the owner's is tied to goes when it is old,
//! and of what names the owner only so much is kept.

use rusqlite::params;

use super::Conn;
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId, first_id_at};
use crate::protocol::time::Timestamp;

/// The author of `s` is not followed by the owner (`?1`), and neither is the community that it is in.
const UNFOLLOWED: &str = "s.local = 0 AND s.boost_of_id IS NULL \
    AND NOT EXISTS (SELECT 1 FROM follows WHERE follower_id = ?1 AND target_id IN (s.actor_id, s.group_id))";

/// The owner (`?1`) has reacted to `s` in no way.
const UNTOUCHED: &str = "NOT EXISTS (SELECT 1 FROM bookmarks WHERE status_id = s.id) \
    AND NOT EXISTS (SELECT 1 FROM favourites WHERE status_id = s.id AND actor_id = ?1) \
    AND NOT EXISTS (SELECT 1 FROM reactions WHERE status_id = s.id AND actor_id = ?1) \
    AND NOT EXISTS (SELECT 1 FROM poll_votes WHERE status_id = s.id AND actor_id = ?1) \
    AND NOT EXISTS (SELECT 1 FROM statuses WHERE in_reply_to_id = s.id AND local = 1) \
    AND NOT EXISTS (SELECT 1 FROM statuses WHERE quote_id = s.id AND local = 1) \
    AND NOT EXISTS (SELECT 1 FROM statuses WHERE boost_of_id = s.id AND actor_id = ?1)";

/// Nothing refers to `s`, and it is in no list of the owner's, except because of a followed hashtag.
const UNREFERENCED: &str = "(NOT EXISTS (SELECT 1 FROM timelines WHERE status_id = s.id) OR EXISTS (SELECT 1 \
      FROM status_tags t JOIN followed_tags f ON f.tag = t.tag WHERE t.status_id = s.id)) \
    AND NOT EXISTS (SELECT 1 FROM notifications WHERE status_id = s.id) \
    AND NOT EXISTS (SELECT 1 FROM mentions WHERE status_id = s.id AND actor_id = ?1) \
    AND s.in_reply_to_actor_id IS NOT ?1 \
    AND NOT EXISTS (SELECT 1 FROM statuses WHERE in_reply_to_id = s.id OR quote_id = s.id OR boost_of_id = s.id) \
    AND NOT EXISTS (SELECT 1 FROM fetch_reports WHERE subject = 'thread ' || s.thread_id)";

/// Returns the posts of unfollowed accounts that nothing refers to, of those that were written and stored before a time,
/// among the next [`limits::RETENTION_EXAMINED`] after one; and the last of these, or `None` if there are no more.
///
/// The time of storage counts because a search or a thread may just have fetched a post that was written long ago.
pub fn unreferenced(
    conn: &Conn,
    owner: ActorId,
    after: StatusId,
    before: Timestamp,
) -> Result<(Vec<StatusId>, Option<StatusId>)> {
    let next = "SELECT id FROM statuses WHERE id > ?2 AND id < ?3 ORDER BY id LIMIT ?4";
    let sql = format!(
        "SELECT s.id FROM statuses s WHERE s.id IN ({next}) AND s.stored_at < ?5 AND {UNFOLLOWED} AND {UNTOUCHED} \
         AND {UNREFERENCED}"
    );
    // Ids are ordered by the time of writing.
    let end = first_id_at(before);
    let found = conn
        .prepare_cached(&sql)?
        .query_map(params![owner, after, end, limits::RETENTION_EXAMINED, before], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    let last = conn
        .prepare_cached(&format!(
            "SELECT max(id) FROM ({})",
            next.replace("?2", "?1").replace("?3", "?2").replace("?4", "?3")
        ))?
        .query_row(params![after, end, limits::RETENTION_EXAMINED], |r| r.get(0))?;
    Ok((found, last))
}

/// The oldest posts of unfollowed accounts that name the owner, beyond this many bytes of newer ones.
pub fn surplus_mentions(conn: &Conn, owner: ActorId, bytes: i64) -> Result<Vec<StatusId>> {
    let sql = format!(
        "SELECT s.id, 1000 + octet_length(s.content) + octet_length(s.summary), {UNTOUCHED} \
         FROM mentions m JOIN statuses s ON s.id = m.status_id WHERE m.actor_id = ?1 AND {UNFOLLOWED} \
         ORDER BY m.status_id DESC"
    );
    let mut query = conn.prepare_cached(&sql)?;
    let mut rows = query.query([owner])?;
    let (mut held, mut surplus) = (0, Vec::new());
    while let Some(row) = rows.next()? {
        held += row.get::<_, i64>(1)?;
        if held > bytes && row.get(2)? {
            surplus.push(row.get(0)?);
        }
    }
    Ok(surplus)
}
