//! Keeps rows and files of the cache in agreement, and removes what is no longer needed.

use std::time::Duration;

use super::FileCache;
use super::lanes::Task;
use super::shared::Shared;
use crate::domain::remote_files::{Audience, RemoteFile, Stage, WantedFile, is_referenced};
use crate::error::{Error, Result};
use crate::limits;
use crate::store::remote_files::{self, CacheSize, RemoteFileRow};

/// Whether files are removed or only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// They are removed.
    Real,
    /// They are counted.
    DryRun,
}

/// Removed files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Their number.
    pub files: u64,
    /// Their size.
    pub bytes: u64,
}

impl Removed {
    /// Counts a file.
    pub(in crate::media) fn add(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }
}

impl FileCache {
    /// Stores when files were last shown, and counts the used space again.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn save(&self) -> Result<()> {
        self.0.shown.flush(&self.0.domain.store)?;
        self.0.space.recount()
    }

    /// One round of maintenance: removes rows and files without each other, files that nothing refers to any more, and those
    /// that were not shown for [`limits::REMOTE_FILE_AGE`].
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn maintain(&self) -> Result<()> {
        self.save()?;
        self.0.dir.sweep_temporary(limits::REMOTE_FILE_ARRIVAL)?;
        self.remove_orphans(Removal::Real)?;
        self.prune(limits::REMOTE_FILE_AGE, Removal::Real)?;
        self.0.space.recount()
    }

    /// Removes files of interrupted downloads. Only for the start of the server, when nothing is being fetched.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn sweep(&self) -> Result<usize> {
        self.0.dir.sweep_temporary(Duration::ZERO)
    }

    /// Removes files that were not shown for this long.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn prune(&self, age: Duration, removal: Removal) -> Result<Removed> {
        let cache = &*self.0;
        cache.shown.flush(&cache.domain.store)?;
        let (before, mut removed) = (cache.domain.now().minus(age), Removed::default());
        cache.for_each_row(|rows| {
            let old = |row: &&RemoteFileRow| row.shown_at <= before;
            cache.remove_rows(rows.iter().filter(old), removal, &mut removed)
        })?;
        Ok(removed)
    }

    /// Removes files that nothing refers to: without a row, or with one whose post or profile is gone, was changed, or is of
    /// a blocked server.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn remove_orphans(&self, removal: Removal) -> Result<Removed> {
        let (cache, mut removed) = (&*self.0, Removed::default());
        cache.for_each_row(|rows| {
            let domain = &cache.domain;
            let mut orphans = Vec::new();
            for row in rows {
                let is_whole = cache.dir.locate(&row.key)?.is_some_and(|(_, bytes)| bytes == row.bytes);
                if !is_whole || !domain.store.read(|c| is_referenced(c, domain, &row.subject, &row.url))? {
                    orphans.push(row);
                }
            }
            cache.remove_rows(orphans.into_iter(), removal, &mut removed)
        })?;
        cache.dir.for_each_directory(limits::REMOTE_FILE_ARRIVAL, |keys| {
            for key in cache.domain.store.read(|c| remote_files::unknown(c, &keys))? {
                if let Some((_, bytes)) = cache.dir.locate(&key)? {
                    removed.add(bytes);
                }
                if removal == Removal::Real {
                    cache.dir.remove(&key)?;
                }
            }
            Ok(())
        })?;
        Ok(removed)
    }

    /// The files, their size, and the budget.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn usage(&self) -> Result<(CacheSize, u64)> {
        Ok((self.0.domain.store.read(remote_files::size)?, self.0.space.budget()))
    }

    /// The files in the cache, in the order of their keys.
    ///
    /// # Errors
    /// Those of the function.
    pub fn for_each(&self, mut visit: impl FnMut(&RemoteFileRow) -> Result<()>) -> Result<()> {
        self.0.for_each_row(|rows| rows.iter().try_for_each(&mut visit))
    }

    /// Fetches a file again, now. The present one stays if that fails.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the reason.
    pub fn refresh(&self, file: RemoteFile, url: &str) -> Result<()> {
        let task = Task::alone(WantedFile::new(Audience::Owner, file, url.to_owned()));
        match self.0.fetch(&task) {
            Stage::Failed(failure) => Err(Error::invalid(failure.to_string())),
            _ => Ok(()),
        }
    }
}

impl Shared {
    fn for_each_row(&self, mut visit: impl FnMut(&[RemoteFileRow]) -> Result<()>) -> Result<()> {
        let mut last = String::new();
        loop {
            let rows = self.domain.store.read(|c| remote_files::after(c, &last, limits::REMOTE_FILES_CHECKED))?;
            let Some(row) = rows.last() else { return Ok(()) };
            last.clone_from(&row.key);
            visit(&rows)?;
            if self.is_stopping() {
                return Ok(());
            }
        }
    }

    fn remove_rows<'r>(
        &self,
        rows: impl Iterator<Item = &'r RemoteFileRow>,
        removal: Removal,
        removed: &mut Removed,
    ) -> Result<()> {
        let mut keys = Vec::new();
        for row in rows {
            removed.add(row.bytes);
            keys.push(row.key.clone());
        }
        if keys.is_empty() || removal == Removal::DryRun { Ok(()) } else { self.space.remove(keys) }
    }
}
