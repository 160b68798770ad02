//! The client API, as apps see it.

mod entities;
mod errors;
mod media_edits;
mod oauth;
mod queries;
mod statuses;
mod storage;
