//! Requests to fetch the missing posts of a profile or a thread from other servers.
//!
//! Only the owner can cause one, by opening the page or asking for it, and each profile or thread has a cooldown. A job
//! fetches in the background: no page waits for another server.

use std::sync::Arc;
use std::time::Duration;

use super::Domain;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::peers::fetch_reports::{self, FetchReport, Subject};
use crate::store::queues::jobs::Task;
use crate::store::statuses::Status;
use crate::store::visibility::Viewer;
use crate::store::{actors, statuses};

/// The reason for a backfill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackfillReason {
    /// The owner has opened the page.
    Opened,
    /// The owner has requested it.
    Requested,
}

impl BackfillReason {
    fn cooldown(self) -> Duration {
        match self {
            Self::Opened => limits::BACKFILL_INTERVAL,
            Self::Requested => limits::BACKFILL_REQUEST_INTERVAL,
        }
    }
}

/// Requests the posts, pins and counts of a remote actor. Returns `false` during the cooldown.
///
/// # Errors
/// [`Error::NotFound`] if there is no such actor.
pub fn profile(domain: &Arc<Domain>, id: ActorId, reason: BackfillReason) -> Result<bool> {
    let actor = domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
    if actor.local || actor.gone_at.is_some() {
        return Ok(false);
    }
    request(domain, Subject::Actor(id), Task::Backfill(actor.uri), reason)
}

/// Requests the missing posts of a thread. Returns `false` during the cooldown, or if nothing can be missing.
///
/// # Errors
/// [`Error::NotFound`] if the owner sees no such status.
pub fn thread_of(domain: &Arc<Domain>, id: StatusId, reason: BackfillReason) -> Result<bool> {
    let viewer = domain.as_owner()?;
    let status = domain.store.read(|c| statuses::visible(c, viewer, id))?.ok_or(Error::NotFound)?;
    thread(domain, &status, reason)
}

/// As [`thread_of`], for a loaded status that the owner sees.
pub fn thread(domain: &Arc<Domain>, status: &Status, reason: BackfillReason) -> Result<bool> {
    if !status.visibility.is_open() || status.local && status.in_reply_to_uri.is_none() && status.replies_count == 0 {
        return Ok(false);
    }
    let young = !status.local && status.created_at > domain.now().minus(limits::BACKFILL_MIN_POST_AGE);
    let complete = status.in_reply_to_uri.is_none() || status.in_reply_to.is_some();
    if reason == BackfillReason::Opened && young && complete {
        return Ok(false);
    }
    request(domain, Subject::Thread(status.thread), Task::Thread(status.id), reason)
}

fn request(domain: &Arc<Domain>, subject: Subject, task: Task, reason: BackfillReason) -> Result<bool> {
    let now = domain.now();
    let since = now.minus(reason.cooldown());
    if domain.store.read(|c| fetch_reports::get(c, subject))?.is_some_and(|r| r.asked_at > since) {
        return Ok(false);
    }
    domain.transact_quietly(move |tx| {
        fetch_reports::requested(tx, subject, now)?;
        tx.queue_job(&task, now)
    })?;
    Ok(true)
}

/// The state of the backfill of a thread, which the page shows.
pub fn thread_report(domain: &Domain, id: StatusId) -> Result<Option<FetchReport>> {
    let owner = Viewer::Owner(domain.owner()?.id);
    domain.store.read(|c| match statuses::visible(c, owner, id)? {
        Some(status) => fetch_reports::get(c, Subject::Thread(status.thread)),
        None => Ok(None),
    })
}

/// The state of the backfill of a profile.
pub fn profile_report(domain: &Domain, id: ActorId) -> Result<Option<FetchReport>> {
    domain.store.read(|c| fetch_reports::get(c, Subject::Actor(id)))
}
