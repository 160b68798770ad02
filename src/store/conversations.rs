//! Conversations: threads with direct posts, as far as the owner sees them.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use super::Conn;
use super::database::column_types::IdList;
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

/// The query for conversations of the owner: the newest direct post `s` of each thread, from an index, with a condition on it.
/// It reads posts in the order of the index until there are enough.
fn query(owner: ActorId, index: &str, condition: &str) -> String {
    let viewer = Viewer::Owner(owner);
    let seen = |post: &str| {
        let (visible, shown) = (visible_to(viewer, post), shown_to(viewer, post));
        format!("{post}.visibility = 3 AND {post}.boost_of_id IS NULL AND {visible} AND {shown}")
    };
    format!(
        "SELECT s.thread_id, s.id, ifnull(c.unread, 0) OR (s.actor_id <> {owner} AND s.id > ifnull(c.read_id, 0)) \
         FROM statuses s INDEXED BY {index} LEFT JOIN conversations c ON c.thread_id = s.thread_id \
         WHERE {condition} AND s.id > ifnull(c.hidden_id, 0) AND {} AND NOT EXISTS \
           (SELECT 1 FROM statuses newer WHERE newer.thread_id = s.thread_id AND newer.id > s.id AND {})",
        seen("s"),
        seen("newer")
    )
}

/// One page of the owner's conversations, by their newest posts.
pub fn list(conn: &Conn, owner: ActorId, page: &Page) -> Result<Vec<Conversation>> {
    let query = query(owner, "statuses_direct_newest", "s.id < ?1 AND s.id > ?2");
    let sql = format!("{query} ORDER BY s.id {} LIMIT ?3", page.order());
    page.read(conn, &sql, params![page.below, page.above, page.limit], from_row)
}

/// One conversation of the owner.
pub fn get(conn: &Conn, owner: ActorId, id: i64) -> Result<Option<Conversation>> {
    let sql = query(owner, "statuses_direct", "s.thread_id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
}

/// The actors that take part in conversations, other than the owner: authors and mentioned, by conversation, newest first,
/// at most `most` of each.
pub fn participants(conn: &Conn, owner: ActorId, threads: &IdList, most: usize) -> Result<HashMap<i64, Vec<ActorId>>> {
    let mut query = conn.prepare_cached(
        "SELECT thread, actor FROM ( \
           SELECT thread, actor, row_number() OVER (PARTITION BY thread ORDER BY max(at) DESC, actor) AS n FROM ( \
             SELECT s.thread_id AS thread, s.actor_id AS actor, s.id AS at FROM statuses s \
             WHERE s.thread_id IN (SELECT value FROM json_each(?1)) AND s.visibility = 3 \
             UNION ALL SELECT s.thread_id, m.actor_id, s.id FROM statuses s JOIN mentions m ON m.status_id = s.id \
             WHERE s.thread_id IN (SELECT value FROM json_each(?1)) AND s.visibility = 3) \
           WHERE actor <> ?2 GROUP BY thread, actor) \
         WHERE n <= ?3 ORDER BY thread, n",
    )?;
    let mut found: HashMap<i64, Vec<ActorId>> = HashMap::new();
    let mut rows = query.query(params![threads, owner, most as i64])?;
    while let Some(row) = rows.next()? {
        found.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(found)
}

/// Notes that the owner has read a conversation up to a post.
pub fn set_read(conn: &Conn, thread: i64, up_to: StatusId) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO conversations (thread_id, read_id) VALUES (?1, ?2) \
         ON CONFLICT (thread_id) DO UPDATE SET read_id = max(read_id, ?2), unread = 0",
    )?
    .execute(params![thread, up_to])?;
    Ok(())
}

/// Notes that the owner wants to read a conversation again.
pub fn set_unread(conn: &Conn, thread: i64) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO conversations (thread_id, read_id, unread) VALUES (?1, 0, 1) \
         ON CONFLICT (thread_id) DO UPDATE SET unread = 1",
    )?
    .execute([thread])?;
    Ok(())
}

/// Removes a conversation from the list until something newer than this post is in it.
pub fn hide(conn: &Conn, thread: i64, up_to: StatusId) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO conversations (thread_id, read_id, hidden_id) VALUES (?1, ?2, ?2) \
         ON CONFLICT (thread_id) DO UPDATE SET read_id = max(read_id, ?2), hidden_id = ?2, unread = 0",
    )?
    .execute(params![thread, up_to])?;
    Ok(())
}

/// Forgets what was noted of threads that have no direct post any longer.
pub fn purge(conn: &Conn) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM conversations WHERE NOT EXISTS \
         (SELECT 1 FROM statuses s WHERE s.thread_id = conversations.thread_id AND s.visibility = 3)",
    )?
    .execute([])?;
    Ok(())
}
