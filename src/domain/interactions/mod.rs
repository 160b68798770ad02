//! Favourites, boosts, bookmarks, pins, emoji reactions and quotes by the owner, and who may interact with a post.

pub mod emoji_reaction;
pub mod interaction_policy;
pub mod interaction_request;
pub mod quotes;
pub mod react;
pub mod reply_approval;
