//! Why a document cannot be read.

/// Why a document cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The document is not a JSON object.
    #[error("the document is not a JSON object")]
    NotAnObject,
    /// A required member is missing or has no usable value.
    #[error("the member `{0}` is missing or has no usable value")]
    Missing(&'static str),
    /// The document has another type.
    #[error("the member `type` is {found:?}, which is not {wanted}")]
    WrongType {
        /// The expected kind of document.
        wanted: &'static str,
        /// Its type.
        found: String,
    },
}
