//! Hashtags that the owner features on the profile. Tags are lower-case without `#`.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::to_json;

/// A featured hashtag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeaturedHashtag {
    /// Our id for it.
    pub id: i64,
    /// The hashtag.
    pub tag: String,
    /// Its name as the owner wrote it.
    pub name: String,
    /// The number of public and unlisted posts of the owner with it.
    pub uses: i64,
    /// When the owner last used it.
    pub last_used: Option<Timestamp>,
}

fn from_row(r: &Row<'_>) -> rusqlite::Result<FeaturedHashtag> {
    Ok(FeaturedHashtag { id: r.get(0)?, tag: r.get(1)?, name: r.get(2)?, uses: r.get(3)?, last_used: r.get(4)? })
}

/// Features a hashtag.
pub fn insert(conn: &Conn, id: i64, tag: &str, name: &str) -> Result<()> {
    conn.execute("INSERT INTO featured_tags VALUES (?1, ?2, ?3)", params![id, tag, name])?;
    Ok(())
}

/// Features a hashtag no longer. Returns `false` if it was not featured.
pub fn remove(conn: &Conn, tag: &str) -> Result<bool> {
    Ok(conn.execute("DELETE FROM featured_tags WHERE tag = ?1", [tag])? > 0)
}

/// The featured hashtag with this id.
pub fn tag_of(conn: &Conn, id: i64) -> Result<Option<String>> {
    Ok(conn.query_row("SELECT tag FROM featured_tags WHERE id = ?1", [id], |r| r.get(0)).optional()?)
}

/// The ones of these hashtags that are featured.
pub fn among(conn: &Conn, tags: &[String]) -> Result<HashSet<String>> {
    let sql = "SELECT tag FROM featured_tags WHERE tag IN (SELECT value FROM json_each(?1))";
    Ok(conn.prepare_cached(sql)?.query_map([to_json(&tags)], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// All featured hashtags, the most used first.
pub fn all(conn: &Conn, owner: ActorId) -> Result<Vec<FeaturedHashtag>> {
    let sql = "SELECT f.id, f.tag, f.name, count(s.id), max(s.created_at) FROM featured_tags f \
               LEFT JOIN status_tags t ON t.tag = f.tag AND t.actor_id = ?1 \
               LEFT JOIN statuses s ON s.id = t.status_id AND s.visibility <= 1 \
               GROUP BY f.id ORDER BY count(s.id) DESC, f.id";
    Ok(conn.prepare_cached(sql)?.query_map([owner], from_row)?.collect::<Result<_, _>>()?)
}

/// The hashtags that the owner uses most and does not feature. Each is in a public or unlisted post.
pub fn suggestions(conn: &Conn, owner: ActorId, most: u32) -> Result<Vec<String>> {
    // The uses are counted from the index alone.
    let sql = "SELECT t.tag FROM status_tags t WHERE t.actor_id = ?1 AND t.tag NOT IN (SELECT tag FROM featured_tags) \
               GROUP BY t.tag HAVING EXISTS (SELECT 1 FROM status_tags o CROSS JOIN statuses s ON s.id = o.status_id \
                 WHERE o.actor_id = ?1 AND o.tag = t.tag AND s.visibility <= 1) \
               ORDER BY count(*) DESC, t.tag LIMIT ?2";
    Ok(conn.prepare_cached(sql)?.query_map(params![owner, most], |r| r.get(0))?.collect::<Result<_, _>>()?)
}
