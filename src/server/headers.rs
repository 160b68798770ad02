//! Headers that every answer of a surface has.

use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, VARY,
};

use crate::http::rate_limit::RateStatus;
use crate::http::router::Surface;
use crate::http::{Response, response};

/// What a page may load: only from here, but pictures also from where posts come from. Pages that lead to an app's
/// private scheme (consent) must not restrict where a form may end, or Chromium blocks the redirect.
fn policy(form_anywhere: bool) -> String {
    let form = if form_anywhere { "" } else { "form-action 'self'; " };
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self' https: data:; media-src 'self' https:; script-src 'self'; \
         connect-src 'self'; {form}frame-ancestors 'none'; base-uri 'none'"
    )
}

/// A marker header of the consent page; taken out here.
pub(crate) const FORM_ANYWHERE: HeaderName = HeaderName::from_static("x-form-anywhere");

const NOSNIFF: HeaderName = HeaderName::from_static("x-content-type-options");
const REFERRER: HeaderName = HeaderName::from_static("referrer-policy");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Adds the headers of a surface. What is not for everybody is not to be kept by anybody.
pub(super) fn finish(mut response: Response, surface: Surface, standing: Option<RateStatus>) -> Response {
    let form_anywhere = response.header(&FORM_ANYWHERE).is_some();
    response.headers.retain(|(name, _)| *name != FORM_ANYWHERE);
    response = response.with_header(NOSNIFF, "nosniff").with_header(REFERRER, "same-origin");
    if response.header(&CACHE_CONTROL).is_none() {
        response = response.with_header(CACHE_CONTROL, "private, no-store");
    }
    let is_page = response.header(&CONTENT_TYPE).is_some_and(|t| t.as_bytes() == response::HTML.as_bytes());
    if is_page {
        response = response
            .with_header(CONTENT_SECURITY_POLICY, &policy(form_anywhere))
            .with_header(OPENER, "same-origin")
            .with_header(PERMISSIONS, "camera=(), microphone=(), geolocation=(), interest-cohort=()");
    }
    match surface {
        Surface::Api => with_cors(with_standing(response, standing)),
        Surface::Federation if response.header(&VARY).is_none() => response.with_header(VARY, "Accept"),
        Surface::Federation | Surface::Web => response,
    }
}

/// Apps in browsers read the API from anywhere, with tokens and never with cookies.
pub(super) fn with_cors(response: Response) -> Response {
    response
        .with_header(ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .with_header(ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        .with_header(ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, Idempotency-Key, *")
        .with_header(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, Mastodon-Async-Refresh",
        )
}

fn with_standing(response: Response, standing: Option<RateStatus>) -> Response {
    let Some(s) = standing else { return response };
    response
        .with_header(HeaderName::from_static("x-ratelimit-limit"), &s.limit.to_string())
        .with_header(HeaderName::from_static("x-ratelimit-remaining"), &s.left.to_string())
        .with_header(HeaderName::from_static("x-ratelimit-reset"), &s.reset.to_api())
}
