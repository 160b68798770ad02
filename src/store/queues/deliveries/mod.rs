//! Outgoing activities and their deliveries.

mod delivery;
mod due;
mod order;
mod outcome;
mod outgoing;

pub use delivery::{Delivery, Lane};
pub use due::{body, count, due, next_due};
pub use outcome::{Failure, clear, done, drop_for_actor, drop_for_host, forget, hasten, put_off, withdraw};
pub use outgoing::{OutgoingActivity, are_too_many, enqueue, expand, needs_expanding};
