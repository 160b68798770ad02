//! Web Push: messages that only the subscriber can read (RFC 8291, and the draft before it, which older apps use), and
//! requests that name their sender (VAPID, RFC 8292).

mod base64url;
mod encryption;
mod vapid;

pub use base64url::{decode, encode};
pub use encryption::{Encrypted, Encryption, Subscriber};
pub use vapid::VapidKey;
