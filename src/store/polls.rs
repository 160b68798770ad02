//! Polls of remote statuses as their servers count them.

use rusqlite::{OptionalExtension, params};

use super::Conn;
use crate::error::Result;
use crate::protocol::activitystreams::types::Poll;
use crate::protocol::ids::StatusId;

/// Stores the poll of a status, or its newer counts.
///
/// # Errors
/// When the database cannot be written.
pub fn set(conn: &Conn, status: StatusId, poll: &Poll) -> Result<()> {
    let voters = poll.voters.map(|v| i64::try_from(v).unwrap_or(i64::MAX));
    conn.prepare_cached(
        "INSERT INTO polls VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (status_id) DO UPDATE SET multiple = ?2, ends_at = ?3, closed = ?4, voters = ?5",
    )?
    .execute(params![status, poll.multiple, poll.ends_at, poll.closed, voters])?;
    conn.prepare_cached("DELETE FROM poll_options WHERE status_id = ?1")?.execute([status])?;
    let mut insert = conn.prepare_cached("INSERT INTO poll_options VALUES (?1, ?2, ?3, ?4)")?;
    for (position, (title, votes)) in poll.options.iter().enumerate() {
        insert.execute(params![status, position as i64, title, i64::try_from(*votes).unwrap_or(i64::MAX)])?;
    }
    Ok(())
}

/// The poll of a status.
///
/// # Errors
/// When the database cannot be read.
pub fn get(conn: &Conn, status: StatusId) -> Result<Option<Poll>> {
    let poll = conn
        .prepare_cached("SELECT multiple, ends_at, closed, voters FROM polls WHERE status_id = ?1")?
        .query_row([status], |r| {
            let voters: Option<i64> = r.get(3)?;
            Ok(Poll {
                multiple: r.get(0)?,
                options: Vec::new(),
                ends_at: r.get(1)?,
                closed: r.get(2)?,
                voters: voters.map(|v| v.max(0) as u64),
            })
        })
        .optional()?;
    let Some(mut poll) = poll else { return Ok(None) };
    poll.options = conn
        .prepare_cached("SELECT title, votes FROM poll_options WHERE status_id = ?1 ORDER BY position")?
        .query_map([status], |r| {
            let votes: i64 = r.get(1)?;
            Ok((r.get(0)?, votes.max(0) as u64))
        })?
        .collect::<Result<_, _>>()?;
    Ok(Some(poll))
}
