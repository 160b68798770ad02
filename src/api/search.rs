//! Search.

use serde_json::json;

use super::entities::Context;
use super::entities::account::account;
use super::entities::hashtag::tag;
use super::entities::status::status;
use crate::app::App;
use crate::domain::queries;
use crate::domain::queries::hashtags;
use crate::domain::queries::search::SearchQuery;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::protocol::ids::ActorId;

/// `GET /api/v2/search`.
pub(super) fn search(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let kind = form.filled("type");
    let wants = |name: &str| kind.is_none_or(|k| k == name);
    let viewer = request.viewer(app.domain.owner()?.id);
    let query = SearchQuery {
        text: form.require("q")?,
        actors: wants("accounts"),
        statuses: wants("statuses"),
        tags: wants("hashtags"),
        resolve: form.is_set("resolve"),
        following: form.is_set("following"),
        // A text that is no id names no account, and finds nothing.
        by: form.filled("account_id").map(|id| ActorId(id.parse().unwrap_or_default())),
        limit: form.number::<u32>("limit").unwrap_or(20).clamp(1, 40),
        offset: form.number::<u32>("offset").unwrap_or(0).min(1_000),
    };
    let found = queries::search::search(&app.domain, viewer, &query)?;
    let ctx = Context::of(app, request);
    let tags = app.domain.store.read(|c| hashtags::views(c, viewer, &found.tags, app.domain.now()))?;
    let mut entity = json!({
        "accounts": found.actors.iter().map(|a| account(ctx, a)).collect::<Vec<_>>(),
        "statuses": found.statuses.iter().map(|s| status(ctx, s)).collect::<Vec<_>>(),
        "hashtags": tags.iter().map(|view| tag(ctx, view)).collect::<Vec<_>>(),
    });
    // The reason why a handle or URL was not found. Apps ignore unknown members.
    if let Some(notice) = found.notice {
        entity["notice"] = json!(notice);
    }
    Ok(Response::json(&entity))
}
