//! The lock of a data directory.

use std::fs::{self, File};
use std::path::Path;

use super::connection::make_private_dir;
use crate::error::{Error, Result};

/// Held while a server uses a data directory. A second server is refused.
pub struct DirLock {
    _file: File,
}

impl DirLock {
    /// Takes the lock.
    ///
    /// # Errors
    /// [`Error::Conflict`] if another server holds it.
    pub fn take(dir: &Path) -> Result<Self> {
        make_private_dir(dir)?;
        let path = dir.join("dassie.lock");
        let open = File::options().create(true).truncate(false).write(true).open(&path);
        let file = open.map_err(|e| Error::file(&path, &e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(fs::TryLockError::WouldBlock) => Err(Error::Conflict(
                format!("another Dassie already runs on {}; stop it first, or name another --data", dir.display())
                    .into(),
            )),
            Err(fs::TryLockError::Error(e)) => Err(Error::file(&path, &e)),
        }
    }
}
