//! When files were last shown, collected in memory: a view costs no write.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::remote_files::Audience;
use crate::error::Result;
use crate::limits;
use crate::protocol::time::Timestamp;
use crate::store::Store;
use crate::store::remote_files::{self, RemoteFileRow};

/// The views that are not stored yet.
#[derive(Debug, Default)]
pub(super) struct Shown(Mutex<HashMap<String, (Timestamp, bool)>>);

impl Shown {
    /// Notes that a file is shown, if its row does not say so already.
    pub(super) fn note(&self, row: &RemoteFileRow, audience: Audience, now: Timestamp) {
        let for_owner = audience == Audience::Owner;
        let is_recent = row.shown_at > now.minus(limits::REMOTE_FILE_SHOWN_PRECISION);
        if is_recent && row.for_owner >= for_owner {
            return;
        }
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.len() < limits::REMOTE_FILES_SHOWN || shown.contains_key(&row.key) {
            let entry = shown.entry(row.key.clone()).or_insert((now, false));
            *entry = (now, entry.1 || for_owner);
        }
    }

    /// Stores the views in one write.
    pub(super) fn flush(&self, store: &Store) -> Result<()> {
        let shown = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if shown.is_empty() {
            return Ok(());
        }
        let shown: Vec<_> = shown.into_iter().map(|(key, (at, owner))| (key, at, owner)).collect();
        store.write_quietly(move |conn| remote_files::record_shown(conn, &shown))
    }
}
