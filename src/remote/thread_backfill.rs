//! Thread backfill: fetches the missing ancestors and replies of a thread, each post from its own server.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::collection::{Listing, Reading};
use super::per_host_concurrency::for_each_host;
use super::signed_client::Fetcher;
use crate::domain::inbox::Source;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::ids::StatusId;
use crate::store::peers::fetch_reports::{self, Subject};
use crate::store::statuses::{self, Status};
use crate::store::timelines;

/// The progress and the limits of one backfill.
struct Walk {
    began: Instant,
    fetches: AtomicUsize,
    found: usize,
    seen: HashSet<String>,
    missing: HashSet<String>,
    /// Missing posts with unknown ids: in pages that were not read, or in collections that could not be fetched.
    unnamed: usize,
}

impl Walk {
    fn begin() -> Self {
        Self {
            began: Instant::now(),
            fetches: AtomicUsize::new(0),
            found: 0,
            seen: HashSet::new(),
            missing: HashSet::new(),
            unnamed: 0,
        }
    }

    fn has_time(&self) -> bool {
        self.began.elapsed() < limits::THREAD_BACKFILL_TIME
    }

    fn has_capacity(&self) -> bool {
        self.room() > 0 && self.has_time()
    }

    /// Counts one more fetch. Returns `false` if no more are allowed.
    fn may_fetch(&self) -> bool {
        self.has_time() && self.fetches.fetch_add(1, Ordering::Relaxed) < limits::THREAD_BACKFILL_FETCHES
    }

    /// The number of documents that may still be fetched.
    fn room(&self) -> usize {
        let fetches = limits::THREAD_BACKFILL_FETCHES.saturating_sub(self.fetches.load(Ordering::Relaxed));
        fetches.min(limits::THREAD_BACKFILL_POSTS.saturating_sub(self.found))
    }

    /// The ids of a collection's posts; posts that were not read are counted.
    fn named_by(&mut self, listing: Option<Result<Listing>>) -> Vec<String> {
        match listing {
            Some(Ok(listing)) => {
                self.unnamed += listing.left_out;
                listing.ids().collect()
            }
            Some(Err(Error::Remote(e))) if e.is_gone() => Vec::new(),
            Some(Err(_)) | None => {
                self.unnamed += 1;
                Vec::new()
            }
        }
    }
}

