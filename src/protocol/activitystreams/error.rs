//! Why a document cannot be read.

use std::fmt;

/// Why a document cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The document is not a JSON object.
    NotAnObject,
    /// A required member is missing or has no usable value.
    Missing(&'static str),
    /// The document has another type.
    WrongType {
        /// The expected kind of document.
        wanted: &'static str,
        /// Its type.
        found: String,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => f.write_str("the document is not a JSON object"),
            Self::Missing(member) => write!(f, "the member `{member}` is missing or has no usable value"),
            Self::WrongType { wanted, found } => write!(f, "the member `type` is {found:?}, which is not {wanted}"),
        }
    }
}

impl std::error::Error for ReadError {}
