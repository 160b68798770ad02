//! Object proofs (FEP-8b32, cryptosuite `eddsa-jcs-2022`): a signature in a document, which is valid regardless of who delivers it. Our
//! public activities have one; forwarded activities are verified by it.
//!
//! ```
//! use dassie::protocol::signature::{ProofKey, PublicKey, proof};
//! use dassie::protocol::time::Timestamp;
//! use serde_json::json;
//!
//! let key = ProofKey::generate().unwrap();
//! let note = json!({
//!     "@context": ["https://www.w3.org/ns/activitystreams"],
//!     "id": "https://me.example/notes/1",
//!     "type": "Note",
//!     "content": "Hello",
//! });
//! let mut signed = proof::attach(note, &key, "https://me.example/actor#ed25519-key", Timestamp::from_millis(0));
//!
//! let public = PublicKey::from_multibase(&key.public_multibase()).unwrap();
//! assert!(proof::read(&signed).unwrap().holds(&public));
//! signed["content"] = json!("Goodbye");
//! assert!(!proof::read(&signed).unwrap().holds(&public));
//! ```

use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::keys::{ProofKey, PublicKey};
use crate::limits;
use crate::protocol::activitystreams::{KeyMaterial, is_id};
use crate::protocol::time::Timestamp;

/// The JSON-LD context of proofs. Version 1, because some peers bundle only that and cannot fetch another (Fedify 1.5); both
/// versions define the same terms.
pub const CONTEXT: &str = "https://w3id.org/security/data-integrity/v1";

/// Adds a proof to a document, which must not be embedded in another one.
pub fn attach(mut document: Value, key: &ProofKey, key_id: &str, created: Timestamp) -> Value {
    if let Some(contexts) = document.get_mut("@context").and_then(Value::as_array_mut)
        && !contexts.iter().any(|c| c == CONTEXT)
    {
        let terms = contexts.iter().position(Value::is_object).unwrap_or(contexts.len());
        contexts.insert(terms, json!(CONTEXT));
    }
    let mut proof = json!({
        "@context": document["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": key_id,
        "proofPurpose": "assertionMethod",
        "created": created.to_seconds(),
    });
    if let Some(hashes) = hashes(&proof, &document) {
        let signature = key.sign(&hashes);
        proof["proofValue"] = json!(format!("z{}", bs58::encode(signature).into_string()));
        document["proof"] = proof;
    }
    document
}

/// The proof of a document, not verified.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The id of the key that made it.
    pub key_id: String,
    /// Its stated time.
    pub created: Option<Timestamp>,
    hashes: Vec<u8>,
    signature: Vec<u8>,
}

/// Reads the proof of a document. Returns `None` if it has no proof of this cryptosuite.
pub fn read(document: &Value) -> Option<Proof> {
    let mut options = document.get("proof").filter(|p| p.is_object())?.clone();
    let text = |member: &str| options.get(member).and_then(Value::as_str);
    if text("type") != Some("DataIntegrityProof")
        || !matches!(text("cryptosuite"), Some("eddsa-jcs-2022" | "jcs-eddsa-2022"))
        || text("proofPurpose") != Some("assertionMethod")
    {
        return None;
    }
    let key_id = text("verificationMethod").filter(|id| is_id(id))?.to_owned();
    let created = text("created").and_then(Timestamp::parse);
    let signature = text("proofValue")?.strip_prefix('z').filter(|s| s.len() <= 128)?;
    let signature = bs58::decode(signature).into_vec().ok()?;
    options.as_object_mut()?.remove("proofValue");
    let mut unsecured = document.clone();
    let members = unsecured.as_object_mut()?;
    members.remove("proof");
    // A linked data signature is made after the proof, and over it.
    members.remove("signature");
    if !context_begins_with(document.get("@context"), options.get("@context")) {
        return None;
    }
    Some(Proof { key_id, created, hashes: hashes(&options, &unsecured)?, signature })
}

