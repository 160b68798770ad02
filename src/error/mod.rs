//! The one error type. Inside it is typed; `http::answer` is the one place that words it for each surface.

mod storage;

use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use storage::{StorageError, StorageProblem};

/// The result of everything in Dassie that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Runs a piece of work that other people's data steer. A panic in it is a fault of this piece and of nothing else: the
/// handler, worker or transaction around it goes on.
///
/// # Errors
/// What the work answers; [`Error::Internal`] when it panicked.
pub fn contained<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::internal("a piece of work failed in an unforeseen way")))
}

/// Text of an error: mostly a literal, sometimes built.
pub type Message = Cow<'static, str>;

/// What went wrong, in terms of who must do something about it.
///
/// The messages are shown to people and to peers: each names what is wrong and, where there is something
/// to do, what to do. They never contain a secret and never tell a hidden thing from a missing one.
#[derive(Debug)]
pub enum Error {
    /// The thing is not there, or not for this viewer. The two are the same on purpose (404).
    NotFound,
    /// Another server that was asked says that it has no such thing (404).
    Absent {
        /// What it was asked for: `account`.
        what: &'static str,
        /// The server.
        host: String,
    },
    /// Another server that was asked does not respond (503).
    Unanswered {
        /// The server.
        host: String,
    },
    /// It was there and its author removed it (410).
    Gone,
    /// The request is malformed (400).
    BadRequest(Message),
    /// Nobody is signed in, or the token or signature does not hold (401).
    Unauthorized(Message),
    /// Somebody is signed in, but may not do this (403).
    Forbidden(Message),
    /// The path exists, but not for this method (405).
    MethodNotAllowed {
        /// The methods that it exists for, as `Allow` lists them.
        allowed: String,
    },
    /// The request is for another server (421).
    Misdirected(Message),
    /// No form of the answer satisfies the request's `Accept` header (406).
    NotAcceptable,
    /// It contradicts what is already there (409).
    Conflict(Message),
    /// Larger than the named limit allows (413).
    TooLarge {
        /// What was too large, as the sender knows it: `request body`, `image`.
        what: &'static str,
        /// The limit that it passed, in bytes.
        limit: u64,
    },
    /// The request body has a type that this route does not read (415).
    UnsupportedMediaType(Message),
    /// Well formed, but refused by a rule (422); worded `Validation failed: …` for apps.
    Invalid(Message),
    /// Too many requests (429).
    RateLimited {
        /// Seconds until it is worth trying again.
        retry_after: u32,
    },
    /// An OAuth refusal with its RFC 6749 code (400, or 401 for `invalid_client`).
    OAuth {
        /// The code of RFC 6749 section 5.2.
        code: OAuthCode,
        /// What to do about it.
        description: Message,
    },
    /// Another server could not be reached or answered nonsense (503 to apps; retried by jobs).
    Remote(RemoteError),
    /// The server cannot take this now: a queue is full, or it is stopping (503).
    Busy {
        /// Seconds until it is worth trying again.
        retry_after: u32,
    },
    /// The disk or the database refuses work (507 when it is full, else 503 or 500): logged in full, its cause is shown.
    Storage(StorageError),
    /// A fault of ours: logged in full, shown as "something went wrong" (500).
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
    /// The owner said no.
    AccessDenied,
}

impl OAuthCode {
    /// The code as it stands on the wire.
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

/// Why another server's document or answer could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoteError {
    /// Our own rules forbid the connection (scheme, port, address, blocked host). Never retried.
    Refused(String),
    /// The network failed: name lookup, connection, TLS or a time-out. Worth retrying.
    Unreachable(String),
    /// The server took the request and answered nothing, in time or at all. Worth retrying.
    NoAnswer(String),
    /// The server answered with this status.
    Status {
        /// The HTTP status.
        status: u16,
        /// Its `Retry-After` in seconds, if it sent one.
        retry_after: Option<u64>,
    },
    /// The answer passed a limit, had the wrong type, or was not what was asked for. Never retried.
    Malformed(String),
}

impl RemoteError {
    /// True when the same request may succeed later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refused(_) | Self::Malformed(_) => false,
            Self::Unreachable(_) | Self::NoAnswer(_) => true,
            Self::Status { status, .. } => {
                matches!(status, 401 | 408 | 425 | 429) || (*status >= 500 && *status != 501)
            }
        }
    }

    /// True when nothing came back, whether the request arrived or not: the host is to blame, and not the thing.
    pub fn is_silence(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::NoAnswer(_))
    }

    /// True when the other server says that the thing is not there (404 or 410).
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Status { status: 404 | 410, .. })
    }

    /// True when the other server says that the thing was there and will not come back (410).
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
    /// A fault of ours with a message for the log.
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

    /// Shorthand for an OAuth refusal.
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
