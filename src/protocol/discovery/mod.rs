//! How servers and accounts are found: WebFinger, NodeInfo, and what is known of a server's software.

pub mod nodeinfo;
pub mod software;
pub mod webfinger;
