//! Conversations.

use serde_json::{Value, json};

use super::entities::Context;
use super::entities::account::account;
use super::entities::status::status;
use super::paging::{self, Rows};
use crate::app::App;
use crate::domain::queries::conversations::{self, ConversationChange, ConversationView};
use crate::error::Result;
use crate::http::{Request, Response};

/// Conversation.
pub(super) fn entity(ctx: Context<'_>, view: &ConversationView) -> Value {
    json!({
        "id": view.conversation.id.to_string(),
        "unread": view.conversation.unread,
        "accounts": view.actors.iter().map(|a| account(ctx, a)).collect::<Vec<_>>(),
        "last_status": status(ctx, &view.last),
    })
}

/// `GET /api/v1/conversations`: paged by the newest post of each.
pub(super) fn list(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::STATUSES);
    let views = conversations::list(&app.domain, &page)?;
    let ctx = Context::of(app, request);
    let items: Vec<_> = views.iter().map(|v| entity(ctx, v)).collect();
    let cursor = |v: &ConversationView| v.conversation.last.0;
    let cursors = views.first().zip(views.last()).map(|(first, last)| (cursor(first), cursor(last)));
    Ok(paging::respond(app, request, Rows { page: &page, count: views.len(), cursors }, &items))
}

/// `POST /api/v1/conversations/:id/read`.
pub(super) fn read(app: &App, request: &Request) -> Result<Response> {
    let view = conversations::change(&app.domain, request.id("id")?, ConversationChange::Read)?;
    Ok(Response::json(&entity(Context::of(app, request), &view)))
}

/// `POST /api/v1/conversations/:id/unread`.
pub(super) fn unread(app: &App, request: &Request) -> Result<Response> {
    let view = conversations::change(&app.domain, request.id("id")?, ConversationChange::Unread)?;
    Ok(Response::json(&entity(Context::of(app, request), &view)))
}

/// `DELETE /api/v1/conversations/:id`.
pub(super) fn remove(app: &App, request: &Request) -> Result<Response> {
    conversations::remove(&app.domain, request.id("id")?)?;
    Ok(Response::json(&json!({})))
}
