//! The form of a filter.

use std::time::Duration;

use minijinja::context;
use serde::Serialize;

use super::{ACTIONS, CONTEXTS};
use crate::app::App;
use crate::domain::filters::{self, Expiry, FilterChange, KeywordChange, KeywordText};
use crate::domain::queries::status_view::{self, StatusView};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::limits;
use crate::protocol::ids::StatusId;
use crate::store::filters::{self as rows, Filter, FilterAction, FilterContext, FilterContexts};
use crate::web::locale::Message;
use crate::web::templates::{Time, time};
use crate::web::{pages, render, view};

/// The durations that the form offers, in seconds.
const DURATIONS: [(u64, Message); 6] = [
    (1_800, Message::new("filter-in-half-an-hour")),
    (3_600, Message::new("filter-in-an-hour")),
    (21_600, Message::new("filter-in-six-hours")),
    (86_400, Message::new("filter-in-a-day")),
    (604_800, Message::new("filter-in-a-week")),
    (2_592_000, Message::new("filter-in-a-month")),
];

/// Empty rows for keywords.
const EMPTY_ROWS: usize = 3;

/// A keyword of the form; `id` is empty for a new one.
#[derive(Debug, Clone, Serialize)]
struct KeywordRow {
    id: String,
    keyword: String,
    whole_word: bool,
}

impl KeywordRow {
    fn empty() -> Self {
        Self { id: String::new(), keyword: String::new(), whole_word: true }
    }
}

/// What was entered.
#[derive(Debug, Clone, Serialize)]
struct FilterForm {
    title: String,
    contexts: Vec<&'static str>,
    action: &'static str,
    /// Seconds, `never`, or `keep`. Empty is `keep`.
    expiry: String,
    keywords: Vec<KeywordRow>,
}

impl FilterForm {
    fn new() -> Self {
        Self {
            title: String::new(),
            contexts: vec![FilterContext::Home.as_str(), FilterContext::Public.as_str()],
            action: FilterAction::Warn.as_str(),
            expiry: "never".to_owned(),
            keywords: Vec::new(),
        }
    }

    fn stored(filter: &Filter) -> Self {
        let keyword = |k: &rows::FilterKeyword| KeywordRow {
            id: k.id.to_string(),
            keyword: k.keyword.clone(),
            whole_word: k.whole_word,
        };
        Self {
            title: filter.row.title.clone(),
            contexts: filter.row.contexts.iter().map(FilterContext::as_str).collect(),
            action: filter.row.action.as_str(),
            expiry: if filter.row.expires_at.is_some() { "keep" } else { "never" }.to_owned(),
            keywords: filter.keywords.iter().map(keyword).collect(),
        }
    }

    /// What was entered, where it can be read.
    fn entered(form: &Form) -> Self {
        let text = |form: &Form, key: &str| form.get(key).unwrap_or_default().to_owned();
        let keyword = |r: &Form| KeywordRow {
            id: text(r, "id"),
            keyword: text(r, "keyword"),
            whole_word: r.is_set("whole_word"),
        };
        let is_used = |row: &KeywordRow| !row.id.is_empty() || !row.keyword.trim().is_empty();
        Self {
            title: text(form, "title"),
            contexts: form
                .list("context")
                .into_iter()
                .filter_map(FilterContext::parse)
                .map(FilterContext::as_str)
                .collect(),
            action: form.get("action").and_then(FilterAction::parse).unwrap_or_default().as_str(),
            expiry: text(form, "expiry"),
            keywords: form.records("keywords").iter().map(keyword).filter(is_used).collect(),
        }
    }
}

/// The change that a form requests. A keyword whose text was removed is removed.
///
/// # Errors
/// [`Error::Invalid`] naming a choice that does not exist.
fn change(form: &Form) -> Result<FilterChange> {
    let names = |known: &[&str]| known.join(", ");
    let actions = names(&ACTIONS.map(|(action, _)| action.as_str()));
    let contexts = form.choices("context", &names(&CONTEXTS.map(|(c, _)| c.as_str())), FilterContext::parse)?;
    let keywords = form.records("keywords").iter().map(keyword_change).collect::<Result<Vec<_>>>()?;
    Ok(FilterChange {
        title: Some(form.text("title")?.unwrap_or_default()),
        contexts: Some(FilterContexts::new(contexts)),
        action: form.one_of("action", &actions, FilterAction::parse)?,
        expiry: form.one_of("expiry", "keep, never, a number of seconds", expiry)?.flatten(),
        keywords: keywords.into_iter().flatten().collect(),
    })
}

/// The change of the expiry with this name; `None` keeps it.
fn expiry(name: &str) -> Option<Option<Expiry>> {
    match name {
        "keep" => Some(None),
        "never" => Some(Some(Expiry::Never)),
        seconds => seconds.parse().ok().map(|seconds| Some(Expiry::After(Duration::from_secs(seconds)))),
    }
}

