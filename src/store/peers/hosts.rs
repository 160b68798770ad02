//! What we know of other servers: whether they answer, and how they sign.

use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::limits;
use crate::protocol::signature::SignatureScheme;
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// An actor of this server that signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnSigner {
    /// The owner.
    Owner,
    /// The actor of this server.
    Server,
}

/// The state of a host's breaker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Health {
    /// Failed deliveries in a row.
    pub failures: i64,
    /// When the first of them was.
    pub failing_since: Option<Timestamp>,
    /// Nothing is sent before this.
    pub retry_at: Option<Timestamp>,
    /// When it last showed that it speaks RFC 9421.
    pub rfc9421_at: Option<Timestamp>,
    /// When it last took that and refused the older form.
    pub wants_rfc9421_at: Option<Timestamp>,
    /// When it was first seen.
    pub first_seen: Option<Timestamp>,
    /// It knows the keys of the owner made until then.
    pub knows_key: Option<Timestamp>,
    /// It knows the keys of the actor of this server made until then.
    pub knows_server_key: Option<Timestamp>,
}

impl Health {
    /// Until when keys of an actor of this server were made that the host knows, as far as it has shown that. A host has
    /// fetched the key of its time when it was first seen.
    pub fn knows_keys_until(&self, signer: OwnSigner) -> Option<Timestamp> {
        let shown = match signer {
            OwnSigner::Owner => self.knows_key,
            OwnSigner::Server => self.knows_server_key,
        };
        shown.or(self.first_seen)
    }

    /// The form of signature that is sent first: the older one, unless the host recently took only the newer.
    pub fn form(&self, now: Timestamp) -> SignatureScheme {
        let recent = now.minus(limits::SIGNATURE_SCHEME_MEMORY);
        if self.wants_rfc9421_at.is_some_and(|at| at > recent) {
            SignatureScheme::Rfc9421
        } else {
            SignatureScheme::Cavage
        }
    }
}

/// What is known of a host's health.
pub fn health(conn: &Conn, host: &str) -> Result<Health> {
    Ok(conn
        .prepare_cached(
            "SELECT failures, failing_since, retry_at, speaks_rfc9421, wants_rfc9421, first_seen, knows_key, \
             knows_server_key FROM hosts WHERE host = ?1",
        )?
        .query_row([host], |r| {
            Ok(Health {
                failures: r.get(0)?,
                failing_since: r.get(1)?,
                retry_at: r.get(2)?,
                rfc9421_at: r.get(3)?,
                wants_rfc9421_at: r.get(4)?,
                first_seen: r.get(5)?,
                knows_key: r.get(6)?,
                knows_server_key: r.get(7)?,
            })
        })
        .optional()?
        .unwrap_or_default())
}

/// A host has sent us something authentic: it lives, so its breaker closes. Returns `true` if it had been failing for a
/// while: what waits for it can go now.
pub fn heard(conn: &Conn, host: &str, rfc9421: bool, now: Timestamp) -> Result<bool> {
    let before = health(conn, host)?;
    conn.prepare_cached(
        "INSERT INTO hosts (host, first_seen, last_heard, speaks_rfc9421) VALUES (?1, ?2, ?2, iif(?3, ?2, NULL)) \
         ON CONFLICT (host) DO UPDATE SET last_heard = ?2, failures = 0, failing_since = NULL, retry_at = NULL, \
         speaks_rfc9421 = iif(?3, ?2, speaks_rfc9421)",
    )?
    .execute(params![host, now, rfc9421])?;
    Ok(before.failing_since.is_some_and(|since| since <= now.minus(limits::HOST_RECOVERY_MIN_OUTAGE)))
}

/// A host says in its documents that it speaks RFC 9421.
pub fn speaks_rfc9421(conn: &Conn, host: &str, now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO hosts (host, first_seen, speaks_rfc9421) VALUES (?1, ?2, ?2) \
         ON CONFLICT (host) DO UPDATE SET speaks_rfc9421 = ?2",
    )?
    .execute(params![host, now])?;
    Ok(())
}

