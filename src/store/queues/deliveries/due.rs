//! Which deliveries are due.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, params};

use super::delivery::Delivery;
use super::order;
use crate::error::Result;
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// The first delivery of each host that nothing holds back ([`order`]), if it is due and `takes` returns `true` for the host.
pub fn due(
    conn: &Conn,
    now: Timestamp,
    mut takes: impl FnMut(&str) -> Result<bool>,
    limit: usize,
) -> Result<Vec<Delivery>> {
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
        if !hosts.insert(host.clone()) || !takes(&host)? {
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

/// When the next delivery is due that no breaker holds back.
pub fn next_due(conn: &Conn) -> Result<Option<Timestamp>> {
    let sql = format!(
        "SELECT min(max(d.due, ifnull(h.retry_at, 0))) FROM deliveries d LEFT JOIN hosts h ON h.host = d.host WHERE {}",
        order::is_free("?1")
    );
    Ok(conn.prepare_cached(&sql)?.query_row([order::free_at_faulty_hosts(conn, None)?], |r| r.get(0))?)
}

/// The bytes of an activity.
pub fn body(conn: &Conn, outgoing: i64) -> Result<Option<Vec<u8>>> {
    Ok(conn
        .prepare_cached("SELECT body FROM outgoing WHERE id = ?1")?
        .query_row([outgoing], |r| r.get(0))
        .optional()?)
}

/// How many deliveries wait.
pub fn count(conn: &Conn) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM deliveries", [], |r| r.get(0))?)
}
