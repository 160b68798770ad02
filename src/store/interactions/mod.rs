//! Favourites, boosts, bookmarks, thread mutes, emoji reactions, quotes, and approvals of interactions.

pub mod approval_state;
pub mod bookmarks;
pub mod boosts;
pub mod favourites;
pub mod interaction_approvals;
pub mod owner_marks;
pub mod quotes;
pub mod reactions;
pub mod thread_mutes;
