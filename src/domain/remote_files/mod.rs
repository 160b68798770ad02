//! Files of other servers (avatars, headers, custom emoji, attachments, pictures of link previews), which browsers and apps
//! load from this server: no server of others learns who reads what.
//!
//! An [address](AddressKey) contains the file and who was shown it. [`wanted`] checks that it may still be served. The cache in
//! the `media` layer keeps the files and fetches missing ones; a [`Download`] tells how far it is.

mod address;
mod download;
mod reference;

pub use address::{AddressKey, Audience, RemoteFile};
pub use download::{Download, FileFailure, Receiving, Stage, StoredRemoteFile};
pub use reference::{WantedFile, is_referenced, key_of, wanted};
