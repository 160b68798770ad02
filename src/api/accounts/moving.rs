//! Aliases and the move of the owner's account. Mastodon has no endpoints for them; these are the ones of Pleroma, and
//! `DELETE` for what it lacks.

use serde_json::json;

use crate::app::App;
use crate::domain::account::moving::{self, Cooldown};
use crate::domain::account::two_factor;
use crate::error::{Error, Result};
use crate::http::{Request, Response};

fn success() -> Response {
    Response::json(&json!({"status": "success"}))
}

/// `GET /api/pleroma/aliases`.
pub(crate) fn aliases(app: &App, _: &Request) -> Result<Response> {
    let aliases = moving::state(&app.domain)?.aliases;
    // Without its handle, an account is shown by its id.
    let names: Vec<String> = aliases.into_iter().map(|a| a.handle.unwrap_or(a.uri)).collect();
    Ok(Response::json(&json!({"aliases": names})))
}

/// `PUT /api/pleroma/aliases`.
pub(crate) fn add_alias(app: &App, request: &Request) -> Result<Response> {
    moving::add_alias(&app.domain, request.form()?.require("alias")?)?;
    Ok(success())
}

/// `DELETE /api/pleroma/aliases`.
pub(crate) fn remove_alias(app: &App, request: &Request) -> Result<Response> {
    moving::remove_alias(&app.domain, request.form()?.require("alias")?)?;
    Ok(success())
}

/// `POST /api/pleroma/move_account`. The code is required if two-factor authentication is enabled; it is checked last, because
/// it works once.
pub(crate) fn move_account(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let (target, password) = (form.require("target_account")?, form.require("password")?);
    let username = app.domain.owner()?.username;
    app.check_password(request, &username, password).map_err(|e| refused(e, "Invalid password."))?;
    let target = moving::check_target(&app.domain, target, Cooldown::Respected)?;
    app.counted(request, || two_factor::check(&app.domain, form.get("code").unwrap_or_default()))
        .map_err(|e| refused(e, "Invalid code."))?;
    moving::move_out(&app.domain, &target.uri, Cooldown::Respected)?;
    Ok(success())
}

/// A wrong password or code: 401 would tell apps that the token is invalid.
fn refused(error: Error, text: &'static str) -> Error {
    match error {
        Error::Unauthorized(_) => Error::Forbidden(text.into()),
        other => other,
    }
}

/// `DELETE /api/pleroma/move_account`: cancels the move.
pub(crate) fn cancel_move(app: &App, _: &Request) -> Result<Response> {
    moving::cancel(&app.domain)?;
    Ok(success())
}
