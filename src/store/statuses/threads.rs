//! What is above and below a status in its thread.

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::StatusId;
use crate::store::Conn;
use crate::store::page::Page;
use crate::store::visible::{Viewer, shown_to, visible_to};

/// The chain of statuses above one, oldest first, at most `limit` of them, as far as `viewer` may see.
///
/// # Errors
/// When the database cannot be read.
pub fn ancestors(conn: &Conn, viewer: Viewer, id: StatusId, limit: u32) -> Result<Vec<StatusId>> {
    let sql = format!(
        "WITH RECURSIVE up (id, parent, depth) AS ( \
           SELECT id, in_reply_to_id, 0 FROM statuses WHERE id = ?1 \
           UNION ALL SELECT p.id, p.in_reply_to_id, up.depth + 1 FROM statuses p JOIN up ON p.id = up.parent \
           WHERE up.depth < ?2) \
         SELECT up.id FROM up JOIN statuses s ON s.id = up.id WHERE up.depth > 0 AND {} AND {} ORDER BY up.depth DESC",
        visible_to(viewer, "s"),
        shown_to(viewer, "s")
    );
    Ok(conn.prepare_cached(&sql)?.query_map(params![id, limit], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// A status below another in a thread.
#[derive(Debug, Clone, Copy)]
pub struct Descendant {
    /// It.
    pub id: StatusId,
    /// What it replies to.
    pub parent: StatusId,
}

/// The replies below a status that `viewer` may see, oldest first, not yet in thread order.
///
/// # Errors
/// When the database cannot be read.
pub fn descendants(conn: &Conn, viewer: Viewer, id: StatusId, limit: u32) -> Result<Vec<Descendant>> {
    let sql = format!(
        "WITH RECURSIVE down (id, parent, depth) AS ( \
           SELECT id, in_reply_to_id, 1 FROM statuses WHERE in_reply_to_id = ?1 \
           UNION ALL SELECT c.id, c.in_reply_to_id, down.depth + 1 FROM statuses c JOIN down ON c.in_reply_to_id = down.id \
           WHERE down.depth < 100 LIMIT ?2) \
         SELECT down.id, down.parent FROM down JOIN statuses s ON s.id = down.id WHERE {} AND {} ORDER BY down.id",
        visible_to(viewer, "s"),
        shown_to(viewer, "s")
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![id, limit], |r| Ok(Descendant { id: r.get(0)?, parent: r.get(1)? }))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The newest direct answers to a status, whoever may see them.
///
/// # Errors
/// When the database cannot be read.
pub fn answers(conn: &Conn, id: StatusId, limit: u32) -> Result<Vec<StatusId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM statuses WHERE in_reply_to_id = ?1 ORDER BY id DESC LIMIT ?2")?
        .query_map(params![id, limit], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Open replies to a status, oldest first or newest first: what its `replies` collection shows.
///
/// # Errors
/// When the database cannot be read.
pub fn open_replies(conn: &Conn, id: StatusId, page: &Page) -> Result<Vec<(StatusId, String)>> {
    let sql = format!(
        "SELECT s.id, s.uri FROM statuses s WHERE s.in_reply_to_id = ?1 AND s.visibility <= 1 AND s.id < ?2 AND s.id > ?3 \
         AND {} AND {} ORDER BY s.id {} LIMIT ?4",
        visible_to(Viewer::Anonymous, "s"),
        shown_to(Viewer::Anonymous, "s"),
        page.order()
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![id, page.below, page.above, page.limit], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(page.arrange(rows))
}

/// How many rows [`open_replies`] has in all.
///
/// # Errors
/// When the database cannot be read.
pub fn count_open_replies(conn: &Conn, id: StatusId) -> Result<i64> {
    let sql = format!(
        "SELECT count(*) FROM statuses s WHERE s.in_reply_to_id = ?1 AND {} AND {}",
        visible_to(Viewer::Anonymous, "s"),
        shown_to(Viewer::Anonymous, "s")
    );
    Ok(conn.prepare_cached(&sql)?.query_row([id], |r| r.get(0))?)
}
