//! Activities of ours on their way out.

use rusqlite::{OptionalExtension, params};

use super::Conn;
use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;

/// How urgent a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// The owner is waiting for the effect: posts, follows, answers.
    Owner = 0,
    /// Profile updates, deletes and the like.
    Bulk = 1,
}

/// An activity of ours, serialised once.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Its row.
    pub id: i64,
    /// Which actor of ours does it.
    pub actor: ActorId,
    /// Its ActivityPub id.
    pub uri: String,
    /// Its type, `Create`.
    pub kind: String,
    /// The status that it is about.
    pub status: Option<StatusId>,
    /// Its bytes.
    pub body: Vec<u8>,
    /// It goes to all followers too.
    pub to_followers: bool,
    /// It is for followers only, and tells their servers which of them we count (FEP-8fcf).
    pub private: bool,
}

/// Stores an activity with the inboxes that are known now. Rows for followers' inboxes are written by
/// [`expand`], outside the request; those of earlier activities must come first, or a Delete could overtake the
/// Create that it takes back.
///
/// # Errors
/// When the database cannot be written.
pub fn enqueue(conn: &Conn, out: &Outgoing, inboxes: &[(String, String)], lane: Lane, now: Timestamp) -> Result<()> {
    while !inboxes.is_empty() && expand(conn, now)? {}
    conn.prepare_cached("INSERT INTO outgoing VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?.execute(params![
        out.id,
        out.actor,
        out.uri,
        out.kind,
        out.status,
        out.body,
        out.to_followers,
        now,
        out.private
    ])?;
    add_inboxes(conn, out.id, inboxes, lane, now)?;
    forget_empty(conn, out.id)
}

fn add_inboxes(conn: &Conn, outgoing: i64, inboxes: &[(String, String)], lane: Lane, now: Timestamp) -> Result<()> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO deliveries (outgoing_id, inbox, host, lane, due) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    )?;
    for (inbox, host) in inboxes {
        insert.execute(params![outgoing, inbox, host, lane as i64, now])?;
    }
    Ok(())
}

/// Writes the rows for the followers' inboxes of the oldest activity that still lacks them. Answers false when
/// there is none.
///
/// # Errors
/// When the database cannot be written.
pub fn expand(conn: &Conn, now: Timestamp) -> Result<bool> {
    let next: Option<(i64, ActorId)> = conn
        .prepare_cached("SELECT id, actor_id FROM outgoing WHERE fan_out = 1 ORDER BY id LIMIT 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let Some((id, actor)) = next else { return Ok(false) };
    let inboxes = super::follows::follower_inboxes(conn, actor)?;
    add_inboxes(conn, id, &inboxes, Lane::Owner, now)?;
    conn.prepare_cached("UPDATE outgoing SET fan_out = 0 WHERE id = ?1")?.execute([id])?;
    forget_empty(conn, id)?;
    Ok(true)
}

/// True while some activity lacks its followers' rows.
///
/// # Errors
/// When the database cannot be read.
pub fn needs_expanding(conn: &Conn) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM outgoing WHERE fan_out = 1)")?.query_row([], |r| r.get(0))?)
}

/// A delivery whose turn it is.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its row.
    pub id: i64,
    /// The activity.
    pub outgoing_id: i64,
    /// Where it goes.
    pub inbox: String,
    /// The host of the inbox.
    pub host: String,
    /// Failed attempts so far.
    pub attempts: i64,
    /// When the activity was made.
    pub created_at: Timestamp,
    /// The activity's type.
    pub kind: String,
    /// Which actor of ours signs.
    pub actor: ActorId,
    /// The status that it is about.
    pub status: Option<StatusId>,
    /// It is for followers only.
    pub private: bool,
}

/// The first delivery of each host, if it is due and the host is not among `busy`. The first one holds back the
/// later ones, so that a host gets Create before Update before Delete.
///
/// # Errors
/// When the database cannot be read.
pub fn due(conn: &Conn, now: Timestamp, busy: &dyn Fn(&str) -> bool, limit: usize) -> Result<Vec<Delivery>> {
    let mut query = conn.prepare_cached(
        "SELECT d.id, d.outgoing_id, d.inbox, d.host, d.attempts, o.created_at, o.kind, o.actor_id, o.status_id, o.private FROM deliveries d \
         JOIN outgoing o ON o.id = d.outgoing_id LEFT JOIN hosts h ON h.host = d.host \
         WHERE d.due <= ?1 AND ifnull(h.retry_at, 0) <= ?1 \
         AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.host = d.host AND e.id < d.id) ORDER BY d.lane, d.id",
    )?;
    let mut rows = query.query([now])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let host: String = r.get(3)?;
        if busy(&host) {
            continue;
        }
        found.push(Delivery {
            id: r.get(0)?,
            outgoing_id: r.get(1)?,
            inbox: r.get(2)?,
            host,
            attempts: r.get(4)?,
            created_at: r.get(5)?,
            kind: r.get(6)?,
            actor: r.get(7)?,
            status: r.get(8)?,
            private: r.get(9)?,
        });
        if found.len() == limit {
            break;
        }
    }
    Ok(found)
}

