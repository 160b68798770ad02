//! The owner's filters.

pub(crate) mod edit;
pub(crate) mod posts;

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::store::filters::{self, Filter, FilterAction, FilterContext};
use crate::web::render;
use crate::web::templates::{Time, time};

/// The contexts with their labels.
const CONTEXTS: [(FilterContext, &str); 5] = [
    (FilterContext::Home, "Home and lists"),
    (FilterContext::Notifications, "Notifications"),
    (FilterContext::Public, "Hashtags and public timelines"),
    (FilterContext::Thread, "Threads"),
    (FilterContext::Account, "Profiles"),
];

/// The actions with their labels.
const ACTIONS: [(FilterAction, &str); 3] = [
    (FilterAction::Warn, "Cover the post with a warning"),
    (FilterAction::Blur, "Cover its media only"),
    (FilterAction::Hide, "Hide the post completely"),
];

/// A filter as lists show it.
#[derive(Debug, Clone, Serialize)]
struct FilterView {
    id: i64,
    title: String,
    action: &'static str,
    contexts: Vec<&'static str>,
    keywords: Vec<String>,
    posts: usize,
    expires: Option<Time>,
    expired: bool,
}

fn filter_view(app: &App, filter: &Filter) -> FilterView {
    let row = &filter.row;
    let action = ACTIONS.iter().find(|(action, _)| *action == row.action);
    FilterView {
        id: row.id,
        title: row.title.clone(),
        action: action.map_or("", |(_, label)| label),
        contexts: CONTEXTS.iter().filter(|(c, _)| row.contexts.contains(*c)).map(|(_, label)| *label).collect(),
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
