//! Statuses: posts, interactions with them, and polls.

pub(super) mod interactions;
pub(super) mod polls;
pub(super) mod posts;
pub(super) mod scheduled;
mod status_form;
pub(super) mod translation;
