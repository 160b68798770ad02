//! The owner's passkeys.

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::PasskeyId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// A passkey.
#[derive(Debug, Clone)]
pub struct Passkey {
    /// Our id for it.
    pub id: PasskeyId,
    /// Its id in the authenticator, as base64url.
    pub credential: String,
    /// Its public key in SPKI DER.
    pub public_key: Vec<u8>,
    /// The owner's name for it.
    pub name: String,
    /// How often its authenticator has signed; 0 if it does not count.
    pub sign_count: u32,
    /// When the challenge was issued that it was last used for.
    pub challenged_at: Timestamp,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, credential, public_key, name, sign_count, challenged_at, created_at, used_at";

fn from_row(r: &Row<'_>) -> rusqlite::Result<Passkey> {
    Ok(Passkey {
        id: r.get(0)?,
        credential: r.get(1)?,
        public_key: r.get(2)?,
        name: r.get(3)?,
        sign_count: r.get(4)?,
        challenged_at: r.get(5)?,
        created_at: r.get(6)?,
        used_at: r.get(7)?,
    })
}

/// Stores a passkey. Returns `false` if its credential is stored already.
pub fn insert(conn: &Conn, new: &Passkey) -> Result<bool> {
    let sql = "INSERT INTO passkeys (id, credential, public_key, name, sign_count, challenged_at, created_at, used_at) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
    let row = params![
        new.id,
        new.credential,
        new.public_key,
        new.name,
        new.sign_count,
        new.challenged_at,
        new.created_at,
        new.used_at
    ];
    Ok(conn.execute(sql, row)? > 0)
}

/// All passkeys, the oldest first.
pub fn list(conn: &Conn) -> Result<Vec<Passkey>> {
    let sql = format!("SELECT {COLUMNS} FROM passkeys ORDER BY id");
    Ok(conn.prepare_cached(&sql)?.query_map([], from_row)?.collect::<Result<_, _>>()?)
}

/// The passkey of a credential.
pub fn by_credential(conn: &Conn, credential: &str) -> Result<Option<Passkey>> {
    let sql = format!("SELECT {COLUMNS} FROM passkeys WHERE credential = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([credential], from_row).optional()?)
}

/// Notes that a passkey was used.
pub fn used(conn: &Conn, id: PasskeyId, sign_count: u32, challenged_at: Timestamp, now: Timestamp) -> Result<()> {
    conn.execute(
        "UPDATE passkeys SET sign_count = ?2, challenged_at = ?3, used_at = ?4 WHERE id = ?1",
        params![id, sign_count, challenged_at, now],
    )?;
    Ok(())
}

/// Removes a passkey. Returns `false` if there is none with this id.
pub fn remove(conn: &Conn, id: PasskeyId) -> Result<bool> {
    Ok(conn.execute("DELETE FROM passkeys WHERE id = ?1", [id])? > 0)
}
