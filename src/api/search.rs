//! Search.

use serde_json::json;

use super::entities::Context;
use super::entities::account::account;
use super::entities::hashtag::tag;
use super::entities::status::status;
use super::paging::{self, STATUSES};
use crate::app::App;
use crate::domain::queries;
use crate::domain::queries::hashtags;
use crate::domain::queries::search::{Kinds, SearchQuery};
use crate::error::{Error, Result};
use crate::http::{Request, Response, error_response};
use crate::limits;
use crate::protocol::ids::ActorId;
use crate::store::actors::Among;
use crate::store::visibility::Viewer;

/// `GET /api/v2/search`.
pub(super) fn search(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let viewer = request.viewer(app.domain.owner()?.id);
    let kinds = match form.filled("type") {
        None => Kinds::All,
        Some("accounts") => Kinds::Accounts,
        Some("statuses") => Kinds::Statuses,
        Some("hashtags") => Kinds::Hashtags,
        Some(_) => Kinds::Unknown,
    };
    // `exclude_unreviewed` leaves out hashtags that moderators have not reviewed; here none are held back for review.
    let query = SearchQuery {
        text: form.require("q")?,
        kinds,
        resolve: form.is_set("resolve"),
        among: if form.is_set("following") { Among::Followed } else { Among::Known },
        // A text that is no id names no account, and finds nothing.
        by: form.filled("account_id").map(|id| ActorId(id.parse().unwrap_or_default())),
        page: paging::page(&form, STATUSES),
        offset: form.number::<u32>("offset").unwrap_or(0).min(limits::SEARCH_OFFSET),
    };
    check_anonymous(viewer, &query)?;
    let found = queries::search::search(&app.domain, viewer, &query)?;
    let ctx = Context::of(app, request);
    let tags = app.domain.store.read(|c| hashtags::views(c, viewer, &found.tags, app.domain.now()))?;
    let mut entity = json!({
        "accounts": found.actors.iter().map(|a| account(ctx, a)).collect::<Vec<_>>(),
        "statuses": found.statuses.iter().map(|s| status(ctx, s)).collect::<Vec<_>>(),
        "hashtags": tags.iter().map(|view| tag(ctx, view)).collect::<Vec<_>>(),
    });
    // The reason why a handle or URL was not found. Apps ignore unknown members.
    if let Some(failure) = &found.failure {
        entity["notice"] = json!(error_response::message(failure));
    }
    Ok(Response::json(&entity))
}

/// Anonymous clients cannot cause lookups on other servers, nor page through all that is known.
fn check_anonymous(viewer: Viewer, query: &SearchQuery<'_>) -> Result<()> {
    if viewer.is_owner() {
        return Ok(());
    }
    if query.resolve {
        let text = "Search queries that resolve remote resources are not supported without authentication";
        return Err(Error::Unauthorized(text.into()));
    }
    if query.offset > 0 {
        let text = "Search queries pagination is not supported without authentication";
        return Err(Error::Unauthorized(text.into()));
    }
    Ok(())
}
