//! Incoming activities that are authenticated and wait for their effects, and the memory of those taken.

use rusqlite::{OptionalExtension, params};

use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::{Conn, quota};

/// An authenticated activity.
#[derive(Debug, Clone)]
pub struct QueuedActivity {
    /// Its row.
    pub id: i64,
    /// Who signed it.
    pub signer: ActorId,
    /// Its bytes as received.
    pub body: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
}

/// A new authenticated activity.
#[derive(Debug, Clone)]
pub struct NewActivity {
    /// The signer's host.
    pub host: String,
    /// SHA-256 of all that tells it from others: the same activity is taken once.
    pub key: String,
    /// Who signed it.
    pub signer: ActorId,
    /// Its bytes as received.
    pub body: Vec<u8>,
}

/// Takes an activity into the queue. Returns `false` if it was taken before.
///
/// # Errors
/// [`Error::Busy`] when the queue, or its part of this host, is full.
pub fn enqueue(conn: &Conn, a: &NewActivity, now: Timestamp) -> Result<bool> {
    let fresh = conn
        .prepare_cached("INSERT INTO seen_activities VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![a.key, now])?;
    if fresh == 0 {
        return Ok(false);
    }
    let (host, is_exempt) = (quota::key(conn, &a.host)?, quota::is_exempt(conn, a.signer)?);
    let (all, of_host): (i64, i64) = conn
        .prepare_cached(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM inbox_queue WHERE parked = 0 LIMIT ?2)), \
                    (SELECT count(*) FROM (SELECT 1 FROM inbox_queue WHERE host = ?1 AND parked = 0 LIMIT ?3))",
        )?
        .query_row(params![host, limits::INBOX_QUEUE, limits::INBOX_QUEUE_PER_DOMAIN], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?;
    // Accounts that the owner follows have the rest of the queue for themselves.
    let is_full = if is_exempt {
        all >= limits::INBOX_QUEUE
    } else {
        all >= limits::INBOX_QUEUE_UNFOLLOWED || of_host >= limits::INBOX_QUEUE_PER_DOMAIN
    };
    if is_full {
        return Err(Error::Busy { retry_after: limits::BUSY_RETRY_AFTER });
    }
    conn.prepare_cached(
        "INSERT INTO inbox_queue (host, signer_id, body, received_at, due) VALUES (?1, ?2, ?3, ?4, ?4)",
    )?
    .execute(params![host, a.signer, a.body, now])?;
    Ok(true)
}

/// Returns `true` if the activity with this key was taken before.
pub fn is_seen(conn: &Conn, key: &str) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM seen_activities WHERE key = ?1)")?
        .query_row([key], |r| r.get(0))?)
}

/// The oldest activities that are due.
pub fn due(conn: &Conn, now: Timestamp, limit: u32) -> Result<Vec<QueuedActivity>> {
    let rows = conn
        .prepare_cached(
            "SELECT id, signer_id, body, received_at, attempts FROM inbox_queue WHERE parked = 0 AND due <= ?1 ORDER BY due, id LIMIT ?2",
        )?
        .query_map(params![now, limit], |r| {
            Ok(QueuedActivity { id: r.get(0)?, signer: r.get(1)?, body: r.get(2)?, received_at: r.get(3)?, attempts: r.get(4)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// When the next activity is due.
pub fn next_due(conn: &Conn) -> Result<Option<Timestamp>> {
    Ok(conn
        .prepare_cached("SELECT due FROM inbox_queue WHERE parked = 0 ORDER BY due LIMIT 1")?
        .query_row([], |r| r.get(0))
        .optional()?)
}

/// Keeps an activity from being taken until then: a worker is processing it.
pub fn lease(conn: &Conn, id: i64, until: Timestamp) -> Result<()> {
    conn.prepare_cached("UPDATE inbox_queue SET due = ?2 WHERE id = ?1")?.execute(params![id, until])?;
    Ok(())
}

/// Removes an activity whose effects are applied (in the same transaction). Returns `false` if it was gone already.
pub fn done(conn: &Conn, id: i64) -> Result<bool> {
    Ok(conn.prepare_cached("DELETE FROM inbox_queue WHERE id = ?1")?.execute([id])? == 1)
}

/// Puts an activity back for later, or parks it for good when `due` is none.
pub fn retry(conn: &Conn, id: i64, due: Option<Timestamp>, error: &str) -> Result<()> {
    conn.execute(
        "UPDATE inbox_queue SET attempts = attempts + 1, due = ifnull(?2, due), parked = (?2 IS NULL), error = ?3 WHERE id = ?1",
        params![id, due, error],
    )?;
    Ok(())
}

/// How many wait, and how many are parked.
pub fn counts(conn: &Conn) -> Result<(i64, i64)> {
    Ok(conn.query_row("SELECT ifnull(sum(parked = 0), 0), ifnull(sum(parked = 1), 0) FROM inbox_queue", [], |r| {
        Ok((r.get(0)?, r.get(1)?))
    })?)
}

/// Removes what was parked and came before `before`.
pub fn purge_parked(conn: &Conn, before: Timestamp) -> Result<()> {
    conn.execute("DELETE FROM inbox_queue WHERE parked = 1 AND received_at < ?1", [before])?;
    Ok(())
}

/// Forgets what was taken before `before`.
pub fn purge_seen(conn: &Conn, before: Timestamp) -> Result<()> {
    conn.execute("DELETE FROM seen_activities WHERE seen_at < ?1", [before])?;
    Ok(())
}
