//! Reads collections of other servers, page by page.

use std::collections::HashSet;
use std::time::Instant;

use serde_json::Value;

use super::signed_client::{Fetcher, is_activity_media_type, malformed, parse};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{Collection, Item};
use crate::protocol::activitystreams::{self, same_origin};

/// A collection with its first items.
pub(crate) struct Listing {
    /// The number of items that its server states.
    pub(crate) total: Option<u64>,
    /// The items that were read.
    pub(crate) items: Vec<Item>,
    /// The minimum number of items that were not read.
    pub(crate) left_out: usize,
    /// Its document has an item list, which may be empty.
    lists: bool,
}

impl Listing {
    /// Returns `true` if all items of the collection were read.
    pub(crate) fn is_whole(&self) -> bool {
        let counted = self.total.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        self.lists && self.left_out == 0 && counted <= self.items.len()
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = String> {
        self.items.iter().filter_map(|item| item.id().map(str::to_owned))
    }
}

/// Limits of reading a collection.
pub(crate) struct Reading<'a> {
    /// The maximum number of items.
    pub(crate) most: usize,
    /// Selects items; the others are dropped and do not count.
    pub(crate) wanted: fn(&Item) -> bool,
    /// The maximum number of pages after the first document.
    pub(crate) pages: usize,
    /// Checked before each page.
    pub(crate) may_go_on: Box<dyn Fn() -> bool + 'a>,
}

impl Reading<'_> {
    /// Reads the beginning of a collection until this time.
    pub(crate) fn until(until: Instant, most: usize) -> Self {
        let may_go_on = Box::new(move || Instant::now() < until);
        Self { most, wanted: |_| true, pages: limits::COLLECTION_PAGES, may_go_on }
    }
}

/// The items that were read and the next page.
struct Progress {
    items: Vec<Item>,
    next: Option<String>,
    seen: HashSet<String>,
    lists: bool,
}

impl Fetcher {
    /// Reads the items of a collection: embedded ones, then page by page on the same origin. Reading ends at a page that
    /// cannot be fetched.
    ///
    /// # Errors
    /// As [`Fetcher::document`], for the collection itself.
    pub(crate) fn listing(&self, uri: &str, reading: Reading<'_>) -> Result<Listing> {
        let whole = self.collection(uri)?;
        // Collections of Takahē have no id. Their items are verified one by one.
        if whole.id.as_ref().is_some_and(|id| !same_origin(id, uri)) {
            return Err(malformed("the collection states an id on another server"));
        }
        let seen = HashSet::from([uri.to_owned()]);
        let mut progress = Progress { items: whole.items, next: whole.next, seen, lists: whole.lists };
        match whole.first {
            Some(Item::Id(id)) => progress.next = Some(id),
            Some(Item::Embedded(page)) => {
                let page = read(&page)?;
                progress.seen.extend(page.id);
                progress.items.extend(page.items);
                progress.lists |= page.lists;
                progress.next = page.next;
            }
            None => {}
        }
        progress.items.retain(reading.wanted);
        let is_cut = self.read_pages(uri, &reading, &mut progress)? || progress.items.len() > reading.most;
        let counted = whole.total.and_then(|n| usize::try_from(n).ok()).unwrap_or(0).max(progress.items.len());
        progress.items.truncate(reading.most);
        let left_out = if is_cut { counted.saturating_sub(progress.items.len()).max(1) } else { 0 };
        Ok(Listing { total: whole.total, items: progress.items, left_out, lists: progress.lists })
    }

    /// Fetches a collection or page; of a post, the embedded replies. WordPress serves collections as plain JSON, which may
    /// also be an upload: of these only the ids are used, each of which is fetched.
    fn collection(&self, uri: &str) -> Result<Collection> {
        let fetched = self.get_within_quota(uri)?;
        let is_plain = is_plain_json(&fetched.content_type);
        if !is_plain && !is_activity_media_type(&fetched.content_type) {
            return Err(malformed("it is not an ActivityPub document"));
        }
        let document = parse(&fetched.body)?;
        let kind = activitystreams::kind_of(&document).unwrap_or_default();
        let is_collection =
            matches!(kind.as_str(), "Collection" | "OrderedCollection" | "CollectionPage" | "OrderedCollectionPage");
        match document.get("replies") {
            Some(replies) if !is_plain && !is_collection => read(replies),
            _ if is_plain && !is_collection => Err(malformed("it is not an ActivityPub document")),
            _ if is_plain => Ok(only_ids(read(&document)?)),
            _ => read(&document),
        }
    }

    /// Reads pages until the end or a limit. Returns `true` if it was a limit. A page that was read before is the end.
    fn read_pages(&self, uri: &str, reading: &Reading<'_>, progress: &mut Progress) -> Result<bool> {
        for _ in 0..reading.pages {
            let Some(page) = progress.next.take().filter(|p| !progress.seen.contains(p)) else { return Ok(false) };
            if progress.items.len() >= reading.most || !same_origin(&page, uri) || !(reading.may_go_on)() {
                return Ok(true);
            }
            let next = match self.collection(&page) {
                Ok(next) => next,
                Err(e @ (Error::Internal(_) | Error::Storage(_))) => return Err(e),
                Err(e) => {
                    tracing::debug!(error = %e, "page of a collection could not be fetched");
                    return Ok(true);
                }
            };
            progress.seen.insert(page);
            progress.items.extend(next.items.into_iter().filter(reading.wanted));
            progress.lists |= next.lists;
            progress.next = next.next;
        }
        Ok(progress.next.as_ref().is_some_and(|p| !progress.seen.contains(p)))
    }
}

fn is_plain_json(content_type: &str) -> bool {
    content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// Reduces the items of a collection to their ids.
fn only_ids(collection: Collection) -> Collection {
    let bare = |items: Vec<Item>| -> Vec<Item> {
        items.iter().filter_map(|item| item.id().map(|id| Item::Id(id.to_owned()))).collect()
    };
    let first = match collection.first {
        // Bare ids can be merged with the items of the collection.
        Some(Item::Embedded(page)) => match read(&page) {
            Ok(page) => {
                let items = bare([collection.items, page.items].concat());
                return Collection { items, next: page.next, lists: true, first: None, ..collection };
            }
            Err(_) => None,
        },
        first => first,
    };
    Collection { items: bare(collection.items), first, ..collection }
}

fn read(value: &Value) -> Result<Collection> {
    activitystreams::read_collection(value).map_err(|e| malformed(&e.to_string()))
}
