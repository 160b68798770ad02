//! The signed client: GET requests to other servers, signed by the instance actor, within the quota of the requester.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use url::Url;

use super::fetch_quota::{DocumentQuota, Requester};
use super::host_backoff::HostBackoff;
use super::keys::fetches::KeyFetches;
use super::transport::http_client::{Fetched, Get, HttpClient};
use crate::domain::account::key_rotation;
use crate::domain::urls::{host_of, is_loopback};
use crate::domain::{Domain, federation_policy};
use crate::error::{Error, RemoteError, Result};
use crate::limits;
use crate::protocol::json;
use crate::protocol::signature::{self, RequestToSign, SignatureScheme};
use crate::store::actors::keys::OwnSigningKey;
use crate::store::peers::hosts;

/// The `Accept` header for ActivityPub documents.
const ACCEPT: &str =
    "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

/// Fetches documents of other servers. Clones share everything but the requester.
#[derive(Clone)]
pub struct Fetcher {
    pub(super) http_client: Arc<HttpClient>,
    pub(super) domain: Arc<Domain>,
    pub(super) limits: Arc<FetchLimits>,
    requester: Requester,
}

/// Counters and memory of all fetches.
#[derive(Default)]
pub(super) struct FetchLimits {
    documents: DocumentQuota,
    backoff: HostBackoff,
    pub(super) keys: KeyFetches,
}

/// Where redirects may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Redirects {
    SameOrigin,
    AnyOrigin,
}

impl Fetcher {
    /// A fetcher with the quota of the owner.
    pub fn new(http_client: Arc<HttpClient>, domain: Arc<Domain>) -> Self {
        Self { http_client, domain, limits: Arc::default(), requester: Requester::Owner }
    }

    /// A fetcher with the quota of this requester.
    pub fn on_behalf_of(&self, requester: Requester) -> Self {
        Self { requester, ..self.clone() }
    }

    /// Returns `true` unless unknown actors cause the fetches.
    pub(super) fn is_for_owner(&self) -> bool {
        matches!(self.requester, Requester::Owner | Requester::Followed)
    }

    /// Refuses suspended hosts.
    pub(super) fn check_policy(&self, host: &str) -> Result<()> {
        match federation_policy::of_host(&self.domain, host)?.is_suspended() {
            true => Err(Error::Remote(RemoteError::Refused("this server does not federate with that one".into()))),
            false => Ok(()),
        }
    }

    /// The error of the last fetch from a host in backoff.
    pub(super) fn backoff_of(&self, host: &str) -> Option<RemoteError> {
        self.limits.backoff.error_of(host)
    }

    /// Starts the backoff of a host whose fetch failed after this time, if the error requires it.
    pub(super) fn note_backoff(&self, host: &str, error: &RemoteError, took: Duration) {
        self.limits.backoff.note(host, error, took);
    }

    /// Fetches from a URL within the quota of its host, whatever it serves.
    pub(super) fn get_within_quota(&self, url: &str) -> Result<Fetched> {
        self.take_quota(&host_of(url).unwrap_or_default())?;
        self.get(url, Redirects::SameOrigin)
    }

    /// Takes one fetch from the quota of the requester.
    pub(super) fn take_quota(&self, host: &str) -> Result<()> {
        match self.limits.documents.take(self.requester, host, self.domain.now()) {
            true => Ok(()),
            false => Err(Error::Busy { retry_after: limits::BUSY_RETRY_AFTER }),
        }
    }

    /// Takes one fetch of a page from the quota of the requester, unless the host is suspended or in backoff.
    pub(super) fn take_page_quota(&self, host: &str) -> Result<()> {
        self.check_policy(host)?;
        if let Some(error) = self.limits.backoff.error_of(host) {
            return Err(error.into());
        }
        match self.limits.documents.take_page(self.requester, host, self.domain.now()) {
            true => Ok(()),
            false => Err(Error::Busy { retry_after: limits::BUSY_RETRY_AFTER }),
        }
    }

    /// Notes a failed fetch for the backoff of its host.
    pub(super) fn note_page_failure(&self, host: &str, error: &RemoteError, since: Instant) {
        self.limits.backoff.note(host, error, since.elapsed());
    }

