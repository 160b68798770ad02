//! New keys for our own actors.

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

/// Makes new keys for the owner and the server, and announces them to every host that may keep the old ones. The
/// announcement is signed with the old key (Misskey fetches no key again), and each host gets signatures of the old key
/// until it has shown that it knows the new one ([`for_host`]), for [`limits::RETIRED_KEY_AGE`] at the most.
///
/// # Errors
/// When the system gives no randomness, or the database cannot be written.
pub fn rotate(domain: &Arc<Domain>) -> Result<()> {
    let (owner, instance) = (domain.owner()?, domain.instance()?);
    let (key, server_key, proof_key) =
        (SigningKey::generate_rsa()?, SigningKey::generate_rsa()?, ProofKey::generate()?);
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        // Object proofs of the announcement are made with the old key too: `reload` comes after.
        let (now, number) = (ctx.now(), ctx.next_id());
        keys::retire_own(conn, owner.id, now)?;
        keys::retire_own(conn, instance.id, now)?;
        let rsa = OwnKey::rsa(format!("{}#main-key-{number}", owner.uri), &key)?;
        keys::insert_own(conn, owner.id, &rsa, now)?;
        let ed25519 = OwnKey::ed25519(format!("{}#ed25519-key-{number}", owner.uri), &proof_key);
        keys::insert_own(conn, owner.id, &ed25519, now)?;
        let server = OwnKey::rsa(format!("{}#main-key-{number}", instance.uri), &server_key)?;
        keys::insert_own(conn, instance.id, &server, now)?;
        // Whoever compares times must see that the documents are newer.
        actors::set_updated(conn, owner.id, now)?;
        actors::set_updated(conn, instance.id, now)?;
        for (id, audience) in [(owner.id, Announced::ToFollowers), (instance.id, Announced::ToHosts)] {
            queue::announce_keys(conn, &ctx, id, audience)?;
        }
        Ok(())
    })?;
    domain.reload()?;
    domain.signals.delivery.notify();
    Ok(())
}

/// Which of the actors of ours this is.
///
/// # Errors
/// [`crate::Error::NotFound`] before the server is set up.
pub fn signer_of(domain: &Domain, actor: ActorId) -> Result<OwnSigner> {
    Ok(if domain.owner()?.id == actor { OwnSigner::Owner } else { OwnSigner::Server })
}

/// The keys of an actor of ours that may sign for a host, in the order in which they are tried: the newest that the host
/// has shown to know, then the others from the newest on. A host that we have never seen has no old key.
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

/// The private half of a key of an actor of ours: from memory if it is the present one.
///
/// # Errors
/// When the key cannot be read.
pub fn private(domain: &Domain, key: &OwnSigningKey) -> Result<Arc<SigningKey>> {
    let (owner, instance) = (domain.owner()?, domain.instance()?);
    Ok(match key.id.as_str() {
        id if id == owner.key_id => owner.key,
        id if id == instance.key_id => instance.key,
        _ => Arc::new(SigningKey::from_pem(&key.private)?),
    })
}

/// Notes which key of an actor of ours a host took: one that it was not known to know, or an announcement of a newer one.
/// Then it gets a while to read that.
pub fn taken(
    domain: &Domain,
    host: &str,
    (actor, keys): (ActorId, &[OwnSigningKey]),
    key: &OwnSigningKey,
    announced_at: Option<Timestamp>,
) -> Result<()> {
    let [first, _, ..] = keys else { return Ok(()) };
    let signer = signer_of(domain, actor)?;
    let is_news = |at: &Timestamp| keys.iter().any(|k| k.made_at <= *at && k.made_at > key.made_at);
    let (host, rests) = (host.to_owned(), domain.now().plus(limits::KEY_ROTATION_DELAY));
    match announced_at.filter(is_news) {
        Some(at) => domain.store.write_quietly(move |conn| {
            hosts::knows_keys(conn, &host, signer, at)?;
            hosts::rest(conn, &host, rests)
        }),
        None if key.id != first.id => {
            let until = key.made_at;
            domain.store.write_quietly(move |conn| hosts::knows_keys(conn, &host, signer, until))
        }
        None => Ok(()),
    }
}

/// True while a host may keep a key of an actor of ours that is no longer the present one.
pub fn changed_lately(domain: &Domain, actor: ActorId) -> Result<bool> {
    let since = domain.now().minus(limits::RETIRED_KEY_AGE);
    Ok(domain.store.read(|c| keys::own_signing(c, actor, since))?.len() > 1)
}
