//! Sign-in and sign-out.

use hyper::StatusCode;
use minijinja::context;

use super::safe_next;
use crate::app::App;
use crate::domain::signin;
use crate::error::{Error, Result};
use crate::http::rates::Caller;
use crate::http::{Class, Request, Response, cookies};
use crate::web::render;

/// `GET /login`.
pub(in crate::web) fn show(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let next = safe_next(form.get("next"));
    if render::is_owner(request) {
        return Ok(Response::see_other(next));
    }
    render::page(app, request, "login.html", context! { next })
}

/// `POST /login`.
pub(in crate::web) fn submit(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let next = safe_next(form.get("next"));
    let (username, password) = (form.get("username").unwrap_or_default(), form.get("password").unwrap_or_default());
    let everybody = app.rates.count(Class::Login, Caller::Everybody, app.domain.now());
    if everybody.is_some_and(|s| s.exceeded) {
        return Err(Error::RateLimited { retry_after: 3_600 });
    }
    match signin::check_password(&app.domain, username, password) {
        Ok(()) => {}
        Err(Error::Unauthorized(why)) => {
            let page = render::page(app, request, "login.html", context! { next, username, error => why })?;
            return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY));
        }
        Err(e) => return Err(e),
    }
    app.rates.forgive(Class::Login, Caller::Everybody);
    app.rates.forgive(Class::Login, Caller::address(request.client));
    let (cookie, _) = signin::start_session(&app.domain, request.header("user-agent").unwrap_or_default())?;
    Ok(cookies::set_session(Response::see_other(next), &cookie, !app.domain.site.is_loopback()))
}

/// `POST /logout`.
pub(in crate::web) fn logout(app: &App, request: &Request) -> Result<Response> {
    signin::end_session(&app.domain, request.session()?.id)?;
    Ok(cookies::end_session(Response::see_other("/"), !app.domain.site.is_loopback()))
}
