//! Search for accounts, posts and hashtags, and lookup of handles and URLs.

use std::sync::Arc;

use super::accounts::by_handle;
use super::status_view::{StatusLoader, StatusView};
use crate::domain::addresses::{self, Address};
use crate::domain::{Domain, Resolved, id_lookup};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::ids::ActorId;
use crate::protocol::text::folded_hashtag;
use crate::store::actors::{Actor, Among};
use crate::store::peers::domain_policies::Severity;
use crate::store::statuses::{self, hashtags};
use crate::store::visibility::Viewer;
use crate::store::{actors, search};

/// The results of a search.
#[derive(Debug, Clone, Default)]
pub struct SearchResults {
    /// Actors.
    pub actors: Vec<Arc<Actor>>,
    /// Statuses.
    pub statuses: Vec<StatusView>,
    /// Hashtags.
    pub tags: Vec<String>,
    /// The reason why the lookup on another server failed.
    pub notice: Option<String>,
}

/// A search request.
#[derive(Debug, Clone, Copy)]
pub struct SearchQuery<'a> {
    /// Words, a handle or a URL.
    pub text: &'a str,
    /// True to search for actors.
    pub actors: bool,
    /// True to search for statuses.
    pub statuses: bool,
    /// True to search for hashtags.
    pub tags: bool,
    /// True to look up an unknown handle or URL on its own server.
    pub resolve: bool,
    /// True to find only actors that the owner follows.
    pub following: bool,
    /// Only statuses by this actor.
    pub by: Option<ActorId>,
    /// The maximum number of results of each kind.
    pub limit: u32,
    /// The number of results of each kind to skip.
    pub offset: u32,
}

/// Searches the database, and looks up an unknown handle or URL on its own server if the query says `resolve`.
///
/// # Errors
/// [`Error::Invalid`] if the query is too long. A failed lookup is no error: it results in a notice.
pub fn search(domain: &Domain, viewer: Viewer, q: &SearchQuery<'_>) -> Result<SearchResults> {
    let text = q.text.trim();
    if text.chars().count() > limits::SEARCH_QUERY_CHARS.max(limits::URL) {
        return Err(Error::invalid(format!(
            "The search is too long (maximum is {} characters)",
            limits::SEARCH_QUERY_CHARS
        )));
    }
    if text.is_empty() {
        return Ok(SearchResults::default());
    }
    match look_up(domain, viewer, text, q)? {
        Some(found) => Ok(found),
        None => search_words(domain, viewer, text, q),
    }
}

fn search_words(domain: &Domain, viewer: Viewer, text: &str, q: &SearchQuery<'_>) -> Result<SearchResults> {
    let among = if q.following { Among::Followed } else { Among::Known };
    domain.store.read(|c| {
        let mut results = SearchResults::default();
        if q.actors {
            let words = text.trim_start_matches(['@', '!']);
            let mut rows = actors::search(c, viewer, words, among, (q.limit, q.offset))?;
            rows.retain(|a| a.kind == ActorKind::Group || !text.starts_with('!'));
            results.actors = rows.into_iter().map(Arc::new).collect();
        }
        if q.statuses && viewer.is_owner() {
            let ids = search::statuses(c, viewer, text, q.by, q.limit, q.offset)?;
            results.statuses = StatusLoader::filtered(c, viewer, domain).statuses(&ids)?;
        }
        if q.tags {
            let prefix = folded_hashtag(text);
            results.tags = hashtags::search(c, viewer, &prefix, (q.limit, q.offset))?;
        }
        Ok(results)
    })
}

/// Looks up a URL or a full handle, which can only mean one post or account. Returns `None` for other texts.
fn look_up(domain: &Domain, viewer: Viewer, text: &str, q: &SearchQuery<'_>) -> Result<Option<SearchResults>> {
    let resolve = q.resolve && viewer.is_owner();
    let mut results = SearchResults::default();
    let found = match addresses::parse(text) {
        // One result has no second page.
        Some(Address::Url(_)) if q.offset > 0 => return Ok(Some(results)),
        Some(Address::Url(url)) => match stored_at(domain, &url)? {
            None if resolve => note_failure(domain.remote()?.at_url(&url), &mut results)?,
            stored => stored,
        },
        Some(Address::Handle { username, host }) => match by_handle(domain, &username, &host)? {
            Some(_) if q.offset > 0 => return Ok(Some(results)),
            Some(id) => Some(Resolved::Actor(id)),
            None if resolve => {
                note_failure(domain.remote()?.actor_by_handle(&username, &host).map(Resolved::Actor), &mut results)?
            }
            None => return Ok(None),
        },
        None => return Ok(None),
    };
    domain.store.read(|c| {
        match found {
            Some(Resolved::Actor(id)) if q.actors => results.actors.extend(actors::get(c, id)?.map(Arc::new)),
            Some(Resolved::Status(id)) if q.statuses => {
                results.statuses.extend(StatusLoader::filtered(c, viewer, domain).status(id)?)
            }
            _ => {}
        }
        Ok(Some(results))
    })
}

/// Turns the failure of a remote lookup into a notice. Internal errors remain errors.
fn note_failure(found: Result<Resolved>, results: &mut SearchResults) -> Result<Option<Resolved>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::Internal(e)) => Err(Error::Internal(e)),
        Err(e) => {
            results.notice = Some(e.to_string());
            Ok(None)
        }
    }
}

/// The stored post or actor with this URL as its id or its page, also with an appended query or fragment.
pub fn stored_at(domain: &Domain, url: &str) -> Result<Option<Resolved>> {
    let bare = url.split(['?', '#']).next().unwrap_or(url);
    domain.store.read(|c| {
        for url in [url, bare] {
            let id = id_lookup::id_of(c, domain, url)?.unwrap_or_else(|| url.to_owned());
            if let Some(status) = statuses::by_uri(c, &id)? {
                return Ok(Some(Resolved::Status(status.id)));
            }
            if let Some(actor) = actors::by_uri(c, &id)?.filter(|a| a.limited != Severity::Suspend) {
                return Ok(Some(Resolved::Actor(actor.id)));
            }
        }
        Ok(None)
    })
}
