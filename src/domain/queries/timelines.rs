//! What stands in each timeline and list, for one viewer, loaded and ready to show.

use std::collections::HashMap;
use std::sync::Arc;

use super::status_view::{NotificationView, StatusLoader, StatusView};
use crate::domain::addresses::{self, Address};
use crate::domain::{Domain, id_lookup};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors::{Actor, Among};
use crate::store::database::column_types::IdList;
use crate::store::database::pagination::Page;
use crate::store::interactions::favourites;
use crate::store::interactions::quotes as stored_quotes;
use crate::store::notifications::NotificationKind;
use crate::store::peers::domain_policies::Severity;
use crate::store::relationships::follows;
use crate::store::relationships::follows::Direction;
use crate::store::statuses::{self, tags};
use crate::store::statuses::{AccountFilter, AccountSource};
use crate::store::timelines::PublicScope;
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, notifications, search, timelines};

/// Rows with the cursor of each, for lists whose order is not that of their items' ids.
pub type WithCursors<T> = Vec<(i64, T)>;

fn load(domain: &Domain, viewer: Viewer, ids: impl FnOnce(&Conn) -> Result<Vec<StatusId>>) -> Result<Vec<StatusView>> {
    domain.store.read(|c| {
        let ids = ids(c)?;
        StatusLoader::new(c, viewer).statuses(&ids)
    })
}

/// The owner's home timeline.
///
/// # Errors
/// When the database cannot be read.
pub fn home(domain: &Domain, page: &Page) -> Result<Vec<StatusView>> {
    let viewer = domain.as_owner()?;
    load(domain, viewer, |c| timelines::read(c, viewer, timelines::HOME, page))
}

/// The public timeline.
///
/// # Errors
/// When the database cannot be read.
pub fn public(
    domain: &Domain,
    viewer: Viewer,
    scope: PublicScope,
    only_media: bool,
    page: &Page,
) -> Result<Vec<StatusView>> {
    load(domain, viewer, |c| timelines::public(c, viewer, scope, only_media, page))
}

/// Posts with a hashtag.
///
/// # Errors
/// When the database cannot be read.
pub fn tag(domain: &Domain, viewer: Viewer, tag: &str, local_only: bool, page: &Page) -> Result<Vec<StatusView>> {
    let tag = tag.trim_start_matches('#').to_lowercase();
    load(domain, viewer, |c| tags::timeline(c, viewer, &tag, local_only, page))
}

/// Posts of an account; of a community, which writes nothing itself, what others posted into it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account.
pub fn account(
    domain: &Domain,
    viewer: Viewer,
    actor: ActorId,
    filter: AccountFilter,
    tag: Option<&str>,
    page: &Page,
) -> Result<Vec<StatusView>> {
    load(domain, viewer, |c| {
        let source = match actors::get(c, actor)?.ok_or(Error::NotFound)? {
            Actor { kind: ActorKind::Group, local: false, .. } => AccountSource::In(actor),
            _ => AccountSource::By(actor),
        };
        statuses::of_account(c, viewer, source, filter, tag, page)
    })
}

/// The posts that quote a post and may.
///
/// # Errors
/// As [`status`].
pub fn quotes(domain: &Domain, viewer: Viewer, id: StatusId, page: &Page) -> Result<Vec<StatusView>> {
    load(domain, viewer, |c| {
        let status = statuses::visible(c, viewer, id)?.ok_or(Error::NotFound)?;
        stored_quotes::of(c, viewer, status.id, page)
    })
}

/// Pinned posts of an account.
///
/// # Errors
/// When the database cannot be read.
pub fn pinned(domain: &Domain, viewer: Viewer, actor: ActorId) -> Result<Vec<StatusView>> {
    load(domain, viewer, |c| statuses::pinned(c, viewer, actor))
}

/// Those of these statuses that the viewer may see, in this order.
///
/// # Errors
/// When the database cannot be read.
pub fn statuses_by_id(domain: &Domain, viewer: Viewer, ids: &[StatusId]) -> Result<Vec<StatusView>> {
    domain.store.read(|c| StatusLoader::new(c, viewer).statuses(ids))
}

/// One status.
///
/// # Errors
/// [`Error::NotFound`] alike for what is missing and what is hidden from the viewer.
pub fn status(domain: &Domain, viewer: Viewer, id: StatusId) -> Result<StatusView> {
    domain.store.read(|c| StatusLoader::new(c, viewer).status(id))?.ok_or(Error::NotFound)
}

