//! The HTTP client: GET with its own redirect loop, and POST without redirects.

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::{HeaderMap, HeaderValue, Method, Request, Response, header};
use ureq::{Agent, AsSendBody, Body};
use url::Url;

use super::dns::{NameLookup, Resolver, system_lookup};
use super::public_url::{Origin, PublicUrl, Reach, Rules};
use super::tls::{Carried, CheckedConnector, NoLookup, begin, progress, tls_config};
use crate::error::{Error, RemoteError, Result};
use crate::limits;
use crate::protocol::address::Cidr;
use crate::protocol::time::Timestamp;
use crate::write_guard;

/// The configuration of the HTTP client.
#[derive(Debug, Clone)]
pub struct HttpClientConfig {
    /// Where this server is reached. It is never fetched; if it is on loopback, http to loopback peers is allowed.
    pub own_origin: Origin,
    /// Address blocks that may be connected to although they are not public (a VPN). https is still required.
    pub allow_addresses: Vec<Cidr>,
    /// Certificates of authorities, in PEM, that are trusted in addition to the built-in ones.
    pub ca_pem: Option<String>,
    /// The `User-Agent` of every request.
    pub user_agent: String,
    /// Which servers may be connected to at all.
    pub reach: Reach,
}

/// Makes the headers that sign a request to one URL.
pub type Sign<'a> = &'a dyn Fn(&Url) -> Vec<(&'static str, String)>;

/// How a document is fetched.
pub struct Get<'a> {
    /// The `Accept` header.
    pub accept: &'a str,
    /// The maximum size of the body in bytes.
    pub max_bytes: usize,
    /// The total time, including lookups, redirects and the body.
    pub deadline: Duration,
    /// Redirects must keep scheme, host and port.
    pub same_origin_redirects: bool,
    /// Signs the request; called again for each redirect.
    pub sign: Option<Sign<'a>>,
}

/// A document that was fetched with a 2xx status.
#[derive(Debug)]
pub struct Fetched {
    /// Its URL after redirects.
    pub url: PublicUrl,
    /// The `Content-Type` header; empty if there was none.
    pub content_type: String,
    /// The `Link` headers, joined by commas.
    pub link_header: Option<String>,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// The response of a peer to a delivery; its status is not a redirect.
#[derive(Debug)]
pub struct DeliveryResponse {
    /// The HTTP status.
    pub status: u16,
    /// Seconds of its `Retry-After`, at most a week.
    pub retry_after: Option<u64>,
    /// The beginning of its text without control characters, shown to the owner.
    pub excerpt: String,
    /// It requested RFC 9421 signatures (`Accept-Signature`).
    pub accept_signature: bool,
}

/// The HTTP client. All methods block.
#[derive(Debug)]
pub struct HttpClient {
    agent: Agent,
    rules: Arc<Rules>,
}

impl HttpClient {
    /// # Errors
    /// When the CA file or the user agent cannot be used.
    pub fn new(config: HttpClientConfig) -> Result<Self> {
        Self::with_lookup(config, system_lookup())
    }

    pub(crate) fn with_lookup(config: HttpClientConfig, lookup: NameLookup) -> Result<Self> {
        if HeaderValue::from_str(&config.user_agent).is_err() {
            return Err(Error::internal("the user agent contains characters that are invalid in a header"));
        }
        let tls = tls_config(config.ca_pem.as_deref())?;
        let rules = Arc::new(Rules::new(config.own_origin, config.allow_addresses).with_reach(config.reach));
        let connector = CheckedConnector { resolver: Resolver::new(Arc::clone(&rules), lookup), tls };
        let settings = Agent::config_builder()
            // Without this line ureq would read HTTPS_PROXY and connect through a proxy that checks nothing.
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(config.user_agent)
            // ureq is built without decoders; a small compressed response must not become a large one.
            .accept_encoding("identity")
            .max_response_header_size(limits::RESPONSE_HEAD)
            .max_idle_connections(limits::IDLE_CONNECTIONS)
            .max_idle_connections_per_host(limits::IDLE_CONNECTIONS_PER_HOST)
            .max_idle_age(limits::IDLE_CONNECTION_AGE)
            // Name, TCP and TLS together; the first two are also bounded one by one.
            .timeout_connect(Some(2 * limits::CONNECT_TIMEOUT))
            .build();
        Ok(Self { agent: Agent::with_parts(settings, connector, NoLookup), rules })
    }

