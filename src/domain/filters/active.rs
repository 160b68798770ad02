//! The owner's filters in effect, compiled once for each change of them.

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Result};
use crate::protocol::ids::StatusId;
use crate::protocol::text::keywords::{Keyword, Keywords};
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::filters::{self, Filter, FilterAction, FilterContext};

/// A filter that matches a status, with what it matches.
#[derive(Debug, Clone)]
pub struct FilterMatch {
    /// The filter.
    pub filter: Arc<Filter>,
    /// The keywords of the filter that the status contains.
    pub keywords: Vec<String>,
    /// The posts of the filter that the status is.
    pub statuses: Vec<StatusId>,
}

impl FilterMatch {
    /// Returns `true` if the server leaves the status out of lists of this kind.
    pub fn hides_in(&self, context: FilterContext) -> bool {
        self.filter.row.action == FilterAction::Hide && self.filter.row.contexts.contains(context)
    }
}

/// All filters, compiled.
#[derive(Debug)]
pub struct FilterSet {
    version: i64,
    filters: Vec<Arc<Filter>>,
    keywords: Keywords,
    /// The filter of each keyword, and the number of the keyword in it.
    places: Vec<(usize, usize)>,
    has_statuses: bool,
}

impl FilterSet {
    fn compile(version: i64, filters: Vec<Filter>) -> Result<Self> {
        let mut keywords = Vec::new();
        let mut places = Vec::new();
        for (number, filter) in filters.iter().enumerate() {
            for (place, keyword) in filter.keywords.iter().enumerate() {
                keywords.push(Keyword { text: &keyword.keyword, whole_word: keyword.whole_word });
                places.push((number, place));
            }
        }
        let keywords = Keywords::new(&keywords).map_err(|e| Error::internal(e.to_string()))?;
        let has_statuses = filters.iter().any(|f| !f.statuses.is_empty());
        Ok(Self { version, filters: filters.into_iter().map(Arc::new).collect(), keywords, places, has_statuses })
    }

    /// Returns `true` if no status can match.
    pub fn is_empty(&self) -> bool {
        self.keywords.is_empty() && !self.has_statuses
    }

    /// Returns `true` if a filter may leave statuses out of lists of this kind.
    pub fn may_hide_in(&self, context: FilterContext, now: Timestamp) -> bool {
        let hides = |f: &Arc<Filter>| {
            is_in_effect(f, now) && f.row.action == FilterAction::Hide && f.row.contexts.contains(context)
        };
        !self.is_empty() && self.filters.iter().any(hides)
    }

    /// The filters in effect that match a status: its text, or one of the ids under which it is shown.
    pub fn matches(&self, ids: &[StatusId], text: impl FnOnce() -> String, now: Timestamp) -> Vec<FilterMatch> {
        if self.is_empty() {
            return Vec::new();
        }
        let found = if self.keywords.is_empty() { Vec::new() } else { self.keywords.found_in(&text()) };
        let mut matches = Vec::new();
        for (number, filter) in self.filters.iter().enumerate().filter(|(_, f)| is_in_effect(f, now)) {
            let places = found.iter().map(|k| self.places[*k]).filter(|(of, _)| *of == number);
            let keywords: Vec<String> = places.map(|(_, place)| filter.keywords[place].keyword.clone()).collect();
            let statuses: Vec<StatusId> =
                filter.statuses.iter().map(|entry| entry.status).filter(|id| ids.contains(id)).collect();
            if !keywords.is_empty() || !statuses.is_empty() {
                matches.push(FilterMatch { filter: filter.clone(), keywords, statuses });
            }
        }
        matches
    }
}

fn is_in_effect(filter: &Filter, now: Timestamp) -> bool {
    filter.row.expires_at.is_none_or(|at| at > now)
}

/// The compiled filters of the last version that was read.
#[derive(Default)]
pub struct FilterCache(Mutex<Option<Cached>>);

struct Cached {
    set: Arc<FilterSet>,
    /// Responses up to this time were rendered with these filters.
    rendered_until: Timestamp,
}

impl FilterCache {
    /// The filters as the database has them.
    pub fn current(&self, conn: &Conn, now: Timestamp) -> Result<Arc<FilterSet>> {
        let version = filters::version(conn)?;
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cached) = cached.as_mut().filter(|cached| cached.set.version == version) {
            cached.rendered_until = cached.rendered_until.max(now);
            return Ok(cached.set.clone());
        }
        let filters = if version == 0 { Vec::new() } else { filters::list(conn, None)? };
        let set = Arc::new(FilterSet::compile(version, filters)?);
        *cached = Some(Cached { set: set.clone(), rendered_until: now });
        Ok(set)
    }

    /// Returns `true` if a filter has expired since responses were rendered with it. Such responses are outdated.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(cached) = cached.as_mut() else { return false };
        let since = cached.rendered_until;
        let expired = cached.set.filters.iter().filter_map(|f| f.row.expires_at).any(|at| since < at && at <= now);
        cached.rendered_until = if expired { now } else { since };
        expired
    }
}
