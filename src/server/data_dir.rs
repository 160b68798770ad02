//! Checks of the data directory before anything is opened or created in it.

use std::path::Path;

use crate::error::{Error, Result, StorageError, StorageProblem};
use crate::store::database::connection;

/// The name of the media directory in the data directory.
pub(super) const MEDIA: &str = "media";
/// The name of the directory for files of other servers, which may be removed while the server does not run.
pub(super) const CACHE: &str = "cache";

/// Returns `true` if this directory contains a database.
///
/// # Errors
/// [`Error::Storage`] when the directory cannot be read, when the database is missing although its media or its
/// write-ahead log exist, or when it is not a file.
pub fn has_database(data: &Path) -> Result<bool> {
    let path = data.join(connection::FILE);
    match std::fs::metadata(&path) {
        Ok(found) if found.is_dir() => Err(problem(StorageProblem::Foreign, &path, "it is a directory")),
        Ok(found) if found.len() > 0 => Ok(true),
        Ok(_) => check_new(data).map(|()| false),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => check_new(data).map(|()| false),
        Err(e) => Err(Error::file(&path, &e)),
    }
}

/// Refuses a new database next to the remains of another one: a volume is not mounted, or a restore is incomplete.
fn check_new(data: &Path) -> Result<()> {
    let path = data.join(connection::FILE);
    let media = data.join(MEDIA);
    if holds_files(&media)? {
        let cause = format!(
            "{} contains files of an existing server; if its database is on another volume, mount it; to start over, \
             move the media directory away",
            media.display()
        );
        return Err(problem(StorageProblem::Missing, &path, &cause));
    }
    let log = data.join(format!("{}-wal", connection::FILE));
    if std::fs::metadata(&log).is_ok_and(|m| m.len() > 0) {
        let cause = format!("{} exists and contains its latest changes; restore both from a backup", log.display());
        return Err(problem(StorageProblem::Missing, &path, &cause));
    }
    Ok(())
}

fn problem(problem: StorageProblem, path: &Path, cause: &str) -> Error {
    Error::Storage(StorageError { problem, path: Some(path.to_owned()), cause: cause.to_owned() })
}

/// Returns `true` if there is a stored file below this directory. Temporary files do not count.
fn holds_files(directory: &Path) -> Result<bool> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(e) if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Ok(false);
        }
        Err(e) => return Err(Error::file(directory, &e)),
    };
    for entry in entries {
        let entry = entry.map_err(|e| Error::file(directory, &e))?;
        let is_directory = entry.file_type().map_err(|e| Error::file(&entry.path(), &e))?.is_dir();
        let is_kept = if is_directory { entry.file_name() != "tmp" && holds_files(&entry.path())? } else { true };
        if is_kept {
            return Ok(true);
        }
    }
    Ok(false)
}
