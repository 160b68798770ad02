//! The owner's home, bookmarks and favourites.

pub(crate) mod catch_up;

use minijinja::context;

use super::posts::compose;
use super::{newest, next, next_of, page};
use crate::app::App;
use crate::domain::queries;
use crate::domain::queries::listing::Listing;
use crate::domain::queries::status_view::StatusView;
use crate::domain::queries::timelines::WithCursors;
use crate::domain::visits::{self, LastVisit};
use crate::error::Result;
use crate::http::{Request, Response};
use crate::limits;
use crate::store::database::pagination::Page;
use crate::store::filters::FilterContext;
use crate::store::{Conn, timelines};
use crate::web::locale::Message;
use crate::web::{render, view};

/// `GET /home`.
pub(crate) fn home(app: &App, request: &Request) -> Result<Response> {
    let page = page(request)?;
    let viewer = app.domain.as_owner()?;
    let views = queries::timelines::home(&app.domain, &page)?;
    let visit = match newest(&page, &views) {
        Some(newest) => visits::note(&app.domain, newest)?,
        None => visits::last(&app.domain)?,
    };
    let context = context! {
        draft => compose::empty_form(app)?,
        posts => view::posts(app, &views, viewer, FilterContext::Home),
        newest => newest(&page, &views),
        seen_from => visit.and_then(|visit| seen_from(&page, &views, visit)),
        missed => visit.map(|visit| missed(app, visit)).transpose()?.unwrap_or(0),
        next => next_of(request, views.next()),
    };
    render::page(app, request, "home.html", context)
}

/// The row above which a page of the home timeline is new since the last visit, if that is on it.
fn seen_from(page: &Page, views: &Listing, visit: LastVisit) -> Option<String> {
    let at = views.iter().position(|view| view.status.id.0 <= visit.read)?;
    // At the top of a page it divides only if the page before was new.
    let follows_new = at > 0 || (page.below != i64::MAX && page.below > visit.read);
    views.get(at).filter(|_| follows_new).map(|view| view.status.id.to_string())
}

/// The number of posts that are new since the last visit.
fn missed(app: &App, visit: LastVisit) -> Result<u32> {
    let count = |c: &Conn| timelines::count_above(c, timelines::HOME, visit.read, limits::CATCH_UP_POSTS);
    app.domain.store.read(count)
}

fn list(
    app: &App,
    request: &Request,
    heading: Message,
    empty: Message,
    rows: &WithCursors<StatusView>,
) -> Result<Response> {
    let page = page(request)?;
    let viewer = app.domain.as_owner()?;
    let posts: Vec<_> = rows.iter().map(|(_, v)| view::post_in(app, v, viewer, FilterContext::Account)).collect();
    let next = next(request, &page, rows.len(), rows.last().map(|r| r.0));
    render::page(app, request, "posts.html", context! { heading, empty, posts, next })
}

/// `GET /bookmarks`.
pub(crate) fn bookmarks(app: &App, request: &Request) -> Result<Response> {
    let rows = queries::timelines::bookmarks(&app.domain, &page(request)?)?;
    list(app, request, Message::new("bookmarks-title"), Message::new("bookmarks-empty"), &rows)
}

/// `GET /favourites`.
pub(crate) fn favourites(app: &App, request: &Request) -> Result<Response> {
    let rows = queries::timelines::favourites(&app.domain, &page(request)?)?;
    list(app, request, Message::new("favourites-title"), Message::new("favourites-empty"), &rows)
}
