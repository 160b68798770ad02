//! Settings: an index of groups, and one file for each group.

pub(crate) mod about;
pub(crate) mod appearance;
pub(crate) mod apps;
pub(crate) mod browser_push;
pub(crate) mod emoji;
pub(crate) mod move_account;
pub(crate) mod notifications;
pub(crate) mod passkeys;
pub(crate) mod posting;
pub(crate) mod privacy;
pub(crate) mod profile;
pub(crate) mod security;
pub(crate) mod server;
pub(crate) mod two_factor;

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::account::two_factor as factor;
use crate::error::refusal::AccountRefusal;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::web::locale::Message;
use crate::web::render;

/// A group of settings, with a page of its own.
#[derive(Debug, Clone, Serialize)]
struct Group {
    /// Its page.
    path: &'static str,
    /// Its name.
    label: Message,
    /// Its contents.
    hint: Message,
    /// Its icon.
    icon: &'static str,
}

const fn group(path: &'static str, label: Message, hint: Message, icon: &'static str) -> Group {
    Group { path, label, hint, icon }
}

/// Every group, in the order of the index. The template of a group extends `settings_layout.html`.
const GROUPS: &[Group] = &[
    group(
        "/settings/profile",
        Message::new("settings-group-profile"),
        Message::new("settings-group-profile-hint"),
        "face",
    ),
    group(
        "/settings/appearance",
        Message::new("appearance-title"),
        Message::new("settings-group-appearance-hint"),
        "sun",
    ),
    group(
        "/settings/posting",
        Message::new("settings-group-posting"),
        Message::new("settings-group-posting-hint"),
        "pen",
    ),
    group(
        "/settings/privacy",
        Message::new("settings-group-privacy"),
        Message::new("settings-group-privacy-hint"),
        "lock",
    ),
    group("/filters", Message::new("filters-title"), Message::new("settings-group-filters-hint"), "filter"),
    group(
        "/settings/notifications",
        Message::new("notifications-title"),
        Message::new("settings-group-notifications-hint"),
        "bell",
    ),
    group("/settings/emoji", Message::new("settings-group-emoji"), Message::new("settings-group-emoji-hint"), "smile"),
    group("/library", Message::new("library-title"), Message::new("settings-group-media-hint"), "picture"),
    group(
        "/settings/security",
        Message::new("settings-group-security"),
        Message::new("settings-group-security-hint"),
        "shield",
    ),
    group("/settings/apps", Message::new("settings-group-apps"), Message::new("settings-group-apps-hint"), "key"),
    group("/settings/move", Message::new("settings-group-move"), Message::new("settings-group-move-hint"), "people"),
    group("/settings/about", Message::new("settings-group-about"), Message::new("settings-group-about-hint"), "pen"),
    group("/settings/server", Message::new("server-title"), Message::new("settings-group-server-hint"), "server"),
];

/// `GET /settings`.
pub(crate) fn index(app: &App, request: &Request) -> Result<Response> {
    render::page(app, request, "settings.html", context! { groups => GROUPS })
}

/// Checks the owner's password in this field of a form, because a browser may be left signed in.
///
/// # Errors
/// [`Error::Invalid`] with `wrong`, and those of [`App::check_password`].
fn confirm_password(app: &App, request: &Request, field: &str, wrong: AccountRefusal) -> Result<()> {
    let username = app.domain.owner()?.username;
    let form = request.form()?;
    app.check_password(request, &username, form.get(field).unwrap_or_default()).map_err(|e| match e {
        Error::Unauthorized(_) => Error::invalid(wrong),
        other => other,
    })
}

/// Checks the code of a form, if two-factor authentication is enabled.
///
/// # Errors
/// [`Error::Invalid`] if it is wrong, and those of [`App::counted`].
fn confirm_code(app: &App, request: &Request) -> Result<()> {
    let form = request.form()?;
    app.counted(request, || factor::check(&app.domain, form.get("code").unwrap_or_default())).map_err(as_input)
}

/// A wrong code or passkey in a form of the settings is wrong input: the browser is signed in.
fn as_input(error: Error) -> Error {
    match error {
        Error::Unauthorized(why) => Error::Invalid(why),
        other => other,
    }
}