    /// Parses and checks a URL of another server.
    ///
    /// # Errors
    /// [`RemoteError::Refused`] with the rule that forbids it.
    pub fn url(&self, text: &str) -> Result<PublicUrl, RemoteError> {
        PublicUrl::parse(text, &self.rules)
    }

    /// Fetches a document, following at most [`limits::REDIRECTS`] redirects.
    ///
    /// # Errors
    /// Every status but 2xx is a [`RemoteError::Status`].
    pub fn get(&self, url: &PublicUrl, ask: Get<'_>) -> Result<Fetched, RemoteError> {
        self.get_as(url, ask, Overlong::Refused)
    }

    /// Fetches the beginning of a document, of at most `max_bytes`.
    ///
    /// # Errors
    /// As [`HttpClient::get`].
    pub fn get_beginning(&self, url: &PublicUrl, ask: Get<'_>) -> Result<Fetched, RemoteError> {
        self.get_as(url, ask, Overlong::Cut)
    }

    fn get_as(&self, url: &PublicUrl, ask: Get<'_>, overlong: Overlong) -> Result<Fetched, RemoteError> {
        let max_bytes = ask.max_bytes;
        let (url, response) = self.follow(url, &ask)?;
        fetched(url, response, max_bytes, overlong)
    }

    /// Requests a URL, following redirects. Returns the last URL and its response of any status.
    pub(super) fn follow(&self, url: &PublicUrl, ask: &Get<'_>) -> Result<(PublicUrl, Response<Body>), RemoteError> {
        let until = Instant::now() + ask.deadline;
        let mut url = url.clone();
        let mut seen = vec![url.clone()];
        loop {
            let response = self.ask(&url, ask, until)?;
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return Ok((url, response));
            }
            let next = redirect_target(&url, response.headers(), &self.rules)?;
            if ask.same_origin_redirects && !next.is_same_origin(&url) {
                return Err(RemoteError::Refused(format!("{url} redirects to another server")));
            }
            if next.as_url().scheme() == "http" && url.as_url().scheme() == "https" {
                return Err(RemoteError::Refused(format!("{url} redirects from https to http")));
            }
            if seen.contains(&next) {
                return Err(RemoteError::Malformed(format!("{url} redirects in a cycle")));
            }
            if seen.len() > limits::REDIRECTS {
                return Err(RemoteError::Malformed("there are too many redirects".into()));
            }
            seen.push(next.clone());
            url = next;
        }
    }

    fn ask(&self, url: &PublicUrl, ask: &Get<'_>, until: Instant) -> Result<Response<Body>, RemoteError> {
        let mut headers = match ask.sign {
            Some(sign) => headers(sign(url.as_url()).iter().map(|(name, value)| (*name, value.as_str())))?,
            None => HeaderMap::new(),
        };
        let accept = HeaderValue::from_str(ask.accept);
        headers.insert(header::ACCEPT, accept.map_err(|_| RemoteError::Refused("bad Accept header".into()))?);
        self.send(Method::GET, url, &headers, (), Limits { until, body: None })
    }

