//! Sign-in and sign-out.

use hyper::StatusCode;
use minijinja::context;

use crate::app::App;
use crate::domain::account::login;
use crate::error::{Error, Result};
use crate::http::rate_limit::Caller;
use crate::http::sign_ins::SignInClient;
use crate::http::{Request, Response, cookies};
use crate::web::pages::safe_next;
use crate::web::render;

/// `GET /login`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let next = safe_next(form.get("next"));
    if render::is_owner(request) {
        return Ok(Response::see_other(next));
    }
    render::page(app, request, "login.html", context! { next })
}

/// `POST /login`.
pub(crate) fn submit(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let next = safe_next(form.get("next"));
    let (username, password) = (form.get("username").unwrap_or_default(), form.get("password").unwrap_or_default());
    let client = client(app, request);
    let delay = app.sign_ins.begin(&client, &login::password_mark(&app.domain)?, app.domain.now())?;
    std::thread::sleep(delay);
    match login::check_password(&app.domain, username, password) {
        Ok(()) => {}
        Err(Error::Unauthorized(why)) => {
            let page = render::page(app, request, "login.html", context! { next, username, error => why })?;
            return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY));
        }
        Err(e) => return Err(e),
    }
    app.sign_ins.succeeded(&client);
    let (cookie, _) = login::start_session(&app.domain, request.header("user-agent").unwrap_or_default())?;
    let response = cookies::set_session(Response::see_other(next), &cookie, !app.domain.site.is_loopback());
    remember_device(app, request, response)
}

/// Marks the browser as known, so that its later sign-ins do not wait behind the guesses of others.
///
/// # Errors
/// [`Error::Internal`] if the system has no randomness.
pub(crate) fn remember_device(app: &App, request: &Request, response: Response) -> Result<Response> {
    let secure = !app.domain.site.is_loopback();
    match cookies::device(request, secure).filter(|mark| app.devices.id_in(mark).is_some()) {
        Some(mark) => Ok(cookies::set_device(response, mark, secure)),
        None => Ok(cookies::set_device(response, &app.devices.issue()?, secure)),
    }
}

fn client(app: &App, request: &Request) -> SignInClient {
    let mark = cookies::device(request, !app.domain.site.is_loopback());
    match mark.and_then(|mark| app.devices.id_in(mark)) {
        Some(id) => SignInClient::Device(id.to_owned()),
        None => SignInClient::Address(Caller::address(request.client)),
    }
}

/// `POST /logout`.
pub(crate) fn logout(app: &App, request: &Request) -> Result<Response> {
    login::end_session(&app.domain, request.session()?.id)?;
    Ok(cookies::end_session(Response::see_other("/"), !app.domain.site.is_loopback()))
}
