//! Adding one post to a filter.

use minijinja::context;

use super::{FilterView, filter_view};
use crate::app::App;
use crate::domain::{filters, queries};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::StatusId;
use crate::store::filters as rows;
use crate::web::{render, view};

/// `GET /posts/ID/filter`: the filters that the post can be added to.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let viewer = app.domain.as_owner()?;
    let found = queries::statuses::get(&app.domain, viewer, request.id("id")?)?;
    let all = app.domain.store.read(|c| rows::list(c, None))?;
    let filters: Vec<FilterView> = all.iter().map(|f| filter_view(app, f)).collect();
    render::page(app, request, "filter_post.html", context! { p => view::post(app, &found, viewer), filters })
}

/// `POST /posts/ID/filter`.
pub(crate) fn add(app: &App, request: &Request) -> Result<Response> {
    let id: StatusId = request.id("id")?;
    let filter: i64 = request.form()?.number("filter").ok_or(Error::NotFound)?;
    filters::add_status(&app.domain, filter, id)?;
    Ok(Response::see_other(&format!("/filters/{filter}?done=filter-added")))
}
