//! Views of statuses in memory, so that pages with the same statuses read them once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::views::StatusView;
use crate::limits;
use crate::protocol::ids::StatusId;

/// The owner's views at one generation of the store. They are all dropped with the next visible change, which may concern
/// any of them.
#[derive(Default)]
pub struct ViewCache(Mutex<Views>);

#[derive(Default)]
struct Views {
    generation: u64,
    views: HashMap<StatusId, StatusView>,
    bytes: usize,
}

impl ViewCache {
    fn lock(&self) -> MutexGuard<'_, Views> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those of the statuses that were loaded at this generation.
    pub(super) fn get(&self, generation: u64, ids: &[StatusId]) -> HashMap<StatusId, StatusView> {
        let cached = self.lock();
        if cached.generation != generation {
            return HashMap::new();
        }
        ids.iter().filter_map(|id| Some((*id, cached.views.get(id)?.clone()))).collect()
    }

    /// Adds views that the owner may see, from a read that began at this generation.
    pub(super) fn put<'v>(&self, generation: u64, views: impl Iterator<Item = &'v StatusView>) {
        let mut cached = self.lock();
        if cached.generation > generation {
            return;
        }
        if cached.generation < generation {
            *cached = Views { generation, ..Views::default() };
        }
        for view in views {
            let size = view.size();
            if cached.bytes + size > limits::CACHED_VIEW_BYTES {
                cached.views.clear();
                cached.bytes = 0;
            }
            if size <= limits::CACHED_VIEW_BYTES && cached.views.insert(view.status.id, view.clone()).is_none() {
                cached.bytes += size;
            }
        }
    }
}
