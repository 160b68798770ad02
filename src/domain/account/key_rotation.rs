//! Key rotation for the owner and the instance actor.

use std::sync::Arc;

use crate::domain::Domain;
use crate::domain::outbox::queue;
use crate::domain::outbox::queue::Announced;
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::ActorId;
use crate::protocol::signature::{ProofKey, SigningKey};
use crate::protocol::time::Timestamp;
use crate::store::actors;
use crate::store::actors::keys::{self, OwnKey, OwnSigningKey};
use crate::store::peers::hosts::{self, Health, OwnSigner};

/// Creates new keys for the owner and the instance actor, and announces them to every host that may have cached the old
/// ones. The announcement is signed with the old key (Misskey never fetches a key again). Each host gets signatures of the
/// old key until it has accepted one of the new key ([`for_host`]), but at most for [`limits::RETIRED_KEY_AGE`].
///
/// # Errors
/// If the system has no randomness.
pub fn rotate(domain: &Arc<Domain>) -> Result<()> {
    let (owner, instance) = (domain.owner()?, domain.instance()?);
    let (key, server_key, proof_key) =
        (SigningKey::generate_rsa()?, SigningKey::generate_rsa()?, ProofKey::generate()?);
    domain.transact(move |tx| {
        // Object proofs of the announcement are made with the old key too, because `reload` comes later.
        let (now, number) = (tx.now(), tx.next_id());
        keys::retire_own(tx, owner.id, now)?;
        keys::retire_own(tx, instance.id, now)?;
        let rsa = OwnKey::rsa(format!("{}#main-key-{number}", owner.uri), &key)?;
        keys::insert_own(tx, owner.id, &rsa, now)?;
        let ed25519 = OwnKey::ed25519(format!("{}#ed25519-key-{number}", owner.uri), &proof_key);
        keys::insert_own(tx, owner.id, &ed25519, now)?;
        let server = OwnKey::rsa(format!("{}#main-key-{number}", instance.uri), &server_key)?;
        keys::insert_own(tx, instance.id, &server, now)?;
        // Servers that compare times must see that the documents are newer.
        actors::set_updated(tx, owner.id, now)?;
        actors::set_updated(tx, instance.id, now)?;
        for (id, audience) in [(owner.id, Announced::ToFollowers), (instance.id, Announced::ToHosts)] {
            queue::announce_keys(tx, id, audience)?;
        }
        Ok(())
    })?;
    domain.reload()
}

/// Which of the local actors this is.
///
/// # Errors
/// [`crate::Error::NotFound`] before the server is set up.
pub fn signer_of(domain: &Domain, actor: ActorId) -> Result<OwnSigner> {
    Ok(if domain.owner_or_former()?.id == actor { OwnSigner::Owner } else { OwnSigner::Server })
}

/// The keys of a local actor that may sign for a host, in the order in which they are tried: the newest one that the host
/// has accepted, then the others, newest first. An unknown host has no old key cached.
pub fn for_host(domain: &Domain, actor: ActorId, health: &Health) -> Result<Vec<OwnSigningKey>> {
    let since = domain.now().minus(limits::RETIRED_KEY_AGE);
    let mut all = domain.store.read(|c| keys::own_signing(c, actor, since))?;
    if all.len() > 1
        && let Some(known) = health.knows_keys_until(signer_of(domain, actor)?)
    {
        let first = all.iter().position(|key| key.made_at <= known).unwrap_or(all.len() - 1);
        let first = all.remove(first);
        all.insert(0, first);
    }
    Ok(all)
}

/// The private part of a key of a local actor; from memory if it is the current one.
///
/// # Errors
/// If the stored key is damaged.
pub fn private(domain: &Domain, key: &OwnSigningKey) -> Result<Arc<SigningKey>> {
    let (owner, instance) = (domain.owner_or_former()?, domain.instance()?);
    Ok(match key.id.as_str() {
        id if id == owner.key_id => owner.key,
        id if id == instance.key_id => instance.key,
        _ => Arc::new(SigningKey::from_pem(&key.private)?),
    })
}

/// Records the key with which a host has accepted a delivery, if it is not the first of its keys. A host that accepted the
/// announcement of a newer key gets some time to process it.
pub fn accepted(
    domain: &Domain,
    host: &str,
    (actor, keys): (ActorId, &[OwnSigningKey]),
    key: &OwnSigningKey,
    announced_at: Option<Timestamp>,
) -> Result<()> {
    let [first, _, ..] = keys else { return Ok(()) };
    let signer = signer_of(domain, actor)?;
    let is_newer = |at: &Timestamp| keys.iter().any(|k| k.made_at <= *at && k.made_at > key.made_at);
    let (host, resume_at) = (host.to_owned(), domain.now().plus(limits::KEY_ROTATION_DELAY));
    match announced_at.filter(is_newer) {
        Some(at) => domain.store.write_quietly(move |conn| {
            hosts::knows_keys(conn, &host, signer, at)?;
            hosts::rest(conn, &host, resume_at)
        }),
        None if key.id != first.id => {
            let until = key.made_at;
            domain.store.write_quietly(move |conn| hosts::knows_keys(conn, &host, signer, until))
        }
        None => Ok(()),
    }
}

/// True while hosts may have cached an old key of a local actor.
pub fn changed_recently(domain: &Domain, actor: ActorId) -> Result<bool> {
    let since = domain.now().minus(limits::RETIRED_KEY_AGE);
    Ok(domain.store.read(|c| keys::own_signing(c, actor, since))?.len() > 1)
}
