//! Follows, blocks, lists and reports.

pub mod blocks;
pub mod follows;
pub mod lists;
pub mod reports;
