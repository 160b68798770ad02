//! Web pages of others: the ActivityPub documents that they link to, and their previews.

pub(super) mod link_discovery;
mod preview_card;