/// The bytes of an activity.
///
/// # Errors
/// When the database cannot be read.
pub fn body(conn: &Conn, outgoing: i64) -> Result<Option<Vec<u8>>> {
    Ok(conn
        .prepare_cached("SELECT body FROM outgoing WHERE id = ?1")?
        .query_row([outgoing], |r| r.get(0))
        .optional()?)
}

/// Removes a delivery that arrived, or was given up because of `error`, and notes that for the report of a post.
///
/// # Errors
/// When the database cannot be written.
pub fn done(conn: &Conn, d: &Delivery, error: Option<&str>, now: Timestamp) -> Result<()> {
    if let Some(status) = d.status.filter(|_| d.kind == "Create") {
        conn.prepare_cached(
            "INSERT INTO delivery_report SELECT id, ?2, ?3, ?4 FROM statuses WHERE id = ?1 \
             ON CONFLICT (status_id, host) DO UPDATE SET at = ?3, error = ?4",
        )?
        .execute(params![status, d.host, now, error])?;
    }
    conn.prepare_cached("DELETE FROM deliveries WHERE id = ?1")?.execute([d.id])?;
    forget_empty(conn, d.outgoing_id)
}

fn forget_empty(conn: &Conn, outgoing: i64) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM outgoing WHERE id = ?1 AND fan_out = 0 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE outgoing_id = ?1)",
    )?
    .execute([outgoing])?;
    Ok(())
}

/// Puts a delivery off.
///
/// # Errors
/// When the database cannot be written.
pub fn put_off(conn: &Conn, id: i64, due: Timestamp, error: &str) -> Result<()> {
    conn.prepare_cached("UPDATE deliveries SET attempts = attempts + 1, due = ?2, error = ?3 WHERE id = ?1")?
        .execute(params![id, due, error])?;
    Ok(())
}

/// Drops what waits for a host that has been dead for long, except what takes something back.
///
/// # Errors
/// When the database cannot be written.
pub fn drop_for_dead_host(conn: &Conn, host: &str) -> Result<()> {
    conn.execute(
        "DELETE FROM deliveries WHERE host = ?1 AND outgoing_id IN \
         (SELECT id FROM outgoing WHERE kind NOT IN ('Delete', 'Undo', 'Reject', 'Follow', 'Accept'))",
        [host],
    )?;
    forget_all_empty(conn)
}

/// How the delivery of a post to one host stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The host.
    pub host: String,
    /// When it arrived or was given up; `None` while it waits.
    pub at: Option<Timestamp>,
    /// Why it was given up, or why the last attempt failed.
    pub error: Option<String>,
}

/// How the delivery of a post stands, host by host.
///
/// # Errors
/// When the database cannot be read.
pub fn report(conn: &Conn, status: StatusId) -> Result<Vec<Report>> {
    let rows = conn
        .prepare_cached(
            "SELECT host, at, error FROM delivery_report WHERE status_id = ?1 \
             UNION ALL SELECT d.host, NULL, d.error FROM deliveries d JOIN outgoing o ON o.id = d.outgoing_id \
             WHERE o.status_id = ?1 AND o.kind = 'Create' ORDER BY 1",
        )?
        .query_map([status], |r| Ok(Report { host: r.get(0)?, at: r.get(1)?, error: r.get(2)? }))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Drops what waits for the personal inbox of an actor that is gone.
///
/// # Errors
/// When the database cannot be written.
pub fn drop_for_actor(conn: &Conn, actor: ActorId) -> Result<()> {
    conn.execute("DELETE FROM deliveries WHERE inbox = (SELECT inbox FROM actors WHERE id = ?1)", [actor])?;
    forget_all_empty(conn)
}

fn forget_all_empty(conn: &Conn) -> Result<()> {
    conn.execute(
        "DELETE FROM outgoing WHERE fan_out = 0 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE outgoing_id = outgoing.id)",
        [],
    )?;
    Ok(())
}

/// When the next delivery is due that no breaker holds back.
///
/// # Errors
/// When the database cannot be read.
pub fn next_due(conn: &Conn) -> Result<Option<Timestamp>> {
    Ok(conn
        .prepare_cached(
            "SELECT min(max(d.due, ifnull(h.retry_at, 0))) FROM deliveries d LEFT JOIN hosts h ON h.host = d.host \
             WHERE NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.host = d.host AND e.id < d.id)",
        )?
        .query_row([], |r| r.get(0))?)
}

/// How many deliveries wait.
///
/// # Errors
/// When the database cannot be read.
pub fn count(conn: &Conn) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM deliveries", [], |r| r.get(0))?)
}
