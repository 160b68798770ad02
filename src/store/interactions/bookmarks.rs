//! Bookmarks of the owner.

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::StatusId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::pagination::Page;
use crate::store::visibility::{Viewer, visible_to};

/// Bookmarks a status.
pub fn insert(conn: &Conn, id: i64, status: StatusId, now: Timestamp) -> Result<()> {
    conn.execute(
        "INSERT INTO bookmarks VALUES (?1, ?2, ?3) ON CONFLICT (status_id) DO NOTHING",
        params![id, status, now],
    )?;
    Ok(())
}

/// Removes a bookmark.
pub fn remove(conn: &Conn, status: StatusId) -> Result<()> {
    conn.execute("DELETE FROM bookmarks WHERE status_id = ?1", [status])?;
    Ok(())
}

/// The owner's bookmarks, newest first, with the page cursor.
pub fn list(conn: &Conn, viewer: Viewer, page: &Page) -> Result<Vec<(i64, StatusId)>> {
    let sql = format!(
        "SELECT b.id, b.status_id FROM bookmarks b JOIN statuses s ON s.id = b.status_id WHERE b.id < ?1 AND b.id > ?2 \
         AND {} ORDER BY b.id {} LIMIT ?3",
        visible_to(viewer, "s"),
        page.order()
    );
    page.read(conn, &sql, params![page.below, page.above, page.limit], |r| Ok((r.get(0)?, r.get(1)?)))
}
