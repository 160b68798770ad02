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
