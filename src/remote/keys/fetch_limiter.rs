//! Limits concurrent key fetches: one for each key, a few by host and in all, and a few that wait. A fetch runs on the
//! handler thread of the request that caused it.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::limits;
use crate::remote::fetch_quota::{Familiarity, KeyLookup};

#[derive(Default)]
struct LimiterState {
    /// The keys that are being fetched, with the familiarity and name of their hosts.
    fetching: HashMap<String, (Familiarity, String)>,
    waiting: HashMap<Familiarity, usize>,
}

/// The limits of concurrent fetches, and of handlers that wait for them.
fn slots(familiarity: Familiarity) -> (usize, usize) {
    match familiarity {
        Familiarity::Followed => (limits::FOLLOWED_KEY_FETCHERS, limits::FOLLOWED_KEY_WAITERS),
        Familiarity::Known => (limits::KNOWN_KEY_FETCHERS, limits::KNOWN_KEY_WAITERS),
        Familiarity::Unknown => (limits::KEY_FETCHERS, limits::KEY_WAITERS),
    }
}

impl LimiterState {
    fn is_free(&self, name: &str, lookup: KeyLookup<'_>) -> bool {
        let of_host = self.fetching.values().filter(|(_, host)| host == lookup.host).count();
        let alike = self.fetching.values().filter(|(a, _)| *a == lookup.familiarity).count();
        !self.fetching.contains_key(name)
            && alike < slots(lookup.familiarity).0
            && of_host < limits::KEY_FETCHERS_PER_HOST
    }
}

/// The limiter of key fetches.
#[derive(Default)]
pub(crate) struct KeyFetchLimiter {
    state: Mutex<LimiterState>,
    freed: Condvar,
}

/// The permit to fetch one key, released on drop.
pub(crate) struct KeyFetchPermit<'a> {
    limiter: &'a KeyFetchLimiter,
    name: String,
}

impl KeyFetchLimiter {
    fn lock(&self) -> MutexGuard<'_, LimiterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the key is not being fetched and a slot is free. Returns `None` when that takes too long, or too many
    /// wait already.
    pub(crate) fn acquire(&self, name: &str, lookup: KeyLookup<'_>) -> Option<KeyFetchPermit<'_>> {
        let mut state = self.lock();
        if !state.is_free(name, lookup) {
            let waiting = state.waiting.entry(lookup.familiarity).or_default();
            if *waiting >= slots(lookup.familiarity).1 {
                return None;
            }
            *waiting += 1;
            let is_taken = |state: &mut LimiterState| !state.is_free(name, lookup);
            let waited = self.freed.wait_timeout_while(state, limits::KEY_WAIT, is_taken);
            let timed_out;
            (state, timed_out) = waited.unwrap_or_else(PoisonError::into_inner);
            *state.waiting.entry(lookup.familiarity).or_default() -= 1;
            if timed_out.timed_out() {
                return None;
            }
        }
        state.fetching.insert(name.to_owned(), (lookup.familiarity, lookup.host.to_owned()));
        Some(KeyFetchPermit { limiter: self, name: name.to_owned() })
    }
}

impl Drop for KeyFetchPermit<'_> {
    fn drop(&mut self) {
        self.limiter.lock().fetching.remove(&self.name);
        self.limiter.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(familiarity: Familiarity, host: &str) -> KeyLookup<'_> {
        KeyLookup { familiarity, host, client: None }
    }

    #[test]
    fn fetches_are_limited_by_host_and_by_familiarity() {
        use Familiarity::{Followed, Known, Unknown};
        let limiter = KeyFetchLimiter::default();
        let mut taken = Vec::new();
        for host in 0..limits::KEY_FETCHERS / limits::KEY_FETCHERS_PER_HOST {
            for n in 0..limits::KEY_FETCHERS_PER_HOST {
                let name = format!("{host} {n}");
                taken.push(limiter.acquire(&name, at(Unknown, &host.to_string())).unwrap());
            }
            if host == 0 {
                assert!(limiter.acquire("another", at(Unknown, "0")).is_none());
            }
        }
        assert!(limiter.acquire("one", at(Unknown, "d")).is_none());
        assert!(limiter.acquire("one", at(Known, "d")).is_some());
        assert!(limiter.acquire("one", at(Followed, "d")).is_some());
        taken.clear();
        assert!(limiter.acquire("another", at(Unknown, "0")).is_some());
    }
}
