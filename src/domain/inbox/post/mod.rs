//! Posts of remote actors: how an object becomes a status, and how the status changes.

mod delivery;
mod home;
mod incoming;
mod parts;
mod revision;
mod store;
mod vote;

pub(super) use delivery::deliver;
pub use incoming::{IncomingPost, Source};
pub(super) use revision::revise;
