//! What the server tells about itself: servers that it knows, and what its owner does.

use rusqlite::params;

use super::Conn;
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::first_id_at;
use crate::protocol::time::Timestamp;

/// The hosts with accounts that are known, in alphabetical order, except suspended ones; at most [`limits::PEERS`].
pub fn peers(conn: &Conn) -> Result<Vec<String>> {
    let sql = "SELECT h.host FROM hosts h WHERE EXISTS (SELECT 1 FROM actors WHERE actors.host = h.host) AND NOT EXISTS \
               (SELECT 1 FROM host_policies p WHERE p.severity = 2 AND (p.host = h.host OR h.host LIKE '%.' || p.host)) \
               ORDER BY h.host LIMIT ?1";
    Ok(conn.prepare_cached(sql)?.query_map([limits::PEERS], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// What happened in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activity {
    /// Public and unlisted posts of the owner.
    pub statuses: i64,
    /// The owner posted, signed in, or used the account, as far as that is recorded.
    pub is_active: bool,
}

/// What the owner did from one time until another.
pub fn activity(conn: &Conn, since: Timestamp, until: Timestamp) -> Result<Activity> {
    let statuses: i64 = conn
        .prepare_cached(
            "SELECT count(*) FROM statuses WHERE local = 1 AND id >= ?1 AND id < ?2 AND boost_of_id IS NULL AND visibility <= 1",
        )?
        .query_row([first_id_at(since), first_id_at(until)], |r| r.get(0))?;
    Ok(Activity { statuses, is_active: is_active(conn, since, until)? })
}

/// Returns `true` if the owner posted, signed in, or used the account from one time until another.
pub fn is_active(conn: &Conn, since: Timestamp, until: Timestamp) -> Result<bool> {
    let has_posted: bool = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM statuses WHERE local = 1 AND id >= ?1 AND id < ?2 AND boost_of_id IS NULL \
             AND visibility <= 1)",
        )?
        .query_row([first_id_at(since), first_id_at(until)], |r| r.get(0))?;
    Ok(has_posted
        || conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM sessions WHERE used_at >= ?1 AND created_at < ?2 \
                 AND (used_at < ?2 OR created_at >= ?1)) OR EXISTS (SELECT 1 FROM tokens WHERE owner = 1 \
                 AND ((used_at >= ?1 AND used_at < ?2) OR (created_at >= ?1 AND created_at < ?2)))",
            )?
            .query_row(params![since, until], |r| r.get(0))?)
}

/// The languages of the owner's newest public and unlisted posts, the most used first.
pub fn languages(conn: &Conn) -> Result<Vec<String>> {
    let sql = "SELECT language FROM (SELECT language FROM statuses WHERE local = 1 AND boost_of_id IS NULL \
               AND visibility <= 1 ORDER BY id DESC LIMIT ?1) WHERE language IS NOT NULL \
               GROUP BY language ORDER BY count(*) DESC, language LIMIT ?2";
    let most = params![limits::LANGUAGE_POSTS, limits::INSTANCE_LANGUAGES];
    Ok(conn.prepare_cached(sql)?.query_map(most, |r| r.get(0))?.collect::<Result<_, _>>()?)
}
