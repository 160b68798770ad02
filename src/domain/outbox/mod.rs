//! Activities that this server sends: building them, choosing their recipients, and queueing them.

pub mod builders;
pub mod object_proof;
pub mod queue;
pub mod recipients;
pub mod relay;
