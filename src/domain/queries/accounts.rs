//! Lists of accounts, and accounts by their handles.

use std::collections::HashMap;
use std::sync::Arc;

use super::timelines::WithCursors;
use crate::domain::{Domain, Resolved};
use crate::error::refusal::PeopleRefusal;
use crate::error::{Error, Result};
use crate::protocol::discovery::webfinger::Resource;
use crate::protocol::ids::{ActorId, ListId, StatusId};
use crate::store::actors::Actor;
use crate::store::database::column_types::IdList;
use crate::store::database::pagination::Page;
use crate::store::interactions::{boosts, favourites};
use crate::store::peers::domain_policies::Severity;
use crate::store::relationships::follows::{self, Direction};
use crate::store::relationships::mutes::{self, Mute};
use crate::store::relationships::{blocks, endorsements, lists};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, statuses};

fn load(domain: &Domain, rows: impl FnOnce(&Conn) -> Result<Vec<(i64, ActorId)>>) -> Result<WithCursors<Arc<Actor>>> {
    domain.store.read(|c| {
        let rows = rows(c)?;
        let found = actors::among(c, &IdList::of_actors(rows.iter().map(|(_, id)| id)))?;
        let found: HashMap<ActorId, Arc<Actor>> = found.into_iter().map(|a| (a.id, Arc::new(a))).collect();
        Ok(rows.into_iter().filter_map(|(cursor, id)| Some((cursor, found.get(&id)?.clone()))).collect())
    })
}

/// Accounts that favourited a status.
///
/// # Errors
/// [`Error::NotFound`] if the status is missing or hidden from the viewer.
pub fn favourited_by(domain: &Domain, viewer: Viewer, id: StatusId, page: &Page) -> Result<WithCursors<Arc<Actor>>> {
    load(domain, |c| {
        statuses::visible(c, viewer, id)?.ok_or(Error::NotFound)?;
        favourites::actors_of_status(c, viewer, id, page)
    })
}

/// Accounts that boosted a status.
///
/// # Errors
/// [`Error::NotFound`] if the status is missing or hidden from the viewer.
pub fn boosted_by(domain: &Domain, viewer: Viewer, id: StatusId, page: &Page) -> Result<WithCursors<Arc<Actor>>> {
    load(domain, |c| {
        statuses::visible(c, viewer, id)?.ok_or(Error::NotFound)?;
        boosts::actors_of_status(c, viewer, id, page)
    })
}

/// Followers of an account, or the accounts that it follows.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account.
pub fn follows(
    domain: &Domain,
    viewer: Viewer,
    actor: ActorId,
    side: Direction,
    page: &Page,
) -> Result<WithCursors<Arc<Actor>>> {
    load(domain, |c| {
        actors::get(c, actor)?.ok_or(Error::NotFound)?;
        // The owner is one side of every stored follow, so the lists of remote accounts reveal the owner's follows too.
        if !viewer.is_owner() {
            return Ok(Vec::new());
        }
        Ok(follows::list(c, actor, side, true, page)?.into_iter().map(|(id, actor)| (id.0, actor)).collect())
    })
}

/// Accounts whose follow requests the owner has not answered.
pub fn follow_requests(domain: &Domain, page: &Page) -> Result<WithCursors<Arc<Actor>>> {
    let owner = domain.owner()?.id;
    load(domain, |c| {
        let rows = follows::list(c, owner, Direction::Followers, false, page)?;
        Ok(rows.into_iter().map(|(id, actor)| (id.0, actor)).collect())
    })
}

/// A muted account with its mute.
pub type Muted = (Arc<Actor>, Mute);

/// Accounts that the owner has muted.
pub fn muted(domain: &Domain, page: &Page) -> Result<WithCursors<Muted>> {
    domain.store.read(|c| {
        let rows = mutes::list(c, page)?;
        let found = actors::among(c, &IdList::of_actors(rows.iter().map(|(_, mute)| &mute.target)))?;
        let found: HashMap<ActorId, Arc<Actor>> = found.into_iter().map(|a| (a.id, Arc::new(a))).collect();
        let shown = |(cursor, mute): (i64, Mute)| Some((cursor, (found.get(&mute.target)?.clone(), mute)));
        Ok(rows.into_iter().filter_map(shown).collect())
    })
}

