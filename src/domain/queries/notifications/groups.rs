//! The owner's notifications in groups.

use std::collections::HashSet;
use std::sync::Arc;

use super::{count_shown, is_hidden, position};
use crate::domain::Domain;
use crate::domain::queries::listing::{Listing, Part, fill};
use crate::domain::queries::status_view::{self, NotificationView, StatusLoader};
use crate::domain::queries::timelines::WithCursors;
use crate::error::{Error, Result};
use crate::protocol::ids::{ActorId, NotificationId};
use crate::store::actors::Actor;
use crate::store::database::pagination::Page;
use crate::store::notifications::groups::{self, Group, GroupSize, GroupedKinds};
use crate::store::notifications::{self, NotificationKind, Selection};

/// The kinds that the server groups.
pub const GROUPED: [NotificationKind; 3] =
    [NotificationKind::Favourite, NotificationKind::Boost, NotificationKind::Follow];

/// A group of notifications with everything that is shown with it.
#[derive(Debug, Clone)]
pub struct GroupView {
    /// The key; that of a notification that is not grouped is made of its id.
    pub key: String,
    /// The number of its notifications, on all pages.
    pub count: i64,
    /// The newest notification.
    pub newest: NotificationView,
    /// The oldest notification on the page.
    pub oldest: NotificationId,
    /// The actors of the newest notifications, each once.
    pub actors: Vec<Arc<Actor>>,
}

/// Returns the key of a notification that is not grouped.
pub fn single_key(id: NotificationId) -> String {
    format!("ungrouped-{id}")
}

fn single_id(key: &str) -> Option<NotificationId> {
    key.strip_prefix("ungrouped-")?.parse().ok()
}

/// One page of groups.
pub fn list(domain: &Domain, selection: &Selection, grouped: GroupedKinds, page: &Page) -> Result<Listing<GroupView>> {
    let viewer = domain.as_owner()?;
    status_view::read(domain, viewer, |c, loader| {
        let (mut seen, mut room) = (HashSet::new(), page.limit);
        fill(page, |part| {
            let read = groups::page(c, viewer, selection, grouped, &Page { limit: room, ..*part })?;
            let is_new = |group: &Group| group.key.as_ref().is_none_or(|key| seen.insert(key.clone()));
            let fresh: Vec<Group> = read.groups.into_iter().filter(is_new).collect();
            let keys: Vec<&str> = fresh.iter().filter_map(|group| group.key.as_deref()).collect();
            // A favourite and a reaction share their key: one of a kind that is not grouped is no part of the group.
            let sizes = groups::sizes(c, &keys, &grouped.of_selection(selection))?;
            let mut views = views(loader, fresh, |key| sizes.get(key).cloned())?;
            views.retain(|view| !is_hidden(&view.newest));
            room = room.saturating_sub(views.len() as u32).max(1);
            Ok(Part { views, ends: read.ends, is_full: read.is_full })
        })
    })
}

/// The views of groups. One whose status the owner may not see is left out.
fn views(
    loader: &mut StatusLoader<'_>,
    groups: Vec<Group>,
    size: impl Fn(&str) -> Option<GroupSize>,
) -> Result<Vec<GroupView>> {
    let rows = groups.iter().map(|group| group.newest.clone()).collect();
    let mut newest = loader.notifications(rows)?.into_iter().peekable();
    let mut found = Vec::with_capacity(groups.len());
    for group in groups {
        let Some(newest) = newest.next_if(|view| view.row.id == group.newest.id) else { continue };
        let size = group.key.as_deref().and_then(&size);
        found.push((group, newest, size.unwrap_or(GroupSize { count: 1, actors: Vec::new() })));
    }
    // All actors in one statement.
    loader.actors(&found.iter().flat_map(|(_, _, size)| size.actors.iter().copied()).collect::<Vec<ActorId>>())?;
    let view = |(group, newest, size): (Group, NotificationView, GroupSize)| {
        let actors = loader.actors(&size.actors)?;
        let actors = if actors.is_empty() { vec![newest.actor.clone()] } else { actors };
        let key = group.key.unwrap_or_else(|| single_key(newest.row.id));
        Ok(GroupView { key, count: size.count, oldest: group.oldest, newest, actors })
    };
    found.into_iter().map(view).collect()
}

/// The group with this key.
///
/// # Errors
/// [`Error::NotFound`] if no group has this key.
pub fn get(domain: &Domain, key: &str) -> Result<GroupView> {
    let viewer = domain.as_owner()?;
    domain.store.read(|c| {
        let selection = Selection { with_filtered: true, ..Selection::all() };
        let group = match single_id(key) {
            Some(id) => notifications::get(c, id)?.map(|newest| Group { key: None, oldest: newest.id, newest }),
            None => groups::get(c, key)?,
        };
        let group = group.ok_or(Error::NotFound)?;
        let keys: Vec<&str> = group.key.as_deref().into_iter().collect();
        let sizes = groups::sizes(c, &keys, &selection)?;
        let mut loader = StatusLoader::filtered(c, viewer, domain);
        views(&mut loader, vec![group], |key| sizes.get(key).cloned())?.pop().ok_or(Error::NotFound)
    })
}

/// The actors of a group, newest first.
///
/// # Errors
/// [`Error::NotFound`] if there is no such group.
pub fn actors(domain: &Domain, key: &str, page: &Page) -> Result<WithCursors<Arc<Actor>>> {
    let viewer = domain.as_owner()?;
    domain.store.read(|c| {
        let rows = match single_id(key) {
            Some(id) => notifications::get(c, id)?.map(|n| vec![(n.id.0, n.actor_id)]),
            None => groups::get(c, key)?.map(|_| groups::actors(c, key, page)).transpose()?,
        };
        let rows = rows.ok_or(Error::NotFound)?;
        let mut loader = StatusLoader::new(c, viewer);
        loader.actors(&rows.iter().map(|(_, id)| *id).collect::<Vec<_>>())?;
        let mut found = Vec::with_capacity(rows.len());
        for (cursor, id) in rows {
            found.extend(loader.actor(id)?.map(|actor| (cursor, actor)));
        }
        Ok(found)
    })
}

/// Removes the notifications of a group.
pub fn dismiss(domain: &Arc<Domain>, key: &str) -> Result<()> {
    let key = key.to_owned();
    domain.transact(move |tx| match single_id(&key) {
        Some(id) => notifications::dismiss(tx, id).map(|_| ()),
        None => groups::dismiss(tx, &key),
    })
}

/// The number of groups that are newer than the read marker, at most `most`.
pub fn unread(domain: &Domain, selection: &Selection, grouped: GroupedKinds, most: u32) -> Result<i64> {
    let viewer = domain.as_owner()?;
    let (read, hides) = position(domain)?;
    if !hides {
        let page = Page { above: read, ..Page::newest(most) };
        let found = domain.store.read(|c| groups::page(c, viewer, selection, grouped, &page))?;
        return Ok(found.groups.len() as i64);
    }
    let mut seen = HashSet::new();
    count_shown(Page { above: read, ..Page::newest(80) }, most, |page| {
        let listing = list(domain, selection, grouped, page)?;
        let fresh = listing.iter().filter(|group| seen.insert(group.key.clone())).count();
        Ok((fresh, listing.next()))
    })
}
