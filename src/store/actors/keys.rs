//! Public keys of remote actors, and both halves of our own.

use rusqlite::params;

use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::{ActorKey, KeyMaterial};
use crate::protocol::ids::ActorId;
use crate::protocol::signature::{ProofKey, SigningKey};
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// A key as its columns `kind` and `public_key`.
fn columns(material: &KeyMaterial) -> (i64, &str) {
    match material {
        KeyMaterial::Pem(pem) => (0, pem),
        KeyMaterial::Multibase(text) => (1, text),
    }
}

fn material(kind: i64, text: String) -> KeyMaterial {
    if kind == 0 { KeyMaterial::Pem(text) } else { KeyMaterial::Multibase(text) }
}

/// A public key with the actor that holds it.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key's id.
    pub id: String,
    /// Our id for its actor.
    pub actor_id: ActorId,
    /// The actor's ActivityPub id.
    pub actor_uri: String,
    /// The key itself.
    pub material: KeyMaterial,
    /// When we last saw it in the actor's document.
    pub fetched_at: Timestamp,
}

/// The keys that a `keyId` may mean: the one with this id; where it is the id of an actor (PeerTube before 7.0.1, old
/// relays), the actor's keys, which come first.
pub fn meant_by(conn: &Conn, key_id: &str) -> Result<Vec<Key>> {
    let rows = conn
        .prepare_cached(
            "SELECT k.key_id, k.actor_id, a.uri, k.kind, k.public_key, k.fetched_at FROM actor_keys k \
             JOIN actors a ON a.id = k.actor_id WHERE k.private_key IS NULL \
             AND (k.key_id = ?1 OR k.actor_id = (SELECT id FROM actors WHERE uri = ?1)) \
             ORDER BY a.uri = ?1 DESC, k.kind LIMIT ?2",
        )?
        .query_map(params![key_id, limits::ACTOR_KEYS as i64 + 1], |r| {
            Ok(Key {
                id: r.get(0)?,
                actor_id: r.get(1)?,
                actor_uri: r.get(2)?,
                material: material(r.get(3)?, r.get(4)?),
                fetched_at: r.get(5)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Stores the keys that the document of a remote actor names, in place of those it named before. An id that an actor
/// else has stays theirs ([`forget_of_others`]).
pub(crate) fn replace(conn: &Conn, actor: ActorId, keys: &[ActorKey], now: Timestamp) -> Result<()> {
    conn.prepare_cached("DELETE FROM actor_keys WHERE actor_id = ?1 AND private_key IS NULL")?.execute([actor])?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO actor_keys (key_id, actor_id, kind, public_key, fetched_at) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (key_id) DO NOTHING",
    )?;
    for key in keys {
        let (kind, public) = columns(&key.material);
        insert.execute(params![key.id, actor, kind, public, now])?;
    }
    Ok(())
}

/// Forgets a key that another actor than its holder has listed, as the key's own address says: an actor that lists
/// an id first must not keep it from its holder.
pub fn forget_of_others(conn: &Conn, key_id: &str, holder: &str) -> Result<()> {
    conn.execute(
        "DELETE FROM actor_keys WHERE key_id = ?1 AND private_key IS NULL \
         AND actor_id NOT IN (SELECT id FROM actors WHERE uri = ?2)",
        [key_id, holder],
    )?;
    Ok(())
}

/// Both halves of a key of this server.
#[derive(Debug, Clone)]
pub struct OwnKey {
    /// The key's id.
    pub id: String,
    /// RSA for HTTP signatures (PEM), or Ed25519 for proofs (multibase).
    pub material: KeyMaterial,
    /// PEM, or the base64 of the seed.
    pub private: String,
    /// It no longer signs, but what it signed can still be verified.
    pub retired: bool,
}

impl OwnKey {
    /// A key for HTTP signatures.
    ///
    /// # Errors
    /// When it cannot be written as PEM.
    pub fn rsa(id: String, key: &SigningKey) -> Result<Self> {
        Ok(Self { id, material: KeyMaterial::Pem(key.public_pem()), private: key.to_pem()?, retired: false })
    }

    /// A key for object proofs.
    pub fn ed25519(id: String, key: &ProofKey) -> Self {
        let material = KeyMaterial::Multibase(key.public_multibase());
        Self { id, material, private: key.to_base64(), retired: false }
    }
}

/// Stores a key of this server.
pub fn insert_own(conn: &Conn, actor: ActorId, key: &OwnKey, now: Timestamp) -> Result<()> {
    let (kind, public) = columns(&key.material);
    conn.execute(
        "INSERT INTO actor_keys VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)",
        params![key.id, actor, kind, public, key.private, now],
    )?;
    Ok(())
}

/// Retires every key of an actor of this server that still signs.
pub fn retire_own(conn: &Conn, actor: ActorId, now: Timestamp) -> Result<()> {
    conn.execute(
        "UPDATE actor_keys SET retired_at = ?2 WHERE actor_id = ?1 AND private_key IS NOT NULL AND retired_at IS NULL",
        params![actor, now],
    )?;
    Ok(())
}

/// Removes keys of this server that were retired before `before`.
pub fn purge_retired(conn: &Conn, before: Timestamp) -> Result<()> {
    conn.execute("DELETE FROM actor_keys WHERE retired_at < ?1", [before])?;
    Ok(())
}

/// The private half of a key for HTTP signatures of this server.
#[derive(Debug, Clone)]
pub struct OwnSigningKey {
    /// The key's id.
    pub id: String,
    /// PEM.
    pub private: String,
    /// When it was made.
    pub made_at: Timestamp,
}

/// The keys for HTTP signatures of an actor of this server, newest first: the present one, and those retired after `since`.
pub fn own_signing(conn: &Conn, actor: ActorId, since: Timestamp) -> Result<Vec<OwnSigningKey>> {
    let rows = conn
        .prepare_cached(
            "SELECT key_id, private_key, fetched_at FROM actor_keys WHERE actor_id = ?1 AND private_key IS NOT NULL \
             AND kind = 0 AND (retired_at IS NULL OR retired_at > ?2) ORDER BY retired_at IS NOT NULL, retired_at DESC",
        )?
        .query_map(params![actor, since], |r| {
            Ok(OwnSigningKey { id: r.get(0)?, private: r.get(1)?, made_at: r.get(2)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The keys of an actor of this server, the ones that sign first.
pub fn own(conn: &Conn, actor: ActorId) -> Result<Vec<OwnKey>> {
    let rows = conn
        .prepare_cached(
            "SELECT key_id, kind, public_key, private_key, retired_at IS NOT NULL FROM actor_keys WHERE actor_id = ?1 \
             AND private_key IS NOT NULL ORDER BY retired_at IS NOT NULL, retired_at DESC",
        )?
        .query_map([actor], |r| {
            Ok(OwnKey {
                id: r.get(0)?,
                material: material(r.get(1)?, r.get(2)?),
                private: r.get(3)?,
                retired: r.get(4)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
