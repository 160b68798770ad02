//! The running server: accepts connections, reads requests within their limits, authenticates them, and runs their
//! handlers on a bounded number of blocking threads.

mod auth;
mod awaited;
mod body;
mod connections;
pub mod data_dir;
mod dispatch;
mod forwarded;
mod handler;
mod handler_threads;
mod headers;
mod health;
mod host;
mod open;
mod response_cache;
mod state;
mod streaming;
mod wire;

pub use open::open;
pub use state::Server;
