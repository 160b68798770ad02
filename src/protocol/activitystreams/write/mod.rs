//! The documents that we send, each built by one function.
//!
//! Each member follows the strictest peer: `to`, `cc`, `tag` and `attachment` are
//! always arrays (Lemmy drops the whole activity otherwise), `name` and `summary` of actors are always there
//! (Pixelfed), timestamps have milliseconds (Misskey), no id of an activity has a fragment (Sharkey), and every activity has an id on the actor's host (Misskey).

mod activity;
mod actor;
mod chat;
mod collections;
mod context;
mod emoji;
mod interactions;
mod note;

pub use activity::{OwnActivity, activity, bare_activity, tombstone};
pub use actor::{Image, OwnActor, ProfileTags, actor};
pub use chat::chat_message;
pub use collections::{collection, collection_page, paged_collection};
pub use context::with_context;
pub use emoji::{EmojiTag, emoji};
pub use interactions::{OwnApproval, Request, approval, reaction, request, vote};
pub use note::{OwnAttachment, OwnNote, OwnPoll, note};

/// The media type of our ActivityPub responses (Lemmy's library accepts this exact spelling).
pub const CONTENT_TYPE: &str = "application/activity+json; charset=utf-8";
/// The media type of our deliveries.
pub const POST_CONTENT_TYPE: &str = "application/activity+json";
