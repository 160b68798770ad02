//! The rows of list timelines, when lists change. A new row comes with its status (`domain/relationships/timelines.rs`); these functions
//! copy and remove rows of the statuses that are in some timeline already.

use rusqlite::params;

use super::Conn;
use super::timelines::{HOME, of_member};
use crate::error::Result;
use crate::protocol::ids::{ActorId, ListId};

/// The members of list `?1`, except the owner and those of another exclusive list.
const ONLY_MEMBERS: &str = "SELECT m.actor_id FROM list_accounts m WHERE m.list_id = ?1 AND m.follow_id IS NOT NULL \
    AND NOT EXISTS (SELECT 1 FROM list_accounts o JOIN lists l ON l.id = o.list_id AND l.exclusive = 1 \
    WHERE o.actor_id = m.actor_id AND o.list_id <> ?1)";

/// Adds what the timelines have of a member to the timeline of a list.
pub fn add_member(conn: &Conn, list: ListId, member: ActorId) -> Result<()> {
    let sql = format!(
        "INSERT INTO timelines SELECT DISTINCT ?1, t.status_id FROM timelines t WHERE t.status_id IN ({}) \
         ON CONFLICT DO NOTHING",
        of_member("?2")
    );
    conn.prepare_cached(&sql)?.execute(params![list, member])?;
    Ok(())
}

/// Removes what a former member posted from the timeline of a list.
pub fn remove_member(conn: &Conn, list: ListId, member: ActorId) -> Result<()> {
    let sql = format!("DELETE FROM timelines WHERE timeline = ?1 AND status_id IN ({})", of_member("?2"));
    conn.prepare_cached(&sql)?.execute(params![list, member])?;
    Ok(())
}

/// Adds what the timelines have of all members to the timeline of a list: it may show more replies now.
pub fn refill(conn: &Conn, list: ListId) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO timelines SELECT DISTINCT ?1, t.status_id FROM list_accounts m \
         JOIN statuses s ON s.actor_id = m.actor_id JOIN timelines t ON t.status_id = s.id WHERE m.list_id = ?1 \
         ON CONFLICT DO NOTHING",
    )?
    .execute([list])?;
    Ok(())
}

/// Removes the replies that a list does not show: those to actors other than the author and the owner, unless the list
/// shows replies to its members, and it is one.
pub fn remove_replies(conn: &Conn, list: ListId, owner: ActorId) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM timelines WHERE timeline = ?1 AND status_id IN ( \
           SELECT s.id FROM timelines t JOIN statuses s ON s.id = t.status_id JOIN lists l ON l.id = ?1 \
           WHERE t.timeline = ?1 AND l.replies_policy < 2 AND s.in_reply_to_uri IS NOT NULL \
             AND ifnull(s.in_reply_to_actor_id, 0) NOT IN (s.actor_id, ?2) \
             AND NOT (l.replies_policy = 1 AND EXISTS (SELECT 1 FROM list_accounts m \
               WHERE m.list_id = ?1 AND m.actor_id = s.in_reply_to_actor_id)))",
    )?
    .execute(params![list, owner])?;
    Ok(())
}

/// Removes what the members of an exclusive list posted from the home timeline.
pub fn take_from_home(conn: &Conn, list: ListId) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM timelines WHERE timeline = ?2 AND status_id IN (SELECT s.id FROM timelines t \
         JOIN statuses s ON s.id = t.status_id JOIN list_accounts m ON m.list_id = ?1 AND m.actor_id = s.actor_id \
           AND m.follow_id IS NOT NULL WHERE t.timeline = ?1)",
    )?
    .execute(params![list, HOME])?;
    Ok(())
}

/// Adds what the members of a list posted to the home timeline, because the list is no longer exclusive.
pub fn return_to_home(conn: &Conn, list: ListId) -> Result<()> {
    let sql = format!(
        "INSERT INTO timelines SELECT ?2, t.status_id FROM timelines t JOIN statuses s ON s.id = t.status_id \
         WHERE t.timeline = ?1 AND s.actor_id IN ({ONLY_MEMBERS}) ON CONFLICT DO NOTHING"
    );
    conn.prepare_cached(&sql)?.execute(params![list, HOME])?;
    Ok(())
}

/// As [`return_to_home`], for one member.
pub fn return_member_to_home(conn: &Conn, list: ListId, member: ActorId) -> Result<()> {
    let sql = format!(
        "INSERT INTO timelines SELECT ?2, t.status_id FROM timelines t JOIN statuses s ON s.id = t.status_id \
         WHERE t.timeline = ?1 AND s.actor_id = ?3 AND ?3 IN ({ONLY_MEMBERS}) ON CONFLICT DO NOTHING"
    );
    conn.prepare_cached(&sql)?.execute(params![list, HOME, member])?;
    Ok(())
}

/// Removes the timeline of a list.
pub fn remove(conn: &Conn, list: ListId) -> Result<()> {
    conn.execute("DELETE FROM timelines WHERE timeline = ?1", [list])?;
    Ok(())
}
