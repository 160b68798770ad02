//! Under which name the limits of a host are kept.

use rusqlite::params;

use super::Conn;
use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::protocol::registrable::registrable;

/// Returns `true` if the owner follows an actor of this host, or has requested it.
pub fn is_followed(conn: &Conn, host: &str) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM follows f CROSS JOIN actors a ON a.id = f.target_id \
             WHERE f.follower_id = (SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'owner') AND a.host = ?1)",
        )?
        .query_row([host], |r| r.get(0))?)
}

/// Returns `true` if the owner follows this actor, or has requested it, or it is a relay.
pub fn is_exempt(conn: &Conn, actor: ActorId) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM follows WHERE target_id = ?1 \
             AND follower_id = (SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'owner')) \
             OR EXISTS (SELECT 1 FROM relays WHERE actor_id = ?1)",
        )?
        .query_row(params![actor], |r| r.get(0))?)
}

/// The name under which a host is counted: its registrable domain, so that a wildcard in the DNS makes no new names. A host
/// of followed accounts counts for itself, so that its neighbours below the same domain do not use up its limits.
pub fn key(conn: &Conn, host: &str) -> Result<String> {
    let domain = registrable(host);
    Ok(if domain != host && is_followed(conn, host)? { host.to_owned() } else { domain })
}
