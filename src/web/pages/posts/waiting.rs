//! Posts that wait on the server: drafts and scheduled posts.

use minijinja::context;
use serde::Serialize;

use super::compose;
use super::compose_form::ComposeForm;
use crate::app::App;
use crate::domain::posts::Draft;
use crate::domain::posts::{drafts, scheduled};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::ids::{DraftId, ScheduledId};
use crate::store::media::Media;
use crate::web::locale::{self, Message};
use crate::web::pages::{next, page};
use crate::web::templates::{Time, time};
use crate::web::{render, view};

/// A post of a list.
#[derive(Debug, Clone, Serialize)]
struct WaitingRow {
    id: String,
    /// The beginning of its text, or its warning.
    text: String,
    visibility: view::VisibilityView,
    is_reply: bool,
    is_quote: bool,
    has_poll: bool,
    pictures: usize,
    /// When it is published, or was saved.
    time: Time,
    /// Why it could not be published.
    error: Option<Message>,
}

fn row(app: &App, id: String, draft: &Draft, media: &[Media], at: Time) -> Result<WaitingRow> {
    let visibility = match draft.visibility {
        Some(visibility) => visibility,
        None => ComposeForm::empty(app)?.visibility,
    };
    let text = if draft.text.trim().is_empty() { &draft.summary } else { &draft.text };
    Ok(WaitingRow {
        id,
        text: text.chars().take(240).collect(),
        visibility: view::visibility(visibility),
        is_reply: draft.in_reply_to.is_some(),
        is_quote: draft.quote.is_some(),
        has_poll: draft.poll.is_some(),
        pictures: media.len(),
        time: at,
        error: None,
    })
}

/// `GET /drafts`.
pub(crate) fn drafts(app: &App, request: &Request) -> Result<Response> {
    let page = page(request)?;
    let found = drafts::list(&app.domain, &page)?;
    let rows = found.iter().map(|d| row(app, d.id.to_string(), &d.draft, &d.media, time(d.updated_at)));
    let context = context! {
        rows => rows.collect::<Result<Vec<_>>>()?,
        next => next(request, &page, found.len(), found.last().map(|d| d.id.0)),
    };
    render::page(app, request, "drafts.html", context)
}

/// `GET /drafts/ID`: the draft in the form.
pub(crate) fn draft(app: &App, request: &Request) -> Result<Response> {
    let id: DraftId = request.id("id")?;
    let found = drafts::get(&app.domain, id)?;
    let form = ComposeForm::of_draft(app, &found.draft, &found.media)?;
    compose::show_form(app, request, &ComposeForm { draft: Some(id), ..form }, None)
}

/// `POST /drafts/ID/ACTION`.
pub(crate) fn act_on_draft(app: &App, request: &Request) -> Result<Response> {
    match request.param("action") {
        "delete" => drafts::delete(&app.domain, request.id("id")?)?,
        _ => return Err(Error::NotFound),
    }
    Ok(Response::see_other("/drafts?done=draft-deleted"))
}

/// `GET /scheduled`.
pub(crate) fn scheduled(app: &App, request: &Request) -> Result<Response> {
    let page = page(request)?;
    let found = scheduled::list(&app.domain, &page)?;
    let row = |s: &scheduled::ScheduledView| {
        let row = row(app, s.row.id.to_string(), &s.draft, &s.media, time(s.row.due))?;
        Ok(WaitingRow { error: s.refusal.as_ref().map(locale::refusal), ..row })
    };
    let context = context! {
        rows => found.iter().map(row).collect::<Result<Vec<_>>>()?,
        next => next(request, &page, found.len(), found.last().map(|s| s.row.id.0)),
    };
    render::page(app, request, "scheduled.html", context)
}

/// `GET /scheduled/ID`: the post in the form.
pub(crate) fn scheduled_post(app: &App, request: &Request) -> Result<Response> {
    let id: ScheduledId = request.id("id")?;
    let found = scheduled::get(&app.domain, id)?;
    let form = ComposeForm::of_draft(app, &found.draft, &found.media)?;
    let due = form.zone.clock(found.row.due);
    compose::show_form(app, request, &ComposeForm { scheduled: Some(id), scheduled_at: due, ..form }, None)
}

/// `POST /scheduled/ID/ACTION`.
pub(crate) fn act_on_scheduled(app: &App, request: &Request) -> Result<Response> {
    match request.param("action") {
        "cancel" => scheduled::cancel(&app.domain, request.id("id")?)?,
        _ => return Err(Error::NotFound),
    }
    Ok(Response::see_other("/scheduled?done=cancelled"))
}
