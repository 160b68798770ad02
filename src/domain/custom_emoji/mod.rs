//! Custom emoji of the owner.

pub mod manage;
pub mod usage;
