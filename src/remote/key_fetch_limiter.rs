//! Who may fetch a key now: one for each key, a few for each host and in all, and not many more who wait. Fetches are
//! made while a stranger waits for an answer, so each holds one of the threads that everybody is answered by.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::fetch_quota::{Acquaintance, Lookup};
use crate::limits;

#[derive(Default)]
struct LimiterState {
    /// What is being fetched, and from which host.
    fetching: HashMap<String, (Acquaintance, String)>,
    waiting: HashMap<Acquaintance, usize>,
}

/// Fetches at once, and handlers that wait for them.
fn places(acquaintance: Acquaintance) -> (usize, usize) {
    match acquaintance {
        Acquaintance::Followed => (limits::FOLLOWED_KEY_FETCHERS, limits::FOLLOWED_KEY_WAITERS),
        Acquaintance::Known => (limits::KNOWN_KEY_FETCHERS, limits::KNOWN_KEY_WAITERS),
        Acquaintance::Unknown => (limits::KEY_FETCHERS, limits::KEY_WAITERS),
    }
}

impl LimiterState {
    fn is_free(&self, name: &str, lookup: Lookup<'_>) -> bool {
        let of_host = self.fetching.values().filter(|(_, host)| host == lookup.host).count();
        let alike = self.fetching.values().filter(|(a, _)| *a == lookup.acquaintance).count();
        !self.fetching.contains_key(name)
            && alike < places(lookup.acquaintance).0
            && of_host < limits::KEY_FETCHERS_PER_HOST
    }
}

/// What is being fetched.
#[derive(Default)]
pub(crate) struct Turns {
    state: Mutex<LimiterState>,
    freed: Condvar,
}

/// The right to fetch one thing; it ends when this is dropped.
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
    name: String,
}

impl Turns {
    fn lock(&self) -> MutexGuard<'_, LimiterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody else fetches this and there is room for one more fetch; nothing when that takes too long, or
    /// too many wait already. Whoever wants the same thing as somebody else finds it done.
    pub(crate) fn take(&self, name: &str, lookup: Lookup<'_>) -> Option<Turn<'_>> {
        let mut state = self.lock();
        if !state.is_free(name, lookup) {
            let waiting = state.waiting.entry(lookup.acquaintance).or_default();
            if *waiting >= places(lookup.acquaintance).1 {
                return None;
            }
            *waiting += 1;
            let is_taken = |state: &mut LimiterState| !state.is_free(name, lookup);
            let waited = self.freed.wait_timeout_while(state, limits::KEY_WAIT, is_taken);
            let timed_out;
            (state, timed_out) = waited.unwrap_or_else(PoisonError::into_inner);
            *state.waiting.entry(lookup.acquaintance).or_default() -= 1;
            if timed_out.timed_out() {
                return None;
            }
        }
        state.fetching.insert(name.to_owned(), (lookup.acquaintance, lookup.host.to_owned()));
        Some(Turn { turns: self, name: name.to_owned() })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.lock().fetching.remove(&self.name);
        self.turns.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(acquaintance: Acquaintance, host: &str) -> Lookup<'_> {
        Lookup { acquaintance, host, client: None }
    }

    #[test]
    fn a_host_has_its_share_of_all_turns_and_known_hosts_have_their_own() {
        use Acquaintance::{Followed, Known, Unknown};
        let turns = Turns::default();
        let mut taken = Vec::new();
        for host in 0..limits::KEY_FETCHERS / limits::KEY_FETCHERS_PER_HOST {
            for n in 0..limits::KEY_FETCHERS_PER_HOST {
                let name = format!("{host} {n}");
                taken.push(turns.take(&name, at(Unknown, &host.to_string())).unwrap());
            }
            if host == 0 {
                assert!(turns.take("another", at(Unknown, "0")).is_none());
            }
        }
        assert!(turns.take("one", at(Unknown, "d")).is_none());
        assert!(turns.take("one", at(Known, "d")).is_some());
        assert!(turns.take("one", at(Followed, "d")).is_some());
        taken.clear();
        assert!(turns.take("another", at(Unknown, "0")).is_some());
    }
}
