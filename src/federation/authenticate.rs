//! Verification of the signature of a request, over its bytes as received.

use crate::app::App;
use crate::domain::federation_policy;
use crate::domain::urls::host_of;
use crate::error::{Error, Result};
use crate::http::Request;
use crate::protocol::activitystreams::types::KeyMaterial;
use crate::protocol::signature::{self, Presented, PublicKey, RequestParts, SignatureScheme};
use crate::store::actors::keys::{self, Key};
use crate::store::visibility::Viewer;

/// The verified signer of a request.
#[derive(Debug, Clone)]
pub(crate) struct Signer {
    /// The key that signed, with its actor.
    pub key: Key,
    /// The signer's host.
    pub host: String,
    /// The signature follows RFC 9421.
    pub rfc9421: bool,
    /// The decoded signature: the same one can be encoded in several ways.
    pub signature: Vec<u8>,
}

/// Checks the signature of a request as far as possible without its key: it exists, has a known scheme, is recent, and covers
/// this request. The result does not depend on stored data.
///
/// # Errors
/// [`Error::Unauthorized`] with the reason.
pub(super) fn check_form(app: &App, request: &Request) -> Result<()> {
    presented(app, request).map(|_| ())
}

/// Verifies the signature of a request. If it does not verify with the stored key, the key may have been rotated: it is
/// fetched again, once.
///
/// # Errors
/// [`Error::Unauthorized`] with the reason; [`Error::Busy`] if the key's server cannot be contacted now; [`Error::Gone`] if
/// the key's actor was deleted.
pub(crate) fn signer(app: &App, request: &Request) -> Result<Signer> {
    let presented = presented(app, request)?;
    let host = host_of(&presented.key_id).ok_or_else(|| Error::Unauthorized("keyId is not a URL".into()))?;
    if federation_policy::of_host(&app.domain, &host)?.is_suspended() {
        return Err(Error::Forbidden("This server does not federate with yours".into()));
    }
    let (remote, client) = (app.domain.remote()?, Some(request.client));
    let known = remote.keys(&presented.key_id, false, client)?;
    let key = match signing_key(&presented, known.clone()) {
        Ok(key) => key,
        Err(first) => {
            let fresh = remote.keys(&presented.key_id, true, client)?;
            let is_known = |key: &Key| known.iter().any(|k| k.material == key.material);
            if fresh.iter().all(is_known) {
                return Err(first);
            }
            signing_key(&presented, fresh)?
        }
    };
    Ok(Signer { key, host, rfc9421: presented.form == SignatureScheme::Rfc9421, signature: presented.bytes().to_vec() })
}

/// The key that made the signature. A `keyId` may be the id of an actor with several keys.
fn signing_key(presented: &Presented, keys: Vec<Key>) -> Result<Key> {
    let mut refusal = None;
    for key in keys {
        match verify(presented, &key) {
            Ok(()) => return Ok(key),
            Err(e) => refusal = refusal.or(Some(e)),
        }
    }
    Err(refusal.unwrap_or_else(|| Error::Unauthorized("the signer has no key".into())))
}

fn presented(app: &App, request: &Request) -> Result<Presented> {
    let headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let parts = RequestParts {
        method: request.method.as_str(),
        scheme: app.domain.site.scheme(),
        authority: app.domain.site.authority(),
        target: &request.target,
        headers: &headers,
        body: (request.method == hyper::Method::POST).then_some(&request.body[..]),
    };
    Ok(signature::parse(&parts, app.domain.now())?)
}

fn verify(presented: &Presented, key: &Key) -> Result<()> {
    let key = match &key.material {
        KeyMaterial::Pem(pem) => PublicKey::from_pem(pem)?,
        KeyMaterial::Multibase(text) => PublicKey::from_multibase(text)?,
    };
    Ok(presented.verify(&key)?)
}

/// The key of a document's integrity proof (FEP-8b32), if the proof is valid and recent. The key must be listed in the
/// document of its actor.
///
/// # Errors
/// [`Error::Busy`] if the key's server cannot be contacted now.
pub(super) fn prover(app: &App, document: &serde_json::Value) -> Result<Option<Key>> {
    let proof = signature::proof::read(document).filter(|proof| proof.is_recent(app.domain.now()));
    let Some(proof) = proof else { return Ok(None) };
    let keys = match app.domain.remote()?.keys(&proof.key_id, false, None) {
        Ok(keys) => keys,
        Err(Error::Busy { retry_after }) => return Err(Error::Busy { retry_after }),
        Err(_) => return Ok(None),
    };
    Ok(keys.into_iter().find(|key| proof.holds_for(&key.material)))
}

/// The signer of a request, if its key is stored. Nothing is fetched.
pub(super) fn known_signer(app: &App, request: &Request) -> Result<Option<Signer>> {
    let key_id = request.header("signature").and_then(signature::key_id_of);
    let key_id = key_id.or_else(|| request.header("signature-input").and_then(signature::key_id_of));
    let Some(key_id) = key_id else { return Ok(None) };
    if app.domain.store.read(|c| keys::meant_by(c, &key_id))?.is_empty() {
        return Ok(None);
    }
    Ok(signer(app, request).ok())
}

/// The viewer of a document: the verified signer, or anonymous without a valid signature.
pub(super) fn viewer(app: &App, request: &Request) -> Viewer {
    if !request.headers.contains_key("signature") {
        return Viewer::Anonymous;
    }
    match signer(app, request) {
        Ok(signer) => Viewer::Peer(signer.key.actor_id),
        Err(_) => Viewer::Anonymous,
    }
}
