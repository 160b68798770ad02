//! Notification requests: filtered notifications by their actors.

use serde_json::{Value, json};

use crate::api::entities::Context;
use crate::api::entities::account::account;
use crate::api::entities::status::status;
use crate::api::paging::{self, Rows};
use crate::app::App;
use crate::domain::notifications::requests::{self as rules, RequestDecision};
use crate::domain::queries::notifications::requests::{self, RequestView};
use crate::error::Result;
use crate::http::{Request, Response};

/// NotificationRequest. Its id is that of the account.
fn entity(ctx: Context<'_>, view: &RequestView) -> Value {
    json!({
        "id": view.request.actor.to_string(),
        "created_at": view.request.created_at.to_api(),
        "updated_at": view.request.updated_at.to_api(),
        "account": account(ctx, &view.actor),
        "notifications_count": view.request.count.to_string(),
        "last_status": view.last_status.as_ref().map(|view| status(ctx, view)),
    })
}

/// `GET /api/v1/notifications/requests`: paged by the newest notification of each.
pub(crate) fn list(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::ACCOUNTS);
    let views = requests::list(&app.domain, &page)?;
    let ctx = Context::of(app, request);
    let items: Vec<_> = views.iter().map(|view| entity(ctx, view)).collect();
    let cursors = views.first().zip(views.last()).map(|(first, last)| (first.request.newest, last.request.newest));
    Ok(paging::respond(app, request, Rows { page: &page, count: views.len(), cursors }, &items))
}

/// `GET /api/v1/notifications/requests/:id`.
pub(crate) fn get(app: &App, request: &Request) -> Result<Response> {
    let view = requests::get(&app.domain, request.id("id")?)?;
    Ok(Response::json(&entity(Context::of(app, request), &view)))
}

/// `POST /api/v1/notifications/requests/:id/accept`.
pub(crate) fn accept(app: &App, request: &Request) -> Result<Response> {
    rules::decide(&app.domain, request.id("id")?, RequestDecision::Accept)?;
    Ok(Response::json(&json!({})))
}

/// `POST /api/v1/notifications/requests/:id/dismiss`.
pub(crate) fn dismiss(app: &App, request: &Request) -> Result<Response> {
    rules::decide(&app.domain, request.id("id")?, RequestDecision::Dismiss)?;
    Ok(Response::json(&json!({})))
}

/// `POST /api/v1/notifications/requests/accept`.
pub(crate) fn accept_many(app: &App, request: &Request) -> Result<Response> {
    decide_many(app, request, RequestDecision::Accept)
}

/// `POST /api/v1/notifications/requests/dismiss`.
pub(crate) fn dismiss_many(app: &App, request: &Request) -> Result<Response> {
    decide_many(app, request, RequestDecision::Dismiss)
}

fn decide_many(app: &App, request: &Request, decision: RequestDecision) -> Result<Response> {
    let ids = request.form()?.exact_list("id")?;
    rules::decide_many(&app.domain, ids, decision)?;
    Ok(Response::json(&json!({})))
}

/// `GET /api/v1/notifications/requests/merged`: accepted notifications are merged when the request to accept returns.
pub(crate) fn merged(_: &App, _: &Request) -> Result<Response> {
    Ok(Response::json(&json!({"merged": true})))
}