fn load_cursored(
    domain: &Domain,
    viewer: Viewer,
    rows: impl FnOnce(&Conn) -> Result<Vec<(i64, StatusId)>>,
) -> Result<WithCursors<StatusView>> {
    domain.store.read(|c| {
        let rows = rows(c)?;
        let ids: Vec<StatusId> = rows.iter().map(|(_, id)| *id).collect();
        let cursors: HashMap<StatusId, i64> = rows.into_iter().map(|(cursor, id)| (id, cursor)).collect();
        let views = StatusLoader::new(c, viewer).statuses(&ids)?;
        Ok(views.into_iter().filter_map(|view| Some((*cursors.get(&view.status.id)?, view))).collect())
    })
}

/// The owner's favourites.
///
/// # Errors
/// When the database cannot be read.
pub fn favourites(domain: &Domain, page: &Page) -> Result<WithCursors<StatusView>> {
    let owner = domain.owner()?.id;
    load_cursored(domain, Viewer::Owner(owner), |c| favourites::favourites_of(c, Viewer::Owner(owner), owner, page))
}

/// The owner's bookmarks.
///
/// # Errors
/// When the database cannot be read.
pub fn bookmarks(domain: &Domain, page: &Page) -> Result<WithCursors<StatusView>> {
    let viewer = domain.as_owner()?;
    load_cursored(domain, viewer, |c| favourites::bookmarks(c, viewer, page))
}

fn load_actors(
    domain: &Domain,
    rows: impl FnOnce(&Conn) -> Result<Vec<(i64, ActorId)>>,
) -> Result<WithCursors<Arc<Actor>>> {
    domain.store.read(|c| {
        let rows = rows(c)?;
        let found = actors::among(c, &IdList::of_actors(rows.iter().map(|(_, id)| id)))?;
        let found: HashMap<ActorId, Arc<Actor>> = found.into_iter().map(|a| (a.id, Arc::new(a))).collect();
        Ok(rows.into_iter().filter_map(|(cursor, id)| Some((cursor, found.get(&id)?.clone()))).collect())
    })
}

/// Who favourited a status that the viewer may see.
///
/// # Errors
/// As [`status`].
pub fn favourited_by(domain: &Domain, viewer: Viewer, id: StatusId, page: &Page) -> Result<WithCursors<Arc<Actor>>> {
    load_actors(domain, |c| {
        statuses::visible(c, viewer, id)?.ok_or(Error::NotFound)?;
        favourites::favourited_by(c, viewer, id, page)
    })
}

/// Who boosted a status that the viewer may see.
///
/// # Errors
/// As [`status`].
pub fn boosted_by(domain: &Domain, viewer: Viewer, id: StatusId, page: &Page) -> Result<WithCursors<Arc<Actor>>> {
    load_actors(domain, |c| {
        statuses::visible(c, viewer, id)?.ok_or(Error::NotFound)?;
        favourites::boosted_by(c, viewer, id, page)
    })
}

/// Followers of an account, or those it follows.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account.
pub fn follows(
    domain: &Domain,
    viewer: Viewer,
    actor: ActorId,
    side: Direction,
    page: &Page,
) -> Result<WithCursors<Arc<Actor>>> {
    load_actors(domain, |c| {
        actors::get(c, actor)?.ok_or(Error::NotFound)?;
        // Every follow that is known here has the owner on one side, so lists of remote accounts show the owner's too.
        if !viewer.is_owner() {
            return Ok(Vec::new());
        }
        Ok(follows::list(c, actor, side, true, page)?.into_iter().map(|(id, actor)| (id.0, actor)).collect())
    })
}

/// Those who wait for the owner's consent.
///
/// # Errors
/// When the database cannot be read.
pub fn follow_requests(domain: &Domain, page: &Page) -> Result<WithCursors<Arc<Actor>>> {
    let owner = domain.owner()?.id;
    load_actors(domain, |c| {
        let rows = follows::list(c, owner, Direction::Followers, false, page)?;
        Ok(rows.into_iter().map(|(id, actor)| (id.0, actor)).collect())
    })
}

/// The owner's notifications of these kinds.
///
/// # Errors
/// When the database cannot be read.
pub fn notifications(
    domain: &Domain,
    kinds: &[NotificationKind],
    by: Option<ActorId>,
    page: &Page,
) -> Result<Vec<NotificationView>> {
    let viewer = domain.as_owner()?;
    domain.store.read(|c| {
        let rows = notifications::list(c, viewer, kinds, by, page)?;
        StatusLoader::new(c, viewer).notifications(rows)
    })
}

/// What a search found.
#[derive(Debug, Clone, Default)]
pub struct SearchResults {
    /// Actors.
    pub actors: Vec<Arc<Actor>>,
    /// Statuses.
    pub statuses: Vec<StatusView>,
    /// Hashtags.
    pub tags: Vec<String>,
    /// Why another server did not give what was looked for.
    pub notice: Option<String>,
}

