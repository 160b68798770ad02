//! Full-text search over what the owner may see. Each post is indexed by its words, and by marks for what operators ask for,
//! such as its author; so a search reads the index only, and rows of the posts that it shows.

pub(crate) mod document;
mod expression;
mod rebuild;

use rusqlite::params;

use super::Conn;
use super::database::column_types::to_json;
use super::database::pagination::Page;
use super::database::search_queue;
use super::visibility::{Viewer, shown_to, visible_to};
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::search::{Query, words};

pub use rebuild::{begin_rebuild_if_outdated, is_rebuilding, rebuild_some};

/// Puts a status with the plain text that it shows into the index with the commit of this write, or replaces it.
pub fn index(conn: &Conn, status: StatusId, text: &str) -> Result<()> {
    Ok(search_queue::add(conn, status, &words::index(text))?)
}

/// Renews what the index has of a stored status, with the commit of this write.
pub fn refresh(conn: &Conn, status: StatusId) -> Result<()> {
    Ok(search_queue::add_stored(conn, status)?)
}

/// As [`refresh`] for the newest statuses with the card of a link.
pub(super) fn refresh_with_card(conn: &Conn, url: &str) -> Result<()> {
    let sql = "SELECT s.status_id FROM preview_cards c JOIN status_cards s ON s.card_id = c.id WHERE c.url = ?1 \
               ORDER BY s.status_id DESC LIMIT ?2";
    let mut rows = conn.prepare_cached(sql)?;
    for status in rows.query_map(params![url, limits::REINDEXED_OF_CARD], |r| r.get(0))? {
        refresh(conn, status?)?;
    }
    Ok(())
}

/// Takes a status out of the index.
pub fn remove(conn: &Conn, status: StatusId) -> Result<()> {
    conn.prepare_cached("DELETE FROM status_search WHERE rowid = ?1")?.execute([status])?;
    Ok(())
}

/// The statuses that a query finds, newest first. A query without any clause finds none.
pub fn statuses(
    conn: &Conn,
    viewer: Viewer,
    query: &Query<ActorId>,
    page: &Page,
    offset: u32,
) -> Result<Vec<StatusId>> {
    let Some(words) = expression::of(query) else { return Ok(Vec::new()) };
    let times = expression::Times::of(query);
    let gaps = match times.gaps.is_empty() {
        true => "?6 = '[]'",
        false => {
            "NOT EXISTS (SELECT 1 FROM json_each(?6) g WHERE f.rowid >= g.value ->> 0 AND f.rowid < g.value ->> 1)"
        }
    };
    let sql = format!(
        "SELECT s.id FROM status_search f CROSS JOIN statuses s ON s.id = f.rowid WHERE status_search MATCH ?1 \
         AND f.rowid < ?2 AND f.rowid > ?3 AND {gaps} AND {} AND {} ORDER BY f.rowid {} LIMIT ?4 OFFSET ?5",
        visible_to(viewer, "s"),
        shown_to(viewer, "s"),
        page.order()
    );
    let (below, above) = (page.below.min(times.below), page.above.max(times.above));
    let params = params![words, below, above, page.limit, offset, to_json(&times.gaps)];
    page.read(conn, &sql, params, |r| r.get(0))
}
