//! Failures of the disk and the database: path, cause and remedy.

use std::io;
use std::path::{Path, PathBuf};

/// What is wrong with the disk or the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageProblem {
    /// Another process holds the lock.
    Locked,
    /// No space is left.
    Full,
    /// The file system or the file is read-only.
    ReadOnly,
    /// Permission was denied.
    Denied,
    /// The database is truncated or damaged.
    Damaged,
    /// The file is not a database of Dassie.
    Foreign,
    /// A part of the path is not a directory.
    NotADirectory,
    /// The file does not exist.
    Missing,
    /// The device failed.
    Failed,
}

/// A failure of the disk or the database.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{} {} ({cause}). {}", self.subject(), problem.summary(), problem.remedy())]
pub struct StorageError {
    /// What is wrong.
    pub problem: StorageProblem,
    /// The file or directory, if known. Shown only in the log and on the command line.
    pub path: Option<PathBuf>,
    /// The message of the operating system or SQLite.
    pub cause: String,
}

impl StorageProblem {
    /// Returns the problem for an I/O error, or `None` if it is not about the disk.
    pub fn of(error: &io::Error) -> Option<Self> {
        Some(match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::PermissionDenied => Self::Denied,
            io::ErrorKind::NotADirectory => Self::NotADirectory,
            io::ErrorKind::NotFound => Self::Missing,
            _ => return None,
        })
    }

    /// Returns the message for HTTP responses, without paths.
    pub fn public_message(self) -> &'static str {
        match self {
            Self::Locked => "The database is locked by another process; try again in a moment",
            Self::Full => "The disk of this server is full; nothing was saved. Try again when there is space",
            Self::ReadOnly => "The disk of this server is read-only; nothing was saved",
            Self::Denied => "This server may not use its own files; its log says which",
            Self::Damaged | Self::Foreign => "The database of this server is damaged; its log says more",
            Self::NotADirectory | Self::Missing => "A file of this server is missing; its log says which",
            Self::Failed => "The disk of this server failed; its log says more",
        }
    }

    fn summary(self) -> &'static str {
        match self {
            Self::Locked => "is locked by another process",
            Self::Full => "cannot be written: no space is left",
            Self::ReadOnly => "is read-only",
            Self::Denied => "cannot be used: permission denied",
            Self::Damaged => "is truncated or damaged",
            Self::Foreign => "is not a database of Dassie",
            Self::NotADirectory => "cannot be used: something on the path is not a directory",
            Self::Missing => "does not exist",
            Self::Failed => "cannot be used: the device or file system failed",
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::Locked => "Stop the other process (a backup, a sqlite3 shell), or try again when it has finished",
            Self::Full => "Free some space; the server needs no restart",
            Self::ReadOnly => "Make the file system writable, or name another directory with --data",
            Self::Denied => "Give it to the user that runs Dassie (chown), or run Dassie as its owner",
            Self::Damaged => "Restore it from a backup; `sqlite3 FILE .recover` may save what is left",
            Self::Foreign => "Name another directory with --data, or restore the right file from a backup",
            Self::NotADirectory => "Name a directory with --data",
            Self::Missing => "Check the path, and that its volume is mounted",
            Self::Failed => "Check the disk and the system log",
        }
    }
}

impl StorageError {
    fn subject(&self) -> std::path::Display<'_> {
        self.path.as_deref().unwrap_or(Path::new("the database")).display()
    }

    /// Adds the file or directory, unless the error has one.
    #[must_use]
    pub fn at(mut self, path: &Path) -> Self {
        self.path.get_or_insert_with(|| path.to_owned());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn a_failure_names_path_cause_and_remedy() {
        for (kind, words) in [
            (io::ErrorKind::PermissionDenied, ["permission denied", "chown"]),
            (io::ErrorKind::ReadOnlyFilesystem, ["read-only", "writable"]),
            (io::ErrorKind::StorageFull, ["no space", "Free some space"]),
            (io::ErrorKind::NotADirectory, ["not a directory", "--data"]),
            (io::ErrorKind::NotFound, ["does not exist", "mounted"]),
            (io::ErrorKind::Other, ["failed", "system log"]),
        ] {
            let text = Error::file(Path::new("/srv/x"), &kind.into()).to_string();
            assert!(text.starts_with("/srv/x ") && words.iter().all(|w| text.contains(w)), "{text}");
        }
    }

    #[test]
    fn a_full_disk_is_recognised_without_a_path() {
        let full = Error::from(io::Error::from(io::ErrorKind::StorageFull));
        assert!(matches!(full, Error::Storage(StorageError { problem: StorageProblem::Full, .. })));
        assert!(matches!(Error::from(io::Error::from(io::ErrorKind::BrokenPipe)), Error::Internal(_)));
    }
}
