//! Search for accounts, posts and hashtags, and lookup of handles and URLs.

use std::sync::Arc;

use super::accounts::by_handle;
use super::status_view::{StatusLoader, StatusView};
use crate::domain::addresses::{self, Address};
use crate::domain::{Domain, Resolved, id_lookup};
use crate::error::refusal::{LimitedText, TextRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::search::{Person, Query};
use crate::protocol::text::folded_hashtag;
use crate::store::actors::{Actor, Among};
use crate::store::database::pagination::Page;
use crate::store::peers::domain_policies::Severity;
use crate::store::statuses::{self, hashtags};
use crate::store::visibility::Viewer;
use crate::store::{actors, search};

/// The results of a search.
#[derive(Debug, Default)]
pub struct SearchResults {
    /// Actors.
    pub actors: Vec<Arc<Actor>>,
    /// Statuses.
    pub statuses: Vec<StatusView>,
    /// Hashtags.
    pub tags: Vec<String>,
    /// Why the lookup on another server failed.
    pub failure: Option<Error>,
    /// The last status that was read, if the page was full: further ones are below it.
    pub last_status: Option<StatusId>,
    /// Older posts are not indexed yet, and may be missing.
    pub is_partial: bool,
}

/// A search request.
#[derive(Debug, Clone, Copy)]
pub struct SearchQuery<'a> {
    /// Words and operators, a handle or a URL.
    pub text: &'a str,
    /// The kinds of results.
    pub kinds: Kinds,
    /// True to look up an unknown handle or URL on its own server.
    pub resolve: bool,
    /// Which actors.
    pub among: Among,
    /// Only statuses by this actor.
    pub by: Option<ActorId>,
    /// The page of statuses, and the number of results of each kind.
    pub page: Page,
    /// The number of results of each kind to skip.
    pub offset: u32,
}

impl<'a> SearchQuery<'a> {
    /// A search for known accounts.
    pub fn accounts(text: &'a str, among: Among, limit: u32) -> Self {
        let page = Page::newest(limit);
        Self { text, kinds: Kinds::Accounts, resolve: false, among, by: None, page, offset: 0 }
    }
}

/// What a search is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinds {
    /// Everything.
    All,
    /// Accounts only.
    Accounts,
    /// Posts only.
    Statuses,
    /// Hashtags only.
    Hashtags,
    /// A kind that does not exist: nothing is found.
    Unknown,
}

impl Kinds {
    fn have(self, kind: Self) -> bool {
        self == Self::All || self == kind
    }
}

/// Searches the database, and looks up an unknown handle or URL on its own server if the query says `resolve`.
///
/// # Errors
/// [`Error::Invalid`] if the query is too long. A failed lookup does not end the search: its error is among the results.
pub fn search(domain: &Domain, viewer: Viewer, q: &SearchQuery<'_>) -> Result<SearchResults> {
    let text = q.text.trim();
    if text.is_empty() {
        return Ok(SearchResults::default());
    }
    // An address may be longer than words.
    let maximum = if addresses::parse(text).is_some() { limits::URL } else { limits::SEARCH_QUERY_CHARS };
    if text.chars().count() > maximum {
        return Err(Error::invalid(TextRefusal::TooLong { text: LimitedText::Search, maximum }));
    }
    match look_up(domain, viewer, text, q)? {
        Some(found) => Ok(found),
        None => search_words(domain, viewer, text, q),
    }
}

fn search_words(domain: &Domain, viewer: Viewer, text: &str, q: &SearchQuery<'_>) -> Result<SearchResults> {
    let rows = (q.page.limit, q.offset);
    let mut results = SearchResults::default();
    if q.kinds.have(Kinds::Accounts) {
        let words = text.trim_start_matches(['@', '!']);
        let mut actors = domain.store.read(|c| actors::search(c, viewer, words, q.among, rows))?;
        actors.retain(|a| a.kind == ActorKind::Group || !text.starts_with('!'));
        results.actors = actors.into_iter().map(Arc::new).collect();
    }
    if q.kinds.have(Kinds::Statuses) && viewer.is_owner() {
        let query = status_query(domain, text, q.by)?;
        domain.store.read(|c| {
            let ids = search::statuses(c, viewer, &query, &q.page, q.offset)?;
            results.last_status = ids.last().copied().filter(|_| ids.len() as u32 >= q.page.limit);
            results.statuses = StatusLoader::filtered(c, viewer, domain).statuses(&ids)?;
            results.is_partial = search::is_rebuilding(c)?;
            Ok(())
        })?;
    }
    if q.kinds.have(Kinds::Hashtags) {
        results.tags = domain.store.read(|c| hashtags::search(c, viewer, &folded_hashtag(text), rows))?;
    }
    Ok(results)
}

/// The query of a text with the ids of the accounts that it names. An unknown account has written nothing.
fn status_query(domain: &Domain, text: &str, by: Option<ActorId>) -> Result<Query<ActorId>> {
    let owner = domain.owner()?;
    let mut query = Query::parse(text).resolve(|person| -> Result<ActorId> {
        let found = match person {
            Person::Me => Some(owner.id),
            Person::Handle { username, host: Some(host) } => by_handle(domain, &username, &host)?,
            Person::Handle { username, host: None } => by_handle(domain, &username, domain.site.handle_domain())?,
        };
        Ok(found.unwrap_or(ActorId(0)))
    })?;
    if !query.clauses.is_empty() {
        // It is a condition beside those of the text.
        query.author = by;
    }
    Ok(query)
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
            Some(Resolved::Actor(id)) if q.kinds.have(Kinds::Accounts) => {
                results.actors.extend(actors::get(c, id)?.map(Arc::new))
            }
            Some(Resolved::Status(id)) if q.kinds.have(Kinds::Statuses) => {
                results.statuses.extend(StatusLoader::filtered(c, viewer, domain).status(id)?)
            }
            _ => {}
        }
        Ok(Some(results))
    })
}

/// Adds the failure of a remote lookup to the results. Internal errors remain errors.
fn note_failure(found: Result<Resolved>, results: &mut SearchResults) -> Result<Option<Resolved>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::Internal(e)) => Err(Error::Internal(e)),
        Err(e) => {
            results.failure = Some(e);
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
