//! A document as it comes from its server, with everything that is looked at on the way.

use serde_json::Value;

use super::fetch::Fetcher;
use crate::domain::Remote;
use crate::domain::site::host_of;
use crate::domain::xray::Check;
use crate::error::Result;
use crate::protocol::activitystreams::types::KeyMaterial;
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::signature::{PublicKey, proof};
use crate::store::{actors, hosts};

impl Fetcher {
    pub(super) fn examined(&self, address: &str) -> Result<(Value, Vec<Check>)> {
        let (id, document) = self.behind(address)?;
        let mut checks = vec![self.signed(&id)?];
        checks.push(Check { what: "the document states the id that it was asked for", ok: true, found: id.clone() });
        let author = activitystreams::read_object(&document).map(|o| o.attributed_to);
        let author = author.or_else(|_| activitystreams::read_activity(&document).map(|a| a.actor));
        if let Ok(author) = &author {
            let (ok, found) = (same_origin(&id, author), author.clone());
            checks.push(Check { what: "its author is on the same server", ok, found });
        }
        let author = author.unwrap_or_else(|_| id.clone());
        checks.push(self.handle_confirmed(&author));
        if let Some(proof) = proof::read(&document) {
            checks.push(self.proven(&proof, &author));
        }
        Ok((document, checks))
    }

    /// How our request was signed.
    fn signed(&self, id: &str) -> Result<Check> {
        let host = host_of(id).unwrap_or_default();
        let health = self.domain.store.read(|c| hosts::health(c, &host))?;
        let found = format!("{:?}, by {}", health.form(self.domain.now()), self.domain.instance()?.key_id);
        Ok(Check { what: "our request was signed and answered", ok: true, found })
    }

    /// Whether WebFinger leads from the author's handle back to the author.
    fn handle_confirmed(&self, author: &str) -> Check {
        let what = "WebFinger confirms the author's handle";
        let handle = self.fresh_actor(author).and_then(|id| self.domain.store.read(|c| actors::get(c, id)));
        match handle {
            Ok(Some(actor)) => {
                let back = self.actor_by_handle(&actor.username, &actor.domain);
                let ok = back.is_ok_and(|id| id == actor.id);
                Check { what, ok, found: format!("@{}@{}", actor.username, actor.domain) }
            }
            Ok(None) => Check { what, ok: false, found: "the author cannot be stored".into() },
            Err(e) => Check { what, ok: false, found: e.to_string() },
        }
    }

    fn proven(&self, proof: &proof::Proof, author: &str) -> Check {
        let what = "its proof holds";
        let key = match self.key(&proof.key_id, false) {
            Ok(key) => key,
            Err(e) => return Check { what, ok: false, found: e.to_string() },
        };
        let holds = match &key.material {
            KeyMaterial::Multibase(text) => PublicKey::from_multibase(text).is_ok_and(|k| proof.holds(&k)),
            KeyMaterial::Pem(_) => false,
        };
        Check { what, ok: holds && key.actor_uri == author, found: format!("made with {}", key.id) }
    }
}
