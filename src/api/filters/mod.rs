//! Filters: the endpoints of Mastodon 4 (v2), and those of Mastodon 3 (v1), which know only keywords.

mod form;
pub(super) mod v1;
pub(super) mod v2;
