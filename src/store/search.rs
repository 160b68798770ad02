//! Full-text search over what the owner may see.

use rusqlite::params;

use super::Conn;
use super::database::search_queue;
use super::visibility::{Viewer, shown_to, visible_to};
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};

/// Puts the plain text of a status into the index with the commit of this write, or replaces it.
pub fn index(conn: &Conn, status: StatusId, text: &str) -> Result<()> {
    let text = text.char_indices().nth(limits::INDEXED_CHARS).map_or(text, |(end, _)| &text[..end]);
    Ok(search_queue::add(conn, status, text)?)
}

/// Takes a status out of the index.
pub fn remove(conn: &Conn, status: StatusId) -> Result<()> {
    conn.prepare_cached("DELETE FROM status_search WHERE rowid = ?1")?.execute([status])?;
    Ok(())
}

/// Statuses that contain every word, newest first. Words under three letters are left out: the index knows none.
pub fn statuses(
    conn: &Conn,
    viewer: Viewer,
    words: &str,
    by: Option<ActorId>,
    limit: u32,
    offset: u32,
) -> Result<Vec<StatusId>> {
    let terms: Vec<String> = words
        .split_whitespace()
        .filter(|w| w.chars().count() >= 3)
        .take(8)
        .map(|w| format!("\"{}\"", w.replace('"', "\"\"")))
        .collect();
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT s.id FROM status_search f JOIN statuses s ON s.id = f.rowid WHERE status_search MATCH ?1 \
         AND (?2 IS NULL OR s.actor_id = ?2) AND {} AND {} ORDER BY f.rowid DESC LIMIT ?3 OFFSET ?4",
        visible_to(viewer, "s"),
        shown_to(viewer, "s")
    );
    Ok(conn
        .prepare_cached(&sql)?
        .query_map(params![terms.join(" "), by, limit, offset], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}
