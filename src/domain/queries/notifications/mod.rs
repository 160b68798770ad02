//! The owner's notifications, without those whose status a filter hides.

pub mod groups;
pub mod requests;

use super::listing::{Listing, Part, filled_with};
use super::status_view::{self, NotificationView};
use crate::domain::Domain;
use crate::error::Result;
use crate::protocol::ids::NotificationId;
use crate::store::account::markers;
use crate::store::database::pagination::Page;
use crate::store::filters::FilterContext;
use crate::store::notifications::{self, Selection};

/// The name of the marker of notifications.
const MARKER: &str = "notifications";

fn is_hidden(view: &NotificationView) -> bool {
    view.status.as_ref().is_some_and(|status| status.is_hidden(FilterContext::Notifications))
}

/// One page of the owner's notifications.
pub fn list(domain: &Domain, selection: &Selection, page: &Page) -> Result<Listing<NotificationView>> {
    let viewer = domain.as_owner()?;
    status_view::read(domain, viewer, |c, loader| {
        filled_with(page, |part| {
            let rows = notifications::list(c, viewer, selection, part)?;
            let ends = rows.first().zip(rows.last()).map(|(newest, oldest)| (newest.id.0, oldest.id.0));
            let is_full = rows.len() >= part.limit as usize;
            let mut views = loader.notifications(rows)?;
            views.retain(|view| !is_hidden(view));
            Ok(Part { views, ends, is_full })
        })
    })
}

/// One notification, also if it is filtered; `None` if it does not exist.
pub fn get(domain: &Domain, id: NotificationId) -> Result<Option<NotificationView>> {
    let viewer = domain.as_owner()?;
    status_view::read(domain, viewer, |c, loader| {
        let rows = notifications::get(c, id)?.into_iter().collect();
        Ok(loader.notifications(rows)?.pop())
    })
}

/// The number of notifications that are newer than the read marker, at most `most`.
pub fn unread(domain: &Domain, selection: &Selection, most: u32) -> Result<i64> {
    let (read, hides) = position(domain)?;
    if !hides {
        return domain.store.read(|c| notifications::count_after(c, read, most, selection));
    }
    // Whether a filter hides a notification is known only when its status is read.
    count_shown(Page { above: read, ..Page::newest(80) }, most, |page| {
        let listing = list(domain, selection, page)?;
        Ok((listing.len(), listing.next()))
    })
}

/// The last read notification, and whether a filter may hide some.
fn position(domain: &Domain) -> Result<(i64, bool)> {
    domain.store.read(|c| {
        let read = markers::get(c, MARKER)?.map_or(0, |m| m.last_read_id);
        let filters = domain.filters.current(c, domain.now())?;
        Ok((read, filters.may_hide_in(FilterContext::Notifications, domain.now())))
    })
}

/// Counts what pages show, at most `most`. `read` gives how much a page shows and where the next one begins.
fn count_shown(mut page: Page, most: u32, mut read: impl FnMut(&Page) -> Result<(usize, Option<i64>)>) -> Result<i64> {
    let mut count = 0;
    loop {
        let (shown, next) = read(&page)?;
        count += shown as i64;
        match next {
            Some(below) if count < i64::from(most) => page = Page { below, ..page },
            _ => return Ok(count.min(i64::from(most))),
        }
    }
}
