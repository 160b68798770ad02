//! The only access to other servers, and everything that is fetched from them.
//!
//! [`transport`] is the only module that names ureq. A URL enters it as a [`PublicUrl`]; its host name is looked up once
//! for each connection, every address is checked, and only checked addresses are connected to. Redirects pass the same
//! checks. All calls block: callers run them on a bounded number of threads.
//!
//! [`Fetcher`] signs requests and reads documents, within the quota of the [`Requester`]. Over it are the resolvers of keys,
//! actors and posts, collections, backfill, and the verification of activities at their origin.

mod account_backfill;
mod actor_lookup;
mod collection;
mod dereference;
mod emoji;
mod examine;
mod fetch_quota;
mod files;
mod host_backoff;
mod keys;
mod origin_verification;
mod pages;
mod per_host_concurrency;
mod resolve;
mod signed_client;
mod software;
mod thread_backfill;
mod translation;
pub mod transport;

pub use fetch_quota::Requester;
pub use signed_client::Fetcher;
pub use transport::http_client::{DeliveryResponse, Fetched, Get, HttpClient, HttpClientConfig, Sign};
pub use transport::public_url::{Origin, PublicUrl, Reach};
