//! Information about the server, and endpoints that are empty on it.

use serde_json::json;

use super::entities::{Context, instance};
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::store::actors;
use crate::store::peers::hosts;

/// `GET /api/v2/instance`.
pub(super) fn v2(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?.id;
    let owner = app.domain.store.read(|c| actors::get(c, owner))?.ok_or(Error::NotFound)?;
    let mut entity = instance::v2(app, Context::of(app, request), &owner);
    entity["configuration"]["vapid"] = json!({"public_key": app.domain.push_keys()?.vapid.public()});
    Ok(Response::json(&entity).into_public())
}

/// `GET /api/v1/instance`.
pub(super) fn v1(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?.id;
    let (owner, hosts) =
        app.domain.store.read(|c| Ok((actors::get(c, owner)?.ok_or(Error::NotFound)?, hosts::count(c)?)))?;
    let entity = instance::v1(app, Context::of(app, request), &owner, hosts);
    Ok(Response::json(&entity).into_public())
}

/// An empty list, for endpoints that apps need at their start.
pub(super) fn empty_list(_: &App, _: &Request) -> Result<Response> {
    Ok(Response::json(&json!([])))
}

/// `GET /api/v1/instance/extended_description` and `privacy_policy`.
pub(super) fn empty_text(app: &App, _: &Request) -> Result<Response> {
    let owner = app.domain.owner()?.id;
    let since = app.domain.store.read(|c| actors::get(c, owner))?.ok_or(Error::NotFound)?.created_at;
    Ok(Response::json(&json!({"updated_at": since.to_api(), "content": ""})))
}

/// `POST /api/v1/accounts`: sign-up, which is not available.
pub(super) fn no_sign_up(_: &App, _: &Request) -> Result<Response> {
    Err(Error::Forbidden("Sign-up is not available: this server has one account".into()))
}

/// `GET /api/v1/instance/terms_of_service`: there are none.
pub(super) fn no_terms(_: &App, _: &Request) -> Result<Response> {
    Err(Error::NotFound)
}

/// `POST /api/v1/emails/confirmations`: accounts have no e-mail address here.
pub(super) fn no_email(_: &App, _: &Request) -> Result<Response> {
    Err(Error::Forbidden("Accounts have no e-mail address on this server".into()))
}
