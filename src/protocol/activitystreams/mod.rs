//! ActivityStreams documents: [`read`] turns the JSON of any peer into [`types`], [`write`] builds ours.
//!
//! There is no JSON-LD processing, because peers send the conventional compact terms. An optional member of the wrong shape is
//! ignored; a missing required one is a [`ReadError`]. Lists and texts are cut to their limits. Authority (origins,
//! signatures) is not checked here, except that keys and `url` are dropped if they are on another origin than the document.
//!
//! ```
//! use dassie::protocol::activitystreams::{ObjectKind, read_object};
//! use serde_json::json;
//!
//! let note = read_object(&json!({
//!     "type": "Note",
//!     "id": "https://peer.example/notes/1",
//!     "attributedTo": "https://peer.example/users/ana",
//!     "content": "<p>Hello <script>alert(1)</script><b>world</b></p>",
//!     "to": "as:Public",
//! }))
//! .unwrap();
//! assert_eq!(note.kind, ObjectKind::Note);
//! assert_eq!(note.html, "<p>Hello <b>world</b></p>");
//! assert_eq!(note.audience.to, ["https://www.w3.org/ns/activitystreams#Public"]);
//! ```

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
