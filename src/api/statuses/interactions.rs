//! Interactions with statuses: favourites, boosts, bookmarks, pins, emoji reactions, quotes and their policy.

use std::sync::Arc;

use super::posts::{show, viewer};
use super::status_form::{quote_policy, visibility};
use crate::api::{accounts, paging, timelines as statuses_page};
use crate::app::App;
use crate::domain::Domain;
use crate::domain::interactions::{bookmark, boost, emoji_reaction, favourite, pin, quotes, thread_mute};
use crate::domain::queries;
use crate::domain::queries::timelines::WithCursors;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::StatusId;
use crate::store::actors::Actor;
use crate::store::database::pagination::Page;
use crate::store::visibility::Viewer;

/// `PUT /api/v1/statuses/:id/interaction_policy`: sets who may quote it.
pub(crate) fn interaction_policy(app: &App, request: &Request) -> Result<Response> {
    let policy = quote_policy(&request.form()?)?;
    let policy = policy.ok_or_else(|| Error::invalid("quote_approval_policy can't be blank"))?;
    let id: StatusId = request.id("id")?;
    quotes::set_policy(&app.domain, id, policy)?;
    show(app, request, id)
}

/// `POST /api/v1/statuses/:id/favourite`.
pub(crate) fn favourite(app: &App, request: &Request) -> Result<Response> {
    show(app, request, favourite::add(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/unfavourite`.
pub(crate) fn unfavourite(app: &App, request: &Request) -> Result<Response> {
    show(app, request, favourite::remove(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/reblog`: returns the boost, which contains the original.
pub(crate) fn boost(app: &App, request: &Request) -> Result<Response> {
    let wanted = visibility(&request.form()?)?;
    show(app, request, boost::add(&app.domain, request.id("id")?, wanted)?)
}

/// `POST /api/v1/statuses/:id/unreblog`: returns the original.
pub(crate) fn unboost(app: &App, request: &Request) -> Result<Response> {
    show(app, request, boost::remove(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/bookmark`.
pub(crate) fn bookmark(app: &App, request: &Request) -> Result<Response> {
    show(app, request, bookmark::add(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/unbookmark`.
pub(crate) fn unbookmark(app: &App, request: &Request) -> Result<Response> {
    show(app, request, bookmark::remove(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/mute`.
pub(crate) fn mute(app: &App, request: &Request) -> Result<Response> {
    show(app, request, thread_mute::add(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/unmute`.
pub(crate) fn unmute(app: &App, request: &Request) -> Result<Response> {
    show(app, request, thread_mute::remove(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/pin`.
pub(crate) fn pin(app: &App, request: &Request) -> Result<Response> {
    show(app, request, pin::add(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/unpin`.
pub(crate) fn unpin(app: &App, request: &Request) -> Result<Response> {
    show(app, request, pin::remove(&app.domain, request.id("id")?)?)
}

/// `POST /api/v1/statuses/:id/react/:emoji`.
pub(crate) fn react(app: &App, request: &Request) -> Result<Response> {
    let emoji = request.param("emoji").to_owned();
    show(app, request, emoji_reaction::add(&app.domain, request.id("id")?, emoji)?)
}

/// `POST /api/v1/statuses/:id/unreact/:emoji`.
pub(crate) fn unreact(app: &App, request: &Request) -> Result<Response> {
    let emoji = request.param("emoji").to_owned();
    show(app, request, emoji_reaction::remove(&app.domain, request.id("id")?, emoji)?)
}

/// `GET /api/v1/statuses/:id/quotes`: the approved quotes of it.
pub(crate) fn quotes(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::STATUSES);
    let views = queries::timelines::quotes(&app.domain, viewer(app, request)?, request.id("id")?, &page)?;
    Ok(statuses_page::list(app, request, &page, &views))
}

/// `POST /api/v1/statuses/:id/quotes/:quote/revoke`.
pub(crate) fn revoke_quote(app: &App, request: &Request) -> Result<Response> {
    let quoting = request.id("quote")?;
    quotes::revoke(&app.domain, request.id("id")?, quoting)?;
    show(app, request, quoting)
}

type Reactors = fn(&Domain, Viewer, StatusId, &Page) -> Result<WithCursors<Arc<Actor>>>;

fn reactors(app: &App, request: &Request, list: Reactors) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::ACCOUNTS);
    let rows = list(&app.domain, viewer(app, request)?, request.id("id")?, &page)?;
    Ok(accounts::lookup::list(app, request, &page, &rows))
}

/// `GET /api/v1/statuses/:id/favourited_by`.
pub(crate) fn favourited_by(app: &App, request: &Request) -> Result<Response> {
    reactors(app, request, queries::accounts::favourited_by)
}

/// `GET /api/v1/statuses/:id/reblogged_by`.
pub(crate) fn boosted_by(app: &App, request: &Request) -> Result<Response> {
    reactors(app, request, queries::accounts::boosted_by)
}
