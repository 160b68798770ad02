//! Uploads. A file is processed before the response, so it is immediately ready.

use super::entities::Context;
use super::entities::media::media as entity;
use crate::app::App;
use crate::domain::posts::attachments::{self, MediaDetails};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::media;
use crate::protocol::ids::MediaId;

/// The description and focus of an upload.
pub(super) fn details(form: &Form) -> Result<MediaDetails> {
    let focus = form.single_filled("focus")?.map(attachments::parse_focus).transpose()?;
    Ok(MediaDetails { description: form.text("description")?, focus, thumbnail: None })
}

/// The details with the thumbnail, which is stored.
fn details_with_thumbnail(app: &App, form: &Form) -> Result<MediaDetails> {
    let thumbnail = form.file("thumbnail").map(|file| media::store_thumbnail(&app.media, file.open())).transpose()?;
    Ok(MediaDetails { thumbnail, ..details(form)? })
}

/// `POST /api/v1/media` and `/api/v2/media`.
pub(super) fn create(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let file = form.file("file").ok_or_else(|| Error::invalid("File can't be blank"))?;
    let details = details_with_thumbnail(app, &form)?;
    let stored = media::store_upload(&app.media, file.open())?;
    let added = attachments::add(&app.domain, stored, details, Some(request.bearer()?.token.id))?;
    Ok(Response::json(&entity(Context::of(app, request), &added)))
}

/// `GET /api/v1/media/:id`.
pub(super) fn get(app: &App, request: &Request) -> Result<Response> {
    let id: MediaId = request.id("id")?;
    let found = attachments::get(&app.domain, id, Some(request.bearer()?.token.id))?;
    Ok(Response::json(&entity(Context::of(app, request), &found)))
}

/// `PUT /api/v1/media/:id`.
pub(super) fn update(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let id: MediaId = request.id("id")?;
    let token = Some(request.bearer()?.token.id);
    attachments::get(&app.domain, id, token)?;
    let changed = attachments::describe(&app.domain, id, details_with_thumbnail(app, &form)?, token)?;
    Ok(Response::json(&entity(Context::of(app, request), &changed)))
}

/// `DELETE /api/v1/media/:id`.
pub(super) fn delete(app: &App, request: &Request) -> Result<Response> {
    attachments::remove(&app.domain, request.id("id")?, Some(request.bearer()?.token.id))?;
    Ok(Response::json(&serde_json::json!({})))
}
