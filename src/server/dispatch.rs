//! One request: from the wire to its handler and back.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::{Method, StatusCode};

use super::access::{self, Gatekeeper};
use super::{Server, body, headers, host};
use crate::error::{Error, Result, contained};
use crate::http::cache::Key;
use crate::http::rates::{Caller, Standing};
use crate::http::router::{Class, Route, Surface, decode_path};
use crate::http::{Request, Response, Who, answer as errors, conditional, negotiate};
use crate::limits;

type Wire = hyper::Response<Full<Bytes>>;

/// Answers one request.
pub(super) async fn answer(server: &Arc<Server>, peer: IpAddr, request: hyper::Request<Incoming>) -> Wire {
    let head_only = request.method() == Method::HEAD;
    if let Err(e) = host::check(&server.app.domain.site, &request) {
        let surface = guess_surface(request.uri().path());
        return to_wire(&headers::finish(error_response(server, surface, &e), surface, None), head_only);
    }
    if let Some(kept) = from_cache(server, &request) {
        return to_wire(&kept, head_only);
    }
    let surface = guess_surface(request.uri().path());
    let answered = route_and_run(server, peer, request).await;
    let response = match answered {
        Ok(response) => response,
        Err(e) => headers::finish(error_response(server, surface, &e), surface, None),
    };
    to_wire(&response, head_only)
}

/// A rendered answer that is still good. Requests with a cookie or token may get another one.
fn from_cache(server: &Server, request: &hyper::Request<Incoming>) -> Option<Response> {
    let h = request.headers();
    let plain = matches!(*request.method(), Method::GET | Method::HEAD);
    if !plain || h.contains_key("cookie") || h.contains_key("authorization") {
        return None;
    }
    let key = cache_key(request.uri().path_and_query()?.as_str(), h);
    let kept = server.app.cache.get(&key, server.app.domain.store.generation()?)?;
    Some(if conditional::is_unchanged(h, &kept) { conditional::not_modified(&kept) } else { (*kept).clone() })
}

fn cache_key(target: &str, h: &hyper::HeaderMap) -> Key {
    let text = |name: &str| h.get(name).and_then(|v| v.to_str().ok());
    Key {
        target: target.to_owned(),
        activity: negotiate::wants_activity(text("accept")),
        gzip: negotiate::accepts_gzip(text("accept-encoding")),
        owner: false,
    }
}

/// Where no route says it, the path says how errors look.
fn guess_surface(path: &str) -> Surface {
    let api = ["/api/", "/oauth/token", "/oauth/revoke", "/oauth/userinfo"].iter().any(|p| path.starts_with(p));
    let federation = ["/inbox", "/.well-known/", "/nodeinfo/", "/users/"].iter().any(|p| path.starts_with(p));
    if api {
        Surface::Api
    } else if federation {
        Surface::Federation
    } else {
        Surface::Web
    }
}

async fn route_and_run(server: &Arc<Server>, peer: IpAddr, request: hyper::Request<Incoming>) -> Result<Response> {
    let target = request.uri().path_and_query().map_or("/", |t| t.as_str()).to_owned();
    if target.len() > limits::TARGET {
        return Err(Error::bad_request("The address is too long"));
    }
    let path = decode_path(request.uri().path())?;
    if request.method() == Method::OPTIONS {
        let answer = headers::with_cors(Response::empty(StatusCode::NO_CONTENT));
        return Ok(match server.router.allowed(&path) {
            Some(allowed) => answer.with_header(hyper::header::ALLOW, &allowed),
            None => answer,
        });
    }
    let accept = request.headers().get("accept").and_then(|v| v.to_str().ok());
    let activity = negotiate::wants_activity(accept);
    let (route, params) = server.router.find(request.method(), &path, activity)?;
    let route = *route;
    let client = client_address(server, peer, request.headers());
    let (parts, body) = request.into_parts();
    let method = if parts.method == Method::HEAD { Method::GET } else { parts.method };
    let (headers, who) = (parts.headers, Who::Anonymous);
    let request = Request { method, path, target, headers, body: Bytes::new(), client, params, who };
    let answered = read_and_run(server, route, request, body).await;
    Ok(answered.unwrap_or_else(|e| {
        let response = error_response(server, route.surface, &e);
        headers::finish(response, route.surface, None)
    }))
}

async fn read_and_run(
    server: &Arc<Server>,
    route: Route,
    mut request: Request,
    incoming: Incoming,
) -> Result<Response> {
    if body::is_large(&route) {
        let (entering, instead) = before_body(server, route, request).await?;
        if let Some(response) = instead {
            return Ok(headers::finish(response, route.surface, None));
        }
        request = entering;
    }
    // Its memory is given back when the handler is done with it.
    let body = body::read(&server.bodies, incoming, &route, &request.method).await?;
    request.body = body.bytes.clone();
    let response = on_handler_thread(server, move |server| run(server, &route, request)).await;
    drop(body);
    response
}

/// The address of the client: the peer, or behind trusted proxies the last address that none of them is.
fn client_address(server: &Server, peer: IpAddr, h: &hyper::HeaderMap) -> IpAddr {
    let trusted = |ip: IpAddr| server.proxies.iter().any(|p| p.contains(ip));
    if !trusted(peer) {
        return peer;
    }
    let forwarded: Vec<&str> =
        h.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).collect();
    for text in forwarded.iter().rev() {
        match text.trim().parse::<IpAddr>() {
            Ok(ip) if trusted(ip) => {}
            Ok(ip) => return ip,
            Err(_) => return peer,
        }
    }
    peer
}

