//! Threads of direct posts.

use minijinja::context;
use serde::Serialize;

use super::{action, next, page};
use crate::app::App;
use crate::domain::queries::conversations::{self, ConversationChange, ConversationView};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::store::filters::FilterContext;
use crate::web::render;
use crate::web::templates::{Time, time};
use crate::web::view::{self, Brief, Person};

/// A conversation of the list.
#[derive(Debug, Clone, Serialize)]
struct ConversationRow {
    id: String,
    unread: bool,
    people: Vec<Person>,
    /// The newest post is the owner's.
    is_own: bool,
    /// Only the owner takes part.
    is_note: bool,
    last: Brief,
    time: Time,
}

fn row(app: &App, view: &ConversationView) -> Result<ConversationRow> {
    let viewer = app.domain.as_owner()?;
    Ok(ConversationRow {
        id: view.conversation.id.to_string(),
        unread: view.conversation.unread,
        people: view.actors.iter().map(|a| view::person(app, a, viewer)).collect(),
        is_own: view.last.author.local,
        is_note: view.actors.iter().all(|a| a.local),
        last: view::brief_in(app, &view.last, viewer, FilterContext::Thread),
        time: time(view.last.status.created_at),
    })
}

/// `GET /conversations`.
pub(crate) fn list(app: &App, request: &Request) -> Result<Response> {
    let page = page(request)?;
    let found = conversations::list(&app.domain, &page)?;
    let context = context! {
        conversations => found.iter().map(|view| row(app, view)).collect::<Result<Vec<_>>>()?,
        next => next(request, &page, found.len(), found.last().map(|view| view.conversation.last.0)),
    };
    render::page(app, request, "conversations.html", context)
}

/// `POST /conversations/ID/ACTION`.
pub(crate) fn act(app: &App, request: &Request) -> Result<Response> {
    let id: i64 = request.id("id")?;
    let change = match action(request)?.as_str() {
        "read" => Some(ConversationChange::Read),
        "unread" => Some(ConversationChange::Unread),
        "delete" => None,
        _ => return Err(Error::NotFound),
    };
    let Some(change) = change else {
        conversations::remove(&app.domain, id)?;
        return Ok(Response::see_other("/conversations?done=conversation-removed"));
    };
    conversations::change(&app.domain, id, change)?;
    Ok(Response::see_other("/conversations"))
}
