//! Previews of links.

pub mod fetched;
pub mod requests;
