//! Reads: timelines, threads and searches for one viewer, loaded and ready to show.

pub mod conversations;
pub mod status_view;
pub mod thread;
pub mod timelines;
