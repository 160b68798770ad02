//! Follows, blocks, mutes, notes, endorsements, lists and reports.

pub mod account_notes;
pub mod blocks;
pub mod endorsements;
pub mod follows;
pub mod lists;
pub mod mutes;
pub mod reports;
