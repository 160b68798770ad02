//! Search: words, handles and addresses.

use minijinja::context;

use crate::app::App;
use crate::domain::queries;
use crate::domain::queries::search::SearchQuery;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::store::filters::FilterContext;
use crate::web::pages::people;
use crate::web::{render, view};

/// `GET /search?q=…`: a handle or address is looked up on its own server.
pub(crate) fn search(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let text = form.get("q").unwrap_or_default().trim();
    let query = SearchQuery {
        text,
        actors: true,
        statuses: true,
        tags: true,
        resolve: true,
        following: false,
        by: None,
        limit: 20,
        offset: 0,
    };
    let viewer = app.domain.as_owner()?;
    let found = queries::search::search(&app.domain, viewer, &query)?;
    let people = people::rows(app, &found.actors)?;
    let posts = view::posts(app, &found.statuses, viewer, FilterContext::Public);
    render::page(
        app,
        request,
        "search.html",
        context! { query => text, people, posts, tags => found.tags, notice => found.notice },
    )
}