/// Returns `true` if the context of the document starts with that of the proof (Data Integrity EdDSA, section 3.3.2).
fn context_begins_with(document: Option<&Value>, proof: Option<&Value>) -> bool {
    let list = |value: &Value| match value {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    };
    match (document, proof) {
        (_, None) => true,
        (Some(document), Some(proof)) => list(document).starts_with(&list(proof)),
        (None, Some(_)) => false,
    }
}

impl Proof {
    /// Returns `true` if the proof is younger than [`limits::PROOF_AGE`]. Older ones are valid too, but could be replayed to
    /// restore what their author has changed or deleted.
    pub fn is_recent(&self, now: Timestamp) -> bool {
        let recent = now.minus(limits::PROOF_AGE)..=now.plus(limits::SIGNATURE_CLOCK_SKEW);
        self.created.is_some_and(|created| recent.contains(&created))
    }

    /// Returns `true` if this key made the proof of this document.
    pub fn holds(&self, key: &PublicKey) -> bool {
        matches!(key, PublicKey::Ed25519(_)) && key.verifies(&self.hashes, &self.signature, false)
    }

    /// Returns `true` if a key in an actor document made the proof. Only Multikeys make proofs.
    pub fn holds_for(&self, key: &KeyMaterial) -> bool {
        match key {
            KeyMaterial::Multibase(text) => PublicKey::from_multibase(text).is_ok_and(|key| self.holds(&key)),
            KeyMaterial::Pem(_) => false,
        }
    }
}

/// The hashes of the proof options and of the document, each in canonical form (RFC 8785).
fn hashes(options: &Value, document: &Value) -> Option<Vec<u8>> {
    let hash = |value: &Value| {
        let canonical = serde_json_canonicalizer::to_vec(value).ok()?;
        Some(digest(&SHA256, &canonical).as_ref().to_vec())
    };
    Some([hash(options)?, hash(document)?].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_valid_for_its_document_and_key_only() {
        let key = ProofKey::generate().unwrap();
        let public = PublicKey::from_multibase(&key.public_multibase()).unwrap();
        let other = PublicKey::from_multibase(&ProofKey::generate().unwrap().public_multibase()).unwrap();
        let document =
            json!({"@context": ["https://www.w3.org/ns/activitystreams"], "id": "https://a.example/1", "n": 1.5});
        let now = Timestamp::from_millis(1_800_000_000_000);
        let signed = attach(document, &key, "https://a.example/u#ed25519-key", now);
        let proof = read(&signed).unwrap();
        assert_eq!(proof.key_id, "https://a.example/u#ed25519-key");
        assert!(proof.holds(&public) && !proof.holds(&other));
        let mut with_signature = signed.clone();
        with_signature["signature"] = json!({"type": "RsaSignature2017"});
        assert!(read(&with_signature).unwrap().holds(&public), "a later signature is not covered");
        for (member, value) in [("id", json!("https://a.example/2")), ("n", json!(2)), ("extra", json!(true))] {
            let mut changed = signed.clone();
            changed[member] = value;
            assert!(!read(&changed).unwrap().holds(&public), "{member}");
        }
        let mut swapped = signed.clone();
        swapped["proof"]["@context"] = json!("https://evil.example/context");
        assert!(read(&swapped).is_none());
        swapped["proof"] = json!("z");
        assert!(read(&swapped).is_none());
    }

    #[test]
    fn the_vector_of_the_proposal_verifies() {
        let Some(folder) = crate::protocol::real_documents::folder() else { return };
        let text = std::fs::read_to_string(folder.join("signatures/fep-8b32-vector.json")).unwrap();
        let vector: Value = serde_json::from_str(&text).unwrap();
        let signed = &vector["signed"];
        let key = vector["actor"]["assertionMethod"][0]["publicKeyMultibase"]
            .as_str()
            .or_else(|| vector["publicKeyMultibase"].as_str())
            .unwrap_or_else(|| panic!("no key in {vector}"));
        let proof = read(signed).unwrap();
        assert!(proof.holds(&PublicKey::from_multibase(key).unwrap()));
    }
}
