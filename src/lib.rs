//! Dassie, a fediverse server for one person.
//!
//! The crate is cut into layers; data flows one way through them. `docs/architecture.md` names the
//! rules and `tests/layers.rs` checks them against the `use` lines of every file.
//!
//! `protocol` (pure formats) → `store` (all SQL) → `domain` (the rules) → `outbound`, `media`, `jobs`
//! (work) → `api`, `web`, `federation` (the three surfaces) → `server`, `cli`.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod error;
pub mod federation;
pub mod http;
pub mod jobs;
pub mod limits;
pub mod media;
pub mod protocol;
pub mod remote;
pub mod server;
pub mod store;
pub mod web;

pub use error::{Error, Result};