/// What a search is for.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// Words, a handle or a URL.
    pub text: &'a str,
    /// Look for actors.
    pub actors: bool,
    /// Look for statuses.
    pub statuses: bool,
    /// Look for hashtags.
    pub tags: bool,
    /// Ask other servers about a handle or URL.
    pub resolve: bool,
    /// Only actors whom the owner follows.
    pub following: bool,
    /// Only statuses by this actor.
    pub by: Option<ActorId>,
    /// How many of each.
    pub limit: u32,
    /// Leave out so many of each first.
    pub offset: u32,
}

/// Searches what is here, and with `resolve` what a handle or URL leads to on its own server.
///
/// # Errors
/// [`Error::Invalid`] when the query is too long. A server that cannot be asked only leaves the result out.
pub fn search(domain: &Domain, viewer: Viewer, q: &Query<'_>) -> Result<SearchResults> {
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
    if let Some(found) = address(domain, viewer, text, q)? {
        return Ok(found);
    }
    let among = if q.following { Among::Followed } else { Among::Known };
    domain.store.read(|c| {
        let mut found = SearchResults::default();
        if q.actors {
            let words = text.trim_start_matches(['@', '!']);
            let mut rows = actors::search(c, viewer, words, among, (q.limit, q.offset))?;
            rows.retain(|a| a.kind == ActorKind::Group || !text.starts_with('!'));
            found.actors = rows.into_iter().map(Arc::new).collect();
        }
        if q.statuses && viewer.is_owner() {
            let ids = search::statuses(c, viewer, text, q.by, q.limit, q.offset)?;
            found.statuses = StatusLoader::new(c, viewer).statuses(&ids)?;
        }
        if q.tags {
            let prefix = text.trim_start_matches('#').to_lowercase();
            found.tags =
                tags::search(c, viewer, &prefix, (q.limit, q.offset))?.into_iter().map(|(tag, _)| tag).collect();
        }
        Ok(found)
    })
}

/// A URL or a whole handle leads to one thing; anything else is words (`None`).
fn address(domain: &Domain, viewer: Viewer, text: &str, q: &Query<'_>) -> Result<Option<SearchResults>> {
    use crate::domain::Resolved;
    let resolve = q.resolve && viewer.is_owner();
    let mut findings = SearchResults::default();
    let found = match addresses::parse(text) {
        Some(Address::Url(url)) => match known_at(domain, &url)? {
            None if resolve => looked_up(domain.remote()?.at_url(&url), &mut findings)?,
            known => known,
        },
        Some(Address::Handle { username, host }) => match by_handle(domain, &username, &host)? {
            Some(id) => Some(Resolved::Actor(id)),
            None if resolve => {
                looked_up(domain.remote()?.actor_by_handle(&username, &host).map(Resolved::Actor), &mut findings)?
            }
            None => return Ok(None),
        },
        None => return Ok(None),
    };
    domain.store.read(|c| {
        match found {
            Some(Resolved::Actor(id)) if q.actors => findings.actors.extend(actors::get(c, id)?.map(Arc::new)),
            Some(Resolved::Status(id)) if q.statuses => {
                findings.statuses.extend(StatusLoader::new(c, viewer).status(id)?)
            }
            _ => {}
        }
        Ok(Some(findings))
    })
}

/// What another server gave; what it did not give is said, and is no fault of the search.
fn looked_up(
    found: Result<crate::domain::Resolved>,
    findings: &mut SearchResults,
) -> Result<Option<crate::domain::Resolved>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::Internal(e)) => Err(Error::Internal(e)),
        Err(e) => {
            findings.notice = Some(e.to_string());
            Ok(None)
        }
    }
}

/// The post or actor that is known under an address: its id, or its page, also with a query or fragment behind it.
fn known_at(domain: &Domain, address: &str) -> Result<Option<crate::domain::Resolved>> {
    use crate::domain::Resolved;
    let bare = address.split(['?', '#']).next().unwrap_or(address);
    domain.store.read(|c| {
        for address in [address, bare] {
            let id = id_lookup::id_of(c, domain, address)?.unwrap_or_else(|| address.to_owned());
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

/// The actor that we know under a handle; our own domain means the owner.
///
/// # Errors
/// When the database cannot be read.
pub fn by_handle(domain: &Domain, username: &str, host: &str) -> Result<Option<ActorId>> {
    let host = if domain.site.owns_domain(host) { "" } else { host };
    let known = domain.store.read(|c| actors::by_handle(c, username, &host.to_ascii_lowercase()))?;
    Ok(known.filter(|a| a.limited != Severity::Suspend).map(|a| a.id))
}