    /// Delivers a body. `extra` headers are sent except `Host` and `Content-Length`, which are set by the connection to
    /// [`PublicUrl::authority`] and the length of the body.
    ///
    /// # Errors
    /// A redirect is a [`RemoteError::Status`]: the signature covers the URL.
    pub fn post(
        &self,
        url: &PublicUrl,
        extra: &[(&str, String)],
        body: &[u8],
    ) -> Result<DeliveryResponse, RemoteError> {
        let headers = headers(extra.iter().map(|(name, value)| (*name, value.as_str())))?;
        let limits =
            Limits { until: Instant::now() + limits::DELIVERY_TIMEOUT, body: Some(limits::DELIVERY_RESPONSE_TIMEOUT) };
        let mut response = self.send(Method::POST, url, &headers, body, limits)?;
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers());
        if (300..400).contains(&status) {
            return Err(RemoteError::Status { status, retry_after });
        }
        Ok(DeliveryResponse {
            status,
            retry_after,
            accept_signature: response.headers().contains_key("accept-signature"),
            excerpt: excerpt(&mut response),
        })
    }

    /// Sends a body to a service and reads its response, of at most [`limits::TRANSLATION_RESPONSE`].
    ///
    /// # Errors
    /// Every status but 2xx is a [`RemoteError::Status`].
    pub fn submit(&self, url: &PublicUrl, extra: &[(&str, String)], body: &[u8]) -> Result<Fetched, RemoteError> {
        let headers = headers(extra.iter().map(|(name, value)| (*name, value.as_str())))?;
        let limits = Limits { until: Instant::now() + limits::TRANSLATION_TIMEOUT, body: None };
        let response = self.send(Method::POST, url, &headers, body, limits)?;
        fetched(url.clone(), response, limits::TRANSLATION_RESPONSE, Overlong::Refused)
    }

    /// Sends one request. Only if a pooled connection was closed by its peer, the request is sent again on a new one.
    fn send<B: AsSendBody + Copy>(
        &self,
        method: Method,
        url: &PublicUrl,
        headers: &HeaderMap,
        body: B,
        limits: Limits,
    ) -> Result<Response<Body>, RemoteError> {
        let once = |idle_age: Duration| {
            let left = limits.until.saturating_duration_since(Instant::now());
            let mut request = Request::builder().method(method.clone()).uri(url.as_str()).body(body)?;
            request.headers_mut().extend(headers.clone());
            let request = self
                .agent
                .configure_request(request)
                .timeout_global(Some(left))
                .timeout_recv_body(limits.body)
                .max_idle_age(idle_age)
                .build();
            self.agent.run(request)
        };
        write_guard::assert_outside("another server is contacted");
        begin();
        let result = match once(limits::IDLE_CONNECTION_AGE) {
            Err(ureq::Error::Io(_)) if !progress().opened => {
                begin();
                once(Duration::ZERO)
            }
            result => result,
        };
        result.map_err(|e| match remote_error(e) {
            RemoteError::Unreachable(why) if progress().sent => RemoteError::NoAnswer(why),
            other => other,
        })
    }
}

/// What happens to a body that is longer than wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Overlong {
    Refused,
    Cut,
}

struct Limits {
    until: Instant,
    body: Option<Duration>,
}

fn headers<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<HeaderMap, RemoteError> {
    let bad = |name: &str| RemoteError::Refused(format!("header {name} is invalid"));
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        let key = header::HeaderName::try_from(name).map_err(|_| bad(name))?;
        if key != header::HOST && key != header::CONTENT_LENGTH {
            map.append(key, HeaderValue::from_str(value).map_err(|_| bad(name))?);
        }
    }
    Ok(map)
}

fn redirect_target(from: &PublicUrl, headers: &HeaderMap, rules: &Rules) -> Result<PublicUrl, RemoteError> {
    let location = headers.get(header::LOCATION).and_then(|v| v.to_str().ok());
    let location = location.ok_or_else(|| RemoteError::Malformed(format!("{from} redirects without a target")))?;
    from.redirected(location, rules)
}

