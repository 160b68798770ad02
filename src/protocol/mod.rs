//! Pure formats: no input or output, no clock, no database, no configuration.

pub mod activitystreams;
pub mod ids;
pub mod time;
pub mod visibility;
