//! The owner's account: setup, profile, login, keys, and OAuth apps; and how remote actors are stored.

pub mod key_rotation;
pub mod login;
pub mod oauth;
pub mod profile;
pub mod setup;
