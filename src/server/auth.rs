//! Authenticates requests and checks the access of their routes.

use crate::app::{App, Route};
use crate::domain::account::{login, oauth};
use crate::error::refusal::RequestRefusal;
use crate::error::{Error, Result};
use crate::federation::authenticate;
use crate::http::{Access, Principal, Request, Response, cookies};
use crate::limits;
use crate::store::relationships::blocks;
use crate::web;

/// The result of an access check.
pub(super) enum Gatekeeper {
    /// The handler may run.
    Enter,
    /// This is the response instead: a redirect to the sign-in page.
    Instead(Response),
}

/// Authenticates a request as its route requires.
///
/// # Errors
/// 401 without a token, 403 for a missing scope or a form from another site.
pub(super) fn check(app: &App, route: &Route, request: &mut Request) -> Result<Gatekeeper> {
    match route.access {
        Access::Public => {}
        Access::Signed => signed(app, request)?,
        Access::Token(scopes) => {
            let bearer = bearer(app, request)?.ok_or_else(missing)?;
            if !bearer.token.owner {
                return Err(Error::Forbidden("This method requires an authenticated user".into()));
            }
            if !scopes.split(' ').any(|s| bearer.scopes.cover(s)) {
                return Err(Error::Forbidden("This action is outside the authorized scopes".into()));
            }
            request.principal = Principal::Token(bearer);
        }
        Access::AnyToken => request.principal = Principal::Token(bearer(app, request)?.ok_or_else(missing)?),
        Access::Optional(scope) => {
            if let Some(bearer) = bearer(app, request)?.filter(|b| b.scopes.cover(scope)) {
                request.principal = Principal::Token(bearer);
            }
        }
        Access::Session => return session(app, request),
        Access::OptionalSession => {
            if let Some(session) = find_session(app, request)? {
                request.principal = Principal::Browser(session);
            }
        }
        Access::Shared => {
            check_browser(app, request)?;
            if let Some(session) = find_session(app, request)? {
                request.principal = Principal::Browser(session);
            }
        }
        Access::PublicForm => {
            if request.method != hyper::Method::GET {
                check_origin(app, request)?;
            }
            if let Some(session) = find_session(app, request)? {
                request.principal = Principal::Browser(session);
            }
        }
    }
    Ok(Gatekeeper::Enter)
}

/// In secure mode, and with an allow list, documents are only for signers that the owner does not block.
fn signed(app: &App, request: &Request) -> Result<()> {
    if !app.config.federation.requires_signatures() {
        return Ok(());
    }
    let signer = authenticate::signer(app, request)?;
    if app.domain.store.read(|c| blocks::is_by_local(c, signer.key.actor_id))? {
        return Err(Error::Forbidden("The owner of this server blocks the signer".into()));
    }
    Ok(())
}

/// The checks of [`check`] that are possible before the body is read. [`check`] still follows.
///
/// # Errors
/// As [`check`].
pub(super) fn check_before_body(app: &App, route: &Route, request: &mut Request) -> Result<Gatekeeper> {
    match route.access {
        Access::Token(_) | Access::AnyToken if may_hold_token(request) => Ok(Gatekeeper::Enter),
        Access::Token(_) | Access::AnyToken => check(app, route, request),
        Access::Session => match find_session(app, request)? {
            Some(_) => check_origin(app, request).map(|()| Gatekeeper::Enter),
            None if may_hold_text(app, request) => Ok(Gatekeeper::Enter),
            None => to_sign_in(app, request),
        },
        Access::Shared => match find_session(app, request)? {
            Some(_) => check_browser(app, request).map(|()| Gatekeeper::Enter),
            None if may_hold_text(app, request) => check_browser(app, request).map(|()| Gatekeeper::Enter),
            None => to_sign_in(app, request),
        },
        _ => Ok(Gatekeeper::Enter),
    }
}

fn missing() -> Error {
    Error::Unauthorized("The access token is invalid".into())
}

/// Returns `true` if a request has credentials in its headers: a token or a session cookie.
pub(super) fn has_credentials(app: &App, request: &Request) -> bool {
    request.headers.contains_key("authorization")
        || stream_token(request).is_some()
        || cookies::session(request, !app.domain.site.is_loopback()).is_some()
}

/// Recognises a token of the owner that is in memory, without the database.
pub(super) fn recognise(app: &App, request: &mut Request) {
    let Some((scheme, token)) = request.header("authorization").and_then(|h| h.split_once(' ')) else { return };
    if scheme.eq_ignore_ascii_case("bearer")
        && let Some(bearer) = oauth::cached_bearer(&app.domain, token.trim())
    {
        request.identified = Some(Principal::Token(bearer));
    }
}

/// Looks up the holder of a request's credentials. Invalid credentials are refused later, if the route requires any.
pub(super) fn identify(app: &App, request: &mut Request) {
    if request.identified.is_some() || !has_credentials(app, request) {
        return;
    }
    let who = match bearer(app, request) {
        Ok(Some(bearer)) => Principal::Token(bearer),
        _ => match find_session(app, request) {
            Ok(Some(session)) => Principal::Browser(session),
            _ => return,
        },
    };
    request.identified = Some(who);
}

