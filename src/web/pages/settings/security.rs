//! The password, passkeys, and the browsers in which the owner is signed in.

use minijinja::context;
use serde::Serialize;

use super::confirm_password;
use super::passkeys::PasskeyRow;
use crate::app::App;
use crate::domain::account::{login, passkeys, password, two_factor};
use crate::error::Result;
use crate::error::refusal::AccountRefusal;
use crate::http::{Principal, Request, Response};
use crate::protocol::ids::SessionId;
use crate::store::account::sessions::Browser;
use crate::web::locale::Message;
use crate::web::pages::rejected;
use crate::web::render;
use crate::web::templates::{Time, time};

/// A browser of the list.
#[derive(Debug, Clone, Serialize)]
struct BrowserRow {
    id: String,
    name: Message,
    /// What the browser calls itself.
    agent: String,
    since: Time,
    used: Time,
    is_this: bool,
}

/// The browsers and systems that are recognized, in the order of the check: Edge and Opera also call themselves Chrome, and
/// Chrome calls itself Safari.
const BROWSERS: [(&str, &str); 6] = [
    ("Firefox/", "Firefox"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("w3m/", "w3m"),
];
const SYSTEMS: [(&str, &str); 6] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// A short name of a browser.
fn browser_name(agent: &str) -> Message {
    let known =
        |table: &[(&str, &'static str)]| table.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name);
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => {
            Message::new("browser-on-system").with("browser", browser).with("system", system)
        }
        (Some(browser), None) => Message::new("browser-only").with("browser", browser),
        (None, Some(system)) => Message::new("browser-unknown-on").with("system", system),
        (None, None) => Message::new("browser-unknown"),
    }
}

fn row(browser: Browser, this: SessionId) -> BrowserRow {
    BrowserRow {
        id: browser.id.to_string(),
        name: browser_name(&browser.user_agent),
        since: time(browser.created_at),
        used: time(browser.used_at),
        is_this: browser.id == this,
        agent: browser.user_agent,
    }
}

/// `GET /settings/security`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    show_form(app, request, None)
}

fn show_form(app: &App, request: &Request, error: Option<Message>) -> Result<Response> {
    let this = request.session()?.id;
    let passkeys: Vec<PasskeyRow> = passkeys::list(&app.domain)?.into_iter().map(PasskeyRow::from).collect();
    let browsers: Vec<BrowserRow> = login::browsers(&app.domain)?.into_iter().map(|b| row(b, this)).collect();
    render::page(
        app,
        request,
        "settings_security.html",
        context! { browsers, passkeys, two_factor => two_factor::is_enabled(&app.domain)?, error },
    )
}

/// `POST /settings/security/password`: sets a new password. Every browser and app is signed out.
pub(crate) fn change_password(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let checked = confirm_password(app, request, "current", AccountRefusal::WrongCurrentPassword);
    let changed = checked.and_then(|()| password::set(&app.domain, form.get("new").unwrap_or_default()));
    match changed {
        Ok(()) => {
            let signed_out = Request { principal: Principal::Anonymous, ..request.clone() };
            let lines = [Message::new("security-changed")];
            let link = ("/login", Message::new("login-title"));
            render::page(
                app,
                &signed_out,
                "message.html",
                context! { heading => Message::new("security-changed-title"), lines, link },
            )
        }
        Err(e) => rejected(&e, request, |message| show_form(app, request, Some(message))),
    }
}

/// `POST /settings/security/sessions/ID/end`.
pub(crate) fn end(app: &App, request: &Request) -> Result<Response> {
    login::end_session(&app.domain, request.id("id")?)?;
    Ok(Response::see_other("/settings/security?done=signed-out"))
}

/// `POST /settings/security/sessions/end-others`.
pub(crate) fn end_others(app: &App, request: &Request) -> Result<Response> {
    login::end_other_sessions(&app.domain, request.session()?.id)?;
    Ok(Response::see_other("/settings/security?done=signed-out-others"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_have_short_names() {
        let known = |browser: &str, system: &str| {
            Message::new("browser-on-system").with("browser", browser).with("system", system)
        };
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", known("Firefox", "Linux")),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
                known("Edge", "Windows"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604.1",
                known("Safari", "iPhone"),
            ),
            ("curl/8", Message::new("browser-unknown")),
        ] {
            assert_eq!(browser_name(agent), name);
        }
    }
}
