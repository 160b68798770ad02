//! The client API, as apps see it.

mod entities;
mod errors;
mod media_edits;
mod oauth;
mod statuses;
mod storage;