impl Fetcher {
    /// Fetches the missing posts around a status: its ancestors, then the thread as listed by the `context` of its root
    /// (FEP-7888), then the `replies` of every post. The result is stored for the page; fetches that fail count as missing.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn thread(&self, id: StatusId) -> Result<()> {
        let Some(status) = self.domain.store.read(|c| statuses::get(c, id))? else { return Ok(()) };
        let mut walk = Walk::begin();
        let root = self.ancestors(status, &mut walk)?;
        if !self.context(&root, &mut walk)? {
            self.replies(root.thread, &mut walk)?;
        }
        // A post joins its thread when its parent is stored, so the thread may have another root by now.
        let now = self.domain.now();
        self.domain.store.write(move |conn| {
            let thread = statuses::get(conn, id)?.map_or(root.thread, |s| s.thread);
            let missing = walk.missing.len() + walk.unnamed;
            fetch_reports::done(conn, Subject::Thread(thread), walk.found, missing, now)
        })
    }

    /// Follows the parents up to the first post without a parent, or whose parent cannot be fetched; stops at a cycle.
    fn ancestors(&self, from: Status, walk: &mut Walk) -> Result<Status> {
        let mut seen = HashSet::from([from.id]);
        let mut top = from;
        for _ in 0..limits::THREAD_BACKFILL_ANCESTORS {
            let parent = match (top.in_reply_to, &top.in_reply_to_uri) {
                (Some(parent), _) => Some(parent),
                (None, Some(uri)) => self.posts(vec![uri.clone()], walk)?.pop(),
                (None, None) => None,
            };
            let Some(parent) = parent else { break };
            match self.domain.store.read(|c| statuses::get(c, parent))? {
                Some(parent) if seen.insert(parent.id) => top = parent,
                Some(_) => return Ok(top),
                None => break,
            }
        }
        if top.in_reply_to.is_none() && top.in_reply_to_uri.as_ref().is_some_and(|uri| !walk.seen.contains(uri)) {
            walk.unnamed += 1;
        }
        Ok(top)
    }

    /// The ids of posts; fetched from a few servers concurrently if they are unknown. Deleted posts do not count as missing.
    fn posts(&self, uris: Vec<String>, walk: &mut Walk) -> Result<Vec<StatusId>> {
        let (mut ids, mut wanted) = (Vec::new(), Vec::new());
        for uri in uris {
            if let Some(known) = self.domain.store.read(|c| statuses::by_uri(c, &uri))? {
                ids.push(known.id);
            } else if walk.seen.insert(uri.clone()) {
                match self.domain.site.owns(&uri) {
                    true => self.note_gone(uri)?,
                    false => wanted.push(uri),
                }
            }
        }
        walk.missing.extend(wanted.split_off(wanted.len().min(walk.room())));
        let outcomes = for_each_host(wanted, |uri| walk.may_fetch().then(|| self.fresh_object(uri, Source::Fetched)));
        for (uri, outcome) in outcomes {
            match outcome {
                Some(Ok(id)) => {
                    walk.found += 1;
                    ids.push(id);
                }
                Some(Err(Error::Gone)) => self.note_gone(uri)?,
                Some(Err(Error::NotFound)) => {}
                Some(Err(Error::Remote(e))) if e.is_gone() => self.note_gone(uri)?,
                Some(Err(e @ (Error::Internal(_) | Error::Storage(_)))) => return Err(e),
                Some(Err(e)) => {
                    tracing::debug!(error = %e, "post of a thread could not be fetched");
                    walk.missing.insert(uri);
                }
                None => drop(walk.missing.insert(uri)),
            }
        }
        Ok(ids)
    }

    /// Stores that a post is gone, for the pages of its replies.
    fn note_gone(&self, uri: String) -> Result<()> {
        self.domain.store.write(move |conn| statuses::note_parent_gone(conn, &uri))
    }

    /// Fetches the thread as listed by the server of its root. Returns `false` if there is no complete list.
    fn context(&self, root: &Status, walk: &mut Walk) -> Result<bool> {
        let Some(context) = root.conversation.as_deref().filter(|c| !root.local && same_origin(c, &root.uri)) else {
            return Ok(false);
        };
        let Some(Ok(listing)) = self.listing_for(context, walk) else { return Ok(false) };
        self.posts(listing.ids().collect(), walk)?;
        Ok(!listing.items.is_empty() && listing.left_out == 0)
    }

    /// A collection of posts of the thread; `None` if no more fetches are allowed.
    fn listing_for(&self, uri: &str, walk: &Walk) -> Option<Result<Listing>> {
        let reading = || Reading {
            wanted: |_| true,
            most: limits::THREAD_BACKFILL_POSTS,
            pages: limits::THREAD_BACKFILL_PAGES,
            may_go_on: Box::new(|| walk.may_fetch()),
        };
        walk.may_fetch().then(|| self.listing(uri, reading()))
    }

    /// The replies in a collection; if it cannot be fetched, the embedded ones of its post (WordPress).
    fn replies_at(&self, uri: &str, posts: &HashMap<String, String>, walk: &Walk) -> Option<Result<Listing>> {
        let listing = self.listing_for(uri, walk)?;
        let post = posts.get(uri).filter(|post| *post != uri);
        match (&listing, post) {
            (Err(Error::Remote(e)), Some(post)) if !e.is_temporary() => match self.listing_for(post, walk) {
                Some(Ok(embedded)) => Some(Ok(embedded)),
                _ => Some(listing),
            },
            _ => Some(listing),
        }
    }

    /// Fetches the replies of every post of the thread, level by level.
    fn replies(&self, thread: StatusId, walk: &mut Walk) -> Result<()> {
        let mut requested = HashSet::new();
        let mut level = self.domain.store.read(|c| timelines::thread_replies(c, thread))?;
        while !level.is_empty() && walk.has_capacity() {
            let new = level
                .into_iter()
                .filter(|(post, collection)| same_origin(collection, post) && requested.insert(collection.clone()));
            let new: Vec<(String, String)> = new.collect();
            let collections: Vec<String> = new.iter().map(|(_, collection)| collection.clone()).collect();
            let posts = new.into_iter().map(|(post, collection)| (collection, post)).collect();
            let listings = for_each_host(collections, |uri| self.replies_at(uri, &posts, walk));
            let uris = listings.into_iter().flat_map(|(_, listing)| walk.named_by(listing)).collect();
            let found = self.posts(uris, walk)?;
            let below = |id| self.domain.store.read(|c| statuses::get(c, id));
            let found: Vec<Status> = found.into_iter().filter_map(|id| below(id).transpose()).collect::<Result<_>>()?;
            level = found.into_iter().filter_map(|s| s.replies_uri.map(|replies| (s.uri, replies))).collect();
        }
        // The replies of the last level are unknown, so at least one may be missing.
        walk.unnamed += usize::from(level.iter().any(|(_, collection)| !requested.contains(collection)));
        Ok(())
    }
}
