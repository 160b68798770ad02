//! Public keys of remote actors: resolved by their ids, within limits.

mod fetch_limiter;
pub(super) mod fetches;
mod resolver;
