//! The only way from here to another machine, and what is fetched by it.
//!
//! The gate is the only module that names ureq. A URL enters as a [`PublicUrl`]. Its name is looked up once for each connection, every answer is checked, and
//! exactly the checked addresses are connected to, so no later lookup can lead elsewhere. Redirects run through the
//! same checks. Everything here blocks: callers run it on a bounded number of blocking threads.
//!
//! Over it [`fetch::Fetcher`] signs and reads documents, within the budgets of whoever causes it ([`Requester`]); beside that
//! stand keys, lists page after page, threads, the posts of an account, and what others say of somebody.

mod account_backfill;
mod collection;
pub mod dereference;
mod examine;
mod fetch_quota;
mod host_backoff;
mod key_fetch_limiter;
mod key_resolver;
mod link_discovery;
mod origin_verification;
mod per_host_concurrency;
mod software;
mod thread_backfill;
pub mod transport;

pub use fetch_quota::Requester;
pub use transport::http_client::{DeliveryResponse, Fetched, Get, HttpClient, HttpClientConfig, Sign};
pub use transport::public_url::{Origin, PublicUrl};
