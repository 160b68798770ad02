//! Refusals of settings.

use serde::{Deserialize, Serialize};

/// Why a setting is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SettingRefusal {
    /// This text is not an accent colour.
    #[error("“{0}” is not a colour: write it as # and six digits, like #7a2f9e")]
    NotAColour(String),
    /// The owner's style rules are longer than this number of KiB.
    #[error("The style rules are longer than {0} KiB")]
    OwnCssTooLong(usize),
    /// The icon cannot be the avatar.
    #[error("You have no avatar: upload one in Profile")]
    NoAvatar,
    /// More rules than this number.
    #[error("There are too many rules (maximum is {0})")]
    TooManyRules(usize),
    /// The system does not know the time zone with this name.
    #[error("This server does not know the time zone {0}")]
    UnknownTimeZone(String),
    /// The configuration switches link previews off.
    #[error("Link previews are switched off in the configuration of this server")]
    PreviewsOff,
    /// The endpoint of a push subscription is longer than this number of bytes.
    #[error("Endpoint is longer than {0} bytes")]
    PushEndpointTooLong(usize),
    /// The endpoint of a push subscription may not be contacted, for this reason.
    #[error("Endpoint cannot be used: {0}")]
    PushEndpointUnusable(String),
    /// The keys of a push subscription.
    #[error("Key p256dh must be a point of P-256, and auth 16 bytes, in base64url")]
    PushKeys,
    /// This is not the host of a policy.
    #[error("`{0}` is not a host name; write it like example.org")]
    NotAHost(String),
    /// A policy for the server itself.
    #[error("this is the server itself")]
    OwnHost,
}
