//! Notifications in groups.

use serde_json::json;

use super::query::NotificationQuery;
use crate::api::accounts::lookup;
use crate::api::entities::Context;
use crate::api::entities::notification_group::{Expansion, grouped_results};
use crate::api::paging::{self, Rows};
use crate::app::App;
use crate::domain::queries::notifications::groups;
use crate::error::Result;
use crate::http::{Form, Request, Response};

fn expansion(form: &Form) -> Expansion {
    match form.get("expand_accounts") {
        Some("partial_avatars") => Expansion::PartialAvatars,
        _ => Expansion::Full,
    }
}

/// `GET /api/v2/notifications`.
pub(crate) fn list(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let page = paging::page(&form, paging::ACCOUNTS);
    let query = NotificationQuery::read(&form);
    let listing = groups::list(&app.domain, &query.selection, query.grouped, &page)?;
    let results = grouped_results(Context::of(app, request), &listing, query.reaction, expansion(&form));
    let count = if listing.has_more { page.limit as usize } else { 0 };
    Ok(paging::respond_with(app, request, Rows { page: &page, count, cursors: listing.cursors }, &results))
}

/// `GET /api/v2/notifications/:group_key`.
pub(crate) fn get(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let group = groups::get(&app.domain, request.param("key"))?;
    let reaction = NotificationQuery::read(&form).reaction;
    let groups = [group];
    let results = grouped_results(Context::of(app, request), &groups, reaction, expansion(&form));
    Ok(Response::json(&results))
}

/// `POST /api/v2/notifications/:group_key/dismiss`.
pub(crate) fn dismiss(app: &App, request: &Request) -> Result<Response> {
    groups::dismiss(&app.domain, request.param("key"))?;
    Ok(Response::json(&json!({})))
}

/// `GET /api/v2/notifications/:group_key/accounts`.
pub(crate) fn accounts(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::ACCOUNTS);
    let rows = groups::actors(&app.domain, request.param("key"), &page)?;
    Ok(lookup::list(app, request, &page, &rows))
}

/// `GET /api/v2/notifications/unread_count`.
pub(crate) fn unread_count(app: &App, request: &Request) -> Result<Response> {
    let query = NotificationQuery::read(&request.form()?);
    let count = groups::unread(&app.domain, &query.selection, query.grouped, query.most_unread)?;
    Ok(Response::json(&json!({"count": count})))
}
