//! Filters as Mastodon 3 had them: each keyword is a filter, under the id of the keyword.

use serde_json::json;

use super::form::{contexts, expiry, keyword_text};
use crate::api::entities::filter::v1;
use crate::app::App;
use crate::domain::filters::{self as rules, EmptyFilter, FilterChange, KeywordChange, KeywordText};
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::store::filters::{self, Filter, FilterAction};

/// The parameters of a filter in v1.
fn read(form: &Form) -> Result<(KeywordText, FilterChange)> {
    if form.single_filled("phrase")?.is_none() {
        return Err(Error::invalid("Phrase can't be blank"));
    }
    let irreversible = form.choice("irreversible")?;
    let action = irreversible.map(|yes| if yes { FilterAction::Hide } else { FilterAction::Warn });
    let change = FilterChange { contexts: contexts(form)?, action, expiry: expiry(form)?, ..FilterChange::default() };
    Ok((keyword_text(form, "phrase")?, change))
}

fn show(filter: &Filter, id: i64) -> Result<Response> {
    let keyword = filter.keywords.iter().find(|k| k.id == id).ok_or(Error::NotFound)?;
    Ok(Response::json(&v1(filter, keyword)))
}

/// `GET /api/v1/filters`.
pub(crate) fn list(app: &App, _: &Request) -> Result<Response> {
    let found = app.domain.store.read(|c| filters::list(c, None))?;
    let all = found.iter().flat_map(|filter| filter.keywords.iter().map(move |k| v1(filter, k)));
    Ok(Response::json(&all.collect::<Vec<_>>()))
}

/// `GET /api/v1/filters/:id`.
pub(crate) fn get(app: &App, request: &Request) -> Result<Response> {
    let id = request.id("id")?;
    let found = app.domain.store.read(|c| match filters::keyword(c, id)? {
        Some(keyword) => filters::get(c, keyword.filter),
        None => Ok(None),
    })?;
    show(&found.ok_or(Error::NotFound)?, id)
}

/// `POST /api/v1/filters`.
pub(crate) fn create(app: &App, request: &Request) -> Result<Response> {
    let (text, change) = read(&request.form()?)?;
    let title = text.keyword.clone().map(|phrase| phrase.chars().take(crate::limits::FILTER_TITLE_CHARS).collect());
    let text = KeywordText { whole_word: Some(text.whole_word.unwrap_or(false)), ..text };
    let made = rules::create(&app.domain, FilterChange { title, keywords: vec![KeywordChange::Add(text)], ..change })?;
    let id = made.keywords.first().map(|k| k.id).ok_or(Error::NotFound)?;
    show(&made, id)
}

/// `PUT /api/v1/filters/:id`.
pub(crate) fn update(app: &App, request: &Request) -> Result<Response> {
    let id = request.id("id")?;
    let (text, change) = read(&request.form()?)?;
    show(&rules::update_single(&app.domain, id, text, change)?, id)
}

/// `DELETE /api/v1/filters/:id`.
pub(crate) fn remove(app: &App, request: &Request) -> Result<Response> {
    rules::remove_keyword(&app.domain, request.id("id")?, EmptyFilter::Remove)?;
    Ok(Response::json(&json!({})))
}
