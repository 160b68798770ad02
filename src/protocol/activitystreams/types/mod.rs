//! ActivityStreams documents as types, which the domain works with.
//!
//! [`super::read`] builds them from the JSON of peers within all limits, so that other layers do not know the peers' quirks. Ids are
//! kept as sent. HTML is sanitised.

mod activity;
mod actor;
mod audience;
mod collection;
mod embedded;
mod interaction;
mod item;
mod object;

pub use activity::{Activity, ActivityKind, Reaction, THUMB_DOWN};
pub use actor::{ActorDoc, ActorKey, ActorKind, Field, KeyMaterial, ProfileTabs};
pub use audience::{Audience, PUBLIC};
pub use collection::Collection;
pub use embedded::Embedded;
pub use interaction::Interaction;
pub use item::Item;
pub use object::{
    Attachment, Details, Emoji, EventStatus, InteractionPolicy, MediaKind, Mention, Object, ObjectKind, Poll,
    PollOption, Quote, Rule,
};
