//! The database: all SQL, each query beside the type that it returns.
//!
//! Functions take a [`Conn`], so that the same query serves inside a write and in a read. They return an error if the database
//! cannot be read or written ([`Error::Storage`](crate::Error::Storage) if the disk or the file is at fault); an `# Errors`
//! section names only what else can fail.

pub mod account;
pub mod actors;
pub mod conversations;
pub mod custom_emoji;
pub mod database;
pub mod explore;
pub mod filters;
pub mod instance;
pub mod interactions;
pub mod list_timelines;
pub mod media;
pub mod notifications;
pub mod peers;
pub mod preview_cards;
pub mod queues;
pub mod quota;
pub mod relationships;
pub mod remote_files;
pub mod retention;
pub mod search;
pub mod sitemap;
pub mod statuses;
pub mod timelines;
pub mod visibility;

pub use database::connection::{Conn, Store};
pub use database::pagination::Page;
