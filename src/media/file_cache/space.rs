//! The space of the cache. It is reserved before a file is fetched, and the files that were not shown for the longest time
//! make room for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::dir::CacheDir;
use super::shown::Shown;
use crate::domain::remote_files::Audience;
use crate::error::{Error, RemoteError, Result};
use crate::limits;
use crate::store::Store;
use crate::store::remote_files::{self, CacheSize};

/// The space, and what is used of it.
pub(super) struct Space {
    budget: u64,
    store: Store,
    dir: CacheDir,
    shown: Arc<Shown>,
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    stored: CacheSize,
    reserved: u64,
    reserved_for_visitors: u64,
}

/// Space that a download may use; released when it is dropped.
pub(super) struct Reservation {
    space: Arc<Space>,
    audience: Audience,
    bytes: u64,
}

/// Files that must make room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victims {
    All,
    OfVisitors,
}

impl Space {
    pub(super) fn new(budget: u64, store: Store, dir: CacheDir, shown: Arc<Shown>) -> Self {
        Self { budget, store, dir, shown, used: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bytes that the cache may use.
    pub(super) fn budget(&self) -> u64 {
        self.budget
    }

    /// The bytes that files may use which only visitors were shown. The rest is the owner's.
    fn share_of_visitors(&self) -> u64 {
        self.budget / limits::STORAGE_SHARE_OF_VISITORS
    }

    /// Counts the stored files again, also those that another process has removed, and evicts those above the budget.
    pub(super) fn recount(&self) -> Result<()> {
        let mut used = self.lock();
        used.stored = self.store.read(remote_files::size)?;
        self.make_room(&mut used, Audience::Owner, 0)
    }

    /// Reserves space for a download. Visitors take none from the owner's half.
    ///
    /// # Errors
    /// [`Error::Remote`] if so large a file is not stored, [`Error::Busy`] if other downloads occupy the space.
    pub(super) fn reserve(self: &Arc<Self>, audience: Audience, bytes: u64) -> Result<Reservation> {
        let mut reservation = Reservation { space: self.clone(), audience, bytes: 0 };
        reservation.grow(bytes)?;
        Ok(reservation)
    }

    fn make_room(&self, used: &mut Used, audience: Audience, bytes: u64) -> Result<()> {
        loop {
            let of_visitors = used.stored.visitor_bytes + used.reserved_for_visitors + bytes;
            let excess = (used.stored.bytes + used.reserved + bytes).saturating_sub(self.budget);
            let (victims, excess) = match of_visitors.saturating_sub(self.share_of_visitors()) {
                over if audience == Audience::Visitor && over > 0 => (Victims::OfVisitors, over),
                _ if excess > 0 => (Victims::All, excess),
                _ => return Ok(()),
            };
            // Somewhat more, so that not every download evicts.
            if !self.evict(victims, excess + self.budget / limits::STORAGE_SLACK)? {
                return Err(Error::Busy { retry_after: limits::BUSY_RETRY_AFTER });
            }
            used.stored = self.store.read(remote_files::size)?;
        }
    }

    /// Evicts some files of at least this size together, as far as one round goes. Returns `false` if there are none.
    fn evict(&self, victims: Victims, bytes: u64) -> Result<bool> {
        self.shown.flush(&self.store)?;
        let oldest = self.store.read(|c| match victims {
            Victims::All => remote_files::least_recently_shown(c, limits::REMOTE_FILES_EVICTED),
            Victims::OfVisitors => remote_files::least_recently_shown_to_visitors(c, limits::REMOTE_FILES_EVICTED),
        })?;
        let mut freed = 0;
        let enough = |(_, size): &(String, u64)| {
            let is_wanted = freed < bytes;
            freed += size;
            is_wanted
        };
        let keys: Vec<String> = oldest.into_iter().take_while(enough).map(|(key, _)| key).collect();
        let found = !keys.is_empty();
        self.remove(keys)?;
        Ok(found)
    }

    /// Removes files. Their rows go first: a file without a row is removed later, a row without a file would be an error.
    pub(super) fn remove(&self, keys: Vec<String>) -> Result<()> {
        let removed = keys.clone();
        self.store.write_quietly(move |conn| remote_files::remove(conn, &removed))?;
        keys.iter().try_for_each(|key| self.dir.remove(key))
    }
}

impl Reservation {
    /// Reserves more.
    ///
    /// # Errors
    /// As [`Space::reserve`].
    pub(super) fn grow(&mut self, bytes: u64) -> Result<()> {
        let most = match self.audience {
            Audience::Owner => self.space.budget,
            Audience::Visitor => self.space.share_of_visitors(),
        };
        if self.bytes + bytes > most {
            return Err(RemoteError::Malformed("it is larger than the space for files of other servers".into()).into());
        }
        let mut used = self.space.lock();
        self.space.make_room(&mut used, self.audience, bytes)?;
        used.reserved += bytes;
        if self.audience == Audience::Visitor {
            used.reserved_for_visitors += bytes;
        }
        self.bytes += bytes;
        Ok(())
    }

    /// The bytes that are reserved.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// A file of this size is stored in the reserved space.
    pub(super) fn settle(self, bytes: u64) {
        let mut used = self.space.lock();
        used.stored.files += 1;
        used.stored.bytes += bytes;
        if self.audience == Audience::Visitor {
            used.stored.visitor_bytes += bytes;
        }
        drop(used);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut used = self.space.lock();
        used.reserved -= self.bytes;
        if self.audience == Audience::Visitor {
            used.reserved_for_visitors -= self.bytes;
        }
    }
}
