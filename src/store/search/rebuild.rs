//! Rebuilding the index of a database that an older Dassie wrote, in small steps from the newest status to the oldest. Each step
//! commits its position, so that a restart continues it.

use rusqlite::params;

use crate::error::Result;
use crate::limits;
use crate::protocol::ids::StatusId;
use crate::store::Conn;
use crate::store::database::{search_queue, settings};

/// The way in which statuses are indexed. A change of words or marks raises it.
const VERSION: &str = "2";

/// Begins to rebuild the index if it was made in another way.
pub fn begin_rebuild_if_outdated(conn: &Conn) -> Result<()> {
    if settings::get(conn, settings::SEARCH_VERSION)?.as_deref() == Some(VERSION) {
        return Ok(());
    }
    let newest: Option<i64> = conn.query_row("SELECT max(id) FROM statuses", [], |r| r.get(0))?;
    if let Some(newest) = newest {
        settings::set(conn, settings::SEARCH_REBUILT_FROM, &(newest + 1).to_string())?;
    }
    settings::set(conn, settings::SEARCH_VERSION, VERSION)
}

/// Returns `true` while older statuses are not indexed.
pub fn is_rebuilding(conn: &Conn) -> Result<bool> {
    Ok(settings::get(conn, settings::SEARCH_REBUILT_FROM)?.is_some())
}

/// Indexes the next [`limits::REINDEXED_POSTS`] statuses. Returns `false` if none is left.
pub fn rebuild_some(conn: &Conn) -> Result<bool> {
    let Some(from) = settings::get(conn, settings::SEARCH_REBUILT_FROM)? else { return Ok(false) };
    let from: i64 = from.parse().unwrap_or_default();
    let sql = "SELECT id FROM statuses WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
    let ids = conn
        .prepare_cached(sql)?
        .query_map(params![from, limits::REINDEXED_POSTS], |r| r.get::<_, StatusId>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for id in &ids {
        search_queue::add_stored(conn, *id)?;
    }
    match ids.last() {
        Some(last) => settings::set(conn, settings::SEARCH_REBUILT_FROM, &last.0.to_string())?,
        None => settings::remove(conn, settings::SEARCH_REBUILT_FROM)?,
    }
    Ok(!ids.is_empty())
}
