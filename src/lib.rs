//! Dassie, a fediverse server for one person.
//!
//! The crate is cut into layers; data flows one way through them. `docs/architecture.md` names the
//! rules and `tests/layers.rs` checks them against the `use` lines of every file.
//!
//! `protocol` (pure formats) → `store` (all SQL) → `domain` (the rules) → `outbound`, `media`, `jobs`
//! (work) → `api`, `web`, `federation` (the three surfaces) → `server`, `cli`.

pub mod error;
pub mod limits;
pub mod protocol;
pub mod store;

pub use error::{Error, Result};