/// The token of a request: from the header, or from a field of the body (RFC 6750 section 2.2). Tokens in URLs are refused,
/// because URLs are written to logs and histories, except for streams. An unknown token is an error even where none is
/// required: that is how apps notice that they were signed out.
fn bearer(app: &App, request: &Request) -> Result<Option<oauth::Bearer>> {
    if let Some(Principal::Token(bearer)) = &request.identified {
        return Ok(Some(bearer.clone()));
    }
    let header = request.header("authorization").and_then(|h| h.split_once(' '));
    let in_header = header.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let token = match in_header.map(|(_, token)| token.trim().to_owned()).or_else(|| stream_token(request)) {
        Some(token) => Some(token),
        None if url::form_urlencoded::parse(request.query().as_bytes()).any(|(key, _)| key == "access_token") => {
            let text = "The access token must be in the Authorization header or the body, not in the address";
            return Err(Error::Unauthorized(text.into()));
        }
        None if !request.has_body() => None,
        None => request.form()?.filled("access_token").map(str::to_owned),
    };
    token.map(|t| oauth::bearer(&app.domain, &t)).transpose()
}

/// The token of a stream: browsers cannot set the `Authorization` header of a WebSocket or an `EventSource`, so it may also be
/// in the query or be offered as the subprotocol.
fn stream_token(request: &Request) -> Option<String> {
    if !request.path.starts_with("/api/v1/streaming") {
        return None;
    }
    let in_query = url::form_urlencoded::parse(request.query().as_bytes()).find(|(key, _)| key == "access_token");
    let offered = || request.header("sec-websocket-protocol").and_then(|offered| offered.split(',').next());
    let token = in_query.map(|(_, token)| token.into_owned()).or_else(|| Some(offered()?.trim().to_owned()));
    token.filter(|token| !token.is_empty())
}

/// Returns `true` if a body that was not read yet may contain the token: it is no larger than a form.
fn may_hold_token(request: &Request) -> bool {
    let length = request.header("content-length").and_then(|l| l.parse::<usize>().ok());
    request.header("authorization").is_none() && length.is_some_and(|l| (1..=limits::FORM_BODY).contains(&l))
}

fn find_session(app: &App, request: &Request) -> Result<Option<crate::store::account::sessions::Session>> {
    if let Some(Principal::Browser(session)) = &request.identified {
        return Ok(Some(session.clone()));
    }
    match cookies::session(request, !app.domain.site.is_loopback()) {
        Some(cookie) => login::session(&app.domain, cookie),
        None => Ok(None),
    }
}

fn check_browser(app: &App, request: &Request) -> Result<()> {
    if cookies::is_from_browser(request, &app.domain.site.base()) {
        return Ok(());
    }
    Err(Error::Forbidden(RequestRefusal::ShareOfOtherSite.into()))
}

fn check_origin(app: &App, request: &Request) -> Result<()> {
    if cookies::is_from_own_page(request, &app.domain.site.base()) {
        return Ok(());
    }
    Err(Error::Forbidden(RequestRefusal::FormOfOtherSite.into()))
}

/// Returns `true` if the body of a request without a session is read because it holds what the owner wrote, to be kept
/// until the owner has signed in: it comes from a browser that the owner has signed in with before.
fn may_hold_text(app: &App, request: &Request) -> bool {
    let device = cookies::device(request, !app.domain.site.is_loopback());
    web::holds_text(&request.path) && device.is_some_and(|mark| app.devices.id_in(mark).is_some())
}

/// A page is redirected to the sign-in page; a script learns that the session has ended.
///
/// A page that the service worker loads has an empty destination too, but it keeps the mode of a navigation.
fn to_sign_in(app: &App, request: &Request) -> Result<Gatekeeper> {
    let is_navigation = request.header("sec-fetch-mode") == Some("navigate");
    if request.header("sec-fetch-dest") == Some("empty") && !is_navigation {
        return Err(Error::Unauthorized(RequestRefusal::SignInFirst.into()));
    }
    web::require_sign_in(app, request).map(Gatekeeper::Instead)
}

fn session(app: &App, request: &mut Request) -> Result<Gatekeeper> {
    let Some(session) = find_session(app, request)? else { return to_sign_in(app, request) };
    if request.method != hyper::Method::GET {
        check_origin(app, request)?;
        let form = request.form()?;
        let token = form.get("csrf").unwrap_or_default();
        let is_current = crate::protocol::secret::same(token, &session.csrf);
        if !is_current && web::is_compose(&request.path) {
            let page = web::resume(app, &request.in_session(session), &request.path, &form)?;
            return Ok(Gatekeeper::Instead(page.with_status(hyper::StatusCode::FORBIDDEN)));
        }
        if !is_current {
            return Err(Error::Forbidden(RequestRefusal::FormOutOfDate.into()));
        }
    }
    request.principal = Principal::Browser(session);
    Ok(Gatekeeper::Enter)
}
