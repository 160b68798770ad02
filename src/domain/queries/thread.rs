//! The thread around a status, in pages of bounded size.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::listing::fitting;
use super::status_view::{self, StatusView};
use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::StatusId;
use crate::store::Conn;
use crate::store::filters::FilterContext;
use crate::store::statuses::{self, Place, Status};
use crate::store::visibility::Viewer;

/// The thread around a status in the client API.
#[derive(Debug, Clone)]
pub struct ThreadContext {
    /// The status itself.
    pub focus: Status,
    /// The posts that it replies to, the first of the thread first.
    pub ancestors: Vec<StatusView>,
    /// Replies, depth first.
    pub descendants: Vec<StatusView>,
}

/// How much of a thread one response contains.
struct ContextLimits {
    ancestors: usize,
    descendants: usize,
    depth: usize,
    bytes: usize,
    entity_bytes: usize,
}

/// As in Mastodon, anonymous clients get the nearest part of a thread, and the owner gets nearly all of it.
fn context_limits(viewer: Viewer) -> ContextLimits {
    match viewer {
        Viewer::Owner(_) => ContextLimits {
            ancestors: limits::CONTEXT_POSTS_FOR_OWNER,
            descendants: limits::CONTEXT_POSTS_FOR_OWNER,
            depth: usize::MAX,
            bytes: limits::CONTEXT_BYTES_FOR_OWNER,
            entity_bytes: limits::CONTEXT_ENTITY_BYTES_FOR_OWNER,
        },
        Viewer::Anonymous | Viewer::Peer(_) => ContextLimits {
            ancestors: limits::CONTEXT_ANCESTORS,
            descendants: limits::CONTEXT_DESCENDANTS,
            depth: limits::CONTEXT_DEPTH,
            bytes: limits::CONTEXT_BYTES,
            entity_bytes: limits::CONTEXT_ENTITY_BYTES,
        },
    }
}

/// The part of the thread around a status that the viewer may see and that one response may contain.
///
/// # Errors
/// [`Error::NotFound`] if the status is missing or hidden from the viewer.
pub fn context(domain: &Domain, viewer: Viewer, id: StatusId) -> Result<ThreadContext> {
    let limits = context_limits(viewer);
    status_view::read(domain, viewer, |c, loader| {
        let focus = statuses::visible(c, viewer, id)?.ok_or(Error::NotFound)?;
        let above = above(c, viewer, &focus)?;
        let mut below = below(c, viewer, id, &above)?;
        below.retain(|(depth, _)| *depth <= limits.depth);
        let nearest = first_page(above.iter().map(|place| place.bytes), limits.ancestors, limits.bytes / 2);
        let below = &below[first_page(below.iter().map(|(_, place)| place.bytes), limits.descendants, limits.bytes)];
        let mut ids: Vec<StatusId> = above[nearest].iter().rev().map(|place| place.id).collect();
        let ancestors: HashSet<StatusId> = ids.iter().copied().collect();
        ids.extend(below.iter().map(|(_, place)| place.id));
        let mut views = loader.statuses(&ids)?;
        views.retain(|view| !view.is_hidden(FilterContext::Thread));
        let (mut ancestors, mut descendants): (Vec<_>, Vec<_>) =
            views.into_iter().partition(|view| ancestors.contains(&view.status.id));
        let fit = fitting(ancestors.iter().rev().map(StatusView::size), limits.entity_bytes / 2);
        ancestors.drain(..ancestors.len().saturating_sub(fit));
        descendants.truncate(fitting(descendants.iter().map(StatusView::size), limits.entity_bytes));
        Ok(ThreadContext { focus, ancestors, descendants })
    })
}

