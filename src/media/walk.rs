//! Walks over the files of a directory that are kept in two levels of directories.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::error::{Error, Result};

/// The directory for files being written, which is left out.
pub(super) const TEMP: &str = "tmp";

/// Calls a function with the paths of the files in each directory that are older than this.
///
/// # Errors
/// Those of the function, or if a directory cannot be read.
pub(super) fn for_each_directory(
    root: &Path,
    age: Duration,
    mut found: impl FnMut(Vec<PathBuf>) -> Result<()>,
) -> Result<()> {
    for outer in entries(root)?.iter().filter(|path| !path.ends_with(TEMP) && path.is_dir()) {
        for inner in entries(outer)?.iter().filter(|path| path.is_dir()) {
            let files: Vec<PathBuf> = entries(inner)?.into_iter().filter(|path| is_older(path, age)).collect();
            if !files.is_empty() {
                found(files)?;
            }
        }
    }
    Ok(())
}

/// The paths in a directory.
pub(super) fn entries(directory: &Path) -> Result<Vec<PathBuf>> {
    let failed = |e: io::Error| Error::file(directory, &e);
    fs::read_dir(directory).map_err(failed)?.map(|entry| Ok(entry.map_err(failed)?.path())).collect()
}

/// Returns `true` if a file was last written before this time.
pub(super) fn is_older(path: &Path, age: Duration) -> bool {
    let modified = fs::symlink_metadata(path).and_then(|found| found.modified());
    let before = SystemTime::now().checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
    modified.is_ok_and(|at| at <= before)
}
