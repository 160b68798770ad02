//! Setup: the owner chooses a name and a password, and is signed in.

use hyper::StatusCode;
use minijinja::context;

use crate::app::App;
use crate::domain::account::login;
use crate::domain::account::setup::{self, NewOwner};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response, cookies};
use crate::web::locale::{self, Message};
use crate::web::render;

/// Checks the token of the setup link. It works once, and only while there is no owner.
fn check(app: &App, token: &str) -> Result<()> {
    if app.domain.awaits_setup() && login::is_setup_token(&app.domain, token)? {
        return Ok(());
    }
    Err(Error::NotFound)
}

fn show_form(app: &App, request: &Request, form: &Form, error: Option<Message>) -> Result<Response> {
    let context = context! {
        token => form.get("token"),
        domain => app.domain.site.handle_domain(),
        username => form.get("username"),
        display_name => form.get("display_name"),
        error,
    };
    render::page(app, request, "setup.html", context)
}

/// `GET /setup?token=…`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    if !app.domain.awaits_setup() {
        return Ok(Response::see_other("/login"));
    }
    check(app, form.get("token").unwrap_or_default())?;
    show_form(app, request, &form, None)
}

/// `POST /setup`.
pub(crate) fn submit(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    check(app, form.get("token").unwrap_or_default())?;
    let text = |key: &str| form.get(key).unwrap_or_default().to_owned();
    let new = NewOwner { username: text("username"), display_name: text("display_name"), password: text("password") };
    match setup::create(&app.domain, new) {
        Ok(_) => {}
        Err(e @ (Error::Invalid(_) | Error::Conflict(_))) => {
            let message = locale::error(&e);
            return Ok(show_form(app, request, &form, Some(message))?.with_status(StatusCode::UNPROCESSABLE_ENTITY));
        }
        Err(e) => return Err(e),
    }
    let (cookie, _) = login::start_session(&app.domain, request.header("user-agent").unwrap_or_default())?;
    let secure = !app.domain.site.is_loopback();
    let response = cookies::set_session(Response::see_other("/home?done=welcome"), &cookie, secure);
    super::login::remember_device(app, request, response)
}
