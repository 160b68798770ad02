//! Work that must happen later and is neither an incoming activity nor a delivery.

mod task;

use rusqlite::{OptionalExtension, params};

pub use task::Task;

use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::host_of;
use crate::protocol::time::Timestamp;
use crate::store::{Conn, quota};

/// Who causes a job. The owner's come first; of the others only so many may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The owner, or this server itself.
    Owner = 0,
    /// An actor that the owner follows, or a relay.
    Followed = 1,
    /// Anyone else.
    Stranger = 2,
}

impl Cause {
    fn from_column(lane: i64) -> Self {
        match lane {
            0 => Self::Owner,
            1 => Self::Followed,
            _ => Self::Stranger,
        }
    }

    /// How many jobs for such people may wait in all, and about one host.
    fn room(self) -> Option<(i64, i64)> {
        match self {
            Self::Owner => None,
            Self::Followed => Some((limits::JOBS_FOR_FOLLOWED, limits::JOBS_FOR_FOLLOWED_PER_HOST)),
            Self::Stranger => Some((limits::JOBS_FOR_UNKNOWN_ACTORS, limits::JOBS_FOR_UNKNOWN_ACTORS_PER_HOST)),
        }
    }
}

/// A job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its row.
    pub id: i64,
    /// What to do.
    pub task: Task,
    /// Attempts, with this one.
    pub attempts: i64,
    /// Who caused it.
    pub cause: Cause,
}

/// Adds a job of the owner or of this server itself, unless the same one waits already.
pub fn enqueue(conn: &Conn, task: &Task, due: Timestamp) -> Result<()> {
    enqueue_for(conn, task, Cause::Owner, due)
}

/// Adds a job, unless the same one waits already. A waiting job that is now wanted by an actor more important (the owner
/// before those followed before unknown actors) becomes theirs, and is due as soon as their own would be. What others cause
/// is left out when too much of that waits.
pub fn enqueue_for(conn: &Conn, task: &Task, cause: Cause, due: Timestamp) -> Result<()> {
    // The owner does not wait out the delay of a job that was put off for others.
    let sooner = "due = iif(excluded.lane < lane, min(due, excluded.due), due), lane = min(lane, excluded.lane)";
    add(conn, task, cause, due, sooner)
}

/// As [`enqueue_for`], and has it done once more if it is being worked on just now.
pub fn enqueue_again(conn: &Conn, task: &Task, cause: Cause, due: Timestamp) -> Result<()> {
    let again = "lane = min(lane, excluded.lane), due = iif(attempts > 0, excluded.due, due), attempts = 0";
    add(conn, task, cause, due, again)
}

/// Adds a job of the owner, or has the same one done at this time instead.
pub fn reschedule(conn: &Conn, task: &Task, due: Timestamp) -> Result<()> {
    add(conn, task, Cause::Owner, due, "lane = 0, due = excluded.due, attempts = 0")
}

/// Adds a job; if the same one is there already, changes it as this part of SQL says.
fn add(conn: &Conn, task: &Task, cause: Cause, due: Timestamp, if_there: &str) -> Result<()> {
    let host = match task.address().and_then(host_of) {
        Some(host) => Some(quota::key(conn, &host)?),
        None => None,
    };
    if let Some((most, of_host)) = cause.room()
        && is_full(conn, cause, host.as_deref(), most, of_host)?
    {
        tracing::debug!(kind = task.kind(), ?cause, ?host, "a job was left out: too many wait");
        return Ok(());
    }
    conn.prepare_cached(&format!(
        "INSERT INTO jobs (kind, subject, lane, host, due) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (kind, subject) DO UPDATE SET {if_there}"
    ))?
    .execute(params![task.kind(), task.subject(), cause as i64, host, due])?;
    Ok(())
}

