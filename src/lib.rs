//! Dassie, a fediverse server for one person.
//!
//! The crate is divided into layers; data flows through them in one direction. `docs/architecture.md` lists the rules, and
//! `tests/architecture` checks them.
//!
//! `protocol` (pure formats) → `store` (all SQL) → `domain` (the rules) → `remote`, `media`, `jobs`
//! (work) → `api`, `web`, `federation` (the three surfaces) → `server`, `cli`, `demo`.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod error;
pub mod federation;
pub mod http;
pub mod jobs;
pub mod limits;
pub mod media;
pub mod memory;
pub mod protocol;
pub mod remote;
pub mod server;
pub mod store;
pub mod web;
pub mod write_guard;

pub use error::{Error, Result};
