//! So that the owner's world is not empty: opening a profile or a thread asks its servers for what is missing.
//!
//! Only the owner's looking causes this, at most once in a while for each profile and thread, and always as a job in
//! the background: no page waits for another server.

use std::sync::Arc;
use std::time::Duration;

use super::Domain;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::peers::fetch_reports::{self, FetchReport, Subject};
use crate::store::queues::jobs;
use crate::store::queues::jobs::Task;
use crate::store::statuses::Status;
use crate::store::visibility::Viewer;
use crate::store::{actors, statuses};

/// Why something is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackfillReason {
    /// The owner has opened it.
    Opened,
    /// The owner asks for it to be fetched again.
    Asked,
}

impl BackfillReason {
    fn cool_down(self) -> Duration {
        match self {
            Self::Opened => limits::BACKFILL_INTERVAL,
            Self::Asked => limits::BACKFILL_REQUEST_INTERVAL,
        }
    }
}

/// Asks for the posts, pins and counts of somebody elsewhere. Answers false when that was done lately.
///
/// # Errors
/// [`Error::NotFound`] when there is no such actor.
pub fn profile(domain: &Arc<Domain>, id: ActorId, cause: BackfillReason) -> Result<bool> {
    let actor = domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
    if actor.local || actor.gone_at.is_some() {
        return Ok(false);
    }
    ask(domain, Subject::Actor(id), Task::Backfill(actor.uri), cause)
}

/// Asks for what is missing of a thread. Answers false when that was done lately, or nothing can be missing.
///
/// # Errors
/// [`Error::NotFound`] when the owner sees no such status.
pub fn thread_of(domain: &Arc<Domain>, id: StatusId, cause: BackfillReason) -> Result<bool> {
    let viewer = domain.as_owner()?;
    let status = domain.store.read(|c| statuses::visible(c, viewer, id))?.ok_or(Error::NotFound)?;
    thread(domain, &status, cause)
}

/// As [`thread_of`], of a status that the owner sees.
///
/// # Errors
/// When the database cannot be used.
pub fn thread(domain: &Arc<Domain>, status: &Status, cause: BackfillReason) -> Result<bool> {
    if !status.visibility.is_open() || status.local && status.in_reply_to_uri.is_none() && status.replies_count == 0 {
        return Ok(false);
    }
    let young = !status.local && status.created_at > domain.now().minus(limits::BACKFILL_MIN_POST_AGE);
    let complete = status.in_reply_to_uri.is_none() || status.in_reply_to.is_some();
    if cause == BackfillReason::Opened && young && complete {
        return Ok(false);
    }
    ask(domain, Subject::Thread(status.thread), Task::Thread(status.id), cause)
}

fn ask(domain: &Arc<Domain>, subject: Subject, task: Task, cause: BackfillReason) -> Result<bool> {
    let now = domain.now();
    let lately = now.minus(cause.cool_down());
    if domain.store.read(|c| fetch_reports::get(c, subject))?.is_some_and(|r| r.asked_at > lately) {
        return Ok(false);
    }
    domain.store.write_quietly(move |conn| {
        fetch_reports::asked(conn, subject, now)?;
        jobs::enqueue(conn, &task, now)
    })?;
    domain.signals.jobs.notify();
    Ok(true)
}

/// How fetching the rest of a thread stands, for the page to say.
///
/// # Errors
/// When the database cannot be read.
pub fn thread_report(domain: &Domain, id: StatusId) -> Result<Option<FetchReport>> {
    let owner = Viewer::Owner(domain.owner()?.id);
    domain.store.read(|c| match statuses::visible(c, owner, id)? {
        Some(status) => fetch_reports::get(c, Subject::Thread(status.thread)),
        None => Ok(None),
    })
}

/// How fetching a profile stands.
///
/// # Errors
/// When the database cannot be read.
pub fn profile_report(domain: &Domain, id: ActorId) -> Result<Option<FetchReport>> {
    domain.store.read(|c| fetch_reports::get(c, Subject::Actor(id)))
}
