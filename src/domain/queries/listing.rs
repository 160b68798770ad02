//! Pages of rows of which the owner's filters hide a part: they are filled up, and their cursors cover what was read.

use std::ops::Deref;

use super::status_view::{self, NotificationView, StatusView};
use crate::domain::Domain;
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::StatusId;
use crate::store::Conn;
use crate::store::database::pagination::Page;
use crate::store::filters::FilterContext;
use crate::store::visibility::Viewer;

/// The rows of a page, newest first.
#[derive(Debug, Clone)]
pub struct Listing<T = StatusView> {
    /// What is shown.
    pub views: Vec<T>,
    /// The ids of the newest and the oldest row that were read, also if they are hidden.
    pub cursors: Option<(i64, i64)>,
    /// There may be older rows.
    pub has_more: bool,
}

impl<T> Deref for Listing<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.views
    }
}

/// A row of a listing.
pub trait Listed {
    /// The id that the page is ordered by.
    fn cursor(&self) -> i64;

    /// About how many bytes of a response it takes.
    fn size(&self) -> usize;
}

impl Listed for StatusView {
    fn cursor(&self) -> i64 {
        self.status.id.0
    }

    fn size(&self) -> usize {
        self.size()
    }
}

impl Listed for NotificationView {
    fn cursor(&self) -> i64 {
        self.row.id.0
    }

    fn size(&self) -> usize {
        self.status.as_ref().map_or(0, StatusView::size)
    }
}

/// What one read for a page gave.
pub(super) struct Part<T> {
    /// What is shown of it.
    pub views: Vec<T>,
    /// The newest and the oldest row that were read.
    pub ends: Option<(i64, i64)>,
    /// There may be more rows in the direction of the page.
    pub is_full: bool,
}

impl<T> Listing<T> {
    /// The oldest row that was read, if there may be older ones.
    pub fn next(&self) -> Option<i64> {
        self.cursors.filter(|_| self.has_more).map(|(_, oldest)| oldest)
    }

    /// Adds rows that were read after those before in the direction of the page.
    fn add(&mut self, page: &Page, mut views: Vec<T>, ends: Option<(i64, i64)>) {
        if page.from_oldest {
            views.append(&mut self.views);
            self.views = views;
        } else {
            self.views.append(&mut views);
        }
        let Some((newest, oldest)) = ends else { return };
        let (before_newest, before_oldest) = self.cursors.unwrap_or((newest, oldest));
        self.cursors = Some((newest.max(before_newest), oldest.min(before_oldest)));
    }
}

impl<T: Listed> Listing<T> {
    /// Cuts what exceeds the page or [`limits::LISTED_BYTES`], at the end that is read later.
    fn cut(&mut self, page: &Page) {
        let sizes: Vec<usize> = self.views.iter().map(Listed::size).collect();
        let fit = match page.from_oldest {
            true => fitting(sizes.into_iter().rev(), limits::LISTED_BYTES),
            false => fitting(sizes.into_iter(), limits::LISTED_BYTES),
        };
        let most = fit.min(page.limit as usize);
        let surplus = self.views.len().saturating_sub(most);
        if surplus == 0 {
            return;
        }
        if page.from_oldest {
            self.views.drain(..surplus);
        } else {
            self.views.truncate(most);
        }
        let ends = self.views.first().zip(self.views.last()).map(|(f, l)| (f.cursor(), l.cursor()));
        self.cursors = match (self.cursors, ends) {
            (Some((_, oldest)), Some((newest, _))) if page.from_oldest => Some((newest, oldest)),
            (Some((newest, _)), Some((_, oldest))) => Some((newest, oldest)),
            (cursors, _) => cursors,
        };
        self.has_more = true;
    }
}

/// The number of the first items that have room together, at least one.
pub(super) fn fitting(sizes: impl Iterator<Item = usize>, mut room: usize) -> usize {
    let fits = |size: &usize| {
        let rest = room.checked_sub(*size);
        room = rest.unwrap_or(0);
        rest.is_some()
    };
    sizes.take_while(fits).count().max(1)
}

/// Reads a page in as many parts as it takes to fill it.
pub(super) fn fill<T>(page: &Page, mut read: impl FnMut(&Page) -> Result<Part<T>>) -> Result<Listing<T>> {
    let mut listing = Listing { views: Vec::new(), cursors: None, has_more: false };
    let mut next = Some(*page);
    for _ in 0..limits::FILTER_PAGE_READS {
        let Some(part) = next else { break };
        let Part { views, ends, is_full } = read(&part)?;
        listing.add(page, views, ends);
        next = ends.filter(|_| is_full).map(|(newest, oldest)| match page.from_oldest {
            true => Page { above: newest, ..part },
            false => Page { below: oldest, ..part },
        });
        if listing.views.len() >= page.limit as usize {
            break;
        }
    }
    listing.has_more = next.is_some();
    Ok(listing)
}

/// Reads a page of rows, and cuts what exceeds it.
pub(super) fn filled_with<T: Listed>(page: &Page, read: impl FnMut(&Page) -> Result<Part<T>>) -> Result<Listing<T>> {
    let mut listing = fill(page, read)?;
    listing.cut(page);
    Ok(listing)
}

/// Reads a page of statuses that are ordered by their ids, without those that the owner's filters hide in lists of this
/// kind.
pub(super) fn filled(
    domain: &Domain,
    viewer: Viewer,
    context: FilterContext,
    page: &Page,
    read: impl Fn(&Conn, &Page) -> Result<Vec<StatusId>>,
) -> Result<Listing> {
    status_view::read(domain, viewer, |c, loader| {
        filled_with(page, |part| {
            let ids = read(c, part)?;
            let mut views = loader.statuses(&ids)?;
            views.retain(|view| !view.is_hidden(context));
            let ends = ids.first().zip(ids.last()).map(|(newest, oldest)| (newest.0, oldest.0));
            Ok(Part { views, ends, is_full: ids.len() >= part.limit as usize })
        })
    })
}
