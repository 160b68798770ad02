//! The owner's home, bookmarks and favourites.

use minijinja::context;

use super::posts::compose;
use super::{newest, next, next_of, page};
use crate::app::App;
use crate::domain::queries;
use crate::domain::queries::status_view::StatusView;
use crate::domain::queries::timelines::WithCursors;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::store::filters::FilterContext;
use crate::web::locale::Message;
use crate::web::{render, view};

/// `GET /home`.
pub(crate) fn home(app: &App, request: &Request) -> Result<Response> {
    let page = page(request)?;
    let viewer = app.domain.as_owner()?;
    let views = queries::timelines::home(&app.domain, &page)?;
    let context = context! {
        draft => compose::empty_form(app)?,
        posts => view::posts(app, &views, viewer, FilterContext::Home),
        newest => newest(&page, &views),
        next => next_of(request, views.next()),
    };
    render::page(app, request, "home.html", context)
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
