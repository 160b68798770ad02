//! Filters of the owner: keywords and posts that are hidden or covered, and where.

pub mod active;

use std::sync::Arc;
use std::time::Duration;

use super::{Domain, Tx};
use crate::error::refusal::FilterRefusal;
use crate::error::refusal::{LimitedText, RequiredText, TextRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::StatusId;
use crate::protocol::text::is_blank;
use crate::protocol::time::Timestamp;
use crate::store::filters::{self, Filter, FilterAction, FilterContexts, FilterKeyword, FilterRow, FilterStatus};
use crate::store::statuses;
use crate::store::visibility::Viewer;

/// When a filter ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Never.
    Never,
    /// After this time from now.
    After(Duration),
}

impl Expiry {
    fn at(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::After(time) => Some(now.plus(time.min(Duration::from_secs(limits::FILTER_AGE)))),
        }
    }
}

/// What changes about a filter; `None` keeps the current value.
#[derive(Debug, Clone, Default)]
pub struct FilterChange {
    /// Its name.
    pub title: Option<String>,
    /// Where it applies.
    pub contexts: Option<FilterContexts>,
    /// What it does.
    pub action: Option<FilterAction>,
    /// When it ends.
    pub expiry: Option<Expiry>,
    /// Changes of its keywords.
    pub keywords: Vec<KeywordChange>,
}

/// A change of the keywords of a filter.
#[derive(Debug, Clone)]
pub enum KeywordChange {
    /// A new keyword.
    Add(KeywordText),
    /// Another text or manner of an existing keyword.
    Edit(i64, KeywordText),
    /// Removes a keyword.
    Remove(i64),
}

/// The text and manner of a keyword; `None` keeps the current value.
#[derive(Debug, Clone, Default)]
pub struct KeywordText {
    /// The text.
    pub keyword: Option<String>,
    /// Whether it must be a word of its own; the default is `true`, as in Mastodon.
    pub whole_word: Option<bool>,
}

/// Creates a filter.
///
/// # Errors
/// [`Error::Invalid`] if a value is missing, too long, or one too many.
pub fn create(domain: &Arc<Domain>, change: FilterChange) -> Result<Filter> {
    domain.transact(move |tx| {
        if filters::usage(tx)?.filters >= limits::FILTERS {
            return Err(Error::invalid(FilterRefusal::TooMany(limits::FILTERS)));
        }
        let none = FilterRow {
            id: tx.next_id(),
            title: String::new(),
            contexts: FilterContexts::default(),
            action: FilterAction::default(),
            expires_at: None,
        };
        apply(tx, none, change)
    })
}

/// Changes a filter.
///
/// # Errors
/// [`Error::NotFound`] if there is no such filter or keyword in it; otherwise as [`create`].
pub fn update(domain: &Arc<Domain>, id: i64, change: FilterChange) -> Result<Filter> {
    domain.transact(move |tx| {
        let filter = filters::get(tx, id)?.ok_or(Error::NotFound)?;
        apply(tx, filter.row, change)
    })
}

fn apply(tx: &Tx<'_>, before: FilterRow, change: FilterChange) -> Result<Filter> {
    let row = FilterRow {
        id: before.id,
        title: change.title.map_or(before.title, |t| t.trim().to_owned()),
        contexts: change.contexts.unwrap_or(before.contexts),
        action: change.action.unwrap_or(before.action),
        expires_at: change.expiry.map_or(before.expires_at, |e| e.at(tx.now())),
    };
    if is_blank(&row.title) {
        return Err(Error::invalid(TextRefusal::Blank(RequiredText::Title)));
    }
    if row.title.chars().count() > limits::FILTER_TITLE_CHARS {
        return Err(Error::invalid(TextRefusal::TooLong {
            text: LimitedText::Title,
            maximum: limits::FILTER_TITLE_CHARS,
        }));
    }
    if row.contexts == FilterContexts::default() {
        return Err(Error::invalid(TextRefusal::Blank(RequiredText::FilterContext)));
    }
    filters::put(tx, &row)?;
    for keyword in change.keywords {
        match keyword {
            KeywordChange::Add(text) => drop(insert_keyword(tx, row.id, text)?),
            KeywordChange::Edit(id, text) => drop(change_keyword(tx, keyword_in(tx, row.id, id)?, text)?),
            KeywordChange::Remove(id) => filters::remove_keyword(tx, keyword_in(tx, row.id, id)?.id)?,
        }
    }
    filters::get(tx, row.id)?.ok_or(Error::NotFound)
}

fn keyword_in(tx: &Tx<'_>, filter: i64, id: i64) -> Result<FilterKeyword> {
    filters::keyword(tx, id)?.filter(|k| k.filter == filter).ok_or(Error::NotFound)
}

fn insert_keyword(tx: &Tx<'_>, filter: i64, text: KeywordText) -> Result<FilterKeyword> {
    if filters::usage(tx)?.keywords >= limits::FILTER_KEYWORDS {
        return Err(Error::invalid(FilterRefusal::TooManyKeywords(limits::FILTER_KEYWORDS)));
    }
    change_keyword(tx, FilterKeyword { id: tx.next_id(), filter, keyword: String::new(), whole_word: true }, text)
}

