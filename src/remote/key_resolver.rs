//! Public keys of other servers' actors. Strangers cause these fetches while they wait for an answer, so everything about
//! them is bounded: how many at once, how many a minute, and how soon again after a failure.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use super::dereference::{Fetcher, malformed, read_actor, stands_there};
use super::fetch_quota::{Acquaintance, Budget, Lookup, Requester};
use super::key_fetch_limiter::Turns;
use crate::domain::bounded::{Bounded, Worth};
use crate::domain::urls::host_of;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::time::Timestamp;
use crate::store::actors::keys::{self, Key};
use crate::store::{actors, quota};

/// Why a key could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    /// It is not where it should be.
    Missing,
    /// Its actor is gone.
    Gone,
    /// Its server did not answer as it should; later it may.
    Later,
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Missing => {
                Self::Unauthorized("the key cannot be found at its id, or its owner does not list it".into())
            }
            Failure::Gone => Self::Gone,
            Failure::Later => Self::Busy { retry_after: limits::BUSY_RETRY_AFTER },
        }
    }
}

/// What is remembered of key fetches.
pub(crate) struct KeyFetches {
    /// By key id; by host where the whole host did not answer.
    failures: Mutex<Bounded<String, (Timestamp, Failure)>>,
    budget: Budget,
    turns: Turns,
}

impl Default for KeyFetches {
    fn default() -> Self {
        let failures = Mutex::new(Bounded::new(limits::COUNTER_TABLE));
        Self { failures, budget: Budget::default(), turns: Turns::default() }
    }
}

impl KeyFetches {
    /// Remembers that something could not be had, so that the next stranger does not make us ask again.
    fn remember(&self, what: &str, failure: Failure, now: Timestamp) {
        let memory =
            if failure == Failure::Later { limits::KEY_UNREACHABLE_MEMORY } else { limits::KEY_FAILURE_MEMORY };
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let worth = |(until, _): &(Timestamp, Failure)| {
            if *until <= now { Worth::Nothing } else { Worth::Since(until.millis()) }
        };
        let known = (now.plus(memory), failure);
        if let Some(entry) = failures.entry(&what.to_owned(), known, worth) {
            *entry = known;
        }
    }

    fn failed_lately(&self, what: &str, now: Timestamp) -> Option<Failure> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(&what.to_owned()).filter(|(until, _)| *until > now).map(|(_, failure)| *failure)
    }
}

/// The client to which failed lookups are charged: an IPv6 customer by its /64. This machine's own programs, and proxies
/// that name no client, are not charged.
fn charged(client: IpAddr) -> Option<IpAddr> {
    let client = client.to_canonical();
    let network = match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    };
    (!client.is_loopback()).then_some(network)
}

impl Fetcher {
    /// The keys that a `keyId` may mean: the stored ones, or fetched with their actor.
    ///
    /// # Errors
    /// As [`crate::domain::Remote::keys`].
    pub(crate) fn keys_by_id(&self, key_id: &str, fresh: bool, client: Option<IpAddr>) -> Result<Vec<Key>> {
        if let Some(keys) = self.kept_keys(key_id, fresh)? {
            return Ok(keys);
        }
        let host = host_of(key_id).ok_or_else(|| Error::Unauthorized("the key id is no URL".into()))?;
        if self.domain.site.owns(key_id) {
            return Err(Failure::Missing.into());
        }
        let fetches = &self.shared.keys;
        let failed = |now| fetches.failed_lately(key_id, now).or_else(|| fetches.failed_lately(&host, now));
        if let Some(failure) = failed(self.domain.now()) {
            return Err(failure.into());
        }
        let (acquaintance, counted) = self.acquaintance(&host)?;
        let lookup = Lookup { acquaintance, host: &counted, client: client.and_then(charged) };
        // A server that is new to us often sends several things at once: one of them fetches, the others wait for it.
        let _turn = fetches.turns.take(key_id, lookup).ok_or(Failure::Later)?;
        if let Some(keys) = self.kept_keys(key_id, fresh)? {
            return Ok(keys);
        }
        let now = self.domain.now();
        if let Some(failure) = failed(now) {
            return Err(failure.into());
        }
        if !fetches.budget.take(lookup, now) {
            return Err(Failure::Later.into());
        }
        match self.paid_from(Requester::Keys).fetch_key_holder(key_id) {
            Ok(()) => {}
            Err(e) => {
                fetches.budget.failed(lookup, now);
                return Err(self.note_failure(key_id, &host, e));
            }
        }
        let keys = self.domain.store.read(|c| keys::meant_by(c, key_id))?;
        if keys.is_empty() {
            fetches.budget.failed(lookup, now);
            return Err(self.note_failure(key_id, &host, malformed("its owner does not list it")));
        }
        Ok(keys)
    }

    /// How well a host is known, and under which name it is counted.
    fn acquaintance(&self, host: &str) -> Result<(Acquaintance, String)> {
        self.domain.store.read(|c| {
            let acquaintance = if quota::is_followed(c, host)? {
                Acquaintance::Followed
            } else if actors::any_on(c, host)? {
                Acquaintance::Known
            } else {
                Acquaintance::Unknown
            };
            Ok((acquaintance, quota::key(c, host)?))
        })
    }

    /// Remembers why a key could not be had, and answers what the stranger is told.
    fn note_failure(&self, key_id: &str, host: &str, error: Error) -> Error {
        let (what, failure) = match error {
            // Its other keys would have to be waited for just as long.
            Error::Remote(e) if e.is_silence() => (host, Failure::Later),
            Error::Remote(e) if e.is_temporary() => (key_id, Failure::Later),
            Error::Remote(e) if e.is_gone() => (key_id, Failure::Gone),
            Error::Gone => (key_id, Failure::Gone),
            Error::Remote(_) | Error::Unauthorized(_) => (key_id, Failure::Missing),
            other => return other,
        };
        self.shared.keys.remember(what, failure, self.domain.now());
        failure.into()
    }

    /// The keys as they are stored, unless fresh ones are wanted and these are old.
    fn kept_keys(&self, key_id: &str, fresh: bool) -> Result<Option<Vec<Key>>> {
        let oldest = self.domain.now().minus(limits::KEY_REFRESH_AGE);
        let known = self.domain.store.read(|c| keys::meant_by(c, key_id))?;
        let is_usable = !known.is_empty() && (!fresh || known.iter().any(|key| key.fetched_at >= oldest));
        Ok(is_usable.then_some(known))
    }

    /// Fetches the actor behind a key: the key's own document is the actor, or names it as its owner.
    fn fetch_key_holder(&self, key_id: &str) -> Result<()> {
        let url = key_id.split('#').next().unwrap_or(key_id);
        let value = self.read_document(url)?;
        // GoToSocial serves a stub of the actor at the key's address, others a bare key with its owner.
        let holder = match activitystreams::key_owner(&value) {
            Some(owner) => owner,
            None => activitystreams::id_of(&value).ok_or_else(|| malformed("the key names no owner"))?.to_owned(),
        };
        if !same_origin(&holder, key_id) {
            return Err(malformed("the key lies on another server than its owner"));
        }
        let (id, owner) = (key_id.to_owned(), holder.clone());
        self.domain.store.write_quietly(move |conn| keys::forget_of_others(conn, &id, &owner))?;
        // What stands at another address than its id says is nobody's word: least of all the holder's.
        if holder == url && stands_there(&value, url) {
            return self.store_actor(&read_actor(&value)?).map(|_| ());
        }
        self.actor(&holder).map(|_| ())
    }
}
