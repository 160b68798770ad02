//! A table of fixed capacity for keys that others choose (addresses, hosts). A new entry replaces the oldest one. Entries at
//! their limit are never evicted, because otherwise a flood of new keys would reset them.

use std::collections::HashMap;
use std::hash::Hash;

/// Whether an entry may be evicted when the table is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// It has expired.
    Nothing,
    /// It may be evicted; smaller numbers are older and go first.
    Since(i64),
    /// It is at its limit and stays until it expires.
    Fixed,
}

/// The table.
#[derive(Debug)]
pub struct Bounded<K, V> {
    entries: HashMap<K, V>,
    capacity: usize,
}

impl<K: Eq + Hash + Clone, V> Bounded<K, V> {
    /// An empty table with this capacity.
    pub fn new(capacity: usize) -> Self {
        Self { entries: HashMap::new(), capacity }
    }

    /// The entry of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key)
    }

    /// The entry of a key, mutable.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.entries.get_mut(key)
    }

    /// Removes an entry.
    pub fn remove(&mut self, key: &K) {
        self.entries.remove(key);
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry of a key, inserted if it is new. Returns `None` if the table is full of entries at their limit.
    pub fn entry(&mut self, key: &K, new: V, worth: impl Fn(&V) -> Worth) -> Option<&mut V> {
        if !self.entries.contains_key(key) {
            self.make_room(worth);
            if self.entries.len() >= self.capacity {
                return None;
            }
            self.entries.insert(key.clone(), new);
        }
        self.entries.get_mut(key)
    }

    /// If the table is full, removes expired entries, then the oldest tenth, so that the search for the oldest is rare.
    fn make_room(&mut self, worth: impl Fn(&V) -> Worth) {
        if self.entries.len() < self.capacity {
            return;
        }
        self.entries.retain(|_, v| worth(v) != Worth::Nothing);
        let wanted = self.capacity - (self.capacity / 10).max(1);
        let Some(surplus) = self.entries.len().checked_sub(wanted).filter(|n| *n > 0) else { return };
        let mut evictable: Vec<(i64, K)> = self
            .entries
            .iter()
            .filter_map(|(k, v)| if let Worth::Since(at) = worth(v) { Some((at, k.clone())) } else { None })
            .collect();
        evictable.sort_unstable_by_key(|(at, _)| *at);
        for (_, key) in evictable.into_iter().take(surplus) {
            self.entries.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (time, at its limit)
    fn worth(v: &(i64, bool)) -> Worth {
        if v.1 { Worth::Fixed } else { Worth::Since(v.0) }
    }

    #[test]
    fn the_oldest_are_evicted_and_never_those_at_their_limit() {
        let mut table = Bounded::new(20);
        for n in 0..20 {
            table.entry(&n, (n, n < 5), worth).unwrap();
        }
        table.entry(&20, (20, false), worth).unwrap();
        assert!((0..5).all(|n| table.get(&n).is_some()), "those at their limit stay");
        assert!(table.get(&5).is_none() && table.get(&6).is_none(), "the oldest of the others go");
        assert!((7..21).all(|n| table.get(&n).is_some()));
    }

    #[test]
    fn a_table_full_of_entries_at_their_limit_accepts_no_more() {
        let mut table = Bounded::new(3);
        for n in 0..3 {
            table.entry(&n, (n, true), worth).unwrap();
        }
        assert!(table.entry(&9, (9, false), worth).is_none());
        assert!(table.entry(&1, (9, false), worth).is_some(), "known keys are still found");
        assert_eq!(table.len(), 3);
    }

    #[test]
    fn expired_entries_are_evicted_first() {
        let mut table = Bounded::new(10);
        let expiring = |v: &(i64, bool)| if v.0 < 9 { Worth::Nothing } else { Worth::Since(v.0) };
        for n in 0..10 {
            table.entry(&n, (n, false), expiring).unwrap();
        }
        table.entry(&10, (10, false), expiring).unwrap();
        assert_eq!(table.len(), 2);
    }
}
