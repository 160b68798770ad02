//! The owner's profile and posting defaults.

use super::profile_form::ProfileForm;
use crate::api::entities::Context;
use crate::api::entities::account::{self, Defaults};
use crate::api::entities::profile::profile as profile_entity;
use crate::api::paging;
use crate::app::App;
use crate::domain::account::profile::{self, ProfileChange};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::ActorId;
use crate::store::Conn;
use crate::store::account::featured_hashtags;
use crate::store::actors;
use crate::store::database::settings;
use crate::store::relationships::follows;

fn defaults(conn: &Conn, owner: ActorId) -> Result<Defaults> {
    Ok(Defaults {
        visibility: crate::domain::posts::default_visibility(conn)?,
        sensitive: settings::get(conn, settings::DEFAULT_SENSITIVE)?.as_deref() == Some("true"),
        language: settings::get(conn, settings::DEFAULT_LANGUAGE)?,
        quote_policy: crate::domain::posts::default_quote_policy(conn)?,
        follow_requests: follows::count_requests(conn, owner)?,
    })
}

/// `GET /api/v1/accounts/verify_credentials`.
pub(crate) fn verify_credentials(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?.id;
    let (actor, defaults) =
        app.domain.store.read(|c| Ok((actors::get(c, owner)?.ok_or(Error::NotFound)?, defaults(c, owner)?)))?;
    let entity = account::credential_account(Context::of(app, request), &actor, &defaults);
    Ok(paging::shared_by_owner(request, Response::json(&entity)))
}

/// `PATCH /api/v1/accounts/update_credentials`: changes only the given values.
pub(crate) fn update_credentials(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let change = ProfileForm::read(&form)?.into_change(app)?;
    profile::update_profile(&app.domain, change)?;
    verify_credentials(app, request)
}

/// `DELETE /api/v1/profile/avatar`.
pub(crate) fn remove_avatar(app: &App, request: &Request) -> Result<Response> {
    profile::update_profile(&app.domain, ProfileChange { avatar: Some(None), ..ProfileChange::default() })?;
    verify_credentials(app, request)
}

/// `DELETE /api/v1/profile/header`.
pub(crate) fn remove_header(app: &App, request: &Request) -> Result<Response> {
    profile::update_profile(&app.domain, ProfileChange { header: Some(None), ..ProfileChange::default() })?;
    verify_credentials(app, request)
}

/// `GET /api/v1/profile`.
pub(crate) fn get(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?.id;
    let (actor, featured) = app
        .domain
        .store
        .read(|c| Ok((actors::get(c, owner)?.ok_or(Error::NotFound)?, featured_hashtags::all(c, owner)?)))?;
    Ok(Response::json(&profile_entity(Context::of(app, request), &actor, &featured)))
}

/// `PATCH /api/v1/profile`: as `update_credentials`.
pub(crate) fn update(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    profile::update_profile(&app.domain, ProfileForm::read(&form)?.into_change(app)?)?;
    get(app, request)
}
