//! Home, public and hashtag timelines, favourites and bookmarks.

use super::entities::Context;
use super::entities::status::status;
use super::paging::{self, Rows};
use crate::app::App;
use crate::domain::queries;
use crate::domain::queries::listing::Listing;
use crate::domain::queries::status_view::StatusView;
use crate::domain::queries::timelines::{PublicFilter, WithCursors};
use crate::error::Result;
use crate::http::{Form, Request, Response};
use crate::protocol::text::folded_hashtag;
use crate::store::database::pagination::Page;
use crate::store::statuses::hashtags::HashtagQuery;
use crate::store::timelines::PublicScope;
use crate::store::visibility::Viewer;

/// A page of statuses with its links.
pub(super) fn list(app: &App, request: &Request, page: &Page, listing: &Listing) -> Response {
    let ctx = Context::of(app, request);
    let items: Vec<_> = listing.iter().map(|v| status(ctx, v)).collect();
    // A page is full if there may be more, even if filters leave less of it.
    let count = if listing.has_more { page.limit as usize } else { 0 };
    paging::respond(app, request, Rows { page, count, cursors: listing.cursors }, &items)
}

/// A list of statuses without pages.
pub(super) fn plain(app: &App, request: &Request, views: &[StatusView]) -> Response {
    let ctx = Context::of(app, request);
    Response::json(&views.iter().map(|v| status(ctx, v)).collect::<Vec<_>>())
}

fn cursored(app: &App, request: &Request, page: &Page, rows: &WithCursors<StatusView>) -> Response {
    let ctx = Context::of(app, request);
    let items: Vec<_> = rows.iter().map(|(_, v)| status(ctx, v)).collect();
    let cursors = rows.first().zip(rows.last()).map(|(first, last)| (first.0, last.0));
    paging::respond(app, request, Rows { page, count: rows.len(), cursors }, &items)
}

/// `GET /api/v1/timelines/home`.
pub(super) fn home(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::STATUSES);
    let views = queries::timelines::home(&app.domain, &page)?;
    Ok(list(app, request, &page, &views))
}

/// The parameters of a public or hashtag timeline.
struct TimelineQuery {
    page: Page,
    local: bool,
    remote: bool,
    only_media: bool,
}

impl TimelineQuery {
    fn read(form: &Form) -> Self {
        Self {
            page: paging::page(form, paging::STATUSES),
            local: form.is_set("local"),
            remote: form.is_set("remote"),
            only_media: form.is_set("only_media"),
        }
    }

    /// What the viewer sees of the requested posts. Visitors see only the owner's, so `None` if they want the others.
    fn scope(&self, viewer: Viewer) -> Option<PublicScope> {
        match viewer.is_owner() {
            true if self.local => Some(PublicScope::Local),
            true if self.remote => Some(PublicScope::Remote),
            true => Some(PublicScope::All),
            false => (self.local || !self.remote).then_some(PublicScope::Local),
        }
    }
}

/// `GET /api/v1/timelines/public`: visitors see only the owner's posts.
pub(super) fn public(app: &App, request: &Request) -> Result<Response> {
    let query = TimelineQuery::read(&request.form()?);
    let viewer = request.viewer(app.domain.owner()?.id);
    let Some(scope) = query.scope(viewer) else { return Ok(plain(app, request, &[])) };
    let filter = PublicFilter { scope, only_media: query.only_media };
    let views = queries::timelines::public(&app.domain, viewer, filter, &query.page)?;
    Ok(list(app, request, &query.page, &views))
}

/// The most hashtags of one kind that a timeline is about, as in Mastodon.
const MOST_TAGS: usize = 4;

/// `GET /api/v1/timelines/tag/:tag`, with more hashtags in `any[]`, `all[]` and `none[]`: visitors see only the owner's posts.
pub(super) fn tag(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let query = TimelineQuery::read(&form);
    let viewer = request.viewer(app.domain.owner()?.id);
    let more = |key: &str| form.list(key).into_iter().take(MOST_TAGS).map(folded_hashtag).collect::<Vec<_>>();
    let any = std::iter::once(folded_hashtag(request.param("tag"))).chain(more("any")).collect();
    let Some(scope) = query.scope(viewer) else { return Ok(plain(app, request, &[])) };
    let filter = HashtagQuery { any, all: more("all"), none: more("none"), scope, only_media: query.only_media };
    let views = queries::timelines::tag(&app.domain, viewer, &filter, &query.page)?;
    Ok(list(app, request, &query.page, &views))
}

/// `GET /api/v1/timelines/link?url=`: posts with a link. Visitors see only the owner's, and not whether others posted it.
pub(super) fn link(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let page = paging::page(&form, paging::STATUSES);
    let viewer = request.viewer(app.domain.owner()?.id);
    let views = queries::timelines::link(&app.domain, viewer, form.get("url").unwrap_or_default(), &page)?;
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