/// A host took this form of signature after it had refused the other.
pub fn takes(conn: &Conn, host: &str, form: SignatureScheme, now: Timestamp) -> Result<()> {
    let at = (form == SignatureScheme::Rfc9421).then_some(now);
    conn.prepare_cached(
        "INSERT INTO hosts (host, first_seen, wants_rfc9421) VALUES (?1, ?2, ?3) \
         ON CONFLICT (host) DO UPDATE SET wants_rfc9421 = ?3",
    )?
    .execute(params![host, now, at])?;
    Ok(())
}

/// Notes that a host knows the keys of an actor of this server made until `until`, and no later ones.
pub fn knows_keys(conn: &Conn, host: &str, signer: OwnSigner, until: Timestamp) -> Result<()> {
    conn.prepare_cached(match signer {
        OwnSigner::Owner => "UPDATE hosts SET knows_key = ?2 WHERE host = ?1",
        OwnSigner::Server => "UPDATE hosts SET knows_server_key = ?2 WHERE host = ?1",
    })?
    .execute(params![host, until])?;
    Ok(())
}

/// Sends a host nothing before `until`.
pub fn rest(conn: &Conn, host: &str, until: Timestamp) -> Result<()> {
    conn.prepare_cached("UPDATE hosts SET retry_at = ?2 WHERE host = ?1")?.execute(params![host, until])?;
    Ok(())
}

/// A delivery arrived.
pub fn delivered(conn: &Conn, host: &str, now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO hosts (host, first_seen, last_delivered) VALUES (?1, ?2, ?2) \
         ON CONFLICT (host) DO UPDATE SET last_delivered = ?2, failures = 0, failing_since = NULL, retry_at = NULL",
    )?
    .execute(params![host, now])?;
    Ok(())
}

/// A delivery failed for a reason that lies with the host.
pub fn failed(conn: &Conn, host: &str, retry_at: Option<Timestamp>, now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO hosts (host, first_seen, failures, failing_since, retry_at) VALUES (?1, ?2, 1, ?2, ?3) \
         ON CONFLICT (host) DO UPDATE SET failures = failures + 1, failing_since = ifnull(failing_since, ?2), retry_at = ?3",
    )?
    .execute(params![host, now, retry_at])?;
    Ok(())
}

/// What is known of a host's software: its name in NodeInfo, if it has one, and when that was last requested.
pub fn software(conn: &Conn, host: &str) -> Result<Option<(Option<String>, Timestamp)>> {
    let found: Option<(Option<String>, Option<Timestamp>)> = conn
        .prepare_cached("SELECT software, software_at FROM hosts WHERE host = ?1")?
        .query_row([host], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    Ok(found.and_then(|(name, at)| Some((name, at?))))
}

/// Stores the software name that a host's NodeInfo gives. Without one, an earlier name stays.
pub fn set_software(conn: &Conn, host: &str, name: Option<&str>, now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO hosts (host, first_seen, software, software_at) VALUES (?1, ?3, ?2, ?3) \
         ON CONFLICT (host) DO UPDATE SET software = ifnull(?2, software), software_at = ?3",
    )?
    .execute(params![host, name, now])?;
    Ok(())
}

/// How many hosts we know.
pub fn count(conn: &Conn) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM hosts", [], |r| r.get(0))?)
}

/// Forgets hosts without actors here that nothing was heard of since `before`, so that unknown actors cannot fill the table.
pub fn purge(conn: &Conn, before: Timestamp) -> Result<()> {
    conn.execute(
        "DELETE FROM hosts WHERE max(first_seen, ifnull(last_heard, 0), ifnull(last_delivered, 0)) < ?1 \
         AND NOT EXISTS (SELECT 1 FROM actors WHERE actors.host = hosts.host)",
        [before],
    )?;
    Ok(())
}
