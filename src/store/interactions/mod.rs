//! Favourites, bookmarks, emoji reactions, quotes, and approvals of interactions.

pub mod favourites;
pub mod interaction_approvals;
pub mod quotes;
pub mod reactions;
