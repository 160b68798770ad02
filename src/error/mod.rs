//! The error type of the crate. `http/error_response.rs` maps it to a response on each surface.

mod oauth;
pub mod refusal;
mod remote;
mod storage;
mod subjects;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

pub use oauth::OAuthCode;
pub use refusal::Refusal;
pub use remote::RemoteError;
pub use storage::{StorageError, StorageProblem};
pub use subjects::{Lookup, SizeLimit};

/// The result type of the crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Runs work on untrusted data and turns a panic into an error, so that the handler, worker or transaction around it
/// continues.
///
/// # Errors
/// The error of the work, or [`Error::Internal`] if it panicked.
pub fn contained<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Error::internal("a panic was caught")))
}

/// What went wrong, by who has to act on it.
///
/// Messages are shown to people and peers: they say what is wrong and what to do. They contain no secrets and do not distinguish
/// hidden from missing things.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not found, or not visible to this viewer; the two are not distinguished (404).
    #[error("Record not found")]
    NotFound,
    /// A post that the parameters name is not found, or not visible (404).
    #[error("{0}")]
    Missing(Refusal),
    /// Another server does not have it (404).
    #[error("There is no such {what} on {host}")]
    Absent {
        /// What was requested.
        what: Lookup,
        /// The server.
        host: String,
    },
    /// Another server does not respond (503).
    #[error("{host} does not answer")]
    Unanswered {
        /// The server.
        host: String,
    },
    /// Removed by its author (410).
    #[error("Gone")]
    Gone,
    /// The owner has deleted the account (410).
    #[error("This account has been deleted")]
    AccountDeleted,
    /// The request is malformed (400).
    #[error("{0}")]
    BadRequest(Refusal),
    /// Authentication is missing or invalid (401).
    #[error("{0}")]
    Unauthorized(Refusal),
    /// Authenticated, but not permitted (403).
    #[error("{0}")]
    Forbidden(Refusal),
    /// The path exists, but not for this method (405).
    #[error("This path does not take this method")]
    MethodNotAllowed {
        /// The value of `Allow`.
        allowed: String,
    },
    /// The request is for another server (421).
    #[error("{0}")]
    Misdirected(Refusal),
    /// No representation matches the `Accept` header (406).
    #[error("There is no such form of this page")]
    NotAcceptable,
    /// It conflicts with the current state (409).
    #[error("{0}")]
    Conflict(Refusal),
    /// Larger than the named limit allows (413).
    #[error("The {what} is too large: the limit is {limit} bytes")]
    TooLarge {
        /// What is too large.
        what: SizeLimit,
        /// The limit in bytes.
        limit: u64,
    },
    /// The request body has a type that this route does not read (415).
    #[error("{0}")]
    UnsupportedMediaType(Refusal),
    /// Well formed, but refused by a rule (422); worded `Validation failed: …` for apps.
    #[error("Validation failed: {0}")]
    Invalid(Refusal),
    /// Too many requests (429).
    #[error("Too many requests")]
    RateLimited {
        /// Seconds until the client should try again.
        retry_after: u32,
    },
    /// An OAuth refusal with its RFC 6749 code (400, or 401 for `invalid_client`).
    #[error("{description}")]
    OAuth {
        /// The code of RFC 6749 section 5.2.
        code: OAuthCode,
        /// What to do about it.
        description: Refusal,
    },
    /// A request to another server failed (503 to apps; jobs retry it).
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// The server cannot take this now: a queue is full, or it is stopping (503).
    #[error("The server is busy; try again in a moment")]
    Busy {
        /// Seconds until the client should try again.
        retry_after: u32,
    },
    /// The disk or database failed (507 if full, else 503 or 500). Logged in full; the cause is shown.
    #[error(transparent)]
    Storage(StorageError),
    /// An internal error (500). Logged in full, shown without details.
    #[error(transparent)]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Creates an internal error with a message for the log.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::Internal(message.into().into())
    }

    /// Shorthand for [`Error::Invalid`].
    pub fn invalid(refusal: impl Into<Refusal>) -> Self {
        Self::Invalid(refusal.into())
    }

    /// Shorthand for [`Error::BadRequest`].
    pub fn bad_request(refusal: impl Into<Refusal>) -> Self {
        Self::BadRequest(refusal.into())
    }

    /// Shorthand for [`Error::OAuth`].
    pub fn oauth(code: OAuthCode, description: impl Into<Refusal>) -> Self {
        Self::OAuth { code, description: description.into() }
    }

    /// Creates an error from an I/O error about a file or directory.
    pub fn file(path: &Path, error: &io::Error) -> Self {
        let problem = StorageProblem::of(error).unwrap_or(StorageProblem::Failed);
        Self::Storage(StorageError { problem, path: Some(path.to_owned()), cause: error.to_string() })
    }

    /// Adds the file or directory to the error.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        match self {
            Self::Storage(e) => Self::Storage(e.at(path)),
            Self::Internal(e) => Self::internal(format!("{}: {e}", path.display())),
            other => other,
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Self::Internal(Box::new(e))
    }
}

impl From<io::Error> for Error {
    fn from(e: io::Error) -> Self {
        // Without a path, only problems that concern every file count as problems of the disk.
        match StorageProblem::of(&e).filter(|p| matches!(p, StorageProblem::Full | StorageProblem::ReadOnly)) {
            Some(problem) => {
                Self::Storage(StorageError { problem, path: Some("the disk".into()), cause: e.to_string() })
            }
            None => Self::Internal(Box::new(e)),
        }
    }
}
