//! Web Push: subscriptions of apps and browsers, and which notifications are sent to them.

pub mod keys;
mod message;
mod subscriptions;

pub use message::{PreparedPush, PushOutcome, finish, prepare};
pub use subscriptions::{ALERTS, NewSubscription, alert_bit, change, enqueue, of, remove, subscribe};
