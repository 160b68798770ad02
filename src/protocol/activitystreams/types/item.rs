//! What can be in the object position of an activity.

use super::embedded::Embedded;
use crate::protocol::activitystreams::read::values::id_of;

/// An object position of an activity: an id, or an embedded document.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Only the id.
    Id(String),
    /// A document. The caller checks whether its origin makes it trustworthy.
    Embedded(Embedded),
}

impl Item {
    /// Returns the id, not validated.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Id(id) => Some(id),
            Self::Embedded(value) => id_of(value),
        }
    }
}