fn is_full(conn: &Conn, cause: Cause, host: Option<&str>, most: i64, of_host: i64) -> Result<bool> {
    let (all, here): (i64, i64) = conn
        .prepare_cached(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM jobs WHERE lane = ?1 LIMIT ?3)), \
                    (SELECT count(*) FROM (SELECT 1 FROM jobs WHERE host = ?2 AND lane = ?1 AND lane > 0 LIMIT ?4))",
        )?
        .query_row(params![cause as i64, host, most, of_host], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(all >= most || (host.is_some() && here >= of_host))
}

/// Takes the jobs that are due and caused by no cause lower than `lowest`: the owner's first, then the oldest. They are
/// due again only after the lease, if no worker finishes them. The attempt counts from now on, so that a job which ends
/// the whole process is not tried permanently.
pub fn take(conn: &Conn, now: Timestamp, lease: Timestamp, lowest: Cause, limit: u32) -> Result<Vec<Job>> {
    let rows: Vec<(i64, String, String, i64, i64)> = conn
        .prepare_cached(
            "SELECT id, kind, subject, attempts + 1, lane FROM jobs WHERE due <= ?1 AND lane <= ?3 ORDER BY lane, due LIMIT ?2",
        )?
        .query_map(params![now, limit, lowest as i64], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
        })?
        .collect::<Result<_, _>>()?;
    let mut put_off = conn.prepare_cached("UPDATE jobs SET due = ?2, attempts = attempts + 1 WHERE id = ?1")?;
    for (id, ..) in &rows {
        put_off.execute(params![id, lease])?;
    }
    Ok(rows
        .into_iter()
        .filter_map(|(id, kind, subject, attempts, lane)| {
            Some(Job { id, task: Task::read(&kind, &subject)?, attempts, cause: Cause::from_column(lane) })
        })
        .collect())
}

/// When the next job is due that is caused by no cause lower than `lowest`.
pub fn next_due(conn: &Conn, lowest: Cause) -> Result<Option<Timestamp>> {
    let sql = "SELECT due FROM jobs WHERE lane <= ?1 ORDER BY due LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([lowest as i64], |r| r.get(0)).optional()?)
}

/// Removes a job that is done or given up, unless it was requested again meanwhile.
pub fn done(conn: &Conn, id: i64) -> Result<()> {
    conn.execute("DELETE FROM jobs WHERE id = ?1 AND attempts > 0", [id])?;
    Ok(())
}

/// Puts a job off whose time has not come; what was tried does not count.
pub fn wait(conn: &Conn, id: i64, due: Timestamp) -> Result<()> {
    conn.execute("UPDATE jobs SET due = ?2, attempts = 0, error = NULL WHERE id = ?1", params![id, due])?;
    Ok(())
}

/// Puts a job off that failed.
pub fn put_off(conn: &Conn, id: i64, due: Timestamp, error: &str) -> Result<()> {
    conn.execute("UPDATE jobs SET due = ?2, error = ?3 WHERE id = ?1", params![id, due, error])?;
    Ok(())
}

/// How many jobs wait.
pub fn count(conn: &Conn) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM jobs", [], |r| r.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ids::StatusId;

    /// Votes that come while the counts are sent are included next time.
    #[test]
    fn a_job_enqueued_while_it_runs_runs_again() {
        let mut conn = Conn::open_in_memory().unwrap();
        crate::store::database::migrations::run(&mut conn).unwrap();
        let at = Timestamp::from_millis;
        let again = |due| enqueue_again(&conn, &Task::PollCounts(StatusId(1)), Cause::Owner, at(due)).unwrap();
        again(10);
        again(99);
        assert_eq!(next_due(&conn, Cause::Owner).unwrap(), Some(at(10)), "it waits already");
        let job = take(&conn, at(10), at(1_000), Cause::Owner, 1).unwrap().remove(0);
        again(50);
        done(&conn, job.id).unwrap();
        assert_eq!(next_due(&conn, Cause::Owner).unwrap(), Some(at(50)));
        let job = take(&conn, at(50), at(1_000), Cause::Owner, 1).unwrap().remove(0);
        done(&conn, job.id).unwrap();
        assert_eq!(count(&conn).unwrap(), 0);
    }
}
