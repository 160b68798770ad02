//! Relays that the server subscribes to.

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// A relay.
#[derive(Debug, Clone)]
pub struct Relay {
    /// Its row.
    pub id: i64,
    /// Where it takes deliveries.
    pub inbox: String,
    /// Its actor, when that is known.
    pub actor: Option<ActorId>,
    /// The id of our Follow.
    pub follow_uri: String,
    /// What we follow: its actor, or everyone.
    pub followed: String,
    /// It has accepted.
    pub accepted: bool,
}

const COLUMNS: &str = "id, inbox, actor_id, follow_uri, followed, accepted";

fn from_row(r: &Row<'_>) -> rusqlite::Result<Relay> {
    Ok(Relay {
        id: r.get(0)?,
        inbox: r.get(1)?,
        actor: r.get(2)?,
        follow_uri: r.get(3)?,
        followed: r.get(4)?,
        accepted: r.get(5)?,
    })
}

/// Adds a relay. Returns `false` if it is there already.
pub fn insert(
    conn: &Conn,
    id: i64,
    inbox: &str,
    actor: Option<ActorId>,
    (follow_uri, followed): (&str, &str),
    now: Timestamp,
) -> Result<bool> {
    let added = conn.execute(
        "INSERT INTO relays VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6) ON CONFLICT DO NOTHING",
        params![id, inbox, actor, follow_uri, followed, now],
    )?;
    Ok(added == 1)
}

/// All relays.
pub fn list(conn: &Conn) -> Result<Vec<Relay>> {
    let sql = format!("SELECT {COLUMNS} FROM relays ORDER BY id");
    Ok(conn.prepare_cached(&sql)?.query_map([], from_row)?.collect::<Result<_, _>>()?)
}

/// The relay that our Follow with this id went to.
pub fn by_follow(conn: &Conn, uri: &str) -> Result<Option<Relay>> {
    let sql = format!("SELECT {COLUMNS} FROM relays WHERE follow_uri = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([uri], from_row).optional()?)
}

/// Notes who the relay is and that it has accepted.
pub fn accept(conn: &Conn, id: i64, actor: ActorId) -> Result<()> {
    conn.execute("UPDATE relays SET accepted = 1, actor_id = ?2 WHERE id = ?1", params![id, actor])?;
    Ok(())
}

/// Removes a relay.
pub fn remove(conn: &Conn, id: i64) -> Result<()> {
    conn.execute("DELETE FROM relays WHERE id = ?1", [id])?;
    Ok(())
}

/// Returns `true` if this actor is a relay that has accepted us.
pub fn is_relay(conn: &Conn, actor: ActorId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM relays WHERE actor_id = ?1 AND accepted = 1)")?
        .query_row([actor], |r| r.get(0))?)
}
