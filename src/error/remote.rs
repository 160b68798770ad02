//! Failures of requests to other servers.

/// Why a request to another server failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// Our rules forbid the connection (scheme, port, address, suspended host). Not retried.
    #[error("not contacted: {0}")]
    Refused(String),
    /// Name lookup, connection or TLS failed. Retried.
    #[error("the other server could not be reached: {0}")]
    Unreachable(String),
    /// The server accepted the connection but did not respond in time. Retried.
    #[error("the other server did not answer: {0}")]
    NoAnswer(String),
    /// The server responded with an error status.
    #[error("the other server answered {status}")]
    Status {
        /// The HTTP status.
        status: u16,
        /// `Retry-After` in seconds, if sent.
        retry_after: Option<u64>,
    },
    /// The response exceeds a limit, has the wrong type, or is not the requested document. Not retried.
    #[error("the other server's answer cannot be used: {0}")]
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
