//! The outcome of deliveries: done, postponed or dropped.

use rusqlite::params;

use super::delivery::Delivery;
use super::outgoing::forget_empty;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::host_of;
use crate::protocol::activitystreams::types::ActivityKind;
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::queues::delivery_report;

/// Removes a delivery that arrived, or was given up because of `error`, and notes that for the report of a post.
pub fn done(conn: &Conn, d: &Delivery, error: Option<&str>, now: Timestamp) -> Result<()> {
    delivery_report::done(conn, d, error, now)?;
    conn.prepare_cached("DELETE FROM deliveries WHERE id = ?1")?.execute([d.id])?;
    forget_empty(conn, d.outgoing_id)
}

/// Removes a delivery that is not to be sent, without a word in the report.
pub fn forget(conn: &Conn, d: &Delivery) -> Result<()> {
    conn.prepare_cached("DELETE FROM deliveries WHERE id = ?1")?.execute([d.id])?;
    forget_empty(conn, d.outgoing_id)
}

/// Removes every activity of this server that waits.
pub fn clear(conn: &Conn) -> Result<()> {
    conn.execute_batch("DELETE FROM deliveries; DELETE FROM outgoing;")?;
    Ok(())
}

/// Removes the deliveries to an inbox that still wait, of activities whose ids begin so.
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

/// What an attempt that failed says about the delivery itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It was rejected with 401.
    Refusal,
    /// The host took it and failed over it: it answered 5xx, or nothing at all.
    Fault,
    /// Nothing: the host could not be reached, or asks for patience.
    Other,
}

/// Puts a delivery off that failed.
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
/// the host fails on.
pub fn hasten(conn: &Conn, host: &str, now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "UPDATE deliveries SET due = ?2, attempts = max(attempts - 1, 0) WHERE host = ?1 AND due > ?2 AND faults < ?3",
    )?
    .execute(params![host, now, limits::DELIVERY_SERVER_ERRORS])?;
    Ok(())
}

/// Drops what waits for a host that gets nothing more, for the reason that its reports say, except what takes something
/// back.
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
pub fn drop_for_actor(conn: &Conn, actor: ActorId, now: Timestamp) -> Result<()> {
    let inbox = "d.inbox = (SELECT inbox FROM actors WHERE id = ?1)";
    delivery_report::dropped(conn, inbox, &actor, "the account is gone", now)?;
    let lost = format!("SELECT d.id FROM outgoing o CROSS JOIN deliveries d ON d.outgoing_id = o.id AND {inbox}");
    conn.execute(&format!("DELETE FROM deliveries WHERE id IN ({lost})"), [actor])?;
    forget_all_empty(conn)
}

fn forget_all_empty(conn: &Conn) -> Result<()> {
    conn.execute(
        "DELETE FROM outgoing WHERE fan_out = 0 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE outgoing_id = outgoing.id)",
        [],
    )?;
    Ok(())
}
