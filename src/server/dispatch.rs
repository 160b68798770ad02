//! One request: from the wire to its handler and back.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::{Method, StatusCode};

use super::auth::{self, Gatekeeper};
use super::body::{self, Sender};
use super::connection_limit::{Active, Connection};
use super::lanes::{self, Browser};
use super::stream::WireBody;
use super::{Server, forwarded, headers, host};
use crate::error::{Error, Result, contained};
use crate::federation;
use crate::http::cache::CacheKey;
use crate::http::rate_limit::{Caller, RateStatus};
use crate::http::router::{Class, Route, Surface, decode_path};
use crate::http::{
    Principal, Request, Response, conditional_requests, content_negotiation, cookies, error_response as errors, range,
};
use crate::limits;
use crate::store::database::connection;

type Wire = hyper::Response<WireBody>;

/// Answers one request.
pub(super) async fn answer(
    server: &Arc<Server>,
    connection: &Arc<Connection>,
    peer: IpAddr,
    request: hyper::Request<Incoming>,
) -> Wire {
    let head_only = request.method() == Method::HEAD;
    if let Err(e) = host::check(&server.app.domain.site, &request) {
        let surface = guess_surface(request.uri().path());
        return to_wire(&headers::finish(error_response(server, surface, &e), surface, None), head_only, None);
    }
    let client = forwarded::client_address(&server.proxies, peer, request.headers());
    let surface = guess_surface(request.uri().path());
    let active = match server.connections.begin(connection, client) {
        Ok(active) => active,
        Err(e) => {
            let refused = headers::finish(error_response(server, surface, &e), surface, None);
            return to_wire(&refused, head_only, None);
        }
    };
    if let Some(kept) = from_cache(server, &request) {
        return to_wire(&kept, head_only, Some(active));
    }
    let answered = route_and_run(server, connection, client, request).await;
    let response = match answered {
        Ok(response) => response,
        Err(e) => headers::finish(error_response(server, surface, &e), surface, None),
    };
    to_wire(&response, head_only, Some(active))
}

/// A rendered answer that is still good. Requests with a cookie or token may get another one.
fn from_cache(server: &Server, request: &hyper::Request<Incoming>) -> Option<Response> {
    let h = request.headers();
    let plain = matches!(*request.method(), Method::GET | Method::HEAD);
    if !plain || ["cookie", "authorization", "range"].iter().any(|name| h.contains_key(*name)) {
        return None;
    }
    let key = cache_key(request.uri().path_and_query()?.as_str(), h);
    let kept = server.app.cache.get(&key, server.app.domain.store.generation()?)?;
    Some(if conditional_requests::is_unchanged(h, &kept) {
        conditional_requests::not_modified(&kept)
    } else {
        (*kept).clone()
    })
}

