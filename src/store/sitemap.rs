//! The public posts of the owner, as the sitemap lists them.

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::StatusId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// A post of the owner, and when it last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedPost {
    /// Its id.
    pub id: StatusId,
    /// When it was written or last edited.
    pub changed: Timestamp,
}

/// The first public posts of the owner from this id on, oldest first. Unlisted posts are not in it.
pub fn public_posts(conn: &Conn, from: StatusId, limit: usize) -> Result<Vec<ListedPost>> {
    let sql = "SELECT id, ifnull(edited_at, created_at) FROM statuses INDEXED BY statuses_listed \
               WHERE local = 1 AND boost_of_id IS NULL AND visibility = 0 AND id >= ?1 ORDER BY id LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let rows =
        statement.query_map(params![from, limit as i64], |r| Ok(ListedPost { id: r.get(0)?, changed: r.get(1)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The pages of a sitemap with this many posts each, at most so many pages: the first post of each, with the time of the
/// last change in the page.
pub fn pages(conn: &Conn, size: usize, limit: usize) -> Result<Vec<ListedPost>> {
    let sql = "SELECT id, ifnull(edited_at, created_at) FROM statuses INDEXED BY statuses_listed \
               WHERE local = 1 AND boost_of_id IS NULL AND visibility = 0 ORDER BY id LIMIT ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([size.saturating_mul(limit) as i64])?;
    let mut pages: Vec<ListedPost> = Vec::new();
    let mut read = 0;
    while let Some(row) = rows.next()? {
        let changed: Timestamp = row.get(1)?;
        match pages.last_mut() {
            Some(page) if read % size != 0 => page.changed = page.changed.max(changed),
            _ => pages.push(ListedPost { id: row.get(0)?, changed }),
        }
        read += 1;
    }
    Ok(pages)
}