/// What stands in the way of a request whose body is large, before that is read: an answer, if something does.
async fn before_body(server: &Arc<Server>, route: Route, request: Request) -> Result<(Request, Option<Response>)> {
    let mut request = request;
    on_handler_thread(server, move |server| {
        match contained(|| access::check_before_body(&server.app, &route, &mut request))? {
            Gatekeeper::Enter => Ok((request, None)),
            Gatekeeper::Instead(response) => Ok((request, Some(response))),
        }
    })
    .await?
}

/// Runs something on a blocking thread, when there is a place for it.
async fn on_handler_thread<T: Send + 'static>(
    server: &Arc<Server>,
    work: impl FnOnce(&Server) -> T + Send + 'static,
) -> Result<T> {
    let busy = || Error::Busy { retry_after: limits::BUSY_RETRY_AFTER };
    let _waiting = server.waiting.try_acquire().map_err(|_| busy())?;
    let _running = server.running.acquire().await.map_err(|_| busy())?;
    let shared = server.clone();
    let ran = tokio::task::spawn_blocking(move || work(&shared)).await;
    ran.map_err(|_| Error::internal("a handler was cancelled"))
}

fn run(server: &Server, route: &Route, mut request: Request) -> Response {
    let generation = server.app.domain.store.generation();
    let (outcome, standing) = match count(server, route, &request) {
        Ok(standing) => (guarded(server, route, &mut request), standing),
        Err((e, standing)) => (Err(e), Some(standing)),
    };
    let response = match outcome {
        Ok(response) => response,
        Err(e) => {
            errors::log(&e, request.method.as_str(), &request.path);
            error_response(server, route.surface, &e)
        }
    };
    let gzip = negotiate::accepts_gzip(request.header("accept-encoding"));
    let response = if gzip { conditional::compress(response) } else { response };
    if let Some(generation) = generation.filter(|_| response.owners && response.status == StatusCode::OK) {
        let key = Key { owner: true, ..cache_key(&request.target, &request.headers) };
        let kept = Response { owners: false, ..response.clone() };
        server.app.cache.put(key, Arc::new(kept), generation);
    }
    let response = headers::finish(response, route.surface, standing);
    if let Some(generation) = generation {
        keep(server, &request, &response, generation);
    }
    if response.status.is_success() && conditional::is_unchanged(&request.headers, &response) {
        return conditional::not_modified(&response);
    }
    response
}

/// A panic in a handler is an answer of 500 and nothing more.
fn guarded(server: &Server, route: &Route, request: &mut Request) -> Result<Response> {
    contained(|| match access::check(&server.app, route, request)? {
        Gatekeeper::Enter => match owners_copy(server, request) {
            Some(kept) => Ok(kept),
            None => (route.handler)(&server.app, request).map(|answer| {
                let signed =
                    route.access == crate::http::Access::Signed && server.app.config.federation.asks_for_signatures();
                if signed { answer.for_nobody_else() } else { answer }
            }),
        },
        Gatekeeper::Instead(response) => Ok(response),
    })
}

/// An answer that the owner got before, through any app, and that is still good.
fn owners_copy(server: &Server, request: &Request) -> Option<Response> {
    if request.method != Method::GET || !matches!(&request.who, Who::Token(b) if b.token.owner) {
        return None;
    }
    let key = Key { owner: true, ..cache_key(&request.target, &request.headers) };
    server.app.cache.get(&key, server.app.domain.store.generation()?).map(|kept| (*kept).clone())
}

/// Counts the request against its caller's limit. This machine's own programs are not counted.
fn count(server: &Server, route: &Route, request: &Request) -> Result<Option<Standing>, (Error, Standing)> {
    let exempt = request.client.is_loopback() && route.class != Class::Login;
    let caller = Caller::address(request.client);
    let now = server.app.domain.now();
    if route.class == Class::Login && request.method == Method::GET {
        return Ok(None);
    }
    let Some(standing) = server.app.rates.count(route.class, caller, now) else { return Ok(None) };
    if standing.exceeded && !exempt {
        let seconds = (standing.reset.seconds() - now.seconds()).clamp(1, 3_600);
        return Err((Error::RateLimited { retry_after: seconds as u32 }, standing));
    }
    Ok((!exempt).then_some(standing))
}

/// Keeps a public answer, unless who asked could have changed it.
fn keep(server: &Server, request: &Request, response: &Response, generation: u64) {
    let anonymous = matches!(request.who, Who::Anonymous) && !request.headers.contains_key("authorization");
    if response.public && anonymous && response.status == StatusCode::OK && request.method == Method::GET {
        let key = cache_key(&request.target, &request.headers);
        server.app.cache.put(key, Arc::new(response.clone()), generation);
    }
}

fn error_response(server: &Server, surface: Surface, error: &Error) -> Response {
    match surface {
        Surface::Web => errors::with_headers(crate::web::error_page(&server.app, error), error),
        Surface::Api | Surface::Federation => errors::json(error),
    }
}

fn to_wire(response: &Response, head_only: bool) -> Wire {
    let body = if head_only { Bytes::new() } else { response.body.clone() };
    let mut wire = hyper::Response::new(Full::new(body));
    *wire.status_mut() = response.status;
    for (name, value) in &response.headers {
        wire.headers_mut().append(name.clone(), value.clone());
    }
    if head_only {
        wire.headers_mut().insert(hyper::header::CONTENT_LENGTH, response.body.len().into());
    }
    wire
}
