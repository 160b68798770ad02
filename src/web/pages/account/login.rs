//! Sign-in and sign-out.

use hyper::StatusCode;
use minijinja::context;

use crate::app::App;
use crate::domain::account::{login, passkeys, two_factor};
use crate::error::{Error, Result};
use crate::http::{Form, PageUse, Request, Response, cookies};
use crate::web::locale::{self, Message};
use crate::web::pages::account::passkey;
use crate::web::pages::posts::{compose, shared_text};
use crate::web::pages::{origin, safe_next};
use crate::web::render;

/// `GET /login`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let next = safe_next(form.get("next"));
    if render::is_owner(request) {
        return Ok(Response::see_other(next));
    }
    show_form(app, request, context! { next })
}

fn show_form(app: &App, request: &Request, context: minijinja::Value) -> Result<Response> {
    let two_factor = two_factor::is_enabled(&app.domain)?;
    // The demo has one owner for everybody on this machine.
    let demo = app.config.demo.as_ref();
    let passkey = match passkeys::list(&app.domain)?.is_empty() {
        true => None,
        false => Some(passkey::to_sign_in(app)?),
    };
    Ok(render::page(app, request, "login.html", context! { two_factor, passkey, demo, ..context })?
        .with_page_use(PageUse::SignIn))
}

/// The response to a request for a page of the owner without a session: the sign-in page, which then leads back. A text that
/// was written is kept in it.
///
/// # Errors
/// [`Error::Internal`] if the page cannot be rendered.
pub fn require(app: &App, request: &Request) -> Result<Response> {
    let to_sign_in = |next: &str| {
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        Response::see_other(&format!("/login?next={next}"))
    };
    if request.method == hyper::Method::GET {
        return Ok(to_sign_in(&request.target));
    }
    let is_held = compose::holds_text(&request.path) && request.has_body();
    let form = if is_held { request.form()? } else { Form::default() };
    let shared = shared_text::text(&form);
    let (next, held): (&str, Vec<(&str, &str)>) = match request.path == shared_text::PATH && is_held {
        true => (NEW_POST, vec![("text", &shared)]),
        false => (&request.path, form.fields().filter(|(key, value)| *key != "csrf" && !value.is_empty()).collect()),
    };
    if held.is_empty() {
        return Ok(to_sign_in(&origin(app, request)));
    }
    let lost_files = form.files("picture").next().is_some();
    let page = show_form(app, request, context! { next, held, lost_files })?;
    Ok(page.with_status(StatusCode::FORBIDDEN))
}

/// The path of the form of a new post.
const NEW_POST: &str = "/posts";

/// The prefix of the fields of the sign-in form that hold another form.
const HELD: &str = "held-";

/// `POST /login`.
pub(crate) fn submit(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let (username, password) = (form.get("username").unwrap_or_default(), form.get("password").unwrap_or_default());
    let checked = app.counted(request, || {
        login::check_password(&app.domain, username, password)?;
        two_factor::check(&app.domain, form.get("code").unwrap_or_default())
    });
    match checked {
        Ok(()) => {}
        Err(Error::Unauthorized(_)) => {
            // Which of them is wrong is not revealed.
            let error = match two_factor::is_enabled(&app.domain)? {
                true => Message::new("login-wrong-code"),
                false => Message::new("login-wrong"),
            };
            return show_again(app, request, username, error);
        }
        Err(e) => return Err(e),
    }
    signed_in(app, request)
}

/// `POST /login/passkey`.
pub(crate) fn submit_passkey(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    match app.counted(request, || passkeys::check(&app.domain, passkey::response(&form))) {
        Ok(()) => signed_in(app, request),
        Err(Error::Unauthorized(why)) => show_again(app, request, "", locale::refusal(&why)),
        Err(e) => Err(e),
    }
}

/// The page after an attempt that failed, with all that was entered but secrets.
fn show_again(app: &App, request: &Request, username: &str, error: Message) -> Result<Response> {
    let form = request.form()?;
    let next = safe_next(form.get("next"));
    let held = form.with_prefix(HELD);
    let held: Vec<(&str, &str)> = held.fields().collect();
    let page = show_form(app, request, context! { next, username, held, error })?;
    Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

/// Starts a session, and leads to where the owner wanted to go.
fn signed_in(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let next = safe_next(form.get("next"));
    let (cookie, session) = login::start_session(&app.domain, request.header("user-agent").unwrap_or_default())?;
    let held = form.with_prefix(HELD);
    let response = if compose::is_compose(next) && held.fields().next().is_some() {
        compose::resume_after_sign_in(app, &request.in_session(session), next, &held)?
    } else {
        Response::see_other(next)
    };
    let response = cookies::set_session(response, &cookie, !app.domain.site.is_loopback());
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

/// `POST /logout`.
pub(crate) fn logout(app: &App, request: &Request) -> Result<Response> {
    login::end_session(&app.domain, request.session()?.id)?;
    Ok(cookies::end_session(Response::see_other("/"), !app.domain.site.is_loopback()))
}
