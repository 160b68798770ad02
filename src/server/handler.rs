//! Runs the handler of a request, on a blocking thread.

use hyper::{HeaderMap, Method};

use super::auth::{self, Gatekeeper};
use super::connections::limit::Connection;
use super::state::Server;
use super::{headers, response_cache, wire};
use crate::app::{App, Route};
use crate::error::{Error, Result, contained};
use crate::http::rate_limit::{Caller, RateStatus};
use crate::http::{
    Access, Principal, Request, Response, conditional_requests, content_negotiation, error_response, range,
};
use crate::store::database::connection;

/// A request with its route.
pub(super) struct Routed {
    pub(super) route: Route,
    pub(super) request: Request,
    pub(super) rate: RateCheck,
}

/// Whether a request was counted against the limit of its caller.
#[derive(Clone, Copy)]
pub(super) enum RateCheck {
    Pending,
    /// It was; the status is `None` where there is no limit.
    Passed(Option<RateStatus>),
}

/// A request above the limit of its caller.
pub(super) struct RateExceeded {
    pub(super) error: Error,
    pub(super) status: RateStatus,
}

/// Authenticates a request, runs its handler and completes the response.
pub(super) fn run(server: &Server, connection: &Connection, routed: Routed) -> Response {
    let app = &*server.app;
    let generation = app.domain.store.generation();
    let Routed { route, mut request, rate } = routed;
    let counted = match rate {
        RateCheck::Passed(status) => Ok(status),
        RateCheck::Pending => {
            auth::identify(app, &mut request);
            count(app, &route, &request)
        }
    };
    let (outcome, rate) = match counted {
        Ok(rate) if request.is_from_owner() => {
            connection.mark_as_owners();
            (connection::with_reserved_reader(|| handle(app, &route, &mut request)), rate)
        }
        Ok(rate) => (handle(app, &route, &mut request), rate),
        Err(exceeded) => (Err(exceeded.error), Some(exceeded.status)),
    };
    let response = outcome.unwrap_or_else(|e| {
        error_response::log(&e, request.method.as_str(), &request.path);
        wire::error(app, route.surface, &e, Some(&request))
    });
    let gzip =
        content_negotiation::accepts_gzip(request.header("accept-encoding")) && !request.headers.contains_key("range");
    let response = if gzip { conditional_requests::compress(response) } else { response };
    if let Some(generation) = generation {
        response_cache::store_for_owner(app, &request, &response, generation);
    }
    let response = headers::finish(response, route.surface, rate);
    if let Some(generation) = generation {
        response_cache::store_public(app, &route, &request, &response, generation);
    }
    select(&request.method, &request.headers, response)
}

/// Reduces a complete response to what a request asks for: 304, or a range.
pub(super) fn select(method: &Method, headers: &HeaderMap, response: Response) -> Response {
    if response.status.is_success() && conditional_requests::is_unchanged(headers, &response) {
        return conditional_requests::not_modified(&response);
    }
    range::apply(method, headers, response)
}

/// Calls the handler. A panic in it results in a 500 response.
fn handle(app: &App, route: &Route, request: &mut Request) -> Result<Response> {
    contained(|| match auth::check(app, route, request)? {
        Gatekeeper::Enter => match response_cache::of_owner(app, request) {
            Some(cached) => Ok(cached),
            None => {
                let response = (route.handler)(app, request)?;
                let is_restricted = route.access == Access::Signed && app.config.federation.requires_signatures();
                Ok(if is_restricted { response.into_private() } else { response })
            }
        },
        Gatekeeper::Instead(response) => Ok(response),
    })
}

/// Counts a request against the limit of its caller: for the owner the token or session, so that others with the same
/// address do not use it up. Programs on this machine are not limited.
pub(super) fn count(app: &App, route: &Route, request: &Request) -> Result<Option<RateStatus>, RateExceeded> {
    let exempt = request.client.is_loopback();
    let caller = match &request.identified {
        Some(Principal::Token(bearer)) if bearer.token.owner => Caller::Token(bearer.token.id),
        Some(Principal::Browser(session)) => Caller::Session(session.id),
        _ => Caller::address(request.client),
    };
    let now = app.domain.now();
    let Some(status) = app.rates.count(route.class, caller, now) else { return Ok(None) };
    if status.exceeded && !exempt {
        let seconds = (status.reset.seconds() - now.seconds()).clamp(1, 3_600);
        return Err(RateExceeded { error: Error::RateLimited { retry_after: seconds as u32 }, status });
    }
    Ok((!exempt).then_some(status))
}
