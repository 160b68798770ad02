//! Posts that the owner has begun and not published.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::{DraftId, MediaId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::IdList;
use crate::store::database::pagination::Page;

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPost {
    /// Our id for it.
    pub id: DraftId,
    /// The post, as JSON.
    pub draft: String,
    /// When it was last saved.
    pub updated_at: Timestamp,
}

const COLUMNS: &str = "id, draft, updated_at";

fn from_row(r: &Row<'_>) -> rusqlite::Result<StoredPost> {
    Ok(StoredPost { id: r.get(0)?, draft: r.get(1)?, updated_at: r.get(2)? })
}

/// Stores a draft with its uploads, or replaces what is stored under its id. Uploads that do not exist are left out.
pub fn put(conn: &Conn, new: &StoredPost, media: &[MediaId]) -> Result<()> {
    conn.execute(
        "INSERT INTO drafts (id, draft, updated_at) VALUES (?1, ?2, ?3) \
         ON CONFLICT (id) DO UPDATE SET draft = ?2, updated_at = ?3",
        params![new.id, new.draft, new.updated_at],
    )?;
    conn.execute("DELETE FROM draft_media WHERE draft_id = ?1", [new.id])?;
    for (position, media) in media.iter().enumerate() {
        conn.prepare_cached(
            "INSERT INTO draft_media SELECT ?1, ?2, id FROM media WHERE id = ?3 ON CONFLICT DO NOTHING",
        )?
        .execute(params![new.id, position as i64, media])?;
    }
    Ok(())
}

/// The draft with this id.
pub fn get(conn: &Conn, id: DraftId) -> Result<Option<StoredPost>> {
    let sql = format!("SELECT {COLUMNS} FROM drafts WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
}

/// One page of drafts, newest first.
pub fn list(conn: &Conn, page: &Page) -> Result<Vec<StoredPost>> {
    let order = page.order();
    let sql = format!("SELECT {COLUMNS} FROM drafts WHERE id < ?1 AND id > ?2 ORDER BY id {order} LIMIT ?3");
    page.read(conn, &sql, params![page.below, page.above, page.limit], from_row)
}

/// The number of drafts.
pub fn count(conn: &Conn) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM drafts", [], |r| r.get(0))?)
}

/// Removes a draft. Returns `false` if it does not exist.
pub fn remove(conn: &Conn, id: DraftId) -> Result<bool> {
    Ok(conn.execute("DELETE FROM drafts WHERE id = ?1", [id])? > 0)
}

/// The uploads of these drafts, each list in order.
pub fn media_of(conn: &Conn, ids: &IdList) -> Result<HashMap<DraftId, Vec<MediaId>>> {
    let sql = "SELECT draft_id, media_id FROM draft_media \
               WHERE draft_id IN (SELECT value FROM json_each(?1)) ORDER BY draft_id, position";
    let mut found: HashMap<DraftId, Vec<MediaId>> = HashMap::new();
    for row in conn.prepare_cached(sql)?.query_map([ids], |r| Ok((r.get(0)?, r.get(1)?)))? {
        let (id, media) = row?;
        found.entry(id).or_default().push(media);
    }
    Ok(found)
}
