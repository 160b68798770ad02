//! The owner's apps, tokens, sessions and read markers.

pub mod apps;
pub mod markers;
pub mod sessions;
