//! The owner's passkeys: adding and removing them. They are listed among the settings of security.

use minijinja::context;
use serde::Serialize;

use super::{as_input, confirm_password};
use crate::app::App;
use crate::domain::account::passkeys;
use crate::error::Result;
use crate::error::refusal::AccountRefusal;
use crate::http::{Request, Response};
use crate::store::account::passkeys::Passkey;
use crate::web::locale::Message;
use crate::web::pages::account::passkey;
use crate::web::pages::rejected;
use crate::web::render;
use crate::web::templates::{Time, time};

/// A passkey of the list.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PasskeyRow {
    id: String,
    name: String,
    since: Time,
    used: Option<Time>,
}

impl From<Passkey> for PasskeyRow {
    fn from(passkey: Passkey) -> Self {
        Self {
            id: passkey.id.to_string(),
            name: passkey.name,
            since: time(passkey.created_at),
            used: passkey.used_at.map(time),
        }
    }
}

/// `GET /settings/passkeys`: asks for the password, because a browser may be left signed in.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    show_form(app, request, None, None)
}

fn show_form(app: &App, request: &Request, options: Option<String>, error: Option<Message>) -> Result<Response> {
    render::page(app, request, "settings_passkey.html", context! { options, error })
}

/// `POST /settings/passkeys/new`: with the right password, the page on which the browser creates a passkey.
pub(crate) fn start(app: &App, request: &Request) -> Result<Response> {
    match confirm_password(app, request, "password", AccountRefusal::WrongPassword) {
        Ok(()) => show_form(app, request, Some(passkey::to_create(app)?), None),
        Err(e) => rejected(&e, request, |message| show_form(app, request, None, Some(message))),
    }
}

/// `POST /settings/passkeys`: stores what the browser has created.
pub(crate) fn add(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    match passkeys::add(&app.domain, form.get("name").unwrap_or_default(), passkey::response(&form)) {
        Ok(()) => Ok(Response::see_other("/settings/security?done=passkey-added")),
        Err(e) => rejected(&as_input(e), request, |message| show_form(app, request, None, Some(message))),
    }
}

/// `POST /settings/passkeys/ID/remove`.
pub(crate) fn remove(app: &App, request: &Request) -> Result<Response> {
    passkeys::remove(&app.domain, request.id("id")?)?;
    Ok(Response::see_other("/settings/security?done=passkey-removed"))
}
