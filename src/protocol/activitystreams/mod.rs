//! ActivityStreams documents. [`write`] makes ours; the rest is the tolerant reader: any peer's JSON in, [`types`] out.
//!
//! No JSON-LD: every peer sends the conventional compact terms. A wrongly shaped optional member drops that member,
//! not the document; what a document cannot be without is a [`ReadError`]. Every list and text is cut to its limit
//! here. Who may say a thing (origins, signatures) is not decided here, except for keys and the `url` shown to
//! people, which are dropped when they are not on the document's own origin.

mod error;
mod literal;
mod origin;
pub mod read;
#[cfg(test)]
mod tests;
pub mod types;
pub mod write;

pub use error::ReadError;
pub use origin::{Origin, host_of, is_id, origin_of, same_origin};
pub use read::activity::read_activity;
pub use read::actor::read_actor;
pub use read::collection::read_collection;
pub use read::kinds::{is_activity_type, is_actor_type, key_owner};
pub use read::object::read_object;
pub use read::quote::QUOTE_REL;
pub use read::values::{first_id, id_of, kind_of};
pub use types::{
    Activity, ActivityKind, ActorDoc, ActorKey, ActorKind, Attachment, Audience, Collection, Details, Embedded, Emoji,
    EventStatus, Field, Interaction, InteractionPolicy, Item, KeyMaterial, MediaKind, Mention, Object, ObjectKind,
    PUBLIC, Poll, PollOption, Quote, Reaction, Rule, THUMB_DOWN,
};
