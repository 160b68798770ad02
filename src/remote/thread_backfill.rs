//! The rest of a thread: what it answers, up to its beginning, and the answers that we have not got, each post from
//! its own server.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::collection::{Listing, Reading};
use super::dereference::Fetcher;
use super::per_host_concurrency::side_by_side;
use crate::domain::inbox::Source;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::ids::StatusId;
use crate::store::peers::fetch_reports::{self, Subject};
use crate::store::statuses::{self, Status};
use crate::store::timelines;

/// What was had so far, and how much more may be asked for.
struct Walk {
    began: Instant,
    fetches: AtomicUsize,
    found: usize,
    seen: HashSet<String>,
    missing: HashSet<String>,
    /// Posts that were not even named: in pages that were not read, or in lists that could not be had.
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

    fn may_go_on(&self) -> bool {
        self.room() > 0 && self.has_time()
    }

    /// Takes one more fetch, if there is room for it.
    fn may_fetch(&self) -> bool {
        self.has_time() && self.fetches.fetch_add(1, Ordering::Relaxed) < limits::THREAD_BACKFILL_FETCHES
    }

    /// How many more documents may be asked for.
    fn room(&self) -> usize {
        let fetches = limits::THREAD_BACKFILL_FETCHES.saturating_sub(self.fetches.load(Ordering::Relaxed));
        fetches.min(limits::THREAD_BACKFILL_POSTS.saturating_sub(self.found))
    }
}

impl Walk {
    /// The posts that a list names; what it does not name is counted.
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
    /// Fetches what is missing around a status: first upwards, then the thread as its beginning lists it (`context`,
    /// FEP-7888), then the `replies` of every post in it. What that brought is noted for the page.
    ///
    /// # Errors
    /// When the database cannot be used; what other servers do not give is counted as missing.
    pub fn thread(&self, id: StatusId) -> Result<()> {
        let Some(status) = self.domain.store.read(|c| statuses::get(c, id))? else { return Ok(()) };
        let mut walk = Walk::begin();
        let root = self.ancestors(status, &mut walk)?;
        if !self.context(&root, &mut walk)? {
            self.replies(root.thread, &mut walk)?;
        }
        // A post joins its thread when its parent comes, so the thread may have another beginning by now.
        let now = self.domain.now();
        self.domain.store.write(move |conn| {
            let thread = statuses::get(conn, id)?.map_or(root.thread, |s| s.thread);
            let missing = walk.missing.len() + walk.unnamed;
            fetch_reports::done(conn, Subject::Thread(thread), walk.found, missing, now)
        })
    }

    /// Walks up to the first post that answers nothing, or whose parent cannot be had, and up a cycle once.
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

    /// Posts of the thread, from here or from their own servers, a few servers at a time. What is not there any more is
    /// not missing.
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
        let outcomes = side_by_side(wanted, |uri| walk.may_fetch().then(|| self.fresh_object(uri, Source::Fetched)));
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
                    tracing::debug!(error = %e, "a post of a thread was left out");
                    walk.missing.insert(uri);
                }
                None => drop(walk.missing.insert(uri)),
            }
        }
        Ok(ids)
    }

    /// Notes that a post is gone, so that the pages of its replies say so.
    fn note_gone(&self, uri: String) -> Result<()> {
        self.domain.store.write(move |conn| statuses::note_parent_gone(conn, &uri))
    }

    /// The thread as its beginning's own server lists it. Answers false where there is no such list, or not all of it
    /// was had.
    fn context(&self, root: &Status, walk: &mut Walk) -> Result<bool> {
        let Some(context) = root.conversation.as_deref().filter(|c| !root.local && same_origin(c, &root.uri)) else {
            return Ok(false);
        };
        let Some(Ok(listing)) = self.listing_for(context, walk) else { return Ok(false) };
        self.posts(listing.ids().collect(), walk)?;
        Ok(!listing.items.is_empty() && listing.left_out == 0)
    }

    /// A list of posts of the thread; nothing when there is no room for it.
    fn listing_for(&self, uri: &str, walk: &Walk) -> Option<Result<Listing>> {
        let reading = || Reading {
            wanted: |_| true,
            most: limits::THREAD_BACKFILL_POSTS,
            pages: limits::THREAD_BACKFILL_PAGES,
            may_go_on: Box::new(|| walk.may_fetch()),
        };
        walk.may_fetch().then(|| self.listing(uri, reading()))
    }

    /// The replies that a collection lists; where it cannot be had, those that its post embeds (WordPress).
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

    /// Asks every post of the thread for its replies, level by level, those that come too.
    fn replies(&self, thread: StatusId, walk: &mut Walk) -> Result<()> {
        let mut asked = HashSet::new();
        let mut level = self.domain.store.read(|c| timelines::thread_replies(c, thread))?;
        while !level.is_empty() && walk.may_go_on() {
            let new = level
                .into_iter()
                .filter(|(post, collection)| same_origin(collection, post) && asked.insert(collection.clone()));
            let new: Vec<(String, String)> = new.collect();
            let collections: Vec<String> = new.iter().map(|(_, collection)| collection.clone()).collect();
            let posts = new.into_iter().map(|(post, collection)| (collection, post)).collect();
            let listings = side_by_side(collections, |uri| self.replies_at(uri, &posts, walk));
            let uris = listings.into_iter().flat_map(|(_, listing)| walk.named_by(listing)).collect();
            let found = self.posts(uris, walk)?;
            let below = |id| self.domain.store.read(|c| statuses::get(c, id));
            let found: Vec<Status> = found.into_iter().filter_map(|id| below(id).transpose()).collect::<Result<_>>()?;
            level = found.into_iter().filter_map(|s| s.replies_uri.map(|replies| (s.uri, replies))).collect();
        }
        // How many answers these have is not known; that there may be some must be said.
        walk.unnamed += usize::from(level.iter().any(|(_, collection)| !asked.contains(collection)));
        Ok(())
    }
}
