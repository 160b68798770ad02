//! The actors of this server with their keys: the owner and the instance actor.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::KeyMaterial;
use crate::protocol::ids::ActorId;
use crate::protocol::signature::{ProofKey, SigningKey};
use crate::protocol::time::Timestamp;
use crate::store::actors::Actor;
use crate::store::actors::keys::{self, OwnKey};
use crate::store::database::settings;
use crate::store::{Conn, actors};

/// The owner.
#[derive(Clone)]
pub struct Owner {
    /// The actor row.
    pub id: ActorId,
    /// The user name.
    pub username: String,
    /// The actor's ActivityPub id.
    pub uri: String,
    /// Signs deliveries.
    pub key: Arc<SigningKey>,
    /// The id of `key`.
    pub key_id: String,
    /// Makes object proofs.
    pub proof_key: Arc<ProofKey>,
    /// The id of `proof_key`.
    pub proof_key_id: String,
    /// When the account was deleted.
    pub deleted_at: Option<Timestamp>,
}

impl Owner {
    /// Loads the owner, if the server has been set up.
    pub(crate) fn load(conn: &Conn) -> Result<Option<Self>> {
        let Some(actor) = actor_in(conn, settings::OWNER)? else { return Ok(None) };
        let keys = keys::own(conn, actor.id)?;
        let (key_id, key) = rsa_key(&keys)?;
        let proof = keys
            .iter()
            .find(|k| !k.retired && matches!(k.material, KeyMaterial::Multibase(_)))
            .ok_or_else(|| Error::internal("the owner's Ed25519 key is missing from the database"))?;
        let proof_key = Arc::new(ProofKey::from_base64(&proof.private)?);
        let proof_key_id = proof.id.clone();
        Ok(Some(Self {
            id: actor.id,
            username: actor.username,
            uri: actor.uri,
            key,
            key_id,
            proof_key,
            proof_key_id,
            deleted_at: actor.gone_at,
        }))
    }
}

/// The actor of the server itself. It signs fetches.
#[derive(Clone)]
pub struct InstanceActor {
    /// The actor row.
    pub id: ActorId,
    /// Its ActivityPub id.
    pub uri: String,
    /// Signs fetches.
    pub key: Arc<SigningKey>,
    /// The id of `key`.
    pub key_id: String,
}

impl InstanceActor {
    /// Loads the instance actor, if the server has been started before.
    pub(crate) fn load(conn: &Conn) -> Result<Option<Self>> {
        let Some(actor) = actor_in(conn, settings::INSTANCE_ACTOR)? else { return Ok(None) };
        let (key_id, key) = rsa_key(&keys::own(conn, actor.id)?)?;
        Ok(Some(Self { id: actor.id, uri: actor.uri, key, key_id }))
    }
}

/// The actor whose id a setting holds.
fn actor_in(conn: &Conn, setting: &str) -> Result<Option<Actor>> {
    match settings::get(conn, setting)?.and_then(|id| id.parse().ok()) {
        Some(id) => actors::get(conn, id),
        None => Ok(None),
    }
}

fn rsa_key(keys: &[OwnKey]) -> Result<(String, Arc<SigningKey>)> {
    let key = keys
        .iter()
        .find(|k| !k.retired && matches!(k.material, KeyMaterial::Pem(_)))
        .ok_or_else(|| Error::internal("an RSA key is missing from the database"))?;
    Ok((key.id.clone(), Arc::new(SigningKey::from_pem(&key.private)?)))
}
