//! Trends, suggestions and the directory. They are empty unless the configuration enables `explore`.

use serde_json::json;

use super::entities::Context;
use super::entities::account::account;
use super::entities::hashtag::tag;
use super::entities::preview_card::trending_link;
use super::timelines;
use crate::app::App;
use crate::domain::queries::explore::{self, DirectoryQuery};
use crate::error::Result;
use crate::http::{Form, Request, Response};
use crate::store::explore::Slice;

fn slice(form: &Form, default: u32, most: u32) -> Slice {
    let limit = form.number::<u32>("limit").unwrap_or(default).clamp(1, most);
    (limit, form.number::<u32>("offset").unwrap_or(0).min(1_000))
}

fn nothing() -> Response {
    Response::json(&json!([]))
}

/// `GET /api/v1/trends/tags` and `/api/v1/trends`.
pub(super) fn tags(app: &App, request: &Request) -> Result<Response> {
    if !app.config.explore {
        return Ok(nothing());
    }
    let slice = slice(&request.form()?, 10, 20);
    let ctx = Context::of(app, request);
    let found = explore::tags(&app.domain, request.viewer(app.domain.owner()?.id), slice)?;
    Ok(Response::json(&found.iter().map(|view| tag(ctx, view)).collect::<Vec<_>>()))
}

/// `GET /api/v1/trends/links`.
pub(super) fn links(app: &App, request: &Request) -> Result<Response> {
    if !app.config.explore {
        return Ok(nothing());
    }
    let slice = slice(&request.form()?, 10, 20);
    let ctx = Context::of(app, request);
    let found = explore::links(&app.domain, slice)?;
    Ok(Response::json(&found.iter().map(|link| trending_link(ctx, link)).collect::<Vec<_>>()))
}

/// `GET /api/v1/trends/statuses`.
pub(super) fn statuses(app: &App, request: &Request) -> Result<Response> {
    if !app.config.explore {
        return Ok(nothing());
    }
    let slice = slice(&request.form()?, 20, 40);
    let found = explore::statuses(&app.domain, request.viewer(app.domain.owner()?.id), slice)?;
    Ok(timelines::plain(app, request, &found))
}

/// `GET /api/v1/directory`.
pub(super) fn directory(app: &App, request: &Request) -> Result<Response> {
    if !app.config.explore {
        return Ok(nothing());
    }
    let form = request.form()?;
    let query = DirectoryQuery {
        by_activity: form.filled("order") != Some("new"),
        local_only: form.is_set("local"),
        slice: slice(&form, 40, 80),
    };
    let ctx = Context::of(app, request);
    let found = explore::directory(&app.domain, query)?;
    Ok(Response::json(&found.iter().map(|actor| account(ctx, actor)).collect::<Vec<_>>()))
}

/// `GET /api/v1/suggestions`: accounts alone.
pub(super) fn suggestions_v1(app: &App, request: &Request) -> Result<Response> {
    if !app.config.explore {
        return Ok(nothing());
    }
    let (limit, _) = slice(&request.form()?, 40, 80);
    let ctx = Context::of(app, request);
    let found = explore::suggestions(&app.domain, limit)?;
    Ok(Response::json(&found.iter().map(|(actor, _)| account(ctx, actor)).collect::<Vec<_>>()))
}

/// `GET /api/v2/suggestions`: accounts with the reason.
pub(super) fn suggestions(app: &App, request: &Request) -> Result<Response> {
    if !app.config.explore {
        return Ok(nothing());
    }
    let (limit, _) = slice(&request.form()?, 40, 80);
    let ctx = Context::of(app, request);
    let found = explore::suggestions(&app.domain, limit)?;
    let entity = |own: bool, account| {
        let (source, reason) = match own {
            true => ("past_interactions", "most_interactions"),
            false => ("global", "friends_of_friends"),
        };
        json!({"source": source, "sources": [reason], "account": account})
    };
    Ok(Response::json(&found.iter().map(|(actor, own)| entity(*own, account(ctx, actor))).collect::<Vec<_>>()))
}

/// `DELETE /api/v1/suggestions/:id`.
pub(super) fn dismiss(app: &App, request: &Request) -> Result<Response> {
    explore::dismiss(&app.domain, request.id("id")?)?;
    Ok(Response::json(&json!({})))
}
