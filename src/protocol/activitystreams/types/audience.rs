//! Addressees.

/// Who a document is addressed to, as ids. The public collection is already spelled in full.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// Primary addressees.
    pub to: Vec<String>,
    /// Secondary addressees (`cc`, and `audience` and received `bto`/`bcc`).
    pub cc: Vec<String>,
}

/// The public collection of ActivityPub section 5.6.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