/// One page of a thread.
#[derive(Debug, Clone)]
pub struct ThreadPage {
    /// One page of the posts that the status replies to, the first of the thread first.
    pub ancestors: Vec<StatusView>,
    /// The number of ancestors before this page.
    pub earlier_ancestors: usize,
    /// The number of ancestors between this page and the status.
    pub later_ancestors: usize,
    /// The status itself.
    pub focus: StatusView,
    /// One page of the replies, depth first, each with its depth below the focus (1 for direct replies).
    pub descendants: Vec<(usize, StatusView)>,
    /// The number of replies on all pages.
    pub total: usize,
    /// True if there may be more replies than were counted.
    pub is_counted_in_part: bool,
    /// The number of this page of replies, from 1.
    pub page: usize,
    /// The number of pages of replies.
    pub pages: usize,
    /// The number of this page of ancestors, from 1 for the nearest.
    pub above: usize,
}

/// The pages of ancestors and replies to show, each from 1. A number beyond the last page means the last page.
#[derive(Debug, Clone, Copy)]
pub struct ThreadPosition {
    /// The page of ancestors; 1 is the nearest to the status.
    pub above: usize,
    /// The page of replies.
    pub page: usize,
}

/// A page of the thread around a status, without posts that are hidden from the viewer.
///
/// # Errors
/// As [`context`].
pub fn page(domain: &Domain, viewer: Viewer, id: StatusId, position: ThreadPosition) -> Result<ThreadPage> {
    status_view::read(domain, viewer, |c, loader| {
        let focus = loader.status(id)?.ok_or(Error::NotFound)?;
        let chain = above(c, viewer, &focus.status)?;
        let replies = below(c, viewer, id, &chain)?;
        let (most_above, room) = (limits::THREAD_PAGE_ANCESTORS, limits::THREAD_PAGE_BYTES);
        let upper = pages(chain.iter().map(|place| place.bytes), most_above, room / 2);
        let lower = pages(replies.iter().map(|(_, place)| place.bytes), limits::THREAD_PAGE_REPLIES, room);
        let (above, page) = (position.above.clamp(1, upper.len()), position.page.clamp(1, lower.len()));
        let (shown_above, shown_below) = (upper[above - 1].clone(), lower[page - 1].clone());
        let ids: Vec<StatusId> = chain[shown_above.clone()].iter().rev().map(|place| place.id).collect();
        let mut ancestors = loader.statuses(&ids)?;
        ancestors.retain(|view| !view.is_hidden(FilterContext::Thread));
        let shown = &replies[shown_below];
        let depths: HashMap<StatusId, usize> = shown.iter().map(|(depth, place)| (place.id, *depth)).collect();
        let ids: Vec<StatusId> = shown.iter().map(|(_, place)| place.id).collect();
        let mut views = loader.statuses(&ids)?;
        views.retain(|view| !view.is_hidden(FilterContext::Thread));
        let descendants = views.into_iter().map(|v| (depths.get(&v.status.id).copied().unwrap_or(1), v)).collect();
        Ok(ThreadPage {
            ancestors,
            earlier_ancestors: chain.len() - shown_above.end,
            later_ancestors: shown_above.start,
            focus,
            descendants,
            total: replies.len(),
            is_counted_in_part: replies.len() >= limits::THREAD_TREE_POSTS - 1,
            pages: lower.len(),
            page,
            above,
        })
    })
}

/// The number of posts of a thread that one page shows: the status, what it replies to, and its replies, without those that
/// are hidden from the viewer. Posts are loaded only if a filter may hide some of them.
///
/// # Errors
/// As [`context`].
pub fn count(domain: &Domain, viewer: Viewer, id: StatusId) -> Result<usize> {
    status_view::read(domain, viewer, |c, loader| {
        let focus = statuses::visible(c, viewer, id)?.ok_or(Error::NotFound)?;
        let chain = above(c, viewer, &focus)?;
        let replies = below(c, viewer, id, &chain)?;
        let ids: Vec<StatusId> = chain.iter().chain(replies.iter().map(|(_, place)| place)).map(|p| p.id).collect();
        let fits = chain.len() <= limits::THREAD_PAGE_ANCESTORS && replies.len() <= limits::THREAD_PAGE_REPLIES;
        if !fits || !loader.has_filters()? {
            return Ok(1 + ids.len());
        }
        Ok(1 + loader.statuses(&ids)?.iter().filter(|view| !view.is_hidden(FilterContext::Thread)).count())
    })
}

