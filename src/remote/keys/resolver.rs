//! Resolves key ids to public keys. Requests with unverified signatures cause these fetches, so they are limited: at the
//! same time, per minute, and after failures.

use std::net::IpAddr;

use super::fetches::{KeyFailure, charged_client};
use crate::domain::urls::host_of;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::{self, same_origin};
use crate::remote::dereference::{has_id, read_actor};
use crate::remote::fetch_quota::{Familiarity, KeyLookup, Requester};
use crate::remote::signed_client::{Fetcher, malformed};
use crate::store::actors::keys::{self, Key};
use crate::store::{actors, quota};

impl Fetcher {
    /// The keys that a `keyId` may refer to: stored, or fetched with their actor.
    ///
    /// # Errors
    /// As [`crate::domain::Remote::keys`].
    pub(crate) fn keys_by_id(&self, key_id: &str, fresh: bool, client: Option<IpAddr>) -> Result<Vec<Key>> {
        if let Some(keys) = self.stored_keys(key_id, fresh)? {
            return Ok(keys);
        }
        let host = host_of(key_id).ok_or_else(|| Error::Unauthorized("keyId is not a URL".into()))?;
        if self.domain.site.owns(key_id) {
            return Err(KeyFailure::Missing.into());
        }
        let fetches = &self.limits.keys;
        let failure = |now| fetches.recent_failure(key_id, now).or_else(|| fetches.recent_failure(&host, now));
        if let Some(failure) = failure(self.domain.now()) {
            return Err(failure.into());
        }
        let (familiarity, counted) = self.familiarity(&host)?;
        let lookup = KeyLookup { familiarity, host: &counted, client: client.and_then(charged_client) };
        // An unknown server often sends several activities at the same time: one fetches the key, the others wait for it.
        let _permit = fetches.limiter.acquire(key_id, lookup).ok_or(KeyFailure::Temporary)?;
        if let Some(keys) = self.stored_keys(key_id, fresh)? {
            return Ok(keys);
        }
        let now = self.domain.now();
        if let Some(failure) = failure(now) {
            return Err(failure.into());
        }
        if !fetches.quota.take(lookup, now) {
            return Err(KeyFailure::Temporary.into());
        }
        self.fetch_keys(key_id).map_err(|e| {
            fetches.quota.failed(lookup, now);
            self.note_failure(key_id, &host, e)
        })
    }

    /// Fetches the actor with a key, and returns the keys that the id refers to now.
    fn fetch_keys(&self, key_id: &str) -> Result<Vec<Key>> {
        self.on_behalf_of(Requester::Keys).fetch_key_holder(key_id)?;
        let keys = self.domain.store.read(|c| keys::meant_by(c, key_id))?;
        if keys.is_empty() { Err(malformed("the owner of the key does not list it")) } else { Ok(keys) }
    }

    /// The familiarity of a host, and the name under which it is counted.
    fn familiarity(&self, host: &str) -> Result<(Familiarity, String)> {
        self.domain.store.read(|c| {
            let familiarity = if quota::is_followed(c, host)? {
                Familiarity::Followed
            } else if actors::any_on(c, host)? {
                Familiarity::Known
            } else {
                Familiarity::Unknown
            };
            Ok((familiarity, quota::key(c, host)?))
        })
    }

    /// Remembers the failure of a fetch and returns the error for the sender of the request.
    fn note_failure(&self, key_id: &str, host: &str, error: Error) -> Error {
        let (subject, failure) = match error {
            // The other keys of the host would time out too.
            Error::Remote(e) if e.is_silence() => (host, KeyFailure::Temporary),
            Error::Remote(e) if e.is_temporary() => (key_id, KeyFailure::Temporary),
            Error::Remote(e) if e.is_gone() => (key_id, KeyFailure::Gone),
            Error::Gone => (key_id, KeyFailure::Gone),
            Error::Remote(_) | Error::Unauthorized(_) => (key_id, KeyFailure::Missing),
            other => return other,
        };
        self.limits.keys.remember(subject, failure, self.domain.now());
        failure.into()
    }

