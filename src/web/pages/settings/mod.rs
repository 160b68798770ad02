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
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::web::render;

/// A group of settings, with a page of its own.
#[derive(Debug, Clone, Copy, Serialize)]
struct Group {
    /// Its page.
    path: &'static str,
    /// Its name.
    label: &'static str,
    /// Its contents.
    hint: &'static str,
    /// Its icon.
    icon: &'static str,
}

const fn group(path: &'static str, label: &'static str, hint: &'static str, icon: &'static str) -> Group {
    Group { path, label, hint, icon }
}

/// Every group, in the order of the index. The template of a group extends `settings_layout.html`.
const GROUPS: &[Group] = &[
    group("/settings/profile", "Profile", "Name, pictures, biography and fields", "face"),
    group("/settings/appearance", "Appearance", "Theme, colours, icon, light or dark", "sun"),
    group("/settings/posting", "Posting", "Visibility, language and quotes of new posts", "pen"),
    group("/settings/privacy", "Privacy", "Who may follow you and find you", "lock"),
    group("/filters", "Filters", "Words and posts that you do not want to read", "filter"),
    group("/settings/notifications", "Notifications", "Whose notifications you get", "bell"),
    group("/settings/emoji", "Custom emoji", "Your own emoji for posts, polls, profile and reactions", "smile"),
    group("/library", "Media", "Your uploads, and those without a description", "picture"),
    group("/settings/security", "Security", "Signed-in browsers, passkeys, and your password", "shield"),
    group("/settings/apps", "Apps", "Apps that use your account, and tokens for programs", "key"),
    group("/settings/move", "Move", "To another account, or from another account to this one", "people"),
    group("/settings/about", "About this server", "Description, rules and policies", "pen"),
    group("/settings/server", "Server", "Queues, storage and recent errors", "server"),
];

/// `GET /settings`.
pub(crate) fn index(app: &App, request: &Request) -> Result<Response> {
    render::page(app, request, "settings.html", context! { groups => GROUPS })
}

/// Checks the owner's password in this field of a form, because a browser may be left signed in.
///
/// # Errors
/// [`Error::Invalid`] with the text `wrong`, and those of [`App::check_password`].
fn confirm_password(app: &App, request: &Request, field: &str, wrong: &'static str) -> Result<()> {
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
