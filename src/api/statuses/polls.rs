//! Polls: read and vote.

use crate::api::entities::Context;
use crate::api::entities::status::poll;
use crate::app::App;
use crate::domain::posts;
use crate::domain::queries;
use crate::error::refusal::PollRefusal;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::StatusId;

/// `GET /api/v1/polls/:id`.
pub(crate) fn get(app: &App, request: &Request) -> Result<Response> {
    let id: StatusId = request.id("id")?;
    let view = queries::statuses::get(&app.domain, request.viewer(app.domain.owner()?.id), id)?;
    let entity = poll(Context::of(app, request), &view).ok_or(Error::NotFound)?;
    Ok(Response::json(&entity))
}

/// `POST /api/v1/polls/:id/votes`.
pub(crate) fn vote(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let choices: Option<Vec<usize>> = form.values("choices")?.into_iter().map(|c| c.trim().parse().ok()).collect();
    let choices = choices.ok_or_else(|| Error::invalid(PollRefusal::NoSuchOption))?;
    posts::vote(&app.domain, request.id("id")?, choices)?;
    get(app, request)
}
