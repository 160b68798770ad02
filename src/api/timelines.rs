//! Home, public and hashtag timelines, favourites and bookmarks.

use super::entities::Context;
use super::entities::status::status;
use super::paging;
use crate::app::App;
use crate::domain::queries;
use crate::domain::queries::status_view::StatusView;
use crate::domain::queries::timelines::{HashtagFilter, PublicFilter, WithCursors};
use crate::error::Result;
use crate::http::{Request, Response};
use crate::store::database::pagination::Page;
use crate::store::timelines::PublicScope;

/// A page of statuses with its links.
pub(super) fn list(app: &App, request: &Request, page: &Page, views: &[StatusView]) -> Response {
    let ctx = Context::of(app, request);
    let items: Vec<_> = views.iter().map(|v| status(ctx, v)).collect();
    let cursors = views.first().zip(views.last()).map(|(first, last)| (first.status.id.0, last.status.id.0));
    paging::answer(app, request, page, views.len(), cursors, &items)
}

/// Statuses without pages.
pub(super) fn plain(app: &App, request: &Request, views: &[StatusView]) -> Response {
    let ctx = Context::of(app, request);
    Response::json(&views.iter().map(|v| status(ctx, v)).collect::<Vec<_>>())
}

fn cursored(app: &App, request: &Request, page: &Page, rows: &WithCursors<StatusView>) -> Response {
    let ctx = Context::of(app, request);
    let items: Vec<_> = rows.iter().map(|(_, v)| status(ctx, v)).collect();
    let cursors = rows.first().zip(rows.last()).map(|(first, last)| (first.0, last.0));
    paging::answer(app, request, page, rows.len(), cursors, &items)
}

/// `GET /api/v1/timelines/home`.
pub(super) fn home(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::STATUSES);
    let views = queries::timelines::home(&app.domain, &page)?;
    Ok(list(app, request, &page, &views))
}

/// `GET /api/v1/timelines/public`: strangers see the owner's posts only.
pub(super) fn public(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let page = paging::page(&form, paging::STATUSES);
    let viewer = request.viewer(app.domain.owner()?.id);
    let scope = match (form.flag("local"), form.flag("remote")) {
        (Some(true), _) => PublicScope::Local,
        (_, Some(true)) if viewer.is_owner() => PublicScope::Remote,
        _ if viewer.is_owner() => PublicScope::All,
        _ => PublicScope::Local,
    };
    let only_media = form.flag("only_media") == Some(true);
    let filter = PublicFilter { scope, only_media };
    let views = queries::timelines::public(&app.domain, viewer, filter, &page)?;
    Ok(list(app, request, &page, &views))
}

/// `GET /api/v1/timelines/tag/:tag`: likewise.
pub(super) fn tag(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let page = paging::page(&form, paging::STATUSES);
    let viewer = request.viewer(app.domain.owner()?.id);
    let local_only = form.flag("local") == Some(true) || !viewer.is_owner();
    let filter = HashtagFilter { tag: request.param("tag"), local_only };
    let views = queries::timelines::tag(&app.domain, viewer, filter, &page)?;
    Ok(list(app, request, &page, &views))
}

/// `GET /api/v1/favourites`.
pub(super) fn favourites(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::STATUSES);
    let rows = queries::timelines::favourites(&app.domain, &page)?;
    Ok(cursored(app, request, &page, &rows))
}

/// `GET /api/v1/bookmarks`.
pub(super) fn bookmarks(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::STATUSES);
    let rows = queries::timelines::bookmarks(&app.domain, &page)?;
    Ok(cursored(app, request, &page, &rows))
}
