//! What the owner does with posts, and who may do what with the owner's.

pub mod bookmark;
pub mod boost;
pub mod emoji_reaction;
pub mod favourite;
pub mod interaction_policy;
pub(crate) mod interaction_request;
pub mod pin;
pub mod quotes;
pub(crate) mod reply_approval;
pub(in crate::domain) mod target;
pub mod thread_mute;