/// The change that a row of the form requests; `None` for an empty one.
fn keyword_change(row: &Form) -> Result<Option<KeywordChange>> {
    let keyword = row.text("keyword")?.unwrap_or_default();
    let (id, is_blank) = (row.exact("id")?, keyword.trim().is_empty());
    let text = KeywordText { keyword: Some(keyword), whole_word: Some(row.checkbox("whole_word")?) };
    Ok(match id {
        Some(id) if is_blank => Some(KeywordChange::Remove(id)),
        Some(id) => Some(KeywordChange::Edit(id, text)),
        None if is_blank => None,
        None => Some(KeywordChange::Add(text)),
    })
}

/// `GET /filters/new`.
pub(crate) fn new(app: &App, request: &Request) -> Result<Response> {
    show_form(app, request, None, FilterForm::new(), None)
}

/// `GET /filters/ID`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let filter = stored(app, request)?;
    let form = FilterForm::stored(&filter);
    show_form(app, request, Some(&filter), form, None)
}

fn stored(app: &App, request: &Request) -> Result<Filter> {
    let id: i64 = request.id("id")?;
    app.domain.store.read(|c| rows::get(c, id))?.ok_or(Error::NotFound)
}

/// A post that the filter names.
#[derive(Debug, Clone, Serialize)]
struct PostRow {
    entry: i64,
    brief: view::Brief,
}

fn posts(app: &App, filter: &Filter) -> Result<Vec<PostRow>> {
    let viewer = app.domain.as_owner()?;
    let ids: Vec<StatusId> = filter.statuses.iter().map(|entry| entry.status).collect();
    let found = status_view::read(&app.domain, viewer, |_, loader| loader.statuses(&ids))?;
    let entry_of = |id: StatusId| filter.statuses.iter().find(|entry| entry.status == id).map(|entry| entry.id);
    let row = |v: &StatusView| Some(PostRow { entry: entry_of(v.status.id)?, brief: view::brief(app, v, viewer) });
    Ok(found.iter().filter_map(row).collect())
}

fn show_form(
    app: &App,
    request: &Request,
    filter: Option<&Filter>,
    mut form: FilterForm,
    error: Option<Message>,
) -> Result<Response> {
    form.keywords.extend((0..EMPTY_ROWS).map(|_| KeywordRow::empty()));
    let expires: Option<Time> = filter.and_then(|f| f.row.expires_at).map(time);
    let context = context! {
        id => filter.map(|f| f.row.id),
        posts => filter.map(|f| posts(app, f)).transpose()?.unwrap_or_default(),
        contexts => CONTEXTS.map(|(c, label)| (c.as_str(), label)),
        actions => ACTIONS.map(|(a, label)| (a.as_str(), label)),
        durations => DURATIONS.map(|(seconds, label)| (seconds.to_string(), label)),
        title_limit => limits::FILTER_TITLE_CHARS,
        keyword_limit => limits::FILTER_KEYWORD_CHARS,
        expires,
        form,
        error,
    };
    render::page(app, request, "filter.html", context)
}

/// `POST /filters`. A rejected filter is shown again in the form, with the error.
pub(crate) fn create(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let entered = FilterForm::entered(&form);
    match change(&form).and_then(|change| filters::create(&app.domain, change)) {
        Ok(filter) => Ok(Response::see_other(&format!("/filters/{}?done=settings-saved", filter.row.id))),
        Err(e) => pages::rejected(&e, request, |message| show_form(app, request, None, entered, Some(message))),
    }
}

/// `POST /filters/ID`. A rejected change is shown again in the form, with the error.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let filter = stored(app, request)?;
    let form = request.form()?;
    let entered = FilterForm::entered(&form);
    match change(&form).and_then(|change| filters::update(&app.domain, filter.row.id, change)) {
        Ok(_) => Ok(Response::see_other(&format!("/filters/{}?done=settings-saved", filter.row.id))),
        Err(e) => {
            pages::rejected(&e, request, |message| show_form(app, request, Some(&filter), entered, Some(message)))
        }
    }
}

/// `POST /filters/ID/ACTION`.
pub(crate) fn act(app: &App, request: &Request) -> Result<Response> {
    let filter = stored(app, request)?;
    match request.param("action") {
        "delete" => {
            filters::remove(&app.domain, filter.row.id)?;
            Ok(Response::see_other("/filters?done=filter-deleted"))
        }
        "remove-post" => {
            let entry: i64 = request.form()?.number("entry").ok_or(Error::NotFound)?;
            if filter.statuses.iter().all(|known| known.id != entry) {
                return Err(Error::NotFound);
            }
            filters::remove_status(&app.domain, entry)?;
            Ok(Response::see_other(&format!("/filters/{}?done=settings-saved", filter.row.id)))
        }
        _ => Err(Error::NotFound),
    }
}