/// The chain above a status, the nearest first. The nearest may be hidden from the viewer, and others above it not.
fn above(conn: &Conn, viewer: Viewer, focus: &Status) -> Result<Vec<Place>> {
    match focus.in_reply_to_uri {
        Some(_) => statuses::ancestors(conn, viewer, focus.id),
        None => Ok(Vec::new()),
    }
}

/// The replies below a status in thread order, each with its depth. Each status appears once, even if the links between
/// them form a cycle.
fn below(conn: &Conn, viewer: Viewer, id: StatusId, above: &[Place]) -> Result<Vec<(usize, Place)>> {
    let found = statuses::descendants(conn, viewer, id)?;
    let mut children: HashMap<StatusId, Vec<Place>> = HashMap::new();
    for place in &found {
        if let Some(parent) = place.parent {
            children.entry(parent).or_default().push(*place);
        }
    }
    let mut seen: HashSet<StatusId> = above.iter().map(|place| place.id).chain([id]).collect();
    let mut ordered = Vec::with_capacity(found.len());
    // The stack is last in, first out, so the oldest reply is pushed last.
    let mut open: Vec<(usize, Place)> = next_level(&mut children, id, 1);
    while let Some((depth, place)) = open.pop() {
        if seen.insert(place.id) {
            ordered.push((depth, place));
            open.extend(next_level(&mut children, place.id, depth + 1));
        }
    }
    Ok(ordered)
}

fn next_level(children: &mut HashMap<StatusId, Vec<Place>>, of: StatusId, depth: usize) -> Vec<(usize, Place)> {
    children.remove(&of).into_iter().flatten().rev().map(|place| (depth, place)).collect()
}

/// The first page of texts with these lengths.
fn first_page(bytes: impl Iterator<Item = usize>, most: usize, room: usize) -> Range<usize> {
    pages_within(bytes, most, room).next().unwrap_or(0..0)
}

/// The pages of texts with these lengths: at least one page, which may be empty.
fn pages(bytes: impl Iterator<Item = usize>, most: usize, room: usize) -> Vec<Range<usize>> {
    let found: Vec<_> = pages_within(bytes, most, room).collect();
    if found.is_empty() { std::iter::once(0..0).collect() } else { found }
}

/// Divides texts with these lengths into pages of at most `most` texts with at most `room` bytes together. A longer text
/// has a page of its own.
fn pages_within(bytes: impl Iterator<Item = usize>, most: usize, room: usize) -> impl Iterator<Item = Range<usize>> {
    let mut bytes = bytes.peekable();
    let mut start = 0;
    std::iter::from_fn(move || {
        let mut left = room.saturating_sub(bytes.next()?);
        let mut end = start + 1;
        while end - start < most && bytes.peek().is_some_and(|next| *next <= left) {
            left -= bytes.next().unwrap_or(0);
            end += 1;
        }
        let page = start..end;
        start = end;
        Some(page)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_bounded_by_number_and_by_bytes() {
        let cut = |bytes: &[usize], most, room| pages_within(bytes.iter().copied(), most, room).collect::<Vec<_>>();
        assert_eq!(cut(&[1, 1, 1, 1, 1], 2, 100), [0..2, 2..4, 4..5]);
        assert_eq!(cut(&[60, 30, 20, 200, 1], 10, 100), [0..2, 2..3, 3..4, 4..5]);
        assert!(cut(&[], 10, 100).is_empty());
        assert_eq!(pages([].into_iter(), 10, 100).len(), 1, "the first page always exists");
    }
}
