//! Accounts: the owner's profile, lookups, follows, blocks and reports.

pub(super) mod blocks;
pub(super) mod follows;
pub(super) mod lookup;
pub(super) mod moving;
pub(super) mod mutes;
pub(super) mod profile;
mod profile_form;
pub(super) mod reports;
