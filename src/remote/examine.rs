//! Fetches a document for `dassie xray`, with the result of every check on the way.

use serde_json::Value;

use super::dereference::has_id;
use super::origin_verification::is_quote_authorization;
use super::signed_client::{Fetcher, malformed};
use crate::domain::Remote;
use crate::domain::inspect::{APPROVAL_CHECK, Check, Examined};
use crate::domain::urls::host_of;
use crate::error::{Error, RemoteError, Result};
use crate::protocol::activitystreams::types::Object;
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::signature::proof;
use crate::store::actors;
use crate::store::peers::hosts;

const ALLOWED: &str = "its server may be contacted";
const ANSWERED: &str = "our request was signed and got a response";
const DOCUMENT: &str = "it is an ActivityPub document";
const STATES_ID: &str = "the document states the id that it was fetched from";
const NAMED: &str = "WebFinger resolves to an actor";

impl Fetcher {
    pub(crate) fn examined(&self, address: &str) -> Result<Examined> {
        let mut checks = Vec::new();
        let document = unless_unreachable(self.check_document(address, &mut checks))?;
        Ok(Examined { document, checks })
    }

    pub(crate) fn examined_handle(&self, username: &str, domain: &str) -> Result<(String, Examined)> {
        // Looked up now: the stored handle may be outdated.
        let found = match unless_unreachable(self.webfinger(username, &domain.to_ascii_lowercase()))? {
            Ok(found) => found.actor,
            Err(why) => {
                let checks = vec![Check { what: NAMED, ok: false, found: why.clone() }];
                return Ok((format!("{username}@{domain}"), Examined { document: Err(why), checks }));
            }
        };
        let mut examined = self.examined(&found)?;
        examined.checks.insert(0, Check { what: NAMED, ok: true, found: found.clone() });
        Ok((found, examined))
    }

    /// Makes the checks in order, up to the first one that makes the document unusable.
    fn check_document(&self, address: &str, checks: &mut Vec<Check>) -> Result<Value> {
        let landed = match self.read_linked_document(address) {
            Err(Error::Remote(e)) => {
                let what = match &e {
                    RemoteError::Refused(_) => ALLOWED,
                    RemoteError::Status { .. } | RemoteError::Unreachable(_) | RemoteError::NoAnswer(_) => ANSWERED,
                    RemoteError::Malformed(_) => {
                        checks.push(self.signed(address)?);
                        DOCUMENT
                    }
                };
                checks.push(Check { what, ok: false, found: e.to_string() });
                return Err(e.into());
            }
            landed => landed?,
        };
        checks.push(self.signed(address)?);
        let kind = activitystreams::kind_of(&landed).unwrap_or_default();
        checks.push(Check { what: DOCUMENT, ok: true, found: kind });
        let stated = match activitystreams::id_of(&landed).map(str::to_owned) {
            _ if has_id(&landed, address) => Ok(landed),
            Some(id) => self.document(&id),
            None => Err(malformed("the document has no id")),
        };
        let document = stated.inspect_err(|e| {
            checks.push(Check { what: STATES_ID, ok: false, found: e.to_string() });
        })?;
        let id = activitystreams::id_of(&document).unwrap_or_default().to_owned();
        checks.push(Check { what: STATES_ID, ok: true, found: id.clone() });
        self.check_content(&document, &id, checks);
        Ok(document)
    }

    /// Checks the content of a document: its author, its proof, and the approval of its quote.
    fn check_content(&self, document: &Value, id: &str, checks: &mut Vec<Check>) {
        let object = activitystreams::read_object(document);
        let author = object.as_ref().map(|o| o.attributed_to.clone());
        let author = author.or_else(|_| activitystreams::read_activity(document).map(|a| a.actor));
        if let Ok(author) = &author {
            let (ok, found) = (same_origin(id, author), author.clone());
            checks.push(Check { what: "its author is on the same server", ok, found });
        }
        let is_actor = activitystreams::kind_of(document).is_some_and(|kind| activitystreams::is_actor_type(&kind));
        if is_actor || author.is_ok() {
            checks.push(self.handle_confirmed(author.as_deref().unwrap_or(id)));
        }
        let author = author.unwrap_or_else(|_| id.to_owned());
        if let Some(proof) = proof::read(document) {
            checks.push(self.check_proof(&proof, &author));
        }
        if let Ok(object) = &object {
            checks.extend(self.check_quote_approval(object));
        }
    }

