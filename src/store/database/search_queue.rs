//! The texts that the current transaction will index. FTS5 writes a part of its index at every savepoint, which cost more
//! than the rest of a post; so the texts of all writes of one commit are indexed together at its end.

use rusqlite::{Connection, Result, params};

use crate::protocol::ids::StatusId;

/// Prepares the write connection.
pub(super) fn create(conn: &Connection) -> Result<()> {
    conn.execute_batch("CREATE TEMP TABLE unindexed_texts (status_id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")
}

/// Adds a text, or replaces it. An undone savepoint removes it again.
pub(crate) fn add(conn: &Connection, status: StatusId, text: &str) -> Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO temp.unindexed_texts VALUES (?1, ?2)")?
        .execute(params![status, text])?;
    Ok(())
}

/// Indexes the texts of this transaction, except those of statuses that were deleted meanwhile.
pub(super) fn index_all(conn: &Connection) -> Result<()> {
    let waits = "SELECT EXISTS (SELECT 1 FROM temp.unindexed_texts)";
    if !conn.prepare_cached(waits)?.query_row([], |r| r.get(0))? {
        return Ok(());
    }
    let insert = "INSERT OR REPLACE INTO status_search (rowid, text) SELECT u.status_id, u.text \
                  FROM temp.unindexed_texts u CROSS JOIN main.statuses s ON s.id = u.status_id";
    conn.prepare_cached(insert)?.execute([])?;
    conn.prepare_cached("DELETE FROM temp.unindexed_texts")?.execute([])?;
    Ok(())
}
