//! Headers of all responses of a surface.

use hyper::StatusCode;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    HeaderName, VARY,
};

use crate::http::rate_limit::RateStatus;
use crate::http::{PageUse, Response, Surface, response};
use crate::limits;

/// The content security policy of a page: everything is from this server.
fn content_security_policy(page_use: PageUse) -> String {
    const FILES: &str = "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; ";
    let rest = match page_use {
        PageUse::Own | PageUse::SignIn => {
            "script-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'"
        }
        PageUse::Consent => "script-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'",
        PageUse::Embed => "form-action 'none'; frame-ancestors *",
    };
    format!("{FILES}{rest}")
}

const NOSNIFF: HeaderName = HeaderName::from_static("x-content-type-options");
const REFERRER: HeaderName = HeaderName::from_static("referrer-policy");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Adds the headers of a surface. Responses that are not public must not be stored by clients.
pub(super) fn finish(mut response: Response, surface: Surface, rate: Option<RateStatus>) -> Response {
    response = response.with_header(NOSNIFF, "nosniff").with_header(REFERRER, "same-origin");
    if response.header(&CACHE_CONTROL).is_none() {
        response = response.with_header(CACHE_CONTROL, "private, no-store");
    }
    let is_page = response.header(&CONTENT_TYPE).is_some_and(|t| t.as_bytes() == response::HTML.as_bytes());
    if is_page {
        let page_use = response.page_use;
        response = response
            .with_header(CONTENT_SECURITY_POLICY, &content_security_policy(page_use))
            .with_header(PERMISSIONS, "camera=(), microphone=(), geolocation=(), interest-cohort=()");
        // To the app that has opened it, a window that no longer knows its opener is closed.
        if page_use == PageUse::Own {
            response = response.with_header(OPENER, "same-origin");
        }
    }
    match surface {
        Surface::Api => with_cors(with_rate(response, rate)),
        Surface::Federation => {
            // Web apps read discovery documents, and its errors, from anywhere. No cookie is sent to them.
            let response = response.with_header(ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            if response.header(&VARY).is_none() { response.with_header(VARY, "Accept") } else { response }
        }
        // Also errors: without these headers a web app cannot tell a file that is gone from a server that is down.
        Surface::Files => response.for_web_apps(),
        Surface::Web => response,
    }
}

/// Apps in browsers read the API from anywhere, with tokens and never with cookies.
fn with_cors(response: Response) -> Response {
    response
        .with_header(ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .with_header(ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        .with_header(ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, Idempotency-Key, *")
        .with_header(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, Mastodon-Async-Refresh",
        )
}

/// The response of every path to a browser that asks whether a web app may send a request.
pub(super) fn preflight() -> Response {
    let seconds = limits::PREFLIGHT_AGE.as_secs().to_string();
    with_cors(Response::empty(StatusCode::NO_CONTENT)).with_header(ACCESS_CONTROL_MAX_AGE, &seconds)
}

fn with_rate(response: Response, rate: Option<RateStatus>) -> Response {
    let Some(s) = rate else { return response };
    response
        .with_header(HeaderName::from_static("x-ratelimit-limit"), &s.limit.to_string())
        .with_header(HeaderName::from_static("x-ratelimit-remaining"), &s.left.to_string())
        .with_header(HeaderName::from_static("x-ratelimit-reset"), &s.reset.to_api())
}
