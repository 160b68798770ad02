//! Which responses are looked up in the cache, and which are stored.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::{HeaderMap, Method, StatusCode};

use crate::app::{App, Route};
use crate::http::cache::CacheKey;
use crate::http::{Access, Principal, Request, Response, Sharing, Surface, conditional_requests, content_negotiation};
use crate::web::locale::Language;

/// A cached response to a request without credentials.
pub(super) fn public(app: &App, request: &hyper::Request<Incoming>) -> Option<Response> {
    let headers = request.headers();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read || ["cookie", "authorization", "range"].into_iter().any(|name| headers.contains_key(name)) {
        return None;
    }
    cached(app, request)
}

/// A cached response to a request with credentials, which its route ignores.
pub(super) fn public_on(app: &App, route: &Route, request: &hyper::Request<Incoming>) -> Option<Response> {
    let is_read = *request.method() == Method::GET && !request.headers().contains_key("range");
    if is_read && ignores_credentials(route) { cached(app, request) } else { None }
}

fn ignores_credentials(route: &Route) -> bool {
    route.access == Access::Public && route.surface == Surface::Api
}

fn cached(app: &App, request: &hyper::Request<Incoming>) -> Option<Response> {
    let headers = request.headers();
    let key = key(request.uri().path_and_query()?.as_str(), headers);
    let cached = app.cache.get(&key, app.domain.store.generation()?)?;
    Some(if conditional_requests::is_unchanged(headers, &cached) {
        conditional_requests::not_modified(&cached)
    } else {
        (*cached).clone()
    })
}

/// A cached response for the owner, through any app.
pub(super) fn of_owner(app: &App, request: &Request) -> Option<Response> {
    if request.method != Method::GET || !matches!(&request.principal, Principal::Token(b) if b.token.owner) {
        return None;
    }
    let key = CacheKey { owner: true, ..key(&request.target, &request.headers) };
    app.cache.get(&key, app.domain.store.generation()?).map(|cached| (*cached).clone())
}

/// Stores a response for the owner, before the headers of the surface are added.
pub(super) fn store_for_owner(app: &App, request: &Request, response: &Response, generation: u64) {
    if response.sharing == Sharing::Owner && response.status == StatusCode::OK && request.method == Method::GET {
        let key = CacheKey { owner: true, ..key(&request.target, &request.headers) };
        let cached = Response { sharing: Sharing::Private, ..response.clone() };
        app.cache.put(key, Arc::new(cached), generation);
    }
}

/// Stores a complete public response, unless it may depend on the sender of the request.
pub(super) fn store_public(app: &App, route: &Route, request: &Request, response: &Response, generation: u64) {
    let anonymous = matches!(request.principal, Principal::Anonymous)
        && (ignores_credentials(route) || !request.headers.contains_key("authorization"));
    let is_public = response.sharing == Sharing::Public && response.status == StatusCode::OK;
    if is_public && anonymous && request.method == Method::GET {
        app.cache.put(key(&request.target, &request.headers), Arc::new(response.clone()), generation);
    }
}

fn key(target: &str, headers: &HeaderMap) -> CacheKey {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    CacheKey {
        target: target.to_owned(),
        activity: content_negotiation::wants_activity(text("accept")),
        language: Language::accepted(text("accept-language")).code(),
        gzip: content_negotiation::accepts_gzip(text("accept-encoding")),
        owner: false,
    }
}
