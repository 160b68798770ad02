//! Hashtags: the ones that the owner follows and features.

use serde_json::json;

use super::entities::Context;
use super::entities::hashtag::{featured_tag, tag};
use super::paging::{self, Rows, Size};
use crate::app::App;
use crate::domain::account::hashtags;
use crate::domain::queries::hashtags as views;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::ActorId;
use crate::store::actors;

/// Followed hashtags.
const FOLLOWED: Size = Size::new(100, 200);

fn show(app: &App, request: &Request, name: &str) -> Result<Response> {
    let viewer = request.viewer(app.domain.owner()?.id);
    Ok(Response::json(&tag(Context::of(app, request), &views::get(&app.domain, viewer, name)?)))
}

/// `GET /api/v1/tags/:name`: also a hashtag that no post has.
pub(super) fn get(app: &App, request: &Request) -> Result<Response> {
    let name = hashtags::parse(request.param("name")).map_err(|_| Error::NotFound)?;
    show(app, request, &name)
}

/// `POST /api/v1/tags/:name/follow`.
pub(super) fn follow(app: &App, request: &Request) -> Result<Response> {
    show(app, request, &hashtags::follow(&app.domain, request.param("name"))?)
}

/// `POST /api/v1/tags/:name/unfollow`.
pub(super) fn unfollow(app: &App, request: &Request) -> Result<Response> {
    show(app, request, &hashtags::unfollow(&app.domain, request.param("name"))?)
}

/// `POST /api/v1/tags/:name/feature`.
pub(super) fn feature(app: &App, request: &Request) -> Result<Response> {
    show(app, request, &hashtags::feature(&app.domain, request.param("name"))?)
}

/// `POST /api/v1/tags/:name/unfeature`.
pub(super) fn unfeature(app: &App, request: &Request) -> Result<Response> {
    show(app, request, &hashtags::end_feature(&app.domain, request.param("name"))?)
}

/// `GET /api/v1/followed_tags`.
pub(super) fn followed(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, FOLLOWED);
    let rows = views::followed(&app.domain, &page)?;
    let ctx = Context::of(app, request);
    let items: Vec<_> = rows.iter().map(|(_, view)| tag(ctx, view)).collect();
    let cursors = rows.first().zip(rows.last()).map(|(first, last)| (first.0, last.0));
    Ok(paging::respond(app, request, Rows { page: &page, count: rows.len(), cursors }, &items))
}

/// `GET /api/v1/featured_tags`.
pub(super) fn featured(app: &App, request: &Request) -> Result<Response> {
    let ctx = Context::of(app, request);
    let items: Vec<_> = views::featured(&app.domain)?.iter().map(|f| featured_tag(ctx, f)).collect();
    Ok(Response::json(&items))
}

/// `POST /api/v1/featured_tags`.
pub(super) fn add_featured(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let tag = hashtags::feature(&app.domain, form.require("name")?)?;
    let found = views::featured(&app.domain)?.into_iter().find(|f| f.tag == tag).ok_or(Error::NotFound)?;
    Ok(Response::json(&featured_tag(Context::of(app, request), &found)))
}

/// `DELETE /api/v1/featured_tags/:id`.
pub(super) fn remove_featured(app: &App, request: &Request) -> Result<Response> {
    hashtags::end_feature_by_id(&app.domain, request.id("id")?)?;
    Ok(Response::json(&json!({})))
}

/// `GET /api/v1/featured_tags/suggestions`.
pub(super) fn suggestions(app: &App, request: &Request) -> Result<Response> {
    let ctx = Context::of(app, request);
    let items: Vec<_> = views::suggestions(&app.domain)?.iter().map(|view| tag(ctx, view)).collect();
    Ok(Response::json(&items))
}

/// `GET /api/v1/accounts/:id/featured_tags`: those of the owner; what others feature is not known.
pub(super) fn of_account(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    let actor = app.domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
    if actor.local { featured(app, request) } else { Ok(Response::json(&json!([]))) }
}
