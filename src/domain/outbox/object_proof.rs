//! Object proofs of activities in the delivery queue. They are made at the first delivery: a signature within the write would
//! delay all other writes.

use serde_json::Value;

use super::queue::is_public;
use crate::domain::Domain;
use crate::error::Result;
use crate::protocol::signature::proof;
use crate::protocol::time::Timestamp;

/// Adds a proof to a public activity of the owner. Others stay as they are: private activities must stay deniable, and
/// forwarded ones are not the owner's.
pub fn attach(domain: &Domain, body: Vec<u8>, created: Timestamp) -> Result<Vec<u8>> {
    let owner = domain.owner_or_former()?;
    let document: Value = serde_json::from_slice(&body)?;
    if document["actor"] != owner.uri || document.get("proof").is_some() || !is_public(&document) {
        return Ok(body);
    }
    Ok(serde_json::to_vec(&proof::attach(document, &owner.proof_key, &owner.proof_key_id, created))?)
}
