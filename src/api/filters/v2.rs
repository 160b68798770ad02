//! Filters with several keywords and posts.

use serde_json::json;

use super::form::{change, keyword_text};
use crate::api::entities::filter::{filter, keyword, status};
use crate::app::App;
use crate::domain::filters::{self as rules, EmptyFilter};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::StatusId;
use crate::store::filters::{self, Filter};

fn find(app: &App, request: &Request) -> Result<Filter> {
    let id = request.id("id")?;
    app.domain.store.read(|c| filters::get(c, id))?.ok_or(Error::NotFound)
}

/// `GET /api/v2/filters`.
pub(crate) fn list(app: &App, _: &Request) -> Result<Response> {
    let found = app.domain.store.read(|c| filters::list(c, None))?;
    Ok(Response::json(&found.iter().map(filter).collect::<Vec<_>>()))
}

/// `GET /api/v2/filters/:id`.
pub(crate) fn get(app: &App, request: &Request) -> Result<Response> {
    Ok(Response::json(&filter(&find(app, request)?)))
}

/// `POST /api/v2/filters`.
pub(crate) fn create(app: &App, request: &Request) -> Result<Response> {
    let made = rules::create(&app.domain, change(&request.form()?)?)?;
    Ok(Response::json(&filter(&made)))
}

/// `PUT /api/v2/filters/:id`.
pub(crate) fn update(app: &App, request: &Request) -> Result<Response> {
    let changed = rules::update(&app.domain, request.id("id")?, change(&request.form()?)?)?;
    Ok(Response::json(&filter(&changed)))
}

/// `DELETE /api/v2/filters/:id`.
pub(crate) fn remove(app: &App, request: &Request) -> Result<Response> {
    rules::remove(&app.domain, request.id("id")?)?;
    Ok(Response::json(&json!({})))
}

/// `GET /api/v2/filters/:id/keywords`.
pub(crate) fn keywords(app: &App, request: &Request) -> Result<Response> {
    Ok(Response::json(&find(app, request)?.keywords.iter().map(keyword).collect::<Vec<_>>()))
}

/// `POST /api/v2/filters/:id/keywords`.
pub(crate) fn add_keyword(app: &App, request: &Request) -> Result<Response> {
    let text = keyword_text(&request.form()?, "keyword")?;
    let made = rules::add_keyword(&app.domain, request.id("id")?, text)?;
    Ok(Response::json(&keyword(&made)))
}

/// `GET /api/v2/filters/keywords/:id`.
pub(crate) fn get_keyword(app: &App, request: &Request) -> Result<Response> {
    let id = request.id("id")?;
    let found = app.domain.store.read(|c| filters::keyword(c, id))?.ok_or(Error::NotFound)?;
    Ok(Response::json(&keyword(&found)))
}

/// `PUT /api/v2/filters/keywords/:id`.
pub(crate) fn edit_keyword(app: &App, request: &Request) -> Result<Response> {
    let text = keyword_text(&request.form()?, "keyword")?;
    let changed = rules::edit_keyword(&app.domain, request.id("id")?, text)?;
    Ok(Response::json(&keyword(&changed)))
}

/// `DELETE /api/v2/filters/keywords/:id`.
pub(crate) fn remove_keyword(app: &App, request: &Request) -> Result<Response> {
    rules::remove_keyword(&app.domain, request.id("id")?, EmptyFilter::Keep)?;
    Ok(Response::json(&json!({})))
}

/// `GET /api/v2/filters/:id/statuses`.
pub(crate) fn statuses(app: &App, request: &Request) -> Result<Response> {
    Ok(Response::json(&find(app, request)?.statuses.iter().map(status).collect::<Vec<_>>()))
}

/// `POST /api/v2/filters/:id/statuses`.
pub(crate) fn add_status(app: &App, request: &Request) -> Result<Response> {
    let id: StatusId = request.form()?.require("status_id")?.parse().map_err(|_| Error::NotFound)?;
    let made = rules::add_status(&app.domain, request.id("id")?, id)?;
    Ok(Response::json(&status(&made)))
}

/// `GET /api/v2/filters/statuses/:id`.
pub(crate) fn get_status(app: &App, request: &Request) -> Result<Response> {
    let id = request.id("id")?;
    let found = app.domain.store.read(|c| filters::status(c, id))?.ok_or(Error::NotFound)?;
    Ok(Response::json(&status(&found)))
}

/// `DELETE /api/v2/filters/statuses/:id`.
pub(crate) fn remove_status(app: &App, request: &Request) -> Result<Response> {
    rules::remove_status(&app.domain, request.id("id")?)?;
    Ok(Response::json(&json!({})))
}
