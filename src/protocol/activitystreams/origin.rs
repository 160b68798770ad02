//! Ids and their origins: which documents may speak for which actors.

use std::fmt;

use url::Url;

use crate::protocol::links::is_web_link;

/// Scheme, host and port of an id (RFC 6454), in canonical form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// `https`, or `http` between loopback peers.
    pub scheme: String,
    /// Host name in ASCII, or address; IPv6 in brackets.
    pub host: String,
    /// The port, also if it is the default.
    pub port: u16,
}

impl Origin {
    /// Returns the host, with its port unless it is the default, as in handles.
    pub fn authority(&self) -> String {
        match (self.scheme.as_str(), self.port) {
            ("https", 443) | ("http", 80) => self.host.clone(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority())
    }
}

/// Returns `true` for a valid id: an absolute http(s) URL of at most [`limits::URL`](crate::limits::URL) bytes, without user
/// name, white space or control characters. Ids are compared byte by byte and never normalised.
pub fn is_id(id: &str) -> bool {
    is_web_link(id)
}

/// Returns the origin of an id, or `None` if it is not an id.
pub fn origin_of(id: &str) -> Option<Origin> {
    if !is_id(id) {
        return None;
    }
    let url = Url::parse(id).ok()?;
    Some(Origin {
        scheme: url.scheme().to_owned(),
        host: url.host_str()?.to_owned(),
        port: url.port_or_known_default()?,
    })
}

/// Returns `true` if both are ids with the same origin.
pub fn same_origin(a: &str, b: &str) -> bool {
    matches!((origin_of(a), origin_of(b)), (Some(a), Some(b)) if a == b)
}

/// Returns the host of an id or URL, with its port unless it is the default. The database names hosts in this form.
pub fn host_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.to_ascii_lowercase();
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}
