//! Timelines and lists of posts.

use std::collections::HashMap;

use super::listing::{Listing, filled};
use super::status_view::{self, StatusView};
use crate::domain::Domain;
use crate::domain::preview_cards::requests::page_url;
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::ids::{ActorId, ListId, StatusId};
use crate::store::actors::Actor;
use crate::store::database::pagination::Page;
use crate::store::filters::FilterContext;
use crate::store::interactions::{bookmarks, favourites, quotes};
use crate::store::relationships::lists;
use crate::store::statuses::hashtags::{self, HashtagQuery};
use crate::store::statuses::{self, AccountFilter, AccountSource};
use crate::store::timelines::PublicScope;
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, preview_cards, timelines};

/// Rows, each with its cursor, for lists that are not ordered by the ids of their items.
pub type WithCursors<T> = Vec<(i64, T)>;

/// The owner's home timeline.
pub fn home(domain: &Domain, page: &Page) -> Result<Listing> {
    let viewer = domain.as_owner()?;
    filled(domain, viewer, FilterContext::Home, page, |c, page| timelines::read(c, viewer, timelines::HOME, page))
}

/// The timeline of a list.
///
/// # Errors
/// [`Error::NotFound`] if there is no such list.
pub fn list(domain: &Domain, list: ListId, page: &Page) -> Result<Listing> {
    let viewer = domain.as_owner()?;
    filled(domain, viewer, FilterContext::Home, page, |c, page| {
        lists::get(c, list)?.ok_or(Error::NotFound)?;
        timelines::read(c, viewer, list.0, page)
    })
}

/// Which posts the public timeline shows.
#[derive(Debug, Clone, Copy)]
pub struct PublicFilter {
    /// The servers that the posts are from.
    pub scope: PublicScope,
    /// True to leave out posts without media.
    pub only_media: bool,
}

/// The public timeline.
pub fn public(domain: &Domain, viewer: Viewer, filter: PublicFilter, page: &Page) -> Result<Listing> {
    filled(domain, viewer, FilterContext::Public, page, |c, page| {
        timelines::public(c, viewer, filter.scope, filter.only_media, page)
    })
}

/// Posts with hashtags.
pub fn tag(domain: &Domain, viewer: Viewer, query: &HashtagQuery, page: &Page) -> Result<Listing> {
    filled(domain, viewer, FilterContext::Public, page, |c, page| hashtags::timeline(c, viewer, query, page))
}

/// Public posts with a link.
///
/// # Errors
/// For the owner, [`Error::NotFound`] if the link has no card.
pub fn link(domain: &Domain, viewer: Viewer, link: &str, page: &Page) -> Result<Listing> {
    let url = page_url(link).ok_or(Error::NotFound)?;
    let scope = if viewer.is_owner() { PublicScope::All } else { PublicScope::Local };
    filled(domain, viewer, FilterContext::Public, page, |c, page| {
        if viewer.is_owner() && !preview_cards::exists(c, &url)? {
            return Err(Error::NotFound);
        }
        preview_cards::timeline(c, viewer, &url, scope, page)
    })
}

/// Which posts the timeline of an account shows.
#[derive(Debug, Clone, Copy)]
pub struct AccountPosts<'a> {
    /// The account.
    pub actor: ActorId,
    /// The kinds of posts.
    pub filter: AccountFilter,
    /// Only posts with this hashtag.
    pub tag: Option<&'a str>,
}

/// Posts of an account; for a community, the posts in it.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account.
pub fn account(domain: &Domain, viewer: Viewer, posts: AccountPosts<'_>, page: &Page) -> Result<Listing> {
    filled(domain, viewer, FilterContext::Account, page, |c, page| {
        let source = match actors::get(c, posts.actor)?.ok_or(Error::NotFound)? {
            Actor { kind: ActorKind::Group, local: false, .. } => AccountSource::In(posts.actor),
            _ => AccountSource::By(posts.actor),
        };
        statuses::of_account(c, viewer, source, posts.filter, posts.tag, page)
    })
}

/// Pinned posts of an account, among the ids within the bounds of a page.
pub fn pinned(domain: &Domain, viewer: Viewer, actor: ActorId, page: &Page) -> Result<Vec<StatusView>> {
    status_view::read(domain, viewer, |c, loader| {
        let mut ids = statuses::pinned(c, viewer, actor)?;
        ids.retain(|id| page.contains(id.0));
        ids.truncate(page.limit as usize);
        let mut views = loader.statuses(&ids)?;
        views.retain(|view| !view.is_hidden(FilterContext::Account));
        Ok(views)
    })
}

/// Posts with an approved quote of a post.
///
/// # Errors
/// [`Error::NotFound`] if the quoted post is missing or hidden from the viewer.
pub fn quotes(domain: &Domain, viewer: Viewer, id: StatusId, page: &Page) -> Result<Listing> {
    filled(domain, viewer, FilterContext::Thread, page, |c, page| {
        let status = statuses::visible(c, viewer, id)?.ok_or(Error::NotFound)?;
        quotes::of(c, viewer, status.id, page)
    })
}

fn load_with_cursors(
    domain: &Domain,
    viewer: Viewer,
    rows: impl FnOnce(&Conn) -> Result<Vec<(i64, StatusId)>>,
) -> Result<WithCursors<StatusView>> {
    status_view::read(domain, viewer, |c, loader| {
        let rows = rows(c)?;
        let ids: Vec<StatusId> = rows.iter().map(|(_, id)| *id).collect();
        let cursors: HashMap<StatusId, i64> = rows.into_iter().map(|(cursor, id)| (id, cursor)).collect();
        let views = loader.statuses(&ids)?;
        Ok(views.into_iter().filter_map(|view| Some((*cursors.get(&view.status.id)?, view))).collect())
    })
}

/// The owner's favourites.
pub fn favourites(domain: &Domain, page: &Page) -> Result<WithCursors<StatusView>> {
    let owner = domain.owner()?.id;
    let viewer = Viewer::Owner(owner);
    load_with_cursors(domain, viewer, |c| favourites::list(c, viewer, owner, page))
}

/// The owner's bookmarks.
pub fn bookmarks(domain: &Domain, page: &Page) -> Result<WithCursors<StatusView>> {
    let viewer = domain.as_owner()?;
    load_with_cursors(domain, viewer, |c| bookmarks::list(c, viewer, page))
}
