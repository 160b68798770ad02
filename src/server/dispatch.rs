//! Routes a request, reads its body, and passes it to its handler.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use hyper::Method;
use hyper::body::Incoming;
use tracing::Instrument;

use super::auth::{self, Gatekeeper};
use super::body::{self, Body, Sender};
use super::connections::limit::Connection;
use super::handler::{self, RateCheck, RateExceeded, Routed};
use super::handler_threads::{Browser, blocking};
use super::state::Server;
use super::wire::{self, Wire, guess_surface, to_wire};
use super::{awaited, forwarded, headers, host, response_cache, streaming};
use crate::app::Route;
use crate::error::refusal::RequestRefusal;
use crate::error::{Error, Result, contained};
use crate::federation;
use crate::http::rate_limit::Caller;
use crate::http::router::decode_path;
use crate::http::{Class, Principal, Request, Response, Surface, content_negotiation, cookies, multipart};
use crate::limits;
use crate::web;

/// Numbers the requests in the log.
static NEXT_REQUEST: AtomicU64 = AtomicU64::new(1);

/// Responds to one request.
pub(super) async fn respond(
    server: &Arc<Server>,
    connection: &Arc<Connection>,
    peer: IpAddr,
    mut request: hyper::Request<Incoming>,
) -> Wire {
    let line = streaming::Line::take(&mut request);
    let head_only = request.method() == Method::HEAD;
    let surface = guess_surface(request.uri().path());
    let failed = |e: &Error| wire::finished_error(&server.app, surface, e, None);
    if let Err(e) = host::check(&server.app.domain.site, &request) {
        return to_wire(&failed(&e), head_only, None);
    }
    let client = forwarded::client_address(&server.proxies, peer, request.headers());
    let active = match server.connections.begin(connection, client) {
        Ok(active) => active,
        Err(e) => return to_wire(&failed(&e), head_only, None),
    };
    if let Some(cached) = response_cache::public(&server.app, &request) {
        return to_wire(&cached, head_only, Some(active));
    }
    let span = tracing::info_span!("request", request = NEXT_REQUEST.fetch_add(1, Ordering::Relaxed));
    let response = route(server, connection, client, request).instrument(span).await;
    let mut response = response.unwrap_or_else(|e| failed(&e));
    if let Some(file) = response.awaited.take() {
        response = awaited::complete(*file, connection.busy()).await;
    }
    match &response.stream {
        Some(start) if !head_only => streaming::start(server, line, start, &response),
        _ => to_wire(&response, head_only, Some(active)),
    }
}

/// Finds the route of a request and passes it on. Errors before a route is known are formatted by the caller.
async fn route(
    server: &Arc<Server>,
    connection: &Arc<Connection>,
    client: IpAddr,
    request: hyper::Request<Incoming>,
) -> Result<Response> {
    let target = request.uri().path_and_query().map_or("/", |t| t.as_str()).to_owned();
    if target.len() > limits::REQUEST_TARGET {
        return Err(Error::bad_request(RequestRefusal::AddressTooLong));
    }
    let path = decode_path(request.uri().path())?;
    if request.method() == Method::OPTIONS {
        let response = headers::preflight();
        return Ok(match server.router.allowed(&path) {
            Some(allowed) => response.with_header(hyper::header::ALLOW, &allowed),
            None => response,
        });
    }
    let (route, params) = find_route(server, &request, &path)?;
    if server.app.domain.is_deleted() && route.surface != Surface::Federation && route.class != Class::Free {
        return Err(Error::AccountDeleted);
    }
    if let Some(cached) = response_cache::public_on(&server.app, &route, &request) {
        return Ok(cached);
    }
    let (parts, body) = request.into_parts();
    let (mut headers, mut method) = (parts.headers, parts.method);
    if method == Method::HEAD {
        // Ranges are defined for GET only.
        headers.remove("range");
        method = Method::GET;
    }
    let principal = Principal::Anonymous;
    let (body_read, parts) = (Bytes::new(), None);
    let request =
        Request { method, path, target, headers, body: body_read, parts, client, params, principal, identified: None };
    let routed = Routed { route, request, rate: RateCheck::Pending };
    let responded = read_and_run(server, connection, routed, body).await;
    let response = responded.unwrap_or_else(|e| wire::finished_error(&server.app, route.surface, &e, None));
    // Without parameters: they may be private.
    tracing::debug!(method = ?route.method, route = route.path, status = response.status.as_u16(), "responded");
    Ok(response)
}