    /// Checks the approval of a quote on the server of the quoted author; `None` if no approval is needed.
    fn check_quote_approval(&self, object: &Object) -> Option<Check> {
        let quote = object.quote.as_ref().filter(|q| q.needs_approval && !self.domain.site.owns(&q.uri))?;
        let check = |ok: bool, found: String| Some(Check { what: APPROVAL_CHECK, ok, found });
        let quoted = self
            .document(&quote.uri)
            .and_then(|document| activitystreams::read_object(&document).map_err(|e| malformed(&e.to_string())));
        let quoted = match quoted {
            Ok(quoted) if quoted.attributed_to == object.attributed_to => {
                return check(true, "the author quotes their own post".into());
            }
            Ok(quoted) => quoted,
            Err(e) => return check(false, e.to_string()),
        };
        let Some(stamp) = &quote.authorization else { return check(false, "the quote names no approval".into()) };
        if !same_origin(stamp, &quoted.attributed_to) {
            return check(false, format!("{stamp} is on another server than the quoted author"));
        }
        match self.document(stamp) {
            Ok(document) => {
                check(is_quote_authorization(&document, &quoted.attributed_to, &object.id, &quoted.id), stamp.clone())
            }
            Err(e) => check(false, e.to_string()),
        }
    }

    /// The signature scheme and key of our request.
    fn signed(&self, address: &str) -> Result<Check> {
        let host = host_of(address).unwrap_or_default();
        let health = self.domain.store.read(|c| hosts::health(c, &host))?;
        let found = format!("{:?}, by {}", health.form(self.domain.now()), self.domain.instance()?.key_id);
        Ok(Check { what: ANSWERED, ok: true, found })
    }

    /// Checks that WebFinger resolves the author's handle to the author.
    fn handle_confirmed(&self, author: &str) -> Check {
        let what = "WebFinger confirms the author's handle";
        let handle = self.fresh_actor(author).and_then(|id| self.domain.store.read(|c| actors::get(c, id)));
        match handle {
            Ok(Some(actor)) => {
                let handle = format!("@{}@{}", actor.username, actor.domain);
                match self.webfinger(&actor.username, &actor.domain) {
                    Ok(found) => Check {
                        what,
                        ok: found.actor == actor.uri,
                        found: format!("{handle} resolves to {}", found.actor),
                    },
                    Err(e) => Check { what, ok: false, found: format!("{handle}: {e}") },
                }
            }
            Ok(None) => Check { what, ok: false, found: "the author cannot be stored".into() },
            Err(e) => Check { what, ok: false, found: e.to_string() },
        }
    }

    fn check_proof(&self, proof: &proof::Proof, author: &str) -> Check {
        let what = "its proof holds";
        let keys = match self.keys(&proof.key_id, false, None) {
            Ok(keys) => keys,
            Err(e) => return Check { what, ok: false, found: e.to_string() },
        };
        let ok = keys.iter().any(|key| proof.holds_for(&key.material) && key.actor_uri == author);
        Check { what, ok, found: format!("made with {}", proof.key_id) }
    }
}

/// Separates errors of a response, which are a result of the examination, from an unreachable server.
fn unless_unreachable<T>(result: Result<T>) -> Result<std::result::Result<T, String>> {
    match result {
        Ok(found) => Ok(Ok(found)),
        Err(Error::Remote(e)) if e.is_silence() => Err(e.into()),
        Err(Error::Remote(e)) => Ok(Err(e.to_string())),
        Err(Error::NotFound) => Ok(Err("no account has this name".to_owned())),
        Err(e) => Err(e),
    }
}
