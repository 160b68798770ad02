//! The rest of a thread: what it answers, up to its beginning, and the answers that we have not got, each post from
//! its own server.

use std::collections::{HashSet, VecDeque};
use std::time::Instant;

use super::fetch::Fetcher;
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
        self.fetches < limits::THREAD_FETCHES
            && self.found < limits::THREAD_POSTS
            && self.began.elapsed() < limits::THREAD_TIME
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
                (None, Some(uri)) => self.post(uri, walk)?,
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

    /// A post of the thread, from here or from its own server. What is not there any more is no longer missing.
    fn post(&self, uri: &str, walk: &mut Walk) -> Result<Option<StatusId>> {
        if let Some(known) = self.domain.store.read(|c| statuses::by_uri(c, uri))? {
            return Ok(Some(known.id));
        }
        if !walk.seen.insert(uri.to_owned()) || self.domain.site.owns(uri) {
            return Ok(None);
        }
        if !walk.may_go_on() {
            walk.missing.insert(uri.to_owned());
            return Ok(None);
        }
        walk.fetches += 1;
        match self.fresh_object(uri, How::Fetched) {
            Ok(id) => {
                walk.found += 1;
                Ok(Some(id))
            }
            Err(Error::Gone | Error::NotFound) => Ok(None),
            Err(Error::Remote(e)) if e.is_gone() => Ok(None),
            Err(Error::Internal(e)) => Err(Error::Internal(e)),
            Err(e) => {
                tracing::debug!(error = %e, "a post of a thread was left out");
                walk.missing.insert(uri.to_owned());
                Ok(None)
            }
        }
    }

    /// The thread as its beginning's own server lists it. Answers false where there is no such list.
    fn context(&self, root: &Status, walk: &mut Walk) -> Result<bool> {
        let Some(context) = root.conversation.as_deref().filter(|c| !root.local && same_origin(c, &root.uri)) else {
            return Ok(false);
        };
        walk.fetches += 1;
        let Ok(listing) = self.listing(context, limits::THREAD_POSTS) else { return Ok(false) };
        if listing.items.is_empty() {
            return Ok(false);
        }
        for item in &listing.items {
            if let Some(uri) = item.id() {
                self.post(uri, walk)?;
            }
        }
        Ok(true)
    }

    /// Asks every post of the thread for its replies, those that come too.
    fn replies(&self, thread: StatusId, walk: &mut Walk) -> Result<()> {
        let mut asked = HashSet::new();
        let mut waiting: VecDeque<(String, String)> =
            self.domain.store.read(|c| timelines::thread_replies(c, thread))?.into();
        while let Some((post, collection)) = waiting.pop_front() {
            if !walk.may_go_on() {
                break;
            }
            if !asked.insert(collection.clone()) || !same_origin(&collection, &post) {
                continue;
            }
            walk.fetches += 1;
            let Ok(listing) = self.listing(&collection, limits::THREAD_POSTS) else { continue };
            for uri in listing.items.iter().filter_map(|item| item.id()) {
                let Some(id) = self.post(uri, walk)? else { continue };
                let reply = self.domain.store.read(|c| statuses::get(c, id))?;
                if let Some((uri, replies)) = reply.and_then(|s| s.replies_uri.map(|replies| (s.uri, replies))) {
                    waiting.push_back((uri, replies));
                }
            }
        }
        Ok(())
    }
}
