//! Polls: the owner's, counted here, and those of others as their servers count them.

use std::collections::HashMap;

use rusqlite::{Row, params};

use crate::error::Result;
use crate::protocol::activitystreams::types::{Poll, PollOption};
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::IdList;

/// Stores the poll of a status, or its newer counts.
pub fn set(conn: &Conn, status: StatusId, poll: &Poll) -> Result<()> {
    let voters = poll.voters.map(|v| i64::try_from(v).unwrap_or(i64::MAX));
    conn.prepare_cached(
        "INSERT INTO polls (status_id, multiple, ends_at, closed, voters, hide_totals) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (status_id) DO UPDATE SET multiple = ?2, ends_at = ?3, closed = ?4, voters = ?5, hide_totals = ?6",
    )?
    .execute(params![status, poll.multiple, poll.ends_at, poll.closed, voters, poll.hide_totals])?;
    conn.prepare_cached("DELETE FROM poll_options WHERE status_id = ?1")?.execute([status])?;
    let mut insert = conn.prepare_cached("INSERT INTO poll_options VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (position, option) in poll.options.iter().enumerate() {
        let votes = i64::try_from(option.votes).unwrap_or(i64::MAX);
        let name = Some(&option.name).filter(|name| **name != option.title);
        insert.execute(params![status, position as i64, option.title, votes, name])?;
    }
    Ok(())
}

/// Gives a poll another end, with the votes that it has.
pub fn reschedule(conn: &Conn, status: StatusId, ends_at: Option<Timestamp>, hide_totals: bool) -> Result<()> {
    conn.execute(
        "UPDATE polls SET ends_at = ?2, hide_totals = ?3 WHERE status_id = ?1",
        params![status, ends_at, hide_totals],
    )?;
    Ok(())
}

/// Takes the poll of a status away, with its votes.
pub fn remove(conn: &Conn, status: StatusId) -> Result<()> {
    forget_votes(conn, status)?;
    conn.prepare_cached("DELETE FROM poll_options WHERE status_id = ?1")?.execute([status])?;
    conn.prepare_cached("DELETE FROM polls WHERE status_id = ?1")?.execute([status])?;
    Ok(())
}

/// The poll of a status.
pub fn get(conn: &Conn, status: StatusId) -> Result<Option<Poll>> {
    Ok(of_statuses(conn, &IdList::of_statuses([&status]))?.remove(&status))
}

/// The polls of these statuses.
pub fn of_statuses(conn: &Conn, statuses: &IdList) -> Result<HashMap<StatusId, Poll>> {
    const AMONG: &str = "status_id IN (SELECT value FROM json_each(?1))";
    let poll = |r: &Row<'_>| {
        let voters: Option<i64> = r.get(4)?;
        let poll = Poll {
            multiple: r.get(1)?,
            options: Vec::new(),
            ends_at: r.get(2)?,
            closed: r.get(3)?,
            voters: voters.map(|v| v.max(0) as u64),
            hide_totals: r.get(5)?,
        };
        Ok((r.get(0)?, poll))
    };
    let mut found: HashMap<StatusId, Poll> = conn
        .prepare_cached(&format!(
            "SELECT status_id, multiple, ends_at, closed, voters, hide_totals FROM polls WHERE {AMONG}"
        ))?
        .query_map([statuses], poll)?
        .collect::<Result<_, _>>()?;
    if found.is_empty() {
        return Ok(found);
    }
    let option = |r: &Row<'_>| {
        let votes: i64 = r.get(2)?;
        Ok((r.get(0)?, PollOption { title: r.get(1)?, name: r.get(3)?, votes: votes.max(0) as u64 }))
    };
    let sql = format!(
        "SELECT status_id, title, votes, ifnull(name, title) FROM poll_options WHERE {AMONG} ORDER BY status_id, position"
    );
    for row in conn.prepare_cached(&sql)?.query_map([statuses], option)? {
        let (status, option): (StatusId, PollOption) = row?;
        if let Some(poll) = found.get_mut(&status) {
            poll.options.push(option);
        }
    }
    Ok(found)
}

/// Stores a vote and counts it. Returns `false` if this actor has chosen this option already.
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
pub fn votes_of(conn: &Conn, status: StatusId, actor: ActorId) -> Result<Vec<usize>> {
    Ok(votes_among(conn, &IdList::of_statuses([&status]), actor)?.remove(&status).unwrap_or_default())
}

/// The options that an actor has chosen in the polls of these statuses, by position.
pub fn votes_among(conn: &Conn, statuses: &IdList, actor: ActorId) -> Result<HashMap<StatusId, Vec<usize>>> {
    let sql = "SELECT v.status_id, v.position FROM json_each(?1) j \
               CROSS JOIN poll_votes v ON v.status_id = j.value AND v.actor_id = ?2 ORDER BY v.position";
    let mut found: HashMap<StatusId, Vec<usize>> = HashMap::new();
    let read = |r: &Row<'_>| Ok((r.get(0)?, r.get::<_, i64>(1)?));
    for row in conn.prepare_cached(sql)?.query_map(params![statuses, actor], read)? {
        let (status, position) = row?;
        found.entry(status).or_default().extend(usize::try_from(position));
    }
    Ok(found)
}

/// Forgets who voted: the poll is another one now.
pub fn forget_votes(conn: &Conn, status: StatusId) -> Result<()> {
    conn.execute("DELETE FROM poll_votes WHERE status_id = ?1", [status])?;
    Ok(())
}

/// Everyone who voted.
pub fn voters(conn: &Conn, status: StatusId) -> Result<Vec<ActorId>> {
    Ok(conn
        .prepare_cached("SELECT DISTINCT actor_id FROM poll_votes WHERE status_id = ?1")?
        .query_map([status], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Closes a poll.
pub fn close(conn: &Conn, status: StatusId) -> Result<()> {
    conn.execute("UPDATE polls SET closed = 1 WHERE status_id = ?1", [status])?;
    Ok(())
}
