//! Conversations: threads with direct posts, as far as the owner sees them.

use rusqlite::{OptionalExtension, Row, params};

use super::Conn;
use super::database::pagination::Page;
use super::visibility::{Viewer, shown_to, visible_to};
use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};

/// A conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversation {
    /// Its thread, by which it is known.
    pub id: i64,
    /// Its newest direct post.
    pub last: StatusId,
    /// Another actor has posted since the owner read it or posted in it.
    pub unread: bool,
}

fn from_row(r: &Row<'_>) -> rusqlite::Result<Conversation> {
    Ok(Conversation { id: r.get(0)?, last: r.get(1)?, unread: r.get(2)? })
}

/// The query for conversations of the owner, with a condition on thread `t` and newest post `last`.
fn query(owner: ActorId, condition: &str) -> String {
    let viewer = Viewer::Owner(owner);
    format!(
        "SELECT t, last, ifnull(theirs, 0) > max(ifnull(own, 0), ifnull(c.read_id, 0)) FROM ( \
           SELECT s.thread_id AS t, max(s.id) AS last, max(iif(s.actor_id = {owner}, s.id, NULL)) AS own, \
             max(iif(s.actor_id <> {owner}, s.id, NULL)) AS theirs FROM statuses s \
           WHERE s.visibility = 3 AND s.boost_of_id IS NULL AND {} AND {} GROUP BY s.thread_id \
         ) LEFT JOIN conversations c ON c.thread_id = t WHERE last > ifnull(c.hidden_id, 0) AND {condition}",
        visible_to(viewer, "s"),
        shown_to(viewer, "s")
    )
}

/// One page of the owner's conversations, by their newest posts.
pub fn list(conn: &Conn, owner: ActorId, page: &Page) -> Result<Vec<Conversation>> {
    let sql = format!("{} ORDER BY last {} LIMIT ?3", query(owner, "last < ?1 AND last > ?2"), page.order());
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![page.below, page.above, page.limit], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(page.arrange(rows))
}

/// One conversation of the owner.
pub fn get(conn: &Conn, owner: ActorId, id: i64) -> Result<Option<Conversation>> {
    Ok(conn.prepare_cached(&query(owner, "t = ?1"))?.query_row([id], from_row).optional()?)
}

/// The actors that take part in a conversation, other than the owner: authors and mentioned, newest first.
pub fn participants(conn: &Conn, owner: ActorId, thread: i64, most: usize) -> Result<Vec<ActorId>> {
    Ok(conn
        .prepare_cached(
            "SELECT actor FROM ( \
               SELECT s.actor_id AS actor, s.id AS at FROM statuses s WHERE s.thread_id = ?1 AND s.visibility = 3 \
               UNION ALL SELECT m.actor_id, s.id FROM statuses s JOIN mentions m ON m.status_id = s.id \
               WHERE s.thread_id = ?1 AND s.visibility = 3) \
             WHERE actor <> ?2 GROUP BY actor ORDER BY max(at) DESC, actor LIMIT ?3",
        )?
        .query_map(params![thread, owner, most as i64], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Notes that the owner has read a conversation up to a post.
pub fn set_read(conn: &Conn, thread: i64, up_to: StatusId) -> Result<()> {
    conn.execute(
        "INSERT INTO conversations (thread_id, read_id) VALUES (?1, ?2) \
         ON CONFLICT (thread_id) DO UPDATE SET read_id = max(read_id, ?2)",
        params![thread, up_to],
    )?;
    Ok(())
}

/// Removes a conversation from the list until something newer than this post is in it.
pub fn hide(conn: &Conn, thread: i64, up_to: StatusId) -> Result<()> {
    conn.execute(
        "INSERT INTO conversations (thread_id, read_id, hidden_id) VALUES (?1, ?2, ?2) \
         ON CONFLICT (thread_id) DO UPDATE SET read_id = max(read_id, ?2), hidden_id = ?2",
        params![thread, up_to],
    )?;
    Ok(())
}

/// Forgets what was noted of threads that have no direct post any longer.
pub fn purge(conn: &Conn) -> Result<()> {
    conn.execute(
        "DELETE FROM conversations WHERE NOT EXISTS \
         (SELECT 1 FROM statuses s WHERE s.thread_id = conversations.thread_id AND s.visibility = 3)",
        [],
    )?;
    Ok(())
}