fn change_keyword(tx: &Tx<'_>, before: FilterKeyword, text: KeywordText) -> Result<FilterKeyword> {
    let keyword = FilterKeyword {
        keyword: text.keyword.map_or(before.keyword, |k| k.trim().to_owned()),
        whole_word: text.whole_word.unwrap_or(before.whole_word),
        ..before
    };
    if is_blank(&keyword.keyword) {
        return Err(Error::invalid(TextRefusal::Blank(RequiredText::Keyword)));
    }
    if keyword.keyword.chars().count() > limits::FILTER_KEYWORD_CHARS {
        let maximum = limits::FILTER_KEYWORD_CHARS;
        return Err(Error::invalid(TextRefusal::TooLong { text: LimitedText::Keyword, maximum }));
    }
    filters::put_keyword(tx, &keyword)?;
    if filters::usage(tx)?.bytes > limits::FILTER_KEYWORD_BYTES {
        return Err(Error::invalid(FilterRefusal::KeywordsTooLong(limits::FILTER_KEYWORD_BYTES)));
    }
    Ok(keyword)
}

/// Removes a filter.
///
/// # Errors
/// [`Error::NotFound`] if there is no such filter.
pub fn remove(domain: &Arc<Domain>, id: i64) -> Result<()> {
    domain.transact(move |tx| {
        let filter = filters::get(tx, id)?.ok_or(Error::NotFound)?;
        filters::remove(tx, filter.row.id)
    })
}

/// Adds a keyword to a filter.
///
/// # Errors
/// [`Error::NotFound`] if there is no such filter; otherwise as [`create`].
pub fn add_keyword(domain: &Arc<Domain>, filter: i64, text: KeywordText) -> Result<FilterKeyword> {
    domain.transact(move |tx| {
        let filter = filters::get(tx, filter)?.ok_or(Error::NotFound)?;
        insert_keyword(tx, filter.row.id, text)
    })
}

/// Changes a keyword.
///
/// # Errors
/// [`Error::NotFound`] if there is no such keyword; otherwise as [`create`].
pub fn edit_keyword(domain: &Arc<Domain>, id: i64, text: KeywordText) -> Result<FilterKeyword> {
    domain.transact(move |tx| {
        let keyword = filters::keyword(tx, id)?.ok_or(Error::NotFound)?;
        change_keyword(tx, keyword, text)
    })
}

/// Whether a filter remains that contains nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyFilter {
    /// It remains, because an app that knows filters with several keywords fills it again.
    Keep,
    /// It is removed, because an app that knows only keywords does not show it.
    Remove,
}

/// Removes a keyword.
///
/// # Errors
/// [`Error::NotFound`] if there is no such keyword.
pub fn remove_keyword(domain: &Arc<Domain>, id: i64, empty: EmptyFilter) -> Result<()> {
    domain.transact(move |tx| {
        let keyword = filters::keyword(tx, id)?.ok_or(Error::NotFound)?;
        filters::remove_keyword(tx, id)?;
        match filters::get(tx, keyword.filter)? {
            Some(rest) if empty == EmptyFilter::Remove && rest.keywords.is_empty() && rest.statuses.is_empty() => {
                filters::remove(tx, keyword.filter)
            }
            _ => Ok(()),
        }
    })
}

/// Changes a keyword and its filter as one, as apps for Mastodon 3 do.
///
/// # Errors
/// [`Error::NotFound`] if there is no such keyword; [`Error::Invalid`] if the filter has several keywords and anything but
/// the keyword would change.
pub fn update_single(domain: &Arc<Domain>, id: i64, text: KeywordText, change: FilterChange) -> Result<Filter> {
    domain.transact(move |tx| {
        let keyword = filters::keyword(tx, id)?.ok_or(Error::NotFound)?;
        let filter = filters::get(tx, keyword.filter)?.ok_or(Error::NotFound)?;
        let before = filter.row.clone();
        change_keyword(tx, keyword, text)?;
        let after = apply(tx, filter.row, change)?;
        if after.row != before && after.keywords.len() > 1 {
            return Err(Error::invalid(
                "This filter has several keywords: change its context, action and expiry with an app that shows them all",
            ));
        }
        Ok(after)
    })
}

/// Adds a post to a filter.
///
/// # Errors
/// [`Error::NotFound`] if there is no such filter or post, [`Error::Invalid`] if filters name too many posts.
pub fn add_status(domain: &Arc<Domain>, filter: i64, status: StatusId) -> Result<FilterStatus> {
    domain.transact(move |tx| {
        let filter = filters::get(tx, filter)?.ok_or(Error::NotFound)?;
        let status = statuses::visible(tx, Viewer::Owner(tx.owner()?.id), status)?.ok_or(Error::NotFound)?;
        if filters::usage(tx)?.statuses >= limits::FILTER_STATUSES {
            return Err(Error::invalid(FilterRefusal::TooManyPosts(limits::FILTER_STATUSES)));
        }
        filters::add_status(tx, FilterStatus { id: tx.next_id(), filter: filter.row.id, status: status.id })
    })
}

/// Removes a post from a filter.
///
/// # Errors
/// [`Error::NotFound`] if there is no such entry.
pub fn remove_status(domain: &Arc<Domain>, id: i64) -> Result<()> {
    domain.transact(move |tx| {
        let entry = filters::status(tx, id)?.ok_or(Error::NotFound)?;
        filters::remove_status(tx, entry.id)
    })
}
