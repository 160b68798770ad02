//! Follows, blocks and reports.

pub mod blocks;
pub mod follows;
pub mod reports;
