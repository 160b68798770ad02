//! Notifications.

pub(super) mod groups;
pub(super) mod policy;
mod query;
pub(super) mod requests;

use serde_json::json;

use super::entities::Context;
use super::entities::notification::notification;
use super::paging::{self, Rows};
use crate::app::App;
use crate::domain::queries;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::NotificationId;
use crate::store::database::pagination::Page;
use crate::store::notifications as rows;
use query::NotificationQuery;

/// `GET /api/v1/notifications`.
pub(super) fn list(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let page = paging::page(&form, paging::ACCOUNTS);
    let query = NotificationQuery::read(&form);
    let listing = queries::notifications::list(&app.domain, &query.selection, &page)?;
    let ctx = Context::of(app, request);
    let items: Vec<_> = listing.iter().map(|v| notification(ctx, v, query.reaction)).collect();
    let count = if listing.has_more { page.limit as usize } else { 0 };
    Ok(paging::respond(app, request, Rows { page: &page, count, cursors: listing.cursors }, &items))
}

/// The page on which only this notification can be.
pub(super) fn only(id: NotificationId) -> Page {
    Page { below: id.0.saturating_add(1), above: id.0.saturating_sub(1), ..Page::newest(1) }
}

/// `GET /api/v1/notifications/:id`: also one that the policy filters.
pub(super) fn get(app: &App, request: &Request) -> Result<Response> {
    let query = NotificationQuery::read(&request.form()?);
    let view = queries::notifications::get(&app.domain, request.id("id")?)?.ok_or(Error::NotFound)?;
    Ok(Response::json(&notification(Context::of(app, request), &view, query.reaction)))
}

/// `POST /api/v1/notifications/:id/dismiss`.
pub(super) fn dismiss(app: &App, request: &Request) -> Result<Response> {
    dismiss_known(app, request.id("id")?)
}

/// `POST /api/v1/notifications/dismiss`, which older apps use with `id`.
pub(super) fn dismiss_one(app: &App, request: &Request) -> Result<Response> {
    let id = request.form()?.require("id")?.parse().map_err(|_| Error::NotFound)?;
    dismiss_known(app, id)
}

/// `DELETE /api/v1/notifications/destroy_multiple?ids[]=…`, which older apps use.
pub(super) fn dismiss_many(app: &App, request: &Request) -> Result<Response> {
    let ids: Vec<NotificationId> = request.form()?.exact_list("ids")?;
    app.domain.transact(move |tx| ids.iter().try_for_each(|id| rows::dismiss(tx, *id).map(|_| ())))?;
    Ok(Response::json(&json!({})))
}

fn dismiss_known(app: &App, id: NotificationId) -> Result<Response> {
    match app.domain.transact(move |tx| rows::dismiss(tx, id))? {
        true => Ok(Response::json(&json!({}))),
        false => Err(Error::NotFound),
    }
}

/// `POST /api/v1/notifications/clear`.
pub(super) fn clear(app: &App, _: &Request) -> Result<Response> {
    app.domain.transact(|tx| rows::clear(tx))?;
    Ok(Response::json(&json!({})))
}

/// `GET /api/v1/notifications/unread_count`.
pub(super) fn unread_count(app: &App, request: &Request) -> Result<Response> {
    let query = NotificationQuery::read(&request.form()?);
    let count = queries::notifications::unread(&app.domain, &query.selection, query.most_unread)?;
    Ok(Response::json(&json!({"count": count})))
}
