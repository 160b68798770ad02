//! Scheduled posts.

use serde::Serialize;
use serde_json::{Value, json};

use super::status_form::scheduled_at;
use crate::api::entities::Context;
use crate::api::entities::media::{MediaAttachment, media};
use crate::api::paging::{self, Rows};
use crate::app::App;
use crate::domain::posts::scheduled::{self, ScheduledView};
use crate::domain::posts::{Draft, polls::DraftPoll};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::ScheduledId;

/// ScheduledStatus.
#[derive(Serialize)]
struct ScheduledStatus {
    id: ScheduledId,
    scheduled_at: String,
    params: Value,
    media_attachments: Vec<MediaAttachment>,
}

fn poll(poll: &DraftPoll) -> Value {
    json!({
        "options": poll.options,
        "expires_in": poll.seconds,
        "multiple": poll.multiple,
        "hide_totals": poll.hide_totals,
    })
}

fn params(draft: &Draft) -> Value {
    let media: Vec<String> = draft.media.iter().map(ToString::to_string).collect();
    json!({
        "text": draft.text,
        "visibility": draft.visibility.map(|visibility| visibility.as_str()),
        "poll": draft.poll.as_ref().map(poll),
        "media_ids": (!media.is_empty()).then_some(media),
        "sensitive": draft.sensitive,
        "spoiler_text": (!draft.summary.is_empty()).then_some(&draft.summary),
        "in_reply_to_id": draft.in_reply_to.map(|id| id.0),
        "quoted_status_id": draft.quote.map(|id| id.0),
        "quote_approval_policy": draft.quote_policy.map(|policy| policy.as_str()),
        "language": draft.language,
        "application_id": draft.app.map(|id| id.0),
        "scheduled_at": null,
        "idempotency": null,
        "with_rate_limit": false,
    })
}

fn entity(ctx: Context<'_>, view: &ScheduledView) -> ScheduledStatus {
    ScheduledStatus {
        id: view.row.id,
        scheduled_at: view.row.due.to_api(),
        params: params(&view.draft),
        media_attachments: view.media.iter().map(|m| media(ctx, m)).collect(),
    }
}

pub(super) fn show(app: &App, request: &Request, id: ScheduledId) -> Result<Response> {
    Ok(Response::json(&entity(Context::of(app, request), &scheduled::get(&app.domain, id)?)))
}

/// `GET /api/v1/scheduled_statuses`.
pub(crate) fn list(app: &App, request: &Request) -> Result<Response> {
    let page = paging::page(&request.form()?, paging::STATUSES);
    let views = scheduled::list(&app.domain, &page)?;
    let ctx = Context::of(app, request);
    let items: Vec<_> = views.iter().map(|view| entity(ctx, view)).collect();
    let cursors = views.first().zip(views.last()).map(|(first, last)| (first.row.id.0, last.row.id.0));
    Ok(paging::respond(app, request, Rows { page: &page, count: views.len(), cursors }, &items))
}

/// `GET /api/v1/scheduled_statuses/:id`.
pub(crate) fn get(app: &App, request: &Request) -> Result<Response> {
    show(app, request, request.id("id")?)
}

/// `PUT /api/v1/scheduled_statuses/:id`: changes the time alone.
pub(crate) fn update(app: &App, request: &Request) -> Result<Response> {
    let id: ScheduledId = request.id("id")?;
    let due = scheduled_at(&request.form()?)?.ok_or_else(|| Error::invalid("Scheduled at can't be blank"))?;
    scheduled::reschedule(&app.domain, id, due)?;
    show(app, request, id)
}

/// `DELETE /api/v1/scheduled_statuses/:id`.
pub(crate) fn cancel(app: &App, request: &Request) -> Result<Response> {
    scheduled::cancel(&app.domain, request.id("id")?)?;
    Ok(Response::json(&json!({})))
}
