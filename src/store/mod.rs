//! Rows in, rows out. All SQL is here, each query beside the type that it returns.
//!
//! Functions take a [`Conn`], so that the same query serves inside a write transaction and in a read.

pub mod actors;
pub mod approvals;
pub mod apps;
pub mod blocks;
pub mod conversations;
pub mod db;
pub mod deliveries;
pub mod delivery_report;
pub mod emoji_reactions;
pub mod fetch_reports;
pub mod follows;
pub mod host_policies;
pub mod hosts;
pub mod inbox;
pub mod jobs;
pub mod keys;
pub mod markers;
pub mod media;
pub mod migrations;
pub mod notifications;
pub mod page;
pub mod polls;
pub mod quota;
pub mod quotes;
pub mod reactions;
pub mod relays;
pub mod reports;
pub mod retention;
pub mod search;
pub mod sessions;
pub mod settings;
pub mod sql_types;
pub mod statuses;
pub mod strangers;
pub mod tags;
pub mod timelines;
pub mod tombstones;
pub mod visible;

pub use db::{Conn, Store};
pub use page::Page;
