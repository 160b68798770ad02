//! Activities of ours on their way out.

mod order;

use std::collections::HashSet;

use rusqlite::{OptionalExtension, params};

use super::delivery_report;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::host_of;
use crate::protocol::activitystreams::types::ActivityKind;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// How urgent a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// The owner is waiting for the effect: posts, follows, answers.
    Owner = 0,
    /// Profile updates, deletes and the like.
    Bulk = 1,
    /// What we pass on for others. It has a line of its own at each host, behind the owner's.
    Forward = 2,
}

/// An activity of ours, serialised once.
#[derive(Debug, Clone)]
pub struct OutgoingActivity {
    /// Its row.
    pub id: i64,
    /// Which actor of ours does it.
    pub actor: ActorId,
    /// Its ActivityPub id.
    pub uri: String,
    /// Its type.
    pub kind: ActivityKind,
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
pub fn enqueue(
    conn: &Conn,
    out: &OutgoingActivity,
    inboxes: &[(String, String)],
    lane: Lane,
    now: Timestamp,
) -> Result<()> {
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
    for (inbox, of_actor) in inboxes {
        // Health, order and policy are those of the server that is connected to.
        let host = host_of(inbox);
        insert.execute(params![outgoing, inbox, host.as_ref().unwrap_or(of_actor), lane as i64, now])?;
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
    let inboxes = crate::store::relationships::follows::follower_inboxes(conn, actor)?;
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

/// True while so many deliveries wait that nothing is added for others ([`limits::FORWARDING_QUEUE`]).
///
/// # Errors
/// When the database cannot be read.
pub fn are_too_many(conn: &Conn) -> Result<bool> {
    let most = limits::FORWARDING_QUEUE;
    let count: i64 = conn
        .prepare_cached("SELECT count(*) FROM (SELECT 1 FROM deliveries LIMIT ?1)")?
        .query_row([most], |r| r.get(0))?;
    Ok(count >= most)
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
    /// Those of them that were answered with 401.
    pub refusals: i64,
    /// When the activity was made.
    pub created_at: Timestamp,
    /// The activity's type.
    pub kind: ActivityKind,
    /// Which actor of ours signs.
    pub actor: ActorId,
    /// The status that it is about.
    pub status: Option<StatusId>,
    /// It is for followers only.
    pub private: bool,
}

/// The first delivery of each host that nothing holds back ([`order`]), if it is due and the host is not among `busy`.
///
/// # Errors
/// When the database cannot be read.
pub fn due(conn: &Conn, now: Timestamp, busy: &dyn Fn(&str) -> bool, limit: usize) -> Result<Vec<Delivery>> {
    let mut query = conn.prepare_cached(&format!(
        "SELECT d.id, d.outgoing_id, d.inbox, d.host, d.attempts, d.refusals, o.created_at, o.kind, o.actor_id, \
         o.status_id, o.private FROM deliveries d \
         JOIN outgoing o ON o.id = d.outgoing_id LEFT JOIN hosts h ON h.host = d.host \
         WHERE d.due <= ?1 AND ifnull(h.retry_at, 0) <= ?1 AND {} ORDER BY d.lane, d.id",
        order::is_free("?2")
    ))?;
    let mut rows = query.query(params![now, order::free_at_faulty_hosts(conn, Some(now))?])?;
    let (mut found, mut hosts) = (Vec::new(), HashSet::new());
    while let Some(r) = rows.next()? {
        let host: String = r.get(3)?;
        if busy(&host) || !hosts.insert(host.clone()) {
            continue;
        }
        found.push(Delivery {
            id: r.get(0)?,
            outgoing_id: r.get(1)?,
            inbox: r.get(2)?,
            host,
            attempts: r.get(4)?,
            refusals: r.get(5)?,
            created_at: r.get(6)?,
            kind: r.get(7)?,
            actor: r.get(8)?,
            status: r.get(9)?,
            private: r.get(10)?,
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
    delivery_report::done(conn, d, error, now)?;
    conn.prepare_cached("DELETE FROM deliveries WHERE id = ?1")?.execute([d.id])?;
    forget_empty(conn, d.outgoing_id)
}

/// Removes a delivery that is not to be sent, without a word in the report.
///
/// # Errors
/// When the database cannot be written.
pub fn forget(conn: &Conn, d: &Delivery) -> Result<()> {
    conn.prepare_cached("DELETE FROM deliveries WHERE id = ?1")?.execute([d.id])?;
    forget_empty(conn, d.outgoing_id)
}

/// Removes the deliveries to an inbox that still wait, of activities whose ids begin so.
///
/// # Errors
/// When the database cannot be written.
pub fn withdraw(conn: &Conn, inbox: &str, ids: &str) -> Result<()> {
    let waiting: Vec<(i64, i64)> = conn
        .prepare_cached(
            "SELECT d.id, o.id FROM deliveries d JOIN outgoing o ON o.id = d.outgoing_id \
             WHERE d.host = ?1 AND d.inbox = ?2 AND substr(o.uri, 1, length(?3)) = ?3",
        )?
        .query_map(params![host_of(inbox), inbox, ids], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (delivery, outgoing) in waiting {
        conn.prepare_cached("DELETE FROM deliveries WHERE id = ?1")?.execute([delivery])?;
        forget_empty(conn, outgoing)?;
    }
    Ok(())
}

fn forget_empty(conn: &Conn, outgoing: i64) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM outgoing WHERE id = ?1 AND fan_out = 0 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE outgoing_id = ?1)",
    )?
    .execute([outgoing])?;
    Ok(())
}

/// What an attempt that failed says about the delivery itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It was answered with 401.
    Refusal,
    /// The host took it and failed over it: it answered 5xx, or nothing at all.
    Fault,
    /// Nothing: the host could not be reached, or asks for patience.
    Other,
}

/// Puts a delivery off that failed.
///
/// # Errors
/// When the database cannot be written.
pub fn put_off(conn: &Conn, id: i64, due: Timestamp, failure: Failure, error: &str) -> Result<()> {
    let (refused, at_fault) = (failure == Failure::Refusal, failure == Failure::Fault);
    conn.prepare_cached(
        "UPDATE deliveries SET attempts = attempts + 1, refusals = refusals + ?4, faults = faults + ?5, due = ?2, \
         error = ?3 WHERE id = ?1",
    )?
    .execute(params![id, due, error, refused, at_fault])?;
    Ok(())
}

/// Lets go now what waits for a host that is well again. The attempt that this causes does not count, except of what
/// the host answers with faults.
///
/// # Errors
/// When the database cannot be written.
pub fn hasten(conn: &Conn, host: &str, now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "UPDATE deliveries SET due = ?2, attempts = max(attempts - 1, 0) WHERE host = ?1 AND due > ?2 AND faults < ?3",
    )?
    .execute(params![host, now, limits::DELIVERY_SERVER_ERRORS])?;
    Ok(())
}

/// Drops what waits for a host that gets nothing more, for the reason that its reports say, except what takes something
/// back.
///
/// # Errors
/// When the database cannot be written.
pub fn drop_for_host(conn: &Conn, host: &str, why: &str, now: Timestamp) -> Result<()> {
    delivery_report::dropped(conn, "d.host = ?1", &host, why, now)?;
    use ActivityKind::{Accept, Delete, Follow, Reject, Undo};
    conn.execute(
        "DELETE FROM deliveries WHERE host = ?1 AND outgoing_id IN \
         (SELECT id FROM outgoing WHERE kind NOT IN (?2, ?3, ?4, ?5, ?6))",
        params![host, Delete, Undo, Reject, Follow, Accept],
    )?;
    forget_all_empty(conn)
}

/// Drops what waits for the personal inbox of an actor that is gone.
///
/// # Errors
/// When the database cannot be written.
pub fn drop_for_actor(conn: &Conn, actor: ActorId, now: Timestamp) -> Result<()> {
    let inbox = "d.inbox = (SELECT inbox FROM actors WHERE id = ?1)";
    delivery_report::dropped(conn, inbox, &actor, "the account is gone", now)?;
    conn.execute(&format!("DELETE FROM deliveries AS d WHERE {inbox}"), [actor])?;
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
    let sql = format!(
        "SELECT min(max(d.due, ifnull(h.retry_at, 0))) FROM deliveries d LEFT JOIN hosts h ON h.host = d.host WHERE {}",
        order::is_free("?1")
    );
    Ok(conn.prepare_cached(&sql)?.query_row([order::free_at_faulty_hosts(conn, None)?], |r| r.get(0))?)
}

/// How many deliveries wait.
///
/// # Errors
/// When the database cannot be read.
pub fn count(conn: &Conn) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM deliveries", [], |r| r.get(0))?)
}
