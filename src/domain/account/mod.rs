//! The owner's account: setup, profile, login, keys, moves, deletion and OAuth apps; and the storing of remote actors.

pub mod attribution;
pub mod deletion;
pub mod handle;
pub mod hashtags;
pub mod key_rotation;
pub mod login;
pub mod moved;
pub mod moving;
pub mod oauth;
pub mod passkeys;
pub mod password;
pub mod profile;
pub mod remote_actor;
pub mod setup;
pub mod two_factor;
pub mod verified_links;
