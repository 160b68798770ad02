//! Polls: the owner's, counted here, and those of others as their servers count them.

use rusqlite::{OptionalExtension, params};

use super::Conn;
use crate::error::Result;
use crate::protocol::activitystreams::types::{Poll, PollOption};
use crate::protocol::ids::{ActorId, StatusId};

/// Stores the poll of a status, or its newer counts.
///
/// # Errors
/// When the database cannot be written.
pub fn set(conn: &Conn, status: StatusId, poll: &Poll) -> Result<()> {
    let voters = poll.voters.map(|v| i64::try_from(v).unwrap_or(i64::MAX));
    conn.prepare_cached(
        "INSERT INTO polls (status_id, multiple, ends_at, closed, voters) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (status_id) DO UPDATE SET multiple = ?2, ends_at = ?3, closed = ?4, voters = ?5",
    )?
    .execute(params![status, poll.multiple, poll.ends_at, poll.closed, voters])?;
    conn.prepare_cached("DELETE FROM poll_options WHERE status_id = ?1")?.execute([status])?;
    let mut insert = conn.prepare_cached("INSERT INTO poll_options VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (position, option) in poll.options.iter().enumerate() {
        let votes = i64::try_from(option.votes).unwrap_or(i64::MAX);
        let name = Some(&option.name).filter(|name| **name != option.title);
        insert.execute(params![status, position as i64, option.title, votes, name])?;
    }
    Ok(())
}

/// Takes the poll of a status away, with its votes.
///
/// # Errors
/// When the database cannot be written.
pub fn remove(conn: &Conn, status: StatusId) -> Result<()> {
    forget_votes(conn, status)?;
    conn.prepare_cached("DELETE FROM poll_options WHERE status_id = ?1")?.execute([status])?;
    conn.prepare_cached("DELETE FROM polls WHERE status_id = ?1")?.execute([status])?;
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
        .prepare_cached(
            "SELECT title, votes, ifnull(name, title) FROM poll_options WHERE status_id = ?1 ORDER BY position",
        )?
        .query_map([status], |r| {
            let votes: i64 = r.get(1)?;
            Ok(PollOption { title: r.get(0)?, name: r.get(2)?, votes: votes.max(0) as u64 })
        })?
        .collect::<Result<_, _>>()?;
    Ok(Some(poll))
}

/// Stores a vote and counts it. Answers false if this actor has chosen this option already.
///
/// # Errors
/// When the database cannot be written.
pub fn vote(conn: &Conn, status: StatusId, actor: ActorId, position: usize, uri: Option<&str>) -> Result<bool> {
    let first = votes_of(conn, status, actor)?.is_empty();
    let added = conn
        .prepare_cached("INSERT INTO poll_votes VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")?
        .execute(params![status, actor, position as i64, uri])?;
    if added == 0 {
        return Ok(false);
    }
    conn.prepare_cached("UPDATE poll_options SET votes = votes + 1 WHERE status_id = ?1 AND position = ?2")?
        .execute(params![status, position as i64])?;
    if first {
        conn.prepare_cached("UPDATE polls SET voters = ifnull(voters, 0) + 1 WHERE status_id = ?1")?
            .execute([status])?;
    }
    Ok(true)
}

/// The options that an actor has chosen, by position.
///
/// # Errors
/// When the database cannot be read.
pub fn votes_of(conn: &Conn, status: StatusId, actor: ActorId) -> Result<Vec<usize>> {
    let rows = conn
        .prepare_cached("SELECT position FROM poll_votes WHERE status_id = ?1 AND actor_id = ?2 ORDER BY position")?
        .query_map(params![status, actor], |r| r.get::<_, i64>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(rows.into_iter().filter_map(|p| usize::try_from(p).ok()).collect())
}

/// Forgets who voted: the poll is another one now.
///
/// # Errors
/// When the database cannot be written.
pub fn forget_votes(conn: &Conn, status: StatusId) -> Result<()> {
    conn.execute("DELETE FROM poll_votes WHERE status_id = ?1", [status])?;
    Ok(())
}

/// Everybody who voted.
///
/// # Errors
/// When the database cannot be read.
pub fn voters(conn: &Conn, status: StatusId) -> Result<Vec<ActorId>> {
    Ok(conn
        .prepare_cached("SELECT DISTINCT actor_id FROM poll_votes WHERE status_id = ?1")?
        .query_map([status], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Closes a poll.
///
/// # Errors
/// When the database cannot be written.
pub fn close(conn: &Conn, status: StatusId) -> Result<()> {
    conn.execute("UPDATE polls SET closed = 1 WHERE status_id = ?1", [status])?;
    Ok(())
}
