//! Statuses: create, read, edit and delete.

use serde::Serialize;
use serde_json::json;

use super::scheduled;
use super::status_form::{NewStatusForm, Origin, StatusEditForm};
use crate::api::entities::Context;
use crate::api::entities::preview_card::preview_card;
use crate::api::entities::status::{self, status};
use crate::app::App;
use crate::domain::backfill::{self, BackfillReason};
use crate::domain::posts::edit_history;
use crate::domain::posts::{self, UploadRetention};
use crate::domain::queries::status_view::StatusView;
use crate::domain::queries::{self, thread};
use crate::error::Result;
use crate::http::{Request, Response};
use crate::protocol::ids::StatusId;
use crate::protocol::secret;
use crate::store::visibility::Viewer;

/// The viewer of a request: the owner if its token may read statuses, else anonymous.
pub(super) fn viewer(app: &App, request: &Request) -> Result<Viewer> {
    Ok(request.viewer(app.domain.owner()?.id))
}

/// A status as the response to the owner.
pub(super) fn show(app: &App, request: &Request, id: StatusId) -> Result<Response> {
    let view = queries::statuses::get(&app.domain, app.domain.as_owner()?, id)?;
    Ok(Response::json(&status(Context::of(app, request), &view)))
}

/// The digest of the `Idempotency-Key`; `None` if it is blank.
fn idempotency_key(request: &Request) -> Option<String> {
    let key = request.headers.get("idempotency-key")?.as_bytes().trim_ascii();
    (!key.is_empty()).then(|| secret::hash(&secret::hex(key)))
}

/// `POST /api/v1/statuses`.
pub(crate) fn create(app: &App, request: &Request) -> Result<Response> {
    let form = NewStatusForm::read(&request.form()?)?;
    let token = &request.bearer()?.token;
    let origin = Origin { app: token.app_id, token: token.id, idempotency: idempotency_key(request) };
    if let Some(due) = form.scheduled_at {
        let id = posts::scheduled::schedule(&app.domain, form.into_draft(origin), due)?;
        return scheduled::show(app, request, id);
    }
    let view = posts::create(&app.domain, form.into_draft(origin))?;
    Ok(Response::json(&status(Context::of(app, request), &view)))
}

/// `GET /api/v1/statuses/:id`.
pub(crate) fn get(app: &App, request: &Request) -> Result<Response> {
    let view = queries::statuses::get(&app.domain, viewer(app, request)?, request.id("id")?)?;
    Ok(Response::json(&status(Context::of(app, request), &view)))
}

/// `GET /api/v1/statuses?id[]=…`.
pub(crate) fn get_many(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let viewer = viewer(app, request)?;
    let ctx = Context::of(app, request);
    let found = queries::statuses::get_many(&app.domain, viewer, &form.ids::<StatusId>("id", 40))?;
    Ok(Response::json(&found.iter().map(|v| status(ctx, v)).collect::<Vec<_>>()))
}

/// `PUT /api/v1/statuses/:id`.
pub(crate) fn edit(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let id: StatusId = request.id("id")?;
    let token = request.bearer()?.token.id;
    let before = posts::own_status(&app.domain, &app.domain.owner()?, id)?;
    let edit = StatusEditForm::read(&form, &before)?;
    posts::edit(&app.domain, id, edit.into_revision(token))?;
    show(app, request, id)
}

/// `DELETE /api/v1/statuses/:id`: returns the status with its source, for "delete and redraft".
pub(crate) fn delete(app: &App, request: &Request) -> Result<Response> {
    let uploads = match request.form()?.choice("delete_media")? {
        Some(true) => UploadRetention::Remove,
        _ => UploadRetention::KeepForRedraft,
    };
    let view = posts::delete(&app.domain, request.id("id")?, uploads)?;
    Ok(Response::json(&status::deleted(Context::of(app, request), &view)))
}

/// `GET /api/v1/statuses/:id/source`.
pub(crate) fn source(app: &App, request: &Request) -> Result<Response> {
    let s = posts::own_status(&app.domain, &app.domain.owner()?, request.id("id")?)?;
    Ok(Response::json(&json!({"id": s.id, "text": s.source.unwrap_or_default(), "spoiler_text": s.summary})))
}

/// `GET /api/v1/statuses/:id/history`.
pub(crate) fn history(app: &App, request: &Request) -> Result<Response> {
    let (view, versions) = edit_history::versions(&app.domain, viewer(app, request)?, request.id("id")?)?;
    let ctx = Context::of(app, request);
    Ok(Response::json(&versions.iter().map(|s| status::status_edit(ctx, &view, s)).collect::<Vec<_>>()))
}

/// Context: the thread around a status.
#[derive(Serialize)]
struct ContextEntity<'a> {
    ancestors: Vec<status::Status<'a>>,
    descendants: Vec<status::Status<'a>>,
}

/// `GET /api/v1/statuses/:id/context`.
pub(crate) fn context(app: &App, request: &Request) -> Result<Response> {
    let viewer = viewer(app, request)?;
    let found = thread::context(&app.domain, viewer, request.id("id")?)?;
    if viewer.is_owner()
        && let Err(e) = backfill::thread(&app.domain, &found.focus, BackfillReason::Opened)
    {
        tracing::debug!(error = %e, "cannot queue the backfill of a thread");
    }
    let ctx = Context::of(app, request);
    let (ancestors, descendants) = (list(ctx, &found.ancestors), list(ctx, &found.descendants));
    Ok(Response::json(&ContextEntity { ancestors, descendants }))
}

fn list<'a>(ctx: Context<'_>, views: &'a [StatusView]) -> Vec<status::Status<'a>> {
    views.iter().map(|v| status(ctx, v)).collect()
}

/// `GET /api/v1/statuses/:id/card`: the preview of its link, or an empty object.
pub(crate) fn card(app: &App, request: &Request) -> Result<Response> {
    let view = queries::statuses::get(&app.domain, viewer(app, request)?, request.id("id")?)?;
    let ctx = Context::of(app, request);
    Ok(match &view.content().card {
        Some(card) => Response::json(&preview_card(ctx, card)),
        None => Response::json(&json!({})),
    })
}
