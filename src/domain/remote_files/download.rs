//! A file that is being fetched: everyone who wants it follows the same download.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::watch;

use crate::error::{Error, RemoteError};

/// A file in the cache, as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRemoteFile {
    /// The file.
    pub path: Arc<Path>,
    /// Its media type, by its content.
    pub media_type: &'static str,
    /// Its size.
    pub bytes: u64,
    /// The digest of its content.
    pub digest: String,
}

/// A file of known type and size, of which a part has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiving {
    /// The file so far.
    pub path: Arc<Path>,
    /// Its media type, by its content.
    pub media_type: &'static str,
    /// Its size as its server states it.
    pub length: u64,
    /// The bytes that have arrived.
    pub written: u64,
}

/// How far a download is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It waits for its turn, or for the first bytes.
    Waiting,
    /// A part of a large file has arrived.
    Receiving(Receiving),
    /// The file is in the cache.
    Complete(StoredRemoteFile),
    /// The file cannot be fetched.
    Failed(FileFailure),
}

/// Why a file is not served. Everyone who waits for it gets the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileFailure {
    /// Its server does not have it, or it may not be fetched.
    Absent,
    /// Its server does not respond in time.
    Unanswered,
    /// Its server has a problem that may pass, or asks for a pause.
    Failing(String),
    /// Its server refuses it, or it is not served.
    Unusable(String),
    /// This server fetches too many files now.
    Busy {
        /// Seconds until the client should try again.
        retry_after: u32,
    },
    /// This server failed.
    Internal,
}

impl fmt::Display for FileFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("the file does not exist, or its server may not be contacted"),
            Self::Unanswered => f.write_str("the server of the file does not answer"),
            Self::Failing(cause) | Self::Unusable(cause) => f.write_str(cause),
            Self::Busy { .. } => f.write_str("too many files are being fetched"),
            Self::Internal => f.write_str("the file could not be stored"),
        }
    }
}

impl FileFailure {
    /// The failure that an error means. Errors of this server are logged.
    pub fn of(error: &Error) -> Self {
        match error {
            Error::NotFound => Self::Absent,
            Error::Busy { retry_after } => Self::Busy { retry_after: *retry_after },
            Error::Remote(e) if e.is_gone() => Self::Absent,
            Error::Remote(RemoteError::Refused(_)) => Self::Absent,
            Error::Remote(e) if e.is_silence() => Self::Unanswered,
            Error::Remote(e @ RemoteError::Status { status: 408 | 425 | 429 | 500.., .. }) => {
                Self::Failing(e.to_string())
            }
            Error::Remote(e) => Self::Unusable(e.to_string()),
            other => {
                tracing::error!(error = %other, "a remote file could not be stored");
                Self::Internal
            }
        }
    }
}

/// A file that is being fetched.
#[derive(Debug)]
pub struct Download(watch::Sender<Stage>);

impl Default for Download {
    fn default() -> Self {
        Self(watch::Sender::new(Stage::Waiting))
    }
}

impl Download {
    /// Follows the stages.
    pub fn subscribe(&self) -> watch::Receiver<Stage> {
        self.0.subscribe()
    }

    /// Reaches a stage.
    pub fn reach(&self, stage: Stage) {
        self.0.send_replace(stage);
    }

    /// Returns `true` if a part has arrived.
    pub fn is_receiving(&self) -> bool {
        matches!(*self.0.borrow(), Stage::Receiving(_))
    }

    /// More bytes have arrived.
    pub fn advance(&self, written: u64) {
        self.0.send_if_modified(|stage| match stage {
            Stage::Receiving(receiving) => {
                receiving.written = written;
                true
            }
            _ => false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_states_whether_a_retry_may_succeed() {
        let status = |status| Error::Remote(RemoteError::Status { status, retry_after: None });
        for (error, expected) in [
            (status(404), FileFailure::Absent),
            (status(410), FileFailure::Absent),
            (status(403), FileFailure::Unusable("the other server answered 403".into())),
            (status(429), FileFailure::Failing("the other server answered 429".into())),
            (status(503), FileFailure::Failing("the other server answered 503".into())),
            (Error::Remote(RemoteError::NoAnswer("x".into())), FileFailure::Unanswered),
            (Error::Remote(RemoteError::Refused("x".into())), FileFailure::Absent),
            (Error::Busy { retry_after: 3 }, FileFailure::Busy { retry_after: 3 }),
        ] {
            assert_eq!(FileFailure::of(&error), expected, "{error}");
        }
    }
}
