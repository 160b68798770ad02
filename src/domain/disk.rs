//! Free space on the disk of the data directory. Below a minimum, activities of other servers are refused, so that the owner
//! can still post.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::error::{Error, Result};
use crate::limits;

/// Watches the free space.
pub struct Disk {
    directory: PathBuf,
    minimum: u64,
    seen: Mutex<Option<(Instant, bool)>>,
}

impl Disk {
    /// Watches the disk of this directory, which must have `minimum` bytes free.
    pub fn new(directory: &Path, minimum: u64) -> Self {
        Self { directory: directory.to_owned(), minimum, seen: Mutex::new(None) }
    }

    /// True if at least the minimum is free. The result is cached for [`limits::DISK_CHECK_INTERVAL`].
    pub fn has_room(&self) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, has_room)) = *seen
            && at.elapsed() < limits::DISK_CHECK_INTERVAL
        {
            return has_room;
        }
        let has_room = self.minimum == 0 || free(&self.directory).is_none_or(|bytes| bytes >= self.minimum);
        if !has_room && seen.is_none_or(|(_, before)| before) {
            tracing::warn!(minimum = self.minimum, "disk is nearly full: activities of other servers are refused");
        }
        *seen = Some((Instant::now(), has_room));
        has_room
    }

    /// The free space in bytes; `None` if the system does not report it.
    pub fn free(&self) -> Option<u64> {
        free(&self.directory)
    }

    /// The space in bytes that must be free.
    pub fn minimum(&self) -> u64 {
        self.minimum
    }

    /// Checks that the disk has room for data of other servers.
    ///
    /// # Errors
    /// [`Error::Busy`] if the disk is nearly full.
    pub fn check(&self) -> Result<()> {
        if self.has_room() { Ok(()) } else { Err(Error::Busy { retry_after: limits::DISK_RETRY_AFTER }) }
    }
}

/// The free space for this process, in bytes; `None` if the system does not report it.
fn free(directory: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(directory).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_has_room_above_its_minimum() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Disk::new(dir.path(), 1).has_room());
        assert!(Disk::new(dir.path(), 0).has_room());
        let full = Disk::new(dir.path(), u64::MAX);
        assert!(matches!(full.check(), Err(Error::Busy { .. })));
        assert!(Disk::new(Path::new("/nowhere/at/all"), u64::MAX).has_room(), "an unknown disk refuses nothing");
    }
}
