//! Checks of the data directory before anything is opened or made in it.

use std::path::Path;

use crate::error::{Error, Result, StorageError, StorageProblem};
use crate::store::database::connection;

/// The name of the media directory in the data directory.
pub(super) const MEDIA: &str = "media";

/// Whether a database is stored in this directory.
///
/// # Errors
/// [`Error::Storage`] when the directory cannot be read, when the database is missing although its media or its
/// write-ahead log are here, or when it is not a file.
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

/// A new database next to the rest of another one means that a volume is not mounted, or a restore is incomplete.
fn check_new(data: &Path) -> Result<()> {
    let path = data.join(connection::FILE);
    let media = data.join(MEDIA);
    if holds_files(&media)? {
        let cause = format!(
            "{} holds files of an existing server; if its database lies on another volume, mount it; to begin again, \
             move the media directory away",
            media.display()
        );
        return Err(problem(StorageProblem::Missing, &path, &cause));
    }
    let log = data.join(format!("{}-wal", connection::FILE));
    if std::fs::metadata(&log).is_ok_and(|m| m.len() > 0) {
        let cause = format!("{} is here, which holds its latest changes; restore both from a backup", log.display());
        return Err(problem(StorageProblem::Missing, &path, &cause));
    }
    Ok(())
}

fn problem(problem: StorageProblem, path: &Path, cause: &str) -> Error {
    Error::Storage(StorageError { problem, path: Some(path.to_owned()), cause: cause.to_owned() })
}

/// True if a stored file is anywhere below this directory. Temporary files do not count.
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
