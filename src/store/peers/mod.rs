//! Other servers: their health, the policies for them, relays, and results of fetches.

pub mod domain_policies;
pub mod fetch_reports;
pub mod hosts;
pub mod relays;
