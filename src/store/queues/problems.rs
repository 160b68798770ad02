//! What the queues could not do yet, for the owner to read.

use rusqlite::Row;

use crate::error::Result;
use crate::store::Conn;

/// Something that failed and is tried again, or was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The host, or the job with its subject.
    pub subject: String,
    /// How many wait, or how often it was tried.
    pub count: i64,
    /// The last error.
    pub error: String,
}

fn from_row(r: &Row<'_>) -> rusqlite::Result<Problem> {
    Ok(Problem { subject: r.get(0)?, count: r.get(1)?, error: r.get(2)? })
}

fn read(conn: &Conn, sql: &str, most: u32) -> Result<Vec<Problem>> {
    Ok(conn.prepare_cached(sql)?.query_map([most], from_row)?.collect::<Result<_, _>>()?)
}

/// The hosts with the most deliveries that have failed so far: their number, and one of the errors.
pub fn of_deliveries(conn: &Conn, most: u32) -> Result<Vec<Problem>> {
    let sql = "SELECT host, count(*), max(error) FROM deliveries WHERE error IS NOT NULL \
               GROUP BY host ORDER BY count(*) DESC, host LIMIT ?1";
    read(conn, sql, most)
}

/// The newest jobs that have failed so far, with the number of attempts.
pub fn of_jobs(conn: &Conn, most: u32) -> Result<Vec<Problem>> {
    let sql =
        "SELECT kind || ' ' || subject, attempts, error FROM jobs WHERE error IS NOT NULL ORDER BY id DESC LIMIT ?1";
    read(conn, sql, most)
}

/// The newest activities that were given up, by the hosts that sent them, with the number of attempts.
pub fn of_activities(conn: &Conn, most: u32) -> Result<Vec<Problem>> {
    let sql = "SELECT host, attempts, error FROM inbox_queue WHERE parked = 1 AND error IS NOT NULL \
               ORDER BY due DESC, id DESC LIMIT ?1";
    read(conn, sql, most)
}
