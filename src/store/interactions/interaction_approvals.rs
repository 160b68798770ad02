//! Approvals of the owner to quotes, replies, likes and boosts: each is a document that anyone may check.

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::activitystreams::types::Interaction;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// An approval.
#[derive(Debug, Clone)]
pub struct Approval {
    /// Its number, the end of its id.
    pub id: i64,
    /// What it allows.
    pub kind: Interaction,
    /// With which status of the owner.
    pub status: StatusId,
    /// The actor that it was given to.
    pub actor: ActorId,
    /// The id of the quoting or answering post, of the like or boost.
    pub interaction: String,
    /// It holds no longer.
    pub revoked: bool,
}

const COLUMNS: &str = "id, kind, status_id, actor_id, interaction, revoked_at IS NOT NULL";

fn from_row(r: &Row<'_>) -> rusqlite::Result<Approval> {
    Ok(Approval {
        id: r.get(0)?,
        kind: r.get(1)?,
        status: r.get(2)?,
        actor: r.get(3)?,
        interaction: r.get(4)?,
        revoked: r.get(5)?,
    })
}

/// Gives an approval, or returns the one that was given. A revoked one stays revoked.
pub fn give(
    conn: &Conn,
    id: i64,
    kind: Interaction,
    (status, actor): (StatusId, ActorId),
    interaction: &str,
    now: Timestamp,
) -> Result<Approval> {
    conn.prepare_cached("INSERT INTO approvals VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL) ON CONFLICT DO NOTHING")?
        .execute(params![id, kind, status, actor, interaction, now])?;
    let sql = format!("SELECT {COLUMNS} FROM approvals WHERE kind = ?1 AND status_id = ?2 AND interaction = ?3");
    Ok(conn.prepare_cached(&sql)?.query_row(params![kind, status, interaction], from_row)?)
}

/// The approval with this number.
pub fn get(conn: &Conn, id: i64) -> Result<Option<Approval>> {
    let sql = format!("SELECT {COLUMNS} FROM approvals WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
}

/// The approval to this quote, also if it holds no longer.
pub fn of_quote(conn: &Conn, status: StatusId, interaction: &str) -> Result<Option<Approval>> {
    let sql = format!("SELECT {COLUMNS} FROM approvals WHERE kind = ?3 AND status_id = ?1 AND interaction = ?2");
    Ok(conn.prepare_cached(&sql)?.query_row(params![status, interaction, Interaction::Quote], from_row).optional()?)
}

/// Revokes an approval.
pub fn revoke(conn: &Conn, id: i64, now: Timestamp) -> Result<()> {
    conn.execute("UPDATE approvals SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL", params![id, now])?;
    Ok(())
}