    /// Fetches from a URL. A host that refuses the signature gets other keys of ours and then the other signature scheme;
    /// what it accepts is stored.
    pub(super) fn get(&self, url: &str, redirects: Redirects) -> Result<Fetched> {
        let host = host_of(url).unwrap_or_default();
        self.check_policy(&host)?;
        if let Some(error) = self.backoff_of(&host) {
            return Err(error.into());
        }
        let health = self.domain.store.read(|c| hosts::health(c, &host))?;
        let scheme = health.form(self.domain.now());
        let since = Instant::now();
        let instance = self.domain.instance()?.id;
        let keys = key_rotation::for_host(&self.domain, instance, &health)?;
        let key = keys.first().ok_or_else(|| Error::internal("the instance actor has no RSA key"))?;
        let first = self.get_signed(url, redirects, scheme, key);
        if let Err(Error::Remote(error)) = &first {
            self.note_backoff(&host, error, since.elapsed());
        }
        let Err(Error::Remote(RemoteError::Status { status: 401 | 403, .. })) = first else { return first };
        // The host may have stored a retired key, or not know the current one yet.
        for other in &keys[1..] {
            if let Ok(fetched) = self.get_signed(url, redirects, scheme, other) {
                key_rotation::accepted(&self.domain, &host, (instance, &keys), other, None)?;
                return Ok(fetched);
            }
        }
        let Ok(fetched) = self.get_signed(url, redirects, scheme.other(), key) else { return first };
        let (scheme, now) = (scheme.other(), self.domain.now());
        self.domain.store.write_quietly(move |conn| hosts::takes(conn, &host, scheme, now))?;
        Ok(fetched)
    }

    fn get_signed(
        &self,
        url: &str,
        redirects: Redirects,
        scheme: SignatureScheme,
        key: &OwnSigningKey,
    ) -> Result<Fetched> {
        let private = key_rotation::private(&self.domain, key)?;
        let sign = |url: &Url| {
            let outgoing = RequestToSign { method: "GET", url, body: None, content_type: None };
            signature::sign(scheme, &outgoing, &key.id, &private, self.domain.now())
        };
        let url = self.http_client.url(url)?;
        let request = Get {
            accept: ACCEPT,
            max_bytes: limits::FETCH_BODY,
            deadline: limits::FETCH_TIMEOUT,
            same_origin_redirects: redirects == Redirects::SameOrigin,
            sign: Some(&sign),
        };
        Ok(self.http_client.get(&url, request)?)
    }

    /// Fetches a small JSON document without a signature.
    pub(super) fn get_unsigned_json(&self, url: &str, accept: &str, redirects: Redirects) -> Result<Value> {
        let url = self.http_client.url(url)?;
        let request = Get {
            accept,
            max_bytes: limits::DISCOVERY_BODY,
            deadline: limits::FETCH_TIMEOUT,
            same_origin_redirects: redirects == Redirects::SameOrigin,
            sign: None,
        };
        parse(&self.http_client.get(&url, request)?.body)
    }

    /// Fetches a web page without a signature, from wherever it redirects to, within the quota of the requester.
    pub(super) fn get_unsigned_page(&self, url: &str) -> Result<String> {
        let host = host_of(url).unwrap_or_default();
        self.check_policy(&host)?;
        self.take_quota(&host)?;
        let target = self.http_client.url(url)?;
        let request = Get {
            accept: "text/html, application/xhtml+xml",
            max_bytes: limits::FETCH_BODY,
            deadline: limits::FETCH_TIMEOUT,
            same_origin_redirects: false,
            sign: None,
        };
        Ok(String::from_utf8_lossy(&self.http_client.get(&target, request)?.body).into_owned())
    }

    /// The root URL of a host: `http` only between loopback servers.
    pub(super) fn root_of(&self, host: &str) -> String {
        let scheme = if self.domain.site.is_loopback() && is_loopback(host) { "http" } else { "https" };
        format!("{scheme}://{host}")
    }
}

/// Parses the body of a document.
pub(super) fn parse(body: &[u8]) -> Result<Value> {
    json::parse(body).map_err(|e| malformed(&e.to_string()))
}

/// The error for a document that cannot be used.
pub(super) fn malformed(reason: &str) -> Error {
    Error::Remote(RemoteError::Malformed(reason.to_owned()))
}

/// Returns `true` for the two media types of ActivityPub. Documents of other types may be uploads or pages.
pub(super) fn is_activity_media_type(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    media_type.eq_ignore_ascii_case("application/activity+json")
        || (media_type.eq_ignore_ascii_case("application/ld+json")
            && parts.any(|p| p.contains("https://www.w3.org/ns/activitystreams")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_have_one_of_two_media_types() {
        for yes in [
            "application/activity+json",
            "application/activity+json; charset=utf-8",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
        ] {
            assert!(is_activity_media_type(yes), "{yes}");
        }
        for no in ["text/plain", "application/json", "image/png", "application/ld+json", ""] {
            assert!(!is_activity_media_type(no), "{no}");
        }
    }
}
