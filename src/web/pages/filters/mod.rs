//! The owner's filters.

pub(crate) mod edit;
pub(crate) mod posts;

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::store::filters::{self, Filter, FilterAction, FilterContext};
use crate::web::locale::Message;
use crate::web::render;
use crate::web::templates::{Time, time};

/// The contexts with their labels.
const CONTEXTS: [(FilterContext, Message); 5] = [
    (FilterContext::Home, Message::new("filter-context-home")),
    (FilterContext::Notifications, Message::new("filter-context-notifications")),
    (FilterContext::Public, Message::new("filter-context-public")),
    (FilterContext::Thread, Message::new("filter-context-thread")),
    (FilterContext::Account, Message::new("filter-context-account")),
];

/// The actions with their labels.
const ACTIONS: [(FilterAction, Message); 3] = [
    (FilterAction::Warn, Message::new("filter-warn")),
    (FilterAction::Blur, Message::new("filter-blur")),
    (FilterAction::Hide, Message::new("filter-hide")),
];

/// A filter as lists show it.
#[derive(Debug, Clone, Serialize)]
struct FilterView {
    id: i64,
    title: String,
    action: Option<Message>,
    contexts: Vec<Message>,
    keywords: Vec<String>,
    posts: usize,
    expires: Option<Time>,
    expired: bool,
}

fn filter_view(app: &App, filter: &Filter) -> FilterView {
    let row = &filter.row;
    let action = ACTIONS.into_iter().find(|(action, _)| *action == row.action);
    FilterView {
        id: row.id,
        title: row.title.clone(),
        action: action.map(|(_, label)| label),
        contexts: CONTEXTS.into_iter().filter(|(c, _)| row.contexts.contains(*c)).map(|(_, label)| label).collect(),
        keywords: filter.keywords.iter().map(|k| k.keyword.clone()).collect(),
        posts: filter.statuses.len(),
        expires: row.expires_at.map(time),
        expired: row.expires_at.is_some_and(|at| at <= app.domain.now()),
    }
}

/// `GET /filters`.
pub(crate) fn index(app: &App, request: &Request) -> Result<Response> {
    let found = app.domain.store.read(|c| filters::list(c, None))?;
    let filters: Vec<FilterView> = found.iter().map(|f| filter_view(app, f)).collect();
    render::page(app, request, "filters.html", context! { filters })
}
