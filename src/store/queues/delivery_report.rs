//! The results of the deliveries of a post.

use rusqlite::{ToSql, params};

use super::deliveries::Delivery;
use crate::error::Result;
use crate::protocol::activitystreams::types::ActivityKind;
use crate::protocol::ids::StatusId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// How the delivery of a post to one host stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryReport {
    /// The host.
    pub host: String,
    /// When it arrived or was given up; `None` while it waits.
    pub at: Option<Timestamp>,
    /// Why it was given up, or why the last attempt failed.
    pub error: Option<String>,
}

/// How the delivery of a post stands, host by host.
pub fn of_status(conn: &Conn, status: StatusId) -> Result<Vec<DeliveryReport>> {
    let rows = conn
        .prepare_cached(
            "SELECT host, at, error FROM delivery_report WHERE status_id = ?1 \
             UNION ALL SELECT d.host, NULL, d.error FROM deliveries d JOIN outgoing o ON o.id = d.outgoing_id \
             WHERE o.status_id = ?1 AND o.kind = ?2 ORDER BY 1",
        )?
        .query_map(params![status, ActivityKind::Create], |r| {
            Ok(DeliveryReport { host: r.get(0)?, at: r.get(1)?, error: r.get(2)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Notes that a delivery of a post arrived, or was given up because of `error`.
pub(crate) fn done(conn: &Conn, d: &Delivery, error: Option<&str>, now: Timestamp) -> Result<()> {
    if let Some(status) = d.status.filter(|_| d.kind == ActivityKind::Create) {
        conn.prepare_cached(
            "INSERT INTO delivery_report SELECT id, ?2, ?3, ?4 FROM statuses WHERE id = ?1 \
             ON CONFLICT (status_id, host) DO UPDATE SET at = ?3, error = ?4",
        )?
        .execute(params![status, d.host, now, error])?;
    }
    Ok(())
}

/// Notes that the deliveries `d` of posts for which `condition` holds are given up. What arrived on the same host stays
/// arrived.
pub(crate) fn dropped(conn: &Conn, condition: &str, value: &dyn ToSql, why: &str, now: Timestamp) -> Result<()> {
    conn.execute(
        &format!(
            "INSERT INTO delivery_report SELECT s.id, d.host, ?2, ?3 FROM deliveries d \
             JOIN outgoing o ON o.id = d.outgoing_id JOIN statuses s ON s.id = o.status_id \
             WHERE o.kind = ?4 AND {condition} ON CONFLICT DO NOTHING"
        ),
        params![value, now, why, ActivityKind::Create],
    )?;
    Ok(())
}
