//! New keys for our own actors.

use std::sync::Arc;

use super::{Domain, sending};
use crate::error::Result;
use crate::protocol::signature::{ProofKey, SigningKey};
use crate::store::actors;
use crate::store::keys::{self, OwnKey};

/// Makes new keys for the owner and the server, and tells everybody who follows or is followed. The old ones sign
/// nothing more, but are published for [`crate::limits::RETIRED_KEY_AGE`], so that what is under way still verifies.
///
/// # Errors
/// When the system gives no randomness, or the database cannot be written.
pub fn rotate(domain: &Arc<Domain>) -> Result<()> {
    let (owner, instance) = (domain.owner()?, domain.instance()?);
    let (key, server_key, proof_key) =
        (SigningKey::generate_rsa()?, SigningKey::generate_rsa()?, ProofKey::generate()?);
    let ctx = domain.clone();
    domain.store.write(move |conn| {
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
        actors::set_updated(conn, instance.id, now)
    })?;
    domain.reload()?;
    let (ctx, owner) = (domain.clone(), domain.owner()?);
    domain.store.write(move |conn| sending::send_profile(conn, &ctx, &owner))?;
    domain.wake.delivery.ring();
    Ok(())
}
