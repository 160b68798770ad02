//! Activities that this server sends: how they are built, to whom they go, and the queue that they leave by.

pub mod builders;
pub mod queue;
pub mod recipients;
pub mod relay;