    /// The stored keys, unless `fresh` ones are requested and these are old.
    fn stored_keys(&self, key_id: &str, fresh: bool) -> Result<Option<Vec<Key>>> {
        let oldest = self.domain.now().minus(limits::KEY_REFRESH_AGE);
        let known = self.domain.store.read(|c| keys::meant_by(c, key_id))?;
        let is_usable = !known.is_empty() && (!fresh || known.iter().any(|key| key.fetched_at >= oldest));
        Ok(is_usable.then_some(known))
    }

    /// Fetches the actor with a key: the document of the key is the actor, or names it as its owner.
    fn fetch_key_holder(&self, key_id: &str) -> Result<()> {
        let url = key_id.split('#').next().unwrap_or(key_id);
        let value = self.read_document(url)?;
        // GoToSocial serves a stub of the actor at the URL of the key, others a bare key with its owner.
        let holder = match activitystreams::key_owner(&value) {
            Some(owner) => owner,
            None => activitystreams::id_of(&value).ok_or_else(|| malformed("the key names no owner"))?.to_owned(),
        };
        if !same_origin(&holder, key_id) {
            return Err(malformed("the key is on another server than its owner"));
        }
        let (id, owner) = (key_id.to_owned(), holder.clone());
        self.domain.store.write_quietly(move |conn| keys::forget_of_others(conn, &id, &owner))?;
        // A document at another URL than its id is not trusted.
        if holder == url && has_id(&value, url) {
            return self.store_actor(&read_actor(&value)?).map(|_| ());
        }
        self.actor(&holder).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::domain::Domain;
    use crate::domain::account::setup::{self, Credentials};
    use crate::domain::urls::Site;
    use crate::protocol::signature::{ProofKey, SigningKey};
    use crate::remote::HttpClient;
    use crate::remote::transport::test_peer::config;
    use crate::store::Store;

    #[test]
    fn hosts_below_one_domain_share_the_fetches_of_keys() {
        let dir = tempfile::tempdir().unwrap();
        let site = Site::new("own.example", None).unwrap();
        let domain = Arc::new(Domain::new(Store::open(dir.path()).unwrap(), site).unwrap());
        let pem = include_str!("../../../tests/fixtures/keys.pem");
        let mut keys = pem.split_inclusive("-----END PRIVATE KEY-----\n").map(|pem| SigningKey::from_pem(pem).unwrap());
        setup::create_instance_actor(&domain, keys.next().unwrap()).unwrap();
        let (password_hash, key, proof_key) = (String::new(), keys.next().unwrap(), ProofKey::generate().unwrap());
        setup::create_with(&domain, "alice", "", Credentials { password_hash, key, proof_key }).unwrap();
        let contacted = Arc::new(Mutex::new(BTreeSet::new()));
        let hosts = contacted.clone();
        let lookup = move |host: &str, _| {
            hosts.lock().unwrap().insert(host.to_owned());
            Err(io::ErrorKind::NotFound.into())
        };
        let client = HttpClient::with_lookup(config(("https", "own.example", 443)), Arc::new(lookup)).unwrap();
        let fetcher = Fetcher::new(Arc::new(client), domain);
        let fetch = |host: &str| fetcher.keys_by_id(&format!("https://{host}/users/ana#main-key"), false, None);
        for n in 0..30 {
            assert!(fetch(&format!("a{n}.many.example")).is_err());
        }
        let most = limits::KEY_FETCHES_PER_HOST_PER_MINUTE;
        assert_eq!(contacted.lock().unwrap().len(), most);
        assert!(fetch("a1.other.example").is_err());
        assert_eq!(contacted.lock().unwrap().len(), most + 1, "another domain has its own");
    }
}
