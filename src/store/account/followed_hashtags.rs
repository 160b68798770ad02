//! Hashtags that the owner follows. Tags are lower-case without `#`.

use std::collections::HashSet;

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::Conn;
use crate::store::database::column_types::to_json;
use crate::store::database::pagination::Page;
use crate::store::timelines::HOME;

/// Follows a hashtag.
pub fn insert(conn: &Conn, id: i64, tag: &str) -> Result<()> {
    conn.execute("INSERT INTO followed_tags VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![id, tag])?;
    Ok(())
}

/// Unfollows a hashtag, and takes the posts out of the home timeline that are there only because of it.
pub fn remove(conn: &Conn, owner: ActorId, tag: &str) -> Result<()> {
    conn.execute("DELETE FROM followed_tags WHERE tag = ?1", [tag])?;
    conn.execute(
        "DELETE FROM timelines WHERE timeline = ?3 AND status_id IN (SELECT s.id FROM status_tags t \
         JOIN statuses s ON s.id = t.status_id WHERE t.tag = ?1 AND s.actor_id <> ?2 \
         AND NOT EXISTS (SELECT 1 FROM follows WHERE follower_id = ?2 AND target_id IN (s.actor_id, s.group_id)) \
         AND NOT EXISTS (SELECT 1 FROM status_tags o JOIN followed_tags f ON f.tag = o.tag WHERE o.status_id = s.id))",
        params![tag, owner, HOME],
    )?;
    Ok(())
}

/// The number of followed hashtags.
pub fn count(conn: &Conn) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM followed_tags", [], |r| r.get(0))?)
}

/// Returns `true` if a status has a followed hashtag.
pub fn are_of(conn: &Conn, status: StatusId) -> Result<bool> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM status_tags t JOIN followed_tags f ON f.tag = t.tag WHERE t.status_id = ?1)";
    Ok(conn.prepare_cached(sql)?.query_row([status], |r| r.get(0))?)
}

/// The ones of these hashtags that are followed.
pub fn among(conn: &Conn, tags: &[String]) -> Result<HashSet<String>> {
    let sql = "SELECT tag FROM followed_tags WHERE tag IN (SELECT value FROM json_each(?1))";
    Ok(conn.prepare_cached(sql)?.query_map([to_json(&tags)], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// The followed hashtags, newest first, with the page cursor.
pub fn list(conn: &Conn, page: &Page) -> Result<Vec<(i64, String)>> {
    let sql =
        format!("SELECT id, tag FROM followed_tags WHERE id < ?1 AND id > ?2 ORDER BY id {} LIMIT ?3", page.order());
    page.read(conn, &sql, params![page.below, page.above, page.limit], |r| Ok((r.get(0)?, r.get(1)?)))
}
