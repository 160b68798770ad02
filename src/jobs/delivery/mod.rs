//! Delivers our activities. One dispatcher finds the first due delivery of each host; a few senders sign and send them. A row
//! is removed after its host has accepted the activity, so a restart only repeats current deliveries.

mod dispatch;
mod outcome;
mod send;
mod senders;

pub(super) use dispatch::start;
