//! The owner's apps, tokens, sessions, passkeys, read markers, hashtags, drafts, scheduled posts and icon, and their erasure.

pub mod apps;
pub mod drafts;
pub mod erasure;
pub mod featured_hashtags;
pub mod followed_hashtags;
pub mod markers;
pub mod passkeys;
pub mod push;
pub mod scheduled_statuses;
pub mod sessions;
pub mod site_icons;
