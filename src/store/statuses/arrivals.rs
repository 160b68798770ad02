//! What is remembered of how a remote status arrived, so that the newest state wins in any order of arrival.

use rusqlite::{OptionalExtension, params};

use super::counts::add_counts;
use super::status::Status;
use super::threads;
use crate::error::Result;
use crate::protocol::ids::StatusId;
use crate::protocol::time::Timestamp;
use crate::protocol::visibility::Visibility;
use crate::store::interactions::quotes;
use crate::store::{Conn, actors, search};

/// The `updated` of the newest state of a status that was taken; `None` if no state had one.
pub fn state_at(conn: &Conn, id: StatusId) -> Result<Option<Timestamp>> {
    let sql = "SELECT state_at FROM statuses WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([id], |r| r.get(0)).optional()?.flatten())
}

/// Notes the `updated` of a state that is taken.
pub fn set_state_at(conn: &Conn, id: StatusId, at: Timestamp) -> Result<()> {
    conn.prepare_cached("UPDATE statuses SET state_at = ?2 WHERE id = ?1")?.execute(params![id, at])?;
    Ok(())
}

/// Notes that a status was fetched: the Create of its author, with its notifications, may still come.
pub fn await_author(conn: &Conn, id: StatusId) -> Result<()> {
    conn.prepare_cached("UPDATE statuses SET awaited = 1 WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Returns `true` if a status was fetched and its author has not sent it yet.
pub fn is_awaited(conn: &Conn, id: StatusId) -> Result<bool> {
    let sql = "SELECT awaited FROM statuses WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([id], |r| r.get(0)).optional()?.unwrap_or(false))
}

/// Notes that the author of a status has sent it. Returns `true` the first time, if it was fetched before.
pub fn author_sent(conn: &Conn, id: StatusId) -> Result<bool> {
    let sql = "UPDATE statuses SET awaited = 0 WHERE id = ?1 AND awaited = 1";
    Ok(conn.prepare_cached(sql)?.execute([id])? == 1)
}

/// Changes the visibility of a status and keeps the counters, which count open statuses.
pub fn set_visibility(conn: &Conn, status: &Status, visibility: Visibility) -> Result<()> {
    conn.prepare_cached("UPDATE statuses SET visibility = ?2 WHERE id = ?1")?
        .execute(params![status.id, visibility])?;
    search::refresh(conn, status.id)?;
    let by = i64::from(visibility.is_open()) - i64::from(status.visibility.is_open());
    if by == 0 {
        return Ok(());
    }
    actors::add_counts(conn, status.actor_id, by, 0, 0)?;
    match status.in_reply_to {
        Some(parent) => add_counts(conn, parent, by, 0, 0),
        None => Ok(()),
    }
}

/// The id of the remote status with this page for people.
pub fn uri_by_page(conn: &Conn, url: &str) -> Result<Option<String>> {
    let sql = "SELECT uri FROM statuses WHERE url = ?1 AND local = 0 AND url <> uri ORDER BY id LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([url], |r| r.get(0)).optional()?)
}

/// Returns `true` if there is a status with this ActivityPub id.
pub fn is_known(conn: &Conn, uri: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM statuses WHERE uri = ?1)";
    Ok(conn.prepare_cached(sql)?.query_row([uri], |r| r.get(0))?)
}

/// Replies and quotes that named a status by `address` instead of its id find it.
pub fn known_as(conn: &Conn, status: &Status, address: &str) -> Result<()> {
    if address == status.uri || is_known(conn, address)? {
        return Ok(());
    }
    threads::adopt_replies(conn, status, address)?;
    quotes::adopt(conn, status.id, address)
}
