//! Pages of statuses of which the owner's filters hide a part: they are filled up, and their cursors cover what was read.

use std::ops::Deref;

use super::status_view::{self, StatusView};
use crate::domain::Domain;
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::StatusId;
use crate::store::Conn;
use crate::store::database::pagination::Page;
use crate::store::filters::FilterContext;
use crate::store::visibility::Viewer;

/// The statuses of a page, newest first.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The statuses.
    pub views: Vec<StatusView>,
    /// The ids of the newest and the oldest row that were read, also if it is hidden.
    pub cursors: Option<(i64, i64)>,
    /// There may be older rows.
    pub has_more: bool,
}

impl Deref for Listing {
    type Target = [StatusView];

    fn deref(&self) -> &[StatusView] {
        &self.views
    }
}

impl Listing {
    /// The oldest row that was read, if there may be older ones.
    pub fn next(&self) -> Option<i64> {
        self.cursors.filter(|_| self.has_more).map(|(_, oldest)| oldest)
    }

    /// Adds rows that were read after those before in the direction of the page, without what is hidden.
    fn add(&mut self, page: &Page, ids: &[StatusId], mut views: Vec<StatusView>) {
        if page.from_oldest {
            views.append(&mut self.views);
            self.views = views;
        } else {
            self.views.append(&mut views);
        }
        let Some((newest, oldest)) = ids.first().zip(ids.last()) else { return };
        let (before_newest, before_oldest) = self.cursors.unwrap_or((newest.0, oldest.0));
        self.cursors = Some((newest.0.max(before_newest), oldest.0.min(before_oldest)));
    }

    /// Cuts what exceeds the page, at the end that is read later.
    fn cut(&mut self, page: &Page) {
        let surplus = self.views.len().saturating_sub(page.limit as usize);
        if surplus == 0 {
            return;
        }
        if page.from_oldest {
            self.views.drain(..surplus);
        } else {
            self.views.truncate(page.limit as usize);
        }
        let ends = self.views.first().zip(self.views.last()).map(|(f, l)| (f.status.id.0, l.status.id.0));
        self.cursors = match (self.cursors, ends) {
            (Some((_, oldest)), Some((newest, _))) if page.from_oldest => Some((newest, oldest)),
            (Some((newest, _)), Some((_, oldest))) => Some((newest, oldest)),
            (cursors, _) => cursors,
        };
        self.has_more = true;
    }
}

/// The page after the rows that were read.
fn rest(page: &Page, ids: &[StatusId]) -> Option<Page> {
    let (newest, oldest) = ids.first().zip(ids.last())?;
    let is_full = ids.len() >= page.limit as usize;
    let rest = if page.from_oldest { Page { above: newest.0, ..*page } } else { Page { below: oldest.0, ..*page } };
    is_full.then_some(rest)
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
        let mut listing = Listing::default();
        let mut next = Some(*page);
        for _ in 0..limits::FILTER_PAGE_READS {
            let Some(part) = next else { break };
            let ids = read(c, &part)?;
            let mut views = loader.statuses(&ids)?;
            views.retain(|view| !view.is_hidden(context));
            listing.add(page, &ids, views);
            next = rest(&part, &ids);
            if listing.views.len() >= page.limit as usize {
                break;
            }
        }
        listing.has_more = next.is_some();
        listing.cut(page);
        Ok(listing)
    })
}
