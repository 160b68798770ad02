//! The rest of a thread: what it answers, up to its beginning, and the answers that we have not got, each post from
//! its own server.

use std::collections::HashSet;
use std::time::Instant;

use super::backfill::Listing;
use super::fetch::Fetcher;
use super::side_by_side::side_by_side;
use crate::domain::receive::How;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::ids::StatusId;
use crate::store::fetch_reports::{self, Subject};
use crate::store::statuses::{self, Status};
use crate::store::timelines;

/// What was had so far, and how much more may be asked for.
struct Walk {
    began: Instant,
    fetches: usize,
    found: usize,
    seen: HashSet<String>,
    missing: HashSet<String>,
}

impl Walk {
    fn may_go_on(&self) -> bool {
        self.room() > 0 && self.began.elapsed() < limits::THREAD_TIME
    }

    /// How many more documents may be asked for.
    fn room(&self) -> usize {
        let fetches = limits::THREAD_FETCHES.saturating_sub(self.fetches);
        fetches.min(limits::THREAD_POSTS.saturating_sub(self.found))
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
        let mut walk =
            Walk { began: Instant::now(), fetches: 0, found: 0, seen: HashSet::new(), missing: HashSet::new() };
        let root = self.ancestors(status, &mut walk)?;
        if !self.context(&root, &mut walk)? {
            self.replies(root.thread, &mut walk)?;
        }
        // A post joins its thread when its parent comes, so the thread may have another beginning by now.
        let now = self.domain.now();
        self.domain.store.write(move |conn| {
            let thread = statuses::get(conn, id)?.map_or(root.thread, |s| s.thread);
            fetch_reports::done(conn, Subject::Thread(thread), walk.found, walk.missing.len(), now)
        })
    }

    /// Walks up to the first post that answers nothing, or whose parent cannot be had.
    fn ancestors(&self, from: Status, walk: &mut Walk) -> Result<Status> {
        let mut top = from;
        for _ in 0..limits::THREAD_ANCESTORS {
            let parent = match (top.in_reply_to, &top.in_reply_to_uri) {
                (Some(parent), _) => Some(parent),
                (None, Some(uri)) => self.posts(vec![uri.clone()], walk)?.pop(),
                (None, None) => None,
            };
            let Some(parent) = parent else { break };
            match self.domain.store.read(|c| statuses::get(c, parent))? {
                Some(parent) if parent.id != top.id => top = parent,
                _ => break,
            }
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
            } else if walk.seen.insert(uri.clone()) && !self.domain.site.owns(&uri) {
                wanted.push(uri);
            }
        }
        walk.missing.extend(wanted.split_off(wanted.len().min(walk.room())));
        walk.fetches += wanted.len();
        let began = walk.began;
        let fetch = |uri: &str| (began.elapsed() < limits::THREAD_TIME).then(|| self.fresh_object(uri, How::Fetched));
        for (uri, outcome) in side_by_side(wanted, fetch) {
            match outcome {
                Some(Ok(id)) => {
                    walk.found += 1;
                    ids.push(id);
                }
                Some(Err(Error::Gone | Error::NotFound)) => {}
                Some(Err(Error::Remote(e))) if e.is_gone() => {}
                Some(Err(Error::Internal(e))) => return Err(Error::Internal(e)),
                Some(Err(e)) => {
                    tracing::debug!(error = %e, "a post of a thread was left out");
                    walk.missing.insert(uri);
                }
                None => drop(walk.missing.insert(uri)),
            }
        }
        Ok(ids)
    }

    /// The thread as its beginning's own server lists it. Answers false where there is no such list.
    fn context(&self, root: &Status, walk: &mut Walk) -> Result<bool> {
        let Some(context) = root.conversation.as_deref().filter(|c| !root.local && same_origin(c, &root.uri)) else {
            return Ok(false);
        };
        walk.fetches += 1;
        let Ok(listing) = self.listing(context, limits::THREAD_POSTS) else { return Ok(false) };
        self.posts(ids_of(&listing), walk)?;
        Ok(!listing.items.is_empty())
    }

    /// Asks every post of the thread for its replies, level by level, those that come too.
    fn replies(&self, thread: StatusId, walk: &mut Walk) -> Result<()> {
        let mut asked = HashSet::new();
        let mut level = self.domain.store.read(|c| timelines::thread_replies(c, thread))?;
        while !level.is_empty() && walk.may_go_on() {
            let collections: Vec<String> = level
                .into_iter()
                .filter(|(post, collection)| same_origin(collection, post) && asked.insert(collection.clone()))
                .map(|(_, collection)| collection)
                .take(walk.room())
                .collect();
            walk.fetches += collections.len();
            let listings = side_by_side(collections, |uri| self.listing(uri, limits::THREAD_POSTS));
            let uris = listings.iter().filter_map(|(_, listing)| listing.as_ref().ok()).flat_map(ids_of).collect();
            let found = self.posts(uris, walk)?;
            let below = |id| self.domain.store.read(|c| statuses::get(c, id));
            let found: Vec<Status> = found.into_iter().filter_map(|id| below(id).transpose()).collect::<Result<_>>()?;
            level = found.into_iter().filter_map(|s| s.replies_uri.map(|replies| (s.uri, replies))).collect();
        }
        Ok(())
    }
}

fn ids_of(listing: &Listing) -> Vec<String> {
    listing.items.iter().filter_map(|item| item.id().map(str::to_owned)).collect()
}
