//! One at a time for each key: whoever wants the same thing waits, and finds it done.

use std::collections::HashSet;
use std::sync::{Condvar, Mutex, PoisonError};

/// What is being fetched.
#[derive(Default)]
pub(super) struct Turns {
    taken: Mutex<HashSet<String>>,
    freed: Condvar,
}

/// The right to fetch one thing; it ends when this is dropped.
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    name: String,
}

impl Turns {
    /// Waits until nobody else fetches this.
    pub(super) fn take(&self, name: &str) -> Turn<'_> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let is_taken = |taken: &mut HashSet<String>| taken.contains(name);
        let mut taken = self.freed.wait_while(taken, is_taken).unwrap_or_else(PoisonError::into_inner);
        taken.insert(name.to_owned());
        Turn { turns: self, name: name.to_owned() }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
        self.turns.freed.notify_all();
    }
}
