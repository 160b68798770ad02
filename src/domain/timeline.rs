//! What stands in each timeline and list, for one viewer, loaded and ready to show.

use std::collections::HashMap;
use std::sync::Arc;

use super::addresses::{self, Address};
use super::views::{Loader, NotificationView, StatusView};
use super::{Domain, id_lookup};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors::{Actor, Among};
use crate::store::follows::Side;
use crate::store::host_policies::Severity;
use crate::store::notifications::Kind;
use crate::store::page::Page;
use crate::store::quotes as stored_quotes;
use crate::store::sql_types::IdList;
use crate::store::statuses::{AccountFilter, Source};
use crate::store::timelines::Scope;
use crate::store::visible::Viewer;
use crate::store::{Conn, actors, follows, notifications, reactions, search, statuses, tags, timelines};

/// Rows with the cursor of each, for lists whose order is not that of their items' ids.
pub type Cursored<T> = Vec<(i64, T)>;

fn load(domain: &Domain, viewer: Viewer, ids: impl FnOnce(&Conn) -> Result<Vec<StatusId>>) -> Result<Vec<StatusView>> {
    domain.store.read(|c| {
        let ids = ids(c)?;
        Loader::new(c, viewer).statuses(&ids)
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
pub fn public(domain: &Domain, viewer: Viewer, scope: Scope, only_media: bool, page: &Page) -> Result<Vec<StatusView>> {
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
            Actor { kind: ActorKind::Group, local: false, .. } => Source::In(actor),
            _ => Source::By(actor),
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
    domain.store.read(|c| Loader::new(c, viewer).statuses(ids))
}

/// One status.
///
/// # Errors
/// [`Error::NotFound`] alike for what is missing and what is hidden from the viewer.
pub fn status(domain: &Domain, viewer: Viewer, id: StatusId) -> Result<StatusView> {
    domain.store.read(|c| Loader::new(c, viewer).status(id))?.ok_or(Error::NotFound)
}

fn load_cursored(
    domain: &Domain,
    viewer: Viewer,
    rows: impl FnOnce(&Conn) -> Result<Vec<(i64, StatusId)>>,
) -> Result<Cursored<StatusView>> {
    domain.store.read(|c| {
        let rows = rows(c)?;
        let ids: Vec<StatusId> = rows.iter().map(|(_, id)| *id).collect();
        let cursors: HashMap<StatusId, i64> = rows.into_iter().map(|(cursor, id)| (id, cursor)).collect();
        let views = Loader::new(c, viewer).statuses(&ids)?;
        Ok(views.into_iter().filter_map(|view| Some((*cursors.get(&view.status.id)?, view))).collect())
    })
}

/// The owner's favourites.
///
/// # Errors
/// When the database cannot be read.
pub fn favourites(domain: &Domain, page: &Page) -> Result<Cursored<StatusView>> {
    let owner = domain.owner()?.id;
    load_cursored(domain, Viewer::Owner(owner), |c| reactions::favourites_of(c, Viewer::Owner(owner), owner, page))
}

/// The owner's bookmarks.
///
/// # Errors
/// When the database cannot be read.
pub fn bookmarks(domain: &Domain, page: &Page) -> Result<Cursored<StatusView>> {
    let viewer = domain.as_owner()?;
    load_cursored(domain, viewer, |c| reactions::bookmarks(c, viewer, page))
}

fn load_actors(
    domain: &Domain,
    rows: impl FnOnce(&Conn) -> Result<Vec<(i64, ActorId)>>,
) -> Result<Cursored<Arc<Actor>>> {
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
pub fn favourited_by(domain: &Domain, viewer: Viewer, id: StatusId, page: &Page) -> Result<Cursored<Arc<Actor>>> {
    load_actors(domain, |c| {
        statuses::visible(c, viewer, id)?.ok_or(Error::NotFound)?;
        reactions::favourited_by(c, viewer, id, page)
    })
}

/// Who boosted a status that the viewer may see.
///
/// # Errors
/// As [`status`].
pub fn boosted_by(domain: &Domain, viewer: Viewer, id: StatusId, page: &Page) -> Result<Cursored<Arc<Actor>>> {
    load_actors(domain, |c| {
        statuses::visible(c, viewer, id)?.ok_or(Error::NotFound)?;
        reactions::boosted_by(c, viewer, id, page)
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
    side: Side,
    page: &Page,
) -> Result<Cursored<Arc<Actor>>> {
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
pub fn follow_requests(domain: &Domain, page: &Page) -> Result<Cursored<Arc<Actor>>> {
    let owner = domain.owner()?.id;
    load_actors(domain, |c| {
        let rows = follows::list(c, owner, Side::Followers, false, page)?;
        Ok(rows.into_iter().map(|(id, actor)| (id.0, actor)).collect())
    })
}

/// The owner's notifications of these kinds.
///
/// # Errors
/// When the database cannot be read.
pub fn notifications(
    domain: &Domain,
    kinds: &[Kind],
    by: Option<ActorId>,
    page: &Page,
) -> Result<Vec<NotificationView>> {
    let viewer = domain.as_owner()?;
    domain.store.read(|c| {
        let rows = notifications::list(c, viewer, kinds, by, page)?;
        Loader::new(c, viewer).notifications(rows)
    })
}

/// What a search found.
#[derive(Debug, Clone, Default)]
pub struct Findings {
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
pub fn search(domain: &Domain, viewer: Viewer, q: &Query<'_>) -> Result<Findings> {
    let text = q.text.trim();
    if text.chars().count() > limits::SEARCH_CHARS.max(limits::URL) {
        return Err(Error::invalid(format!("The search is too long (maximum is {} characters)", limits::SEARCH_CHARS)));
    }
    if text.is_empty() {
        return Ok(Findings::default());
    }
    if let Some(found) = address(domain, viewer, text, q)? {
        return Ok(found);
    }
    let among = if q.following { Among::Followed } else { Among::Known };
    domain.store.read(|c| {
        let mut found = Findings::default();
        if q.actors {
            let words = text.trim_start_matches(['@', '!']);
            let mut rows = actors::search(c, viewer, words, among, (q.limit, q.offset))?;
            rows.retain(|a| a.kind == ActorKind::Group || !text.starts_with('!'));
            found.actors = rows.into_iter().map(Arc::new).collect();
        }
        if q.statuses && viewer.is_owner() {
            let ids = search::statuses(c, viewer, text, q.by, q.limit, q.offset)?;
            found.statuses = Loader::new(c, viewer).statuses(&ids)?;
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
fn address(domain: &Domain, viewer: Viewer, text: &str, q: &Query<'_>) -> Result<Option<Findings>> {
    use super::Found;
    let resolve = q.resolve && viewer.is_owner();
    let mut findings = Findings::default();
    let found = match addresses::parse(text) {
        Some(Address::Url(url)) => match known_at(domain, &url)? {
            None if resolve => looked_up(domain.remote()?.at_url(&url), &mut findings)?,
            known => known,
        },
        Some(Address::Handle { username, host }) => match by_handle(domain, &username, &host)? {
            Some(id) => Some(Found::Actor(id)),
            None if resolve => {
                looked_up(domain.remote()?.actor_by_handle(&username, &host).map(Found::Actor), &mut findings)?
            }
            None => return Ok(None),
        },
        None => return Ok(None),
    };
    domain.store.read(|c| {
        match found {
            Some(Found::Actor(id)) if q.actors => findings.actors.extend(actors::get(c, id)?.map(Arc::new)),
            Some(Found::Status(id)) if q.statuses => findings.statuses.extend(Loader::new(c, viewer).status(id)?),
            _ => {}
        }
        Ok(Some(findings))
    })
}

/// What another server gave; what it did not give is said, and is no fault of the search.
fn looked_up(found: Result<super::Found>, findings: &mut Findings) -> Result<Option<super::Found>> {
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
fn known_at(domain: &Domain, address: &str) -> Result<Option<super::Found>> {
    use super::Found;
    let bare = address.split(['?', '#']).next().unwrap_or(address);
    domain.store.read(|c| {
        for address in [address, bare] {
            let id = id_lookup::id_of(c, domain, address)?.unwrap_or_else(|| address.to_owned());
            if let Some(status) = statuses::by_uri(c, &id)? {
                return Ok(Some(Found::Status(status.id)));
            }
            if let Some(actor) = actors::by_uri(c, &id)?.filter(|a| a.limited != Severity::Suspend) {
                return Ok(Some(Found::Actor(actor.id)));
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
