//! What the server says of itself, and what it has nothing to say about.

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
    let entity = instance::v2(app, Context::of(app, request), &owner);
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

/// Lists that are empty on this server, and that apps ask for at their start.
pub(super) fn nothing(_: &App, _: &Request) -> Result<Response> {
    Ok(Response::json(&json!([])))
}

/// `GET /api/v1/instance/extended_description` and `privacy_policy`.
pub(super) fn no_text(app: &App, _: &Request) -> Result<Response> {
    let owner = app.domain.owner()?.id;
    let since = app.domain.store.read(|c| actors::get(c, owner))?.ok_or(Error::NotFound)?.created_at;
    Ok(Response::json(&json!({"updated_at": since.to_api(), "content": ""})))
}

/// Sign-up: there is none.
pub(super) fn no_sign_up(_: &App, _: &Request) -> Result<Response> {
    Err(Error::Forbidden("This server is one person's own; it has no sign-up".into()))
}
