//! The client API, as apps see it.

mod entities;
mod errors;
mod oauth;
mod statuses;