/// Accounts that the owner features.
pub fn endorsed(domain: &Domain, page: &Page) -> Result<WithCursors<Arc<Actor>>> {
    load(domain, |c| endorsements::list(c, page))
}

/// Accounts that the owner blocks.
pub fn blocked(domain: &Domain, page: &Page) -> Result<WithCursors<Arc<Actor>>> {
    let owner = domain.owner()?.id;
    load(domain, |c| blocks::list(c, owner, page))
}

/// The stored accounts with these ids, in this order, except those of suspended servers.
pub fn get_many(domain: &Domain, ids: &[ActorId]) -> Result<Vec<Arc<Actor>>> {
    let found = load(domain, |_| Ok(ids.iter().map(|id| (id.0, *id)).collect()))?;
    Ok(found.into_iter().map(|(_, actor)| actor).filter(|a| a.limited != Severity::Suspend).collect())
}

/// For each of these accounts that is stored, those of its followers that the owner follows, as far as is known here.
pub fn familiar(domain: &Domain, ids: &[ActorId], most: usize) -> Result<Vec<(ActorId, Vec<Arc<Actor>>)>> {
    let owner = domain.owner()?.id;
    domain.store.read(|c| {
        let stored = actors::among(c, &IdList::of_actors(ids))?;
        let pairs = follows::familiar(c, owner, &IdList::of_actors(ids))?;
        let found = actors::among(c, &IdList::of_actors(pairs.iter().map(|(_, follower)| follower)))?;
        let found: HashMap<ActorId, Arc<Actor>> = found.into_iter().map(|a| (a.id, Arc::new(a))).collect();
        let familiar_of = |id: ActorId| {
            let of = pairs.iter().filter(|(target, _)| *target == id);
            of.filter_map(|(_, follower)| found.get(follower).cloned()).take(most).collect()
        };
        let stored = ids.iter().filter(|id| stored.iter().any(|actor| actor.id == **id));
        Ok(stored.map(|id| (*id, familiar_of(*id))).collect())
    })
}

/// The members of a list.
///
/// # Errors
/// [`Error::NotFound`] if there is no such list.
pub fn list_members(domain: &Domain, list: ListId, page: &Page) -> Result<WithCursors<Arc<Actor>>> {
    load(domain, |c| {
        lists::get(c, list)?.ok_or(Error::NotFound)?;
        lists::members(c, list, page)
    })
}

/// The account that a text names: a handle, or the URL of an account or its page. It is fetched if it is unknown.
///
/// # Errors
/// [`Error::Invalid`] if the text names no account, otherwise those of fetching.
pub fn named(domain: &Domain, text: &str) -> Result<ActorId> {
    let remote = domain.remote()?;
    match Resource::parse(text.trim()) {
        Ok(Resource::Account { username, host }) if domain.site.owns_domain(&host) => {
            by_handle(domain, &username, &host)?.ok_or(Error::NotFound)
        }
        Ok(Resource::Account { username, host }) => remote.actor_by_handle(&username, &host),
        Ok(Resource::Url(url)) => match domain.store.read(|c| actors::id_by_uri(c, &url))? {
            Some(id) => Ok(id),
            None => match remote.at_url(&url)? {
                Resolved::Actor(id) => Ok(id),
                Resolved::Status(_) => Err(Error::invalid(PeopleRefusal::PostNotAccount)),
            },
        },
        Ok(Resource::Other) | Err(_) => Err(Error::invalid(PeopleRefusal::NotAnAccount(text.trim().to_owned()))),
    }
}

/// The stored account with this handle, unless it is suspended. The host of this server means the owner.
pub fn by_handle(domain: &Domain, username: &str, host: &str) -> Result<Option<ActorId>> {
    let host = if domain.site.owns_domain(host) { "" } else { host };
    let found = domain.store.read(|c| actors::by_handle(c, username, &host.to_ascii_lowercase()))?;
    Ok(found.filter(|a| a.limited != Severity::Suspend).map(|a| a.id))
}