fn fetched(
    url: PublicUrl,
    mut response: Response<Body>,
    max: usize,
    overlong: Overlong,
) -> Result<Fetched, RemoteError> {
    let status = response.status();
    if !status.is_success() {
        return Err(RemoteError::Status { status: status.as_u16(), retry_after: retry_after(response.headers()) });
    }
    if let Some(encoding) = encoded(response.headers()) {
        return Err(RemoteError::Malformed(format!("it is compressed ({encoding}) without a request for compression")));
    }
    let text = |v: &HeaderValue| v.to_str().ok().map(str::to_owned);
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(text).unwrap_or_default();
    let links: Vec<String> = response.headers().get_all(header::LINK).iter().filter_map(text).collect();
    let body = match overlong {
        Overlong::Refused => read_body(&mut response, max)?,
        Overlong::Cut => read_beginning(&mut response, max)?,
    };
    let link_header = if links.is_empty() { None } else { Some(links.join(", ")) };
    Ok(Fetched { url, content_type, link_header, body })
}

/// The name of a compression that was not requested, shortened for a message.
pub(super) fn encoded(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(header::CONTENT_ENCODING).iter();
    let mut names = values.map(|v| String::from_utf8_lossy(v.as_bytes()).trim().to_ascii_lowercase());
    names.find(|name| !name.is_empty() && name != "identity").map(|name| name.chars().take(20).collect())
}

fn read_body(response: &mut Response<Body>, max: usize) -> Result<Vec<u8>, RemoteError> {
    let too_large = || RemoteError::Malformed(format!("it is larger than {max} bytes"));
    let announced = response.body().content_length().unwrap_or(0);
    if announced > max as u64 {
        return Err(too_large());
    }
    let body = read_beginning(response, max + 1)?;
    if body.len() > max { Err(too_large()) } else { Ok(body) }
}

fn read_beginning(response: &mut Response<Body>, max: usize) -> Result<Vec<u8>, RemoteError> {
    let announced = response.body().content_length().unwrap_or(0);
    // Memory for an announced length is reserved up to 64 KiB only.
    let mut body = Vec::with_capacity(announced.min(64 * 1024) as usize);
    let mut reader = response.body_mut().as_reader().take(max as u64);
    reader.read_to_end(&mut body).map_err(|e| remote_error(ureq::Error::from(e)))?;
    Ok(body)
}

/// The beginning of a response. It is read to the end so that the connection can be reused; errors are ignored, because only
/// the status matters.
fn excerpt(response: &mut Response<Body>) -> String {
    let is_text = encoded(response.headers()).is_none();
    let body = read_body(response, limits::DELIVERY_RESPONSE_BODY).unwrap_or_default();
    if !is_text {
        return String::new();
    }
    let text = String::from_utf8_lossy(&body);
    text.chars().filter(|c| !c.is_control()).take(limits::DELIVERY_EXCERPT_CHARS).collect()
}

/// `Retry-After` in seconds from now; the header contains seconds or a date (RFC 9110 section 10.2.3).
pub(super) fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = match text.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
            u64::try_from(Timestamp::parse_http(text)?.seconds()).ok()?.saturating_sub(now.as_secs())
        }
    };
    Some(seconds.min(limits::RETRY_AFTER_MAX.as_secs()))
}

pub(super) fn remote_error(e: ureq::Error) -> RemoteError {
    use ureq::Error as E;
    match e {
        E::Other(inner) => match inner.downcast::<Carried>() {
            Ok(carried) => carried.0,
            Err(other) => RemoteError::Unreachable(other.to_string()),
        },
        E::Timeout(step) => RemoteError::Unreachable(format!("it took too long ({step})")),
        E::Http(e) => RemoteError::Refused(format!("not a URL: {e}")),
        E::BadUri(e) => RemoteError::Refused(format!("not a URL: {e}")),
        E::Protocol(e) => RemoteError::Malformed(format!("not HTTP: {e}")),
        E::LargeResponseHeader(..) => {
            RemoteError::Malformed(format!("its headers are larger than {} bytes", limits::RESPONSE_HEAD))
        }
        other => RemoteError::Unreachable(other.to_string()),
    }
}