/// The route of a path and its parameters. A page that does not exist has a route too if the owner may be signed in: the
/// error page then has the owner's navigation. For others the error needs no thread.
fn find_route(
    server: &Server,
    request: &hyper::Request<Incoming>,
    path: &str,
) -> Result<(Route, Vec<(String, String)>)> {
    let accept = request.headers().get("accept").and_then(|v| v.to_str().ok());
    let preferred = if content_negotiation::wants_activity(accept) { Surface::Federation } else { Surface::Web };
    match server.router.find(request.method(), path, preferred) {
        Ok((route, params)) => Ok((*route, params)),
        Err(Error::NotFound)
            if request.method() == Method::GET
                && request.headers().contains_key(hyper::header::COOKIE)
                && guess_surface(path) == Surface::Web =>
        {
            Ok((web::NO_PAGE, Default::default()))
        }
        Err(e) => Err(e),
    }
}

async fn read_and_run(
    server: &Arc<Server>,
    connection: &Arc<Connection>,
    routed: Routed,
    incoming: Incoming,
) -> Result<Response> {
    if routed.request.method == Method::GET {
        return run_on_handler_thread(server, connection, routed).await;
    }
    let mut routed = match check_head(server, routed).await? {
        Head::Accepted(routed) => *routed,
        Head::Rejected(response) => return Ok(response),
    };
    let (route, request) = (routed.route, &mut routed.request);
    let sender = if request.is_from_owner() {
        connection.mark_as_owners();
        Sender::Owner
    } else {
        Sender::Client((!request.client.is_loopback()).then(|| Caller::address(request.client)))
    };
    // The memory of the body is released after the handler.
    let mut body = Body::default();
    let content_type = request.header("content-type").unwrap_or_default();
    if body::is_large(&route) && multipart::is_multipart(content_type) {
        request.parts = Some(body::receive(incoming, &route, content_type, &server.app.media).await?);
    } else {
        body = body::read(&server.bodies, incoming, &route, sender).await?;
    }
    request.body = body.bytes.clone();
    let _permit =
        if route.class == Class::Login { Some(server.threads.sign_in(browser(server, request)).await?) } else { None };
    let response = run_on_handler_thread(server, connection, routed).await;
    drop(body);
    response
}

/// Whether the owner has signed in with this browser before.
fn browser(server: &Server, request: &Request) -> Browser {
    let device = cookies::device(request, !server.app.domain.site.is_loopback());
    if device.and_then(|mark| server.app.devices.id_in(mark)).is_some() { Browser::Known } else { Browser::New }
}

/// The result of the checks before the body is read.
enum Head {
    Accepted(Box<Routed>),
    /// The response, without reading the body.
    Rejected(Response),
}

/// Makes the checks that need no body. Credentials are looked up on a thread.
async fn check_head(server: &Arc<Server>, routed: Routed) -> Result<Head> {
    if routed.route.class == Class::Inbox {
        federation::check_head(&server.app, &routed.request)?;
    }
    if !body::is_large(&routed.route) && !auth::has_credentials(&server.app, &routed.request) {
        return Ok(check_identified(server, routed));
    }
    server.threads.look_up(server, move |server| check_identified(server, routed)).await
}

fn check_identified(server: &Server, mut routed: Routed) -> Head {
    let app = &server.app;
    let surface = routed.route.surface;
    auth::identify(app, &mut routed.request);
    let rate = match handler::count(app, &routed.route, &routed.request) {
        Ok(rate) => rate,
        Err(RateExceeded { error, status }) => {
            return Head::Rejected(wire::finished_error(app, surface, &error, Some(status)));
        }
    };
    routed.rate = RateCheck::Passed(rate);
    if !body::is_large(&routed.route) {
        return Head::Accepted(Box::new(routed));
    }
    match contained(|| auth::check_before_body(app, &routed.route, &mut routed.request)) {
        Ok(Gatekeeper::Enter) => Head::Accepted(Box::new(routed)),
        Ok(Gatekeeper::Instead(response)) => Head::Rejected(headers::finish(response, surface, rate)),
        Err(e) => Head::Rejected(wire::finished_error(app, surface, &e, rate)),
    }
}

/// Runs the handler on a blocking thread, as soon as one is free. Some are reserved for the owner, whose quick reads need
/// none.
async fn run_on_handler_thread(
    server: &Arc<Server>,
    connection: &Arc<Connection>,
    mut routed: Routed,
) -> Result<Response> {
    let _busy = connection.busy();
    if routed.route.quick {
        auth::recognise(&server.app, &mut routed.request);
        if routed.request.is_from_owner() {
            return Ok(handler::run(server, connection, routed));
        }
    }
    let _permit = match server.threads.try_shared() {
        Some(permit) => permit,
        None => {
            if routed.request.identified.is_none() && auth::has_credentials(&server.app, &routed.request) {
                let identify = move |server: &Server| {
                    auth::identify(&server.app, &mut routed.request);
                    routed
                };
                routed = server.threads.look_up(server, identify).await?;
            }
            if routed.request.is_from_owner() { server.threads.owner().await? } else { server.threads.shared().await? }
        }
    };
    let connection = connection.clone();
    blocking(server, move |server| handler::run(server, &connection, routed)).await
}
