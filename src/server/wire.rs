//! Converts responses and errors to what hyper sends.

use super::connections::limit::Active;
use super::connections::stream::WireBody;
use super::headers;
use crate::app::App;
use crate::error::Error;
use crate::http::rate_limit::RateStatus;
use crate::http::{Request, Response, Surface, error_response};
use crate::web;

/// A response as hyper sends it.
pub(super) type Wire = hyper::Response<WireBody>;

/// The surface of a path without a route, for the format of its errors.
pub(super) fn guess_surface(path: &str) -> Surface {
    let api = ["/api/", "/oauth/token", "/oauth/revoke", "/oauth/userinfo"].iter().any(|p| path.starts_with(p));
    let federation = ["/inbox", "/.well-known/", "/nodeinfo/", "/users/"].iter().any(|p| path.starts_with(p));
    let files = ["/media/", "/proxy/", "/avatars/"].iter().any(|p| path.starts_with(p));
    if api {
        Surface::Api
    } else if federation {
        Surface::Federation
    } else if files {
        Surface::Files
    } else {
        Surface::Web
    }
}

/// The response of an error to a request, if its head could be read. The headers of the surface are added later.
pub(super) fn error(app: &App, surface: Surface, error: &Error, request: Option<&Request>) -> Response {
    match surface {
        Surface::Web | Surface::Files => error_response::with_headers(web::error_page(app, error, request), error),
        Surface::Api | Surface::Federation => error_response::json(error),
    }
}

/// The complete response of an error.
pub(super) fn finished_error(app: &App, surface: Surface, e: &Error, rate: Option<RateStatus>) -> Response {
    headers::finish(error(app, surface, e, None), surface, rate)
}

/// Converts a response; one of a HEAD request keeps its length and loses its body.
pub(super) fn to_wire(response: &Response, head_only: bool, active: Option<Active>) -> Wire {
    let mut wire = with_body(response, WireBody::new(response, head_only, active));
    if head_only {
        wire.headers_mut().insert(hyper::header::CONTENT_LENGTH, response.length().into());
    }
    wire
}

/// Status and headers of a response with this body.
pub(super) fn with_body(response: &Response, body: WireBody) -> Wire {
    let mut wire = hyper::Response::new(body);
    *wire.status_mut() = response.status;
    for (name, value) in &response.headers {
        wire.headers_mut().append(name.clone(), value.clone());
    }
    wire
}
