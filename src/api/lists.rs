//! The owner's lists, their members and their timelines.

use serde::Serialize;
use serde_json::json;

use super::{accounts, paging, timelines};
use crate::app::App;
use crate::domain::queries;
use crate::domain::relationships::lists::{self, ListChange};
use crate::error::refusal::RequestRefusal;
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::limits;
use crate::protocol::ids::{ActorId, ListId};
use crate::store::actors;
use crate::store::database::pagination::Page;
use crate::store::relationships::lists as rows;
use crate::store::relationships::lists::RepliesPolicy;

/// List.
#[derive(Serialize)]
struct List {
    id: ListId,
    title: String,
    replies_policy: &'static str,
    exclusive: bool,
}

fn entity(list: rows::List) -> List {
    List { id: list.id, title: list.title, replies_policy: list.replies.as_str(), exclusive: list.exclusive }
}

fn many(lists: Vec<rows::List>) -> Response {
    Response::json(&lists.into_iter().map(entity).collect::<Vec<_>>())
}

fn change(form: &Form) -> Result<ListChange> {
    Ok(ListChange {
        title: form.text("title")?,
        replies: form.one_of("replies_policy", "followed, list, none", RepliesPolicy::parse)?,
        exclusive: form.choice("exclusive")?,
    })
}

/// `GET /api/v1/lists`.
pub(super) fn all(app: &App, _: &Request) -> Result<Response> {
    Ok(many(app.domain.store.read(rows::all)?))
}

/// `GET /api/v1/lists/:id`.
pub(super) fn get(app: &App, request: &Request) -> Result<Response> {
    let id: ListId = request.id("id")?;
    let found = app.domain.store.read(|c| rows::get(c, id))?;
    Ok(Response::json(&entity(found.ok_or(Error::NotFound)?)))
}

/// `POST /api/v1/lists`.
pub(super) fn create(app: &App, request: &Request) -> Result<Response> {
    let new = lists::create(&app.domain, change(&request.form()?)?)?;
    Ok(Response::json(&entity(new)))
}

/// `PUT /api/v1/lists/:id`: changes only the given values.
pub(super) fn update(app: &App, request: &Request) -> Result<Response> {
    let changed = lists::update(&app.domain, request.id("id")?, change(&request.form()?)?)?;
    Ok(Response::json(&entity(changed)))
}

/// `DELETE /api/v1/lists/:id`.
pub(super) fn delete(app: &App, request: &Request) -> Result<Response> {
    lists::delete(&app.domain, request.id("id")?)?;
    Ok(Response::json(&json!({})))
}

/// `GET /api/v1/lists/:id/accounts`: all of them with `limit=0`.
pub(super) fn members(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let page = match form.number::<u32>("limit") {
        Some(0) => Page::newest(limits::LIST_MEMBERS as u32),
        _ => paging::page(&form, paging::ACCOUNTS),
    };
    let rows = queries::accounts::list_members(&app.domain, request.id("id")?, &page)?;
    Ok(accounts::lookup::list(app, request, &page, &rows))
}

/// The accounts that a request names. A value that is not a number is no account.
fn named(request: &Request) -> Result<Vec<ActorId>> {
    let form = request.form()?;
    let ids: Option<Vec<ActorId>> = form.values("account_ids")?.iter().map(|id| id.trim().parse().ok()).collect();
    match ids {
        Some(ids) if ids.is_empty() => Err(Error::bad_request(RequestRefusal::ParameterMissing("account_ids".into()))),
        ids => ids.ok_or(Error::NotFound),
    }
}

/// `POST /api/v1/lists/:id/accounts`.
pub(super) fn add_members(app: &App, request: &Request) -> Result<Response> {
    lists::add_members(&app.domain, request.id("id")?, named(request)?)?;
    Ok(Response::json(&json!({})))
}

/// `DELETE /api/v1/lists/:id/accounts`.
pub(super) fn remove_members(app: &App, request: &Request) -> Result<Response> {
    lists::remove_members(&app.domain, request.id("id")?, named(request)?)?;
    Ok(Response::json(&json!({})))
}

/// `GET /api/v1/accounts/:id/lists`.
pub(super) fn of_account(app: &App, request: &Request) -> Result<Response> {
    let id: ActorId = request.id("id")?;
    let found = app.domain.store.read(|c| {
        actors::get(c, id)?.ok_or(Error::NotFound)?;
        rows::with_member(c, id)
    })?;
    Ok(many(found))
}

/// `GET /api/v1/timelines/list/:id`.
pub(super) fn timeline(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::STATUSES);
    let views = queries::timelines::list(&app.domain, request.id("id")?, &page)?;
    Ok(timelines::list(app, request, &page, &views))
}
