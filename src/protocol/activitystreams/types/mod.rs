//! What an ActivityStreams document says, in types: the one vocabulary between the wire and the domain.
//!
//! `read` makes these from any peer's JSON with every limit applied, so that nothing behind this point has to
//! know a peer's quirks. Ids are byte-exact strings as sent (never normalised). HTML here is already cleaned.

mod activity;
mod actor;
mod audience;
mod collection;
mod embedded;
mod interaction;
mod item;
mod object;

pub use activity::{Activity, ActivityKind, Reaction, THUMB_DOWN};
pub use actor::{ActorDoc, ActorKey, ActorKind, Field, KeyMaterial};
pub use audience::{Audience, PUBLIC};
pub use collection::Collection;
pub use embedded::Embedded;
pub use interaction::Interaction;
pub use item::Item;
pub use object::{
    Attachment, Details, Emoji, EventStatus, InteractionPolicy, MediaKind, Mention, Object, ObjectKind, Poll,
    PollOption, Quote, Rule,
};
