//! The only module that opens connections to other machines: addresses checked, TLS, deadlines, redirects, limits.

#[cfg(test)]
mod connection_tests;
pub(crate) mod dns;
pub(crate) mod download;
pub mod http_client;
pub(crate) mod public_url;
#[cfg(test)]
mod request_tests;
#[cfg(test)]
pub(crate) mod test_peer;
pub(crate) mod tls;
#[cfg(test)]
mod tls_tests;
