//! Counters of statuses, and counts over them.

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::StatusId;
use crate::store::Conn;

/// Adds to the counters of a status.
pub fn add_counts(conn: &Conn, id: StatusId, replies: i64, boosts: i64, favourites: i64) -> Result<()> {
    conn.prepare_cached(
        "UPDATE statuses SET replies_count = max(0, replies_count + ?2), boosts_count = max(0, boosts_count + ?3), \
         favourites_count = max(0, favourites_count + ?4) WHERE id = ?1",
    )?
    .execute(params![id, replies, boosts, favourites])?;
    Ok(())
}

/// Takes over the counts that a remote status's own server reports.
pub fn set_counts(conn: &Conn, id: StatusId, boosts: Option<i64>, favourites: Option<i64>) -> Result<()> {
    conn.prepare_cached(
        "UPDATE statuses SET boosts_count = ifnull(?2, boosts_count), favourites_count = ifnull(?3, favourites_count) WHERE id = ?1",
    )?
    .execute(params![id, boosts, favourites])?;
    Ok(())
}

/// How many statuses and boosts everyone may see in the owner's outbox.
pub fn count_outbox(conn: &Conn) -> Result<i64> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM statuses WHERE local = 1 AND visibility <= 1")?
        .query_row([], |r| r.get(0))?)
}

/// How many open statuses the owner has written: what everyone may know.
pub fn count_open_local(conn: &Conn) -> Result<i64> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM statuses WHERE local = 1 AND boost_of_id IS NULL AND visibility <= 1")?
        .query_row([], |r| r.get(0))?)
}

/// How many statuses the owner has written.
pub fn count_local(conn: &Conn) -> Result<i64> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM statuses WHERE local = 1 AND boost_of_id IS NULL")?
        .query_row([], |r| r.get(0))?)
}
