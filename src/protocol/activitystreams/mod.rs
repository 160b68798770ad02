//! ActivityStreams documents. [`write`] makes ours; the rest is the tolerant reader: any peer's JSON in, [`types`] out.
//!
//! No JSON-LD: every peer sends the conventional compact terms. A wrongly shaped optional member drops that member,
//! not the document; what a document cannot be without is a [`ReadError`]. Every list and text is cut to its limit
//! here. Who may say a thing (origins, signatures) is not decided here, except for keys and the `url` shown to
//! people, which are dropped when they are not on the document's own origin.

mod literal;
mod origin;
pub mod read;
#[cfg(test)]
mod tests;
pub mod types;
pub mod write;

use std::fmt;

pub use origin::{Origin, host_of, origin_of, same_origin};
pub use read::activity::read_activity;
pub use read::actor::read_actor;
pub use read::collection::read_collection;
pub use read::kinds::{is_activity_type, is_actor_type, key_owner};
pub use read::object::read_object;
pub use read::quote::QUOTE_REL;
pub use read::values::{first_id, id_of, is_id, kind_of};
pub use types::*;

/// Why a document cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The document is not a JSON object.
    NotAnObject,
    /// A member that must be there is not, or holds nothing usable.
    Missing(&'static str),
    /// It is of a type that this reader does not read.
    WrongType {
        /// What was wanted.
        wanted: &'static str,
        /// The type that it has.
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
