//! Activities of this server that wait for their deliveries.

use rusqlite::{OptionalExtension, params};

use super::delivery::Lane;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::host_of;
use crate::protocol::activitystreams::types::ActivityKind;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::relationships::follows;

/// An activity of this server, serialised once.
#[derive(Debug, Clone)]
pub struct OutgoingActivity {
    /// Its row.
    pub id: i64,
    /// Which actor of this server does it.
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
/// Create that it undoes.
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

/// Writes the rows for the followers' inboxes of the oldest activity that still lacks them. Returns `false` if
/// there is none.
pub fn expand(conn: &Conn, now: Timestamp) -> Result<bool> {
    let next: Option<(i64, ActorId)> = conn
        .prepare_cached("SELECT id, actor_id FROM outgoing WHERE fan_out = 1 ORDER BY id LIMIT 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let Some((id, actor)) = next else { return Ok(false) };
    let inboxes = follows::follower_inboxes(conn, actor)?;
    add_inboxes(conn, id, &inboxes, Lane::Owner, now)?;
    conn.prepare_cached("UPDATE outgoing SET fan_out = 0 WHERE id = ?1")?.execute([id])?;
    forget_empty(conn, id)?;
    Ok(true)
}

/// Returns `true` while some activity lacks its followers' rows.
pub fn needs_expanding(conn: &Conn) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM outgoing WHERE fan_out = 1)")?.query_row([], |r| r.get(0))?)
}

/// Returns `true` while so many deliveries wait that nothing is added for others ([`limits::FORWARDING_QUEUE`]).
pub fn are_too_many(conn: &Conn) -> Result<bool> {
    let most = limits::FORWARDING_QUEUE;
    let count: i64 = conn
        .prepare_cached("SELECT count(*) FROM (SELECT 1 FROM deliveries LIMIT ?1)")?
        .query_row([most], |r| r.get(0))?;
    Ok(count >= most)
}

/// Removes an activity without deliveries.
pub(super) fn forget_empty(conn: &Conn, outgoing: i64) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM outgoing WHERE id = ?1 AND fan_out = 0 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE outgoing_id = ?1)",
    )?
    .execute([outgoing])?;
    Ok(())
}