fn cache_key(target: &str, h: &hyper::HeaderMap) -> CacheKey {
    let text = |name: &str| h.get(name).and_then(|v| v.to_str().ok());
    CacheKey {
        target: target.to_owned(),
        activity: content_negotiation::wants_activity(text("accept")),
        gzip: content_negotiation::accepts_gzip(text("accept-encoding")),
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

async fn route_and_run(
    server: &Arc<Server>,
    connection: &Arc<Connection>,
    client: IpAddr,
    request: hyper::Request<Incoming>,
) -> Result<Response> {
    let target = request.uri().path_and_query().map_or("/", |t| t.as_str()).to_owned();
    if target.len() > limits::REQUEST_TARGET {
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
    let activity = content_negotiation::wants_activity(accept);
    let (route, params) = server.router.find(request.method(), &path, activity)?;
    let route = *route;
    let (parts, body) = request.into_parts();
    let head_only = parts.method == Method::HEAD;
    let method = if parts.method == Method::HEAD { Method::GET } else { parts.method };
    let (mut headers, who) = (parts.headers, Principal::Anonymous);
    if head_only {
        // Only a GET asks for a part.
        headers.remove("range");
    }
    let request = Request { method, path, target, headers, body: Bytes::new(), client, params, who, known: None };
    let answered = read_and_run(server, connection, route, request, body).await;
    Ok(answered.unwrap_or_else(|e| {
        let response = error_response(server, route.surface, &e);
        headers::finish(response, route.surface, None)
    }))
}

async fn read_and_run(
    server: &Arc<Server>,
    connection: &Arc<Connection>,
    route: Route,
    mut request: Request,
    incoming: Incoming,
) -> Result<Response> {
    if request.method == Method::GET {
        return on_handler_thread(server, connection, route, Counted::NotYet(request)).await;
    }
    let (entering, head) = look_at_head(server, route, request).await?;
    request = entering;
    let standing = match head {
        Head::Enter(standing) => standing,
        Head::Instead(response) => return Ok(response),
    };
    let sender = if request.is_of_owner() {
        connection.is_of_owner();
        Sender::Owner
    } else {
        Sender::Client((!request.client.is_loopback()).then(|| Caller::address(request.client)))
    };
    // Its memory is given back when the handler is done with it.
    let body = body::read(&server.bodies, incoming, &route, sender).await?;
    request.body = body.bytes.clone();
    let _turn =
        if route.class == Class::Login { Some(server.lanes.sign_in(browser(server, &request)).await?) } else { None };
    let response = on_handler_thread(server, connection, route, Counted::As(request, standing)).await;
    drop(body);
    response
}

/// Whether the owner has signed in with this browser before.
fn browser(server: &Server, request: &Request) -> Browser {
    let device = cookies::device(request, !server.app.domain.site.is_loopback());
    if device.and_then(|mark| server.app.devices.id_in(mark)).is_some() { Browser::Known } else { Browser::New }
}

/// What the head of a request says about it.
enum Head {
    Enter(Option<RateStatus>),
    /// The response, without reading the body.
    Instead(Response),
}

/// Refuses what can be refused before the body is read. A request that names somebody is looked up on a thread.
async fn look_at_head(server: &Arc<Server>, route: Route, mut request: Request) -> Result<(Request, Head)> {
    if route.class == Class::Inbox {
        federation::check_head(&server.app, &request)?;
    }
    let is_large = body::is_large(&route);
    if !is_large && !auth::has_credentials(&server.app, &request) {
        let head = judge_head(server, &route, &mut request, is_large);
        return Ok((request, head));
    }
    lanes::check(server, move |server| {
        let head = judge_head(server, &route, &mut request, is_large);
        (request, head)
    })
    .await
}

fn judge_head(server: &Server, route: &Route, request: &mut Request, is_large: bool) -> Head {
    let refuse =
        |e: &Error, standing| headers::finish(error_response(server, route.surface, e), route.surface, standing);
    auth::identify(&server.app, request);
    let standing = match count(server, route, request) {
        Ok(standing) => standing,
        Err((e, standing)) => return Head::Instead(refuse(&e, Some(standing))),
    };
    if !is_large {
        return Head::Enter(standing);
    }
    match contained(|| auth::check_before_body(&server.app, route, request)) {
        Ok(Gatekeeper::Enter) => Head::Enter(standing),
        Ok(Gatekeeper::Instead(response)) => Head::Instead(headers::finish(response, route.surface, standing)),
        Err(e) => Head::Instead(refuse(&e, standing)),
    }
}

/// A request whose caller was or was not counted yet.
enum Counted {
    NotYet(Request),
    As(Request, Option<RateStatus>),
}

/// Runs the handler on a blocking thread, when there is a place for it. The owner has reserved ones.
async fn on_handler_thread(
    server: &Arc<Server>,
    connection: &Arc<Connection>,
    route: Route,
    mut counted: Counted,
) -> Result<Response> {
    let _busy = connection.busy();
    let _place = match server.lanes.free() {
        Some(place) => place,
        None => {
            let (Counted::NotYet(request) | Counted::As(request, _)) = &counted;
            if request.known.is_none() && auth::has_credentials(&server.app, request) {
                counted = lanes::check(server, move |server| {
                    let (Counted::NotYet(request) | Counted::As(request, _)) = &mut counted;
                    auth::identify(&server.app, request);
                    counted
                })
                .await?;
            }
            let (Counted::NotYet(request) | Counted::As(request, _)) = &counted;
            if request.is_of_owner() { server.lanes.owners().await? } else { server.lanes.shared().await? }
        }
    };
    let connection = connection.clone();
    lanes::blocking(server, move |server| run(server, &connection, &route, counted)).await
}

fn run(server: &Server, connection: &Connection, route: &Route, counted: Counted) -> Response {
    let generation = server.app.domain.store.generation();
    let (mut request, counted) = match counted {
        Counted::As(request, standing) => (request, Ok(standing)),
        Counted::NotYet(mut request) => {
            auth::identify(&server.app, &mut request);
            let counted = count(server, route, &request);
            (request, counted)
        }
    };
    let (outcome, standing) = match counted {
        Ok(standing) if request.is_of_owner() => {
            connection.is_of_owner();
            (connection::with_reserved_reader(|| guarded(server, route, &mut request)), standing)
        }
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
    let gzip =
        content_negotiation::accepts_gzip(request.header("accept-encoding")) && !request.headers.contains_key("range");
    let response = if gzip { conditional_requests::compress(response) } else { response };
    if let Some(generation) = generation.filter(|_| response.owners && response.status == StatusCode::OK) {
        let key = CacheKey { owner: true, ..cache_key(&request.target, &request.headers) };
        let kept = Response { owners: false, ..response.clone() };
        server.app.cache.put(key, Arc::new(kept), generation);
    }
    let response = headers::finish(response, route.surface, standing);
    if let Some(generation) = generation {
        keep(server, &request, &response, generation);
    }
    if response.status.is_success() && conditional_requests::is_unchanged(&request.headers, &response) {
        return conditional_requests::not_modified(&response);
    }
    range::apply(&request.method, &request.headers, response)
}

/// A panic in a handler is an answer of 500 and nothing more.
fn guarded(server: &Server, route: &Route, request: &mut Request) -> Result<Response> {
    contained(|| match auth::check(&server.app, route, request)? {
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
    if request.method != Method::GET || !matches!(&request.who, Principal::Token(b) if b.token.owner) {
        return None;
    }
    let key = CacheKey { owner: true, ..cache_key(&request.target, &request.headers) };
    server.app.cache.get(&key, server.app.domain.store.generation()?).map(|kept| (*kept).clone())
}

/// Counts the request against its caller's limit: the owner's by token or session, so that nobody else at the same address
/// uses it up. This machine's own programs are not counted.
fn count(server: &Server, route: &Route, request: &Request) -> Result<Option<RateStatus>, (Error, RateStatus)> {
    let exempt = request.client.is_loopback();
    let caller = match &request.known {
        Some(Principal::Token(bearer)) if bearer.token.owner => Caller::Token(bearer.token.id),
        Some(Principal::Browser(session)) => Caller::Session(session.id),
        _ => Caller::address(request.client),
    };
    let now = server.app.domain.now();
    let Some(standing) = server.app.rates.count(route.class, caller, now) else { return Ok(None) };
    if standing.exceeded && !exempt {
        let seconds = (standing.reset.seconds() - now.seconds()).clamp(1, 3_600);
        return Err((Error::RateLimited { retry_after: seconds as u32 }, standing));
    }
    Ok((!exempt).then_some(standing))
}

/// Keeps a public answer, unless who asked could have changed it.
fn keep(server: &Server, request: &Request, response: &Response, generation: u64) {
    let anonymous = matches!(request.who, Principal::Anonymous) && !request.headers.contains_key("authorization");
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

fn to_wire(response: &Response, head_only: bool, active: Option<Active>) -> Wire {
    let mut wire = hyper::Response::new(WireBody::new(response, head_only, active));
    *wire.status_mut() = response.status;
    for (name, value) in &response.headers {
        wire.headers_mut().append(name.clone(), value.clone());
    }
    if head_only {
        wire.headers_mut().insert(hyper::header::CONTENT_LENGTH, response.length().into());
    }
    wire
}
