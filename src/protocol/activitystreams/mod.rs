//! ActivityStreams documents: what peers send and what we send.

pub mod types;
