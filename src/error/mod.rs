//! The error type of the crate. `http/error_response.rs` maps it to a response on each surface.

mod storage;

use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use storage::{StorageError, StorageProblem};

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

/// The text of an error, usually a literal.
pub type Message = Cow<'static, str>;

/// What went wrong, by who has to act on it.
///
/// Messages are shown to people and peers: they say what is wrong and what to do. They contain no secrets and do not distinguish
/// hidden from missing things.
#[derive(Debug)]
pub enum Error {
    /// Not found, or not visible to this viewer; the two are not distinguished (404).
    NotFound,
    /// Another server does not have it (404).
    Absent {
        /// What was requested: `account`.
        what: &'static str,
        /// The server.
        host: String,
    },
    /// Another server does not respond (503).
    Unanswered {
        /// The server.
        host: String,
    },
    /// Removed by its author (410).
    Gone,
    /// The request is malformed (400).
    BadRequest(Message),
    /// Authentication is missing or invalid (401).
    Unauthorized(Message),
    /// Authenticated, but not permitted (403).
    Forbidden(Message),
    /// The path exists, but not for this method (405).
    MethodNotAllowed {
        /// The value of `Allow`.
        allowed: String,
    },
    /// The request is for another server (421).
    Misdirected(Message),
    /// No representation matches the `Accept` header (406).
    NotAcceptable,
    /// It conflicts with the current state (409).
    Conflict(Message),
    /// Larger than the named limit allows (413).
    TooLarge {
        /// What is too large: `request body`, `image`.
        what: &'static str,
        /// The limit in bytes.
        limit: u64,
    },
    /// The request body has a type that this route does not read (415).
    UnsupportedMediaType(Message),
    /// Well formed, but refused by a rule (422); worded `Validation failed: …` for apps.
    Invalid(Message),
    /// Too many requests (429).
    RateLimited {
        /// Seconds until the client should try again.
        retry_after: u32,
    },
    /// An OAuth refusal with its RFC 6749 code (400, or 401 for `invalid_client`).
    OAuth {
        /// The code of RFC 6749 section 5.2.
        code: OAuthCode,
        /// What to do about it.
        description: Message,
    },
    /// A request to another server failed (503 to apps; jobs retry it).
    Remote(RemoteError),
    /// The server cannot take this now: a queue is full, or it is stopping (503).
    Busy {
        /// Seconds until the client should try again.
        retry_after: u32,
    },
    /// The disk or database failed (507 if full, else 503 or 500). Logged in full; the cause is shown.
    Storage(StorageError),
    /// An internal error (500). Logged in full, shown without details.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// Error codes of RFC 6749 section 5.2 (and 4.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OAuthCode {
    /// The code, verifier or credentials of the grant are wrong or used up.
    InvalidGrant,
    /// A parameter is missing or malformed.
    InvalidRequest,
    /// The client id or secret is wrong.
    InvalidClient,
    /// A scope is unknown or exceeds the registration.
    InvalidScope,
    /// The grant type is not offered.
    UnsupportedGrantType,
    /// The response type is not offered.
    UnsupportedResponseType,
    /// The owner denied the request.
    AccessDenied,
}

impl OAuthCode {
    /// Returns the code as sent to the client.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidScope => "invalid_scope",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::AccessDenied => "access_denied",
        }
    }
}

/// Why a request to another server failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoteError {
    /// Our rules forbid the connection (scheme, port, address, suspended host). Not retried.
    Refused(String),
    /// Name lookup, connection or TLS failed. Retried.
    Unreachable(String),
    /// The server accepted the connection but did not respond in time. Retried.
    NoAnswer(String),
    /// The server responded with an error status.
    Status {
        /// The HTTP status.
        status: u16,
        /// `Retry-After` in seconds, if sent.
        retry_after: Option<u64>,
    },
    /// The response exceeds a limit, has the wrong type, or is not the requested document. Not retried.
    Malformed(String),
}

impl RemoteError {
    /// Returns `true` if the same request may succeed later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refused(_) | Self::Malformed(_) => false,
            Self::Unreachable(_) | Self::NoAnswer(_) => true,
            Self::Status { status, .. } => {
                matches!(status, 401 | 408 | 425 | 429) || (*status >= 500 && *status != 501)
            }
        }
    }

    /// Returns `true` if there was no response: then the host has failed, not the requested document.
    pub fn is_silence(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::NoAnswer(_))
    }

    /// Returns `true` if the document does not exist (404 or 410).
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Status { status: 404 | 410, .. })
    }

    /// Returns `true` if the document was deleted permanently (410).
    pub fn is_gone_for_good(&self) -> bool {
        matches!(self, Self::Status { status: 410, .. })
    }
}

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(why) => write!(f, "not contacted: {why}"),
            Self::Unreachable(why) => write!(f, "the other server could not be reached: {why}"),
            Self::NoAnswer(why) => write!(f, "the other server did not answer: {why}"),
            Self::Status { status, .. } => write!(f, "the other server answered {status}"),
            Self::Malformed(why) => write!(f, "the other server's answer cannot be used: {why}"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("Record not found"),
            Self::Absent { what, host } => write!(f, "There is no such {what} on {host}"),
            Self::Unanswered { host } => write!(f, "{host} does not answer"),
            Self::Gone => f.write_str("Gone"),
            Self::BadRequest(m) | Self::Unauthorized(m) | Self::Forbidden(m) | Self::Conflict(m) => f.write_str(m),
            Self::UnsupportedMediaType(m) | Self::Misdirected(m) => f.write_str(m),
            Self::MethodNotAllowed { .. } => f.write_str("This path does not take this method"),
            Self::NotAcceptable => f.write_str("There is no such form of this page"),
            Self::TooLarge { what, limit } => write!(f, "The {what} is too large: the limit is {limit} bytes"),
            Self::Invalid(m) => write!(f, "Validation failed: {m}"),
            Self::RateLimited { .. } => f.write_str("Too many requests"),
            Self::OAuth { description, .. } => f.write_str(description),
            Self::Remote(e) => e.fmt(f),
            Self::Busy { .. } => f.write_str("The server is busy; try again in a moment"),
            Self::Storage(e) => e.fmt(f),
            Self::Internal(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    /// Creates an internal error with a message for the log.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::Internal(message.into().into())
    }

    /// Shorthand for [`Error::Invalid`].
    pub fn invalid(message: impl Into<Message>) -> Self {
        Self::Invalid(message.into())
    }

    /// Shorthand for [`Error::BadRequest`].
    pub fn bad_request(message: impl Into<Message>) -> Self {
        Self::BadRequest(message.into())
    }

    /// Shorthand for [`Error::OAuth`].
    pub fn oauth(code: OAuthCode, description: impl Into<Message>) -> Self {
        Self::OAuth { code, description: description.into() }
    }
}

impl From<RemoteError> for Error {
    fn from(e: RemoteError) -> Self {
        Self::Remote(e)
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Self::Internal(Box::new(e))
    }
}
