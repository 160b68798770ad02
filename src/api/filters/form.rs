//! The parameters of filters.

use std::time::Duration;

use crate::domain::filters::{Expiry, FilterChange, KeywordChange, KeywordText};
use crate::error::{Error, Result};
use crate::http::Form;
use crate::store::filters::{FilterAction, FilterContext, FilterContexts};

const ACTIONS: &str = "warn, hide, blur";

/// The parameters of a filter in v2.
///
/// # Errors
/// [`Error::Invalid`] naming an invalid value, [`Error::NotFound`] if a keyword has an invalid id.
pub(super) fn change(form: &Form) -> Result<FilterChange> {
    Ok(FilterChange {
        title: form.text("title")?,
        contexts: contexts(form)?,
        action: form.one_of("filter_action", ACTIONS, FilterAction::parse)?,
        expiry: expiry(form)?,
        keywords: form.exact_records("keywords_attributes")?.iter().map(keyword_change).collect::<Result<_>>()?,
    })
}

fn keyword_change(record: &Form) -> Result<KeywordChange> {
    let id = record.single_filled("id")?.map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()?;
    Ok(match (id, record.choice("_destroy")?) {
        (Some(id), Some(true)) => KeywordChange::Remove(id),
        (Some(id), _) => KeywordChange::Edit(id, keyword_text(record, "keyword")?),
        (None, _) => KeywordChange::Add(keyword_text(record, "keyword")?),
    })
}

/// The text of a keyword, in the field of this name, and whether it is a whole word.
///
/// # Errors
/// [`Error::Invalid`] if `whole_word` is not a boolean.
pub(super) fn keyword_text(form: &Form, key: &str) -> Result<KeywordText> {
    Ok(KeywordText { keyword: form.text(key)?, whole_word: form.choice("whole_word")? })
}

/// The contexts; `None` if there are none in the form.
///
/// # Errors
/// [`Error::Invalid`] if a name is not that of a context.
pub(super) fn contexts(form: &Form) -> Result<Option<FilterContexts>> {
    let named = form.values("context")?;
    if !form.has_list("context") {
        return Ok(None);
    }
    let named: Option<Vec<_>> = named.into_iter().map(FilterContext::parse).collect();
    let named = named.ok_or_else(|| Error::invalid("Context None or invalid context supplied"))?;
    Ok(Some(FilterContexts::new(named)))
}

/// The time until the filter ends: blank means never, absent means unchanged.
///
/// # Errors
/// [`Error::Invalid`] if it is not a number of seconds.
pub(super) fn expiry(form: &Form) -> Result<Option<Expiry>> {
    if form.single("expires_in")?.is_none() {
        return Ok(None);
    }
    let seconds = form.exact::<u64>("expires_in")?;
    Ok(Some(seconds.map_or(Expiry::Never, |seconds| Expiry::After(Duration::from_secs(seconds)))))
}
