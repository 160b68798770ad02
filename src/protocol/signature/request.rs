//! Requests, received and to be sent, with the parts that signatures cover.

use super::refusal::Refusal;

/// The two signature schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureScheme {
    /// draft-cavage-http-signatures-12: one `Signature` header.
    Cavage,
    /// RFC 9421: `Signature-Input` and `Signature`.
    Rfc9421,
}

impl SignatureScheme {
    /// Returns the other scheme, which is tried if this one is refused.
    pub fn other(self) -> Self {
        match self {
            Self::Cavage => Self::Rfc9421,
            Self::Rfc9421 => Self::Cavage,
        }
    }
}

/// The parts of a request that signatures can cover.
#[derive(Debug, Clone, Copy)]
pub struct RequestParts<'a> {
    /// `GET`, `POST`.
    pub method: &'a str,
    /// `https` or `http` as configured, because a proxy may terminate TLS.
    pub scheme: &'a str,
    /// Our configured host, with its port if unusual.
    pub authority: &'a str,
    /// Path and query as received.
    pub target: &'a str,
    /// All headers, with names in lower case.
    pub headers: &'a [(String, String)],
    /// The body of a POST, byte for byte.
    pub body: Option<&'a [u8]>,
}

impl RequestParts<'_> {
    /// Returns the value of a header that must not be repeated: two values are an attack or a broken proxy.
    pub(super) fn single(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.headers.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let first = values.next();
        match values.next() {
            Some(_) => Err(Refusal::Repeated(name.to_owned())),
            None => Ok(first),
        }
    }

    /// Returns all values of a header, joined (RFC 9110 section 5.2).
    pub(super) fn joined(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self.headers.iter().filter(|(n, _)| n == name).map(|(_, v)| v.trim()).collect();
        if values.is_empty() { None } else { Some(values.join(", ")) }
    }

    /// Returns the target without its query.
    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or(self.target)
    }

    /// Returns `true` if a signed host is ours, with or without the default port.
    pub(super) fn is_our_host(&self, host: &str) -> bool {
        let usual = if self.scheme == "https" { ":443" } else { ":80" };
        let bare = |h: &str| h.trim().to_ascii_lowercase().trim_end_matches(usual).to_owned();
        bare(host) == bare(self.authority)
    }
}

/// An outgoing request.
#[derive(Debug, Clone, Copy)]
pub struct RequestToSign<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// Its URL.
    pub url: &'a url::Url,
    /// Its body, if it has one.
    pub body: Option<&'a [u8]>,
    /// The content type of the body.
    pub content_type: Option<&'a str>,
}

impl RequestToSign<'_> {
    /// Returns the host, with its port unless it is the default.
    pub(super) fn authority(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Returns path and query.
    pub(super) fn target(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }
}
