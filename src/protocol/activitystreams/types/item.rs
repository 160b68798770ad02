//! What can be in the object position of an activity.

use super::embedded::Embedded;
use crate::protocol::activitystreams::read::values::id_of;

/// An object position of an activity: an id, or a document that stands in the activity itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Only the id.
    Id(String),
    /// A whole document. Whoever reads it decides whether its origin makes it trustworthy.
    Embedded(Embedded),
}

impl Item {
    /// The id of what stands here, as written.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Id(id) => Some(id),
            Self::Embedded(value) => id_of(value),
        }
    }
}
