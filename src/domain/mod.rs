//! The rules of posting, following, visibility, notification and audience. No surface, no network.
//!
//! A rule that needs something from another server says so ([`inbox::Outcome::Needs`], or the [`Remote`] port); the
//! layers above fetch it and apply the rule again. Functions here fail if the database cannot be read or written; their
//! documentation lists only the other errors.

pub mod account;
pub mod addresses;
pub mod addressing;
pub mod appearance;
pub mod backfill;
pub mod bounded;
pub mod context;
pub mod custom_emoji;
pub mod disk;
pub mod federation_policy;
pub mod filters;
pub mod id_lookup;
pub mod inbox;
pub mod inspect;
pub mod instance;
pub mod interactions;
pub mod local_actors;
pub mod notifications;
pub mod outbox;
pub mod ports;
pub mod posts;
pub mod preview_cards;
pub mod push;
pub mod queries;
pub mod rate_limit;
pub mod relationships;
pub mod remote_files;
pub mod signal;
mod stored_secret;
pub mod streaming;
pub mod transaction;
pub mod urls;
pub mod visits;

pub use context::{Domain, now};
pub use local_actors::{InstanceActor, Owner};
pub use ports::{Remote, Resolved};
pub use transaction::Tx;
