//! What an ActivityStreams document says, in types: the one vocabulary between the wire and the domain.
//!
//! `read` makes these from any peer's JSON with every limit applied, so that nothing behind this point has to
//! know a peer's quirks. Ids are byte-exact strings as sent (never normalised). HTML here is already cleaned.

mod activity;
mod actor;
mod embedded;
mod object;

pub use activity::{Activity, ActivityKind, Interaction, Reaction, THUMB_DOWN};
pub use actor::{ActorDoc, ActorKey, ActorKind, Field, KeyMaterial};
pub use embedded::Embedded;
pub use object::{
    Attachment, Details, Emoji, EventStatus, InteractionPolicy, MediaKind, Mention, Object, ObjectKind, Poll,
    PollOption, Quote, Rule,
};

/// Who a document is addressed to, as ids. The public collection is already spelled in full.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// Primary addressees.
    pub to: Vec<String>,
    /// Secondary addressees (`cc`, and `audience` and received `bto`/`bcc`).
    pub cc: Vec<String>,
}

/// The public collection of ActivityPub section 5.6.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

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
            Self::Embedded(value) => super::id_of(value),
        }
    }
}

/// A collection or one page of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Collection {
    /// Its id.
    pub id: Option<String>,
    /// How many items its server counts.
    pub total: Option<u64>,
    /// Items that stand in it.
    pub items: Vec<Item>,
    /// It has a place for items, though there may be none in it.
    pub lists: bool,
    /// Its first page: an id, or the page itself.
    pub first: Option<Item>,
    /// Its next page.
    pub next: Option<String>,
}
