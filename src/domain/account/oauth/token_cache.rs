//! Recently used access tokens of the owner.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::limits;
use crate::protocol::time::Timestamp;
use crate::store::account::apps::Token;

/// The cache. An entry is valid for one generation of the store, so a write that may revoke a token is never a quiet one.
#[derive(Default)]
pub struct TokenCache(Mutex<HashMap<String, Entry>>);

struct Entry {
    token: Token,
    generation: u64,
    /// When its use is to be stored again.
    until: Timestamp,
}

impl TokenCache {
    /// The token with this hash, if it was read at this generation.
    pub fn get(&self, hash: &str, generation: u64, now: Timestamp) -> Option<Token> {
        let entries = self.0.lock().unwrap_or_else(|e| e.into_inner());
        let entry = entries.get(hash).filter(|e| e.generation == generation && e.until > now)?;
        Some(entry.token.clone())
    }

    /// Adds a token that was read at this generation and whose use was stored, if it acts for the owner.
    pub fn put(&self, hash: String, token: Token, generation: u64, now: Timestamp) {
        if !token.owner {
            return;
        }
        let stored = token.used_at.map(|used| used.plus(limits::TOKEN_LAST_USE_INTERVAL)).filter(|until| *until > now);
        let until = stored.unwrap_or_else(|| now.plus(limits::TOKEN_LAST_USE_INTERVAL));
        let mut entries = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if entries.len() >= limits::CACHED_TOKENS {
            entries.clear();
        }
        entries.insert(hash, Entry { token, generation, until });
    }
}
