//! Posts of the owner that are published later.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::{MediaId, ScheduledId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::IdList;
use crate::store::database::pagination::Page;

/// A scheduled post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledStatus {
    /// Our id for it.
    pub id: ScheduledId,
    /// When it is published.
    pub due: Timestamp,
    /// The post, as JSON.
    pub draft: String,
    /// Why it could not be published, as JSON.
    pub error: Option<String>,
}

const COLUMNS: &str = "id, due, draft, error";

fn from_row(r: &Row<'_>) -> rusqlite::Result<ScheduledStatus> {
    Ok(ScheduledStatus { id: r.get(0)?, due: r.get(1)?, draft: r.get(2)?, error: r.get(3)? })
}

/// Stores a scheduled post with its uploads. `idempotency` is the digest of token and key of the request, and the digest of
/// what was requested.
pub fn insert(
    conn: &Conn,
    new: &ScheduledStatus,
    media: &[MediaId],
    idempotency: Option<&(String, String)>,
) -> Result<()> {
    let (key, request) = idempotency.map(|(key, request)| (key, request)).unzip();
    conn.execute(
        "INSERT INTO scheduled_statuses (id, due, draft, idempotency, request) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![new.id, new.due, new.draft, key, request],
    )?;
    for (position, media) in media.iter().enumerate() {
        conn.prepare_cached("INSERT INTO scheduled_media VALUES (?1, ?2, ?3)")?.execute(params![
            new.id,
            media,
            position as i64
        ])?;
    }
    Ok(())
}

/// The scheduled post with this id.
pub fn get(conn: &Conn, id: ScheduledId) -> Result<Option<ScheduledStatus>> {
    let sql = format!("SELECT {COLUMNS} FROM scheduled_statuses WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
}

/// The scheduled post of a request with this digest of token and key, and the digest of what was requested.
pub fn by_idempotency(conn: &Conn, key: &str) -> Result<Option<(ScheduledId, String)>> {
    let sql = "SELECT id, request FROM scheduled_statuses WHERE idempotency = ?1";
    Ok(conn.query_row(sql, [key], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
}

/// The scheduled posts, newest first.
pub fn list(conn: &Conn, page: &Page) -> Result<Vec<ScheduledStatus>> {
    let order = page.order();
    let sql =
        format!("SELECT {COLUMNS} FROM scheduled_statuses WHERE id < ?1 AND id > ?2 ORDER BY id {order} LIMIT ?3");
    page.read(conn, &sql, params![page.below, page.above, page.limit], from_row)
}

/// The number of scheduled posts that are published from one time until another.
pub fn count_between(conn: &Conn, from: Timestamp, until: Timestamp) -> Result<i64> {
    let sql = "SELECT count(*) FROM scheduled_statuses WHERE due >= ?1 AND due < ?2";
    Ok(conn.query_row(sql, params![from, until], |r| r.get(0))?)
}

/// The number of scheduled posts.
pub fn count(conn: &Conn) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM scheduled_statuses", [], |r| r.get(0))?)
}

/// Changes when a post is published.
pub fn set_due(conn: &Conn, id: ScheduledId, due: Timestamp) -> Result<()> {
    conn.execute("UPDATE scheduled_statuses SET due = ?2, error = NULL WHERE id = ?1", params![id, due])?;
    Ok(())
}

/// Notes why a post could not be published, as JSON.
pub fn set_error(conn: &Conn, id: ScheduledId, error: &str) -> Result<()> {
    conn.execute("UPDATE scheduled_statuses SET error = ?2 WHERE id = ?1", params![id, error])?;
    Ok(())
}

/// The scheduled posts that are due and have no error.
pub fn due(conn: &Conn, now: Timestamp) -> Result<Vec<ScheduledId>> {
    let sql = "SELECT id FROM scheduled_statuses WHERE due <= ?1 AND error IS NULL";
    Ok(conn.prepare_cached(sql)?.query_map([now], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// Removes a scheduled post and sets its uploads free. Returns `false` if it does not exist.
pub fn remove(conn: &Conn, id: ScheduledId) -> Result<bool> {
    Ok(conn.execute("DELETE FROM scheduled_statuses WHERE id = ?1", [id])? > 0)
}

/// Returns `true` if an upload belongs to a scheduled post.
pub fn has_media(conn: &Conn, media: MediaId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM scheduled_media WHERE media_id = ?1)")?
        .query_row([media], |r| r.get(0))?)
}

/// The uploads of these scheduled posts, each list in order.
pub fn media_of(conn: &Conn, ids: &IdList) -> Result<HashMap<ScheduledId, Vec<MediaId>>> {
    let sql = "SELECT scheduled_id, media_id FROM scheduled_media \
               WHERE scheduled_id IN (SELECT value FROM json_each(?1)) ORDER BY scheduled_id, position";
    let mut found: HashMap<ScheduledId, Vec<MediaId>> = HashMap::new();
    for row in conn.prepare_cached(sql)?.query_map([ids], |r| Ok((r.get(0)?, r.get(1)?)))? {
        let (id, media) = row?;
        found.entry(id).or_default().push(media);
    }
    Ok(found)
}
