//! Files of other servers (avatars, headers, custom emoji, attachments, pictures of link previews), which browsers and apps
//! load from this server: no server of others learns who reads what.

mod address;

pub use address::{AddressKey, Audience, RemoteFile};
