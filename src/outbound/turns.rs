//! Who may fetch a key now: one for each key, a few for each host and in all, and not many more who wait. Fetches are
//! made while a stranger waits for an answer, so each holds one of the threads that everybody is answered by.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::limits;

#[derive(Default)]
struct State {
    /// What is being fetched, and from which host.
    fetching: HashMap<String, String>,
    waiting: usize,
}

impl State {
    fn is_free(&self, name: &str, host: &str) -> bool {
        let of_host = self.fetching.values().filter(|h| *h == host).count();
        !self.fetching.contains_key(name)
            && self.fetching.len() < limits::KEY_FETCHERS
            && of_host < limits::KEY_FETCHERS_PER_HOST
    }
}

/// What is being fetched.
#[derive(Default)]
pub(super) struct Turns {
    state: Mutex<State>,
    freed: Condvar,
}

/// The right to fetch one thing; it ends when this is dropped.
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    name: String,
}

impl Turns {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody else fetches this and there is room for one more fetch; nothing when that takes too long, or
    /// too many wait already. Whoever wants the same thing as somebody else finds it done.
    pub(super) fn take(&self, name: &str, host: &str) -> Option<Turn<'_>> {
        let mut state = self.lock();
        if !state.is_free(name, host) {
            if state.waiting >= limits::KEY_WAITERS {
                return None;
            }
            state.waiting += 1;
            let is_taken = |state: &mut State| !state.is_free(name, host);
            let waited = self.freed.wait_timeout_while(state, limits::KEY_WAIT, is_taken);
            let timed_out;
            (state, timed_out) = waited.unwrap_or_else(PoisonError::into_inner);
            state.waiting -= 1;
            if timed_out.timed_out() {
                return None;
            }
        }
        state.fetching.insert(name.to_owned(), host.to_owned());
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

    #[test]
    fn a_host_has_its_share_of_all_turns() {
        let turns = Turns::default();
        let of_host = |host: &str| -> Vec<Turn<'_>> {
            (0..limits::KEY_FETCHERS_PER_HOST).map(|n| turns.take(&format!("{host}{n}"), host).unwrap()).collect()
        };
        let mut taken = of_host("a");
        assert!(turns.take("another", "a").is_none());
        taken.extend(of_host("b"));
        taken.extend(of_host("c"));
        assert!(turns.take("one", "d").is_none());
        taken.clear();
        assert!(turns.take("another", "a").is_some());
    }
}
