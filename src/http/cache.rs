//! The response cache: public responses, so that a post that goes viral costs almost nothing, and timelines of the owner,
//! because apps poll while nothing has changed. A response is valid while the generation of the store is the one at which
//! it was rendered. Responses for the owner are looked up only after the token was checked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::Response;
use crate::limits;

/// Identifies a cached response.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CacheKey {
    /// Path and query.
    pub target: String,
    /// The ActivityPub form was requested.
    pub activity: bool,
    /// The language of a page.
    pub language: &'static str,
    /// The response is compressed.
    pub gzip: bool,
    /// The response is for the owner, through any app.
    pub owner: bool,
}

struct Entry {
    response: Arc<Response>,
    generation: u64,
    used: u64,
}

#[derive(Default)]
struct Inner {
    entries: HashMap<CacheKey, Entry>,
    bytes: usize,
    clock: u64,
}

/// The cache.
#[derive(Default)]
pub struct Cache(Mutex<Inner>);

/// Memory of an entry beyond its body: key, headers and table.
const OVERHEAD: usize = 512;

impl Cache {
    /// Returns the response for a key, if it was rendered at this generation.
    pub fn get(&self, key: &CacheKey, generation: u64) -> Option<Arc<Response>> {
        let mut inner = self.0.lock().unwrap_or_else(|e| e.into_inner());
        inner.clock += 1;
        let clock = inner.clock;
        let entry = inner.entries.get_mut(key).filter(|e| e.generation == generation)?;
        entry.used = clock;
        Some(entry.response.clone())
    }

    /// Stores a response that was rendered at this generation. Large ones are not stored; the least recently used are dropped.
    pub fn put(&self, key: CacheKey, response: Arc<Response>, generation: u64) {
        let size = response.body.len() + OVERHEAD;
        if size > limits::RESPONSE_CACHE / 16 {
            return;
        }
        let mut inner = self.0.lock().unwrap_or_else(|e| e.into_inner());
        inner.clock += 1;
        let used = inner.clock;
        if let Some(old) = inner.entries.insert(key, Entry { response, generation, used }) {
            inner.bytes -= old.response.body.len() + OVERHEAD;
        }
        inner.bytes += size;
        if inner.bytes > limits::RESPONSE_CACHE {
            inner.make_room(generation);
        }
    }
}

impl Inner {
    /// Drops outdated entries, then the least recently used half.
    fn make_room(&mut self, generation: u64) {
        self.entries.retain(|_, e| e.generation == generation);
        if self.size() > limits::RESPONSE_CACHE {
            let mut uses: Vec<u64> = self.entries.values().map(|e| e.used).collect();
            uses.sort_unstable();
            let middle = uses.get(uses.len() / 2).copied().unwrap_or(0);
            self.entries.retain(|_, e| e.used > middle);
        }
        self.bytes = self.size();
    }

    fn size(&self) -> usize {
        self.entries.values().map(|e| e.response.body.len() + OVERHEAD).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(target: &str) -> CacheKey {
        CacheKey { target: target.into(), activity: false, language: "en", gzip: false, owner: false }
    }

    #[test]
    fn responses_are_valid_for_one_generation() {
        let cache = Cache::default();
        cache.put(key("/"), Arc::new(Response::html("a".into())), 1);
        assert!(cache.get(&key("/"), 1).is_some());
        assert!(cache.get(&key("/"), 2).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let cache = Cache::default();
        for i in 0..20_000 {
            cache.put(key(&format!("/{i}")), Arc::new(Response::html("x".repeat(2_000))), 1);
        }
        let inner = cache.0.lock().unwrap();
        assert!(inner.bytes <= limits::RESPONSE_CACHE && inner.bytes == inner.size());
        assert!(!inner.entries.is_empty());
    }
}
