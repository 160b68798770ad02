//! The statuses that the current transaction will index. FTS5 writes a part of its index at every savepoint, which cost more
//! than the rest of a post; so the statuses of all writes of one commit are indexed together at its end.

use rusqlite::{Connection, Result, params};

use crate::protocol::ids::StatusId;
use crate::store::search::document;

/// Prepares the write connection.
pub(super) fn create(conn: &Connection) -> Result<()> {
    // Without words, those of the stored text are indexed.
    conn.execute_batch("CREATE TEMP TABLE unindexed_statuses (status_id INTEGER PRIMARY KEY, words TEXT) STRICT")
}

/// Adds a status with the words of its text, or replaces them. An undone savepoint removes it again.
pub(crate) fn add(conn: &Connection, status: StatusId, words: &str) -> Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO temp.unindexed_statuses VALUES (?1, ?2)")?
        .execute(params![status, words])?;
    Ok(())
}

/// Adds a status that is stored already.
pub(crate) fn add_stored(conn: &Connection, status: StatusId) -> Result<()> {
    conn.prepare_cached("INSERT INTO temp.unindexed_statuses VALUES (?1, NULL) ON CONFLICT DO NOTHING")?
        .execute([status])?;
    Ok(())
}

/// Indexes the statuses of this transaction, except those that were deleted meanwhile.
pub(super) fn index_all(conn: &Connection) -> Result<()> {
    let waits = "SELECT EXISTS (SELECT 1 FROM temp.unindexed_statuses)";
    if !conn.prepare_cached(waits)?.query_row([], |r| r.get(0))? {
        return Ok(());
    }
    let mut insert = conn.prepare_cached("INSERT OR REPLACE INTO status_search (rowid, text) VALUES (?1, ?2)")?;
    for (status, document) in document::of_queued(conn)? {
        insert.execute(params![status, document])?;
    }
    conn.prepare_cached("DELETE FROM temp.unindexed_statuses")?.execute([])?;
    Ok(())
}
