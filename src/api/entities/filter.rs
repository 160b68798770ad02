//! Filter, its parts, and FilterResult.

use serde::Serialize;

use crate::domain::filters::active::FilterMatch;
use crate::protocol::ids::StatusId;
use crate::store::filters::{self as rows, FilterAction};

/// FilterKeyword.
#[derive(Debug, Serialize)]
pub struct FilterKeyword {
    id: String,
    keyword: String,
    whole_word: bool,
}

/// FilterStatus.
#[derive(Debug, Serialize)]
pub struct FilterStatus {
    id: String,
    status_id: StatusId,
}

/// Filter.
#[derive(Debug, Serialize)]
pub struct Filter {
    id: String,
    title: String,
    context: Vec<&'static str>,
    expires_at: Option<String>,
    filter_action: &'static str,
    keywords: Vec<FilterKeyword>,
    statuses: Vec<FilterStatus>,
}

/// FilterResult.
#[derive(Debug, Serialize)]
pub struct FilterResult {
    filter: Filter,
    keyword_matches: Option<Vec<String>>,
    status_matches: Option<Vec<StatusId>>,
}

/// V1::Filter: one keyword with what its filter does.
#[derive(Debug, Serialize)]
pub struct FilterV1 {
    id: String,
    phrase: String,
    context: Vec<&'static str>,
    whole_word: bool,
    expires_at: Option<String>,
    irreversible: bool,
}

/// A keyword as the API shows it.
pub fn keyword(row: &rows::FilterKeyword) -> FilterKeyword {
    FilterKeyword { id: row.id.to_string(), keyword: row.keyword.clone(), whole_word: row.whole_word }
}

/// The entry of a post as the API shows it.
pub fn status(row: &rows::FilterStatus) -> FilterStatus {
    FilterStatus { id: row.id.to_string(), status_id: row.status }
}

/// A filter as the API shows it.
pub fn filter(of: &rows::Filter) -> Filter {
    Filter {
        id: of.row.id.to_string(),
        title: of.row.title.clone(),
        context: of.row.contexts.iter().map(rows::FilterContext::as_str).collect(),
        expires_at: of.row.expires_at.map(|at| at.to_api()),
        filter_action: of.row.action.as_str(),
        keywords: of.keywords.iter().map(keyword).collect(),
        statuses: of.statuses.iter().map(status).collect(),
    }
}

/// A match of a filter as the API shows it.
pub fn result(of: &FilterMatch) -> FilterResult {
    FilterResult {
        filter: filter(&of.filter),
        keyword_matches: Some(of.keywords.clone()).filter(|k| !k.is_empty()),
        status_matches: Some(of.statuses.clone()).filter(|s| !s.is_empty()),
    }
}

/// A keyword as apps for Mastodon 3 know it.
pub fn v1(of: &rows::Filter, keyword: &rows::FilterKeyword) -> FilterV1 {
    FilterV1 {
        id: keyword.id.to_string(),
        phrase: keyword.keyword.clone(),
        context: of.row.contexts.iter().map(rows::FilterContext::as_str).collect(),
        whole_word: keyword.whole_word,
        expires_at: of.row.expires_at.map(|at| at.to_api()),
        irreversible: of.row.action == FilterAction::Hide,
    }
}
