//! Custom emoji of the owner.

pub mod copying;
pub mod manage;
pub mod usage;
