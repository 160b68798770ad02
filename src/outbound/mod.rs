//! The only way from here to another machine, and what is fetched by it.
//!
//! The gate is the only module that names ureq. A URL enters as a [`PublicUrl`]. Its name is looked up once for each connection, every answer is checked, and
//! exactly the checked addresses are connected to, so no later lookup can lead elsewhere. Redirects run through the
//! same checks. Everything here blocks: callers run it on a bounded number of blocking threads.
//!
//! Over it [`fetch::Fetcher`] signs and reads documents, within the budgets of whoever causes it ([`Purse`]); beside that
//! stand keys, lists page after page, threads, the posts of an account, and what others say of somebody.

mod backfill;
mod budget;
mod cooling;
mod examine;
pub mod fetch;
pub mod gate;
mod html_links;
mod keys;
mod listing;
mod public_url;
mod resolve;
mod second_hand;
mod side_by_side;
mod software;
mod threads;
mod transport;
mod turns;

#[cfg(test)]
mod connection_tests;
#[cfg(test)]
mod request_tests;
#[cfg(test)]
mod test_peer;
#[cfg(test)]
mod tls_tests;

pub use budget::Purse;
pub use gate::{Answer, Fetched, Gate, GateConfig, Get, Sign};
pub use public_url::{Origin, PublicUrl};
