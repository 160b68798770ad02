//! The client API, as apps see it.

mod entities;
mod errors;
mod statuses;
