//! Scheduled posts: checked when they are scheduled, published by a job.

use std::sync::Arc;

use super::create::{self, Draft};
use super::stored_draft::StoredDraft;
use crate::domain::signal::Worker;
use crate::domain::{Domain, Tx};
use crate::error::refusal::PostRefusal;
use crate::error::{Error, Refusal, Result};
use crate::limits;
use crate::protocol::ids::{AppId, ScheduledId, StatusId};
use crate::protocol::secret;
use crate::protocol::time::Timestamp;
use crate::store::account::apps;
use crate::store::account::scheduled_statuses::{self, ScheduledStatus};
use crate::store::database::column_types::IdList;
use crate::store::database::pagination::Page;
use crate::store::media::Media;
use crate::store::queues::jobs;
use crate::store::{Conn, media};

/// A scheduled post with what it will be.
#[derive(Debug, Clone)]
pub struct ScheduledView {
    /// The row.
    pub row: ScheduledStatus,
    /// The post.
    pub draft: Draft,
    /// Its uploads, in order.
    pub media: Vec<Media>,
    /// Why it could not be published.
    pub refusal: Option<Refusal>,
}

/// Schedules a post. Everything is checked now, and the owner's posting defaults of now apply.
///
/// # Errors
/// As [`create()`](super::create()), and [`Error::Invalid`] if the time is less than five minutes ahead, or too many posts
/// are scheduled.
pub fn schedule(domain: &Arc<Domain>, draft: Draft, due: Timestamp) -> Result<ScheduledId> {
    check_time(domain.now(), due)?;
    let idempotency = idempotency(&draft, due);
    let prepared = create::prepare(domain, draft)?;
    domain.transact(move |tx| {
        if let Some((key, request)) = &idempotency
            && let Some((id, before)) = scheduled_statuses::by_idempotency(tx, key)?
        {
            return if before == *request { Ok(id) } else { Err(create::key_was_used()) };
        }
        check_room(tx, due)?;
        let draft = prepared.resolved(tx)?;
        let id = ScheduledId(tx.next_id());
        let row = ScheduledStatus { id, due, draft: StoredDraft::write(&draft), error: None };
        scheduled_statuses::insert(tx, &row, &draft.media, idempotency.as_ref())?;
        put_job(tx, id, due)?;
        Ok(id)
    })
}

/// The digest of token and key, and the digest of the request.
fn idempotency(draft: &Draft, due: Timestamp) -> Option<(String, String)> {
    let repeated = draft.idempotency()?;
    let key = create::scheduled_key(&repeated);
    Some((key, secret::hash(&format!("{} {}", repeated.digest, due.millis()))))
}

fn check_time(now: Timestamp, due: Timestamp) -> Result<()> {
    if due < now.plus(limits::SCHEDULE_AHEAD) {
        let minutes = limits::SCHEDULE_AHEAD.as_secs() / 60;
        return Err(Error::invalid(PostRefusal::DueTooSoon(minutes)));
    }
    if due > now.plus(limits::SCHEDULE_HORIZON) {
        return Err(Error::invalid(PostRefusal::DueTooLate));
    }
    Ok(())
}

fn check_room(conn: &Conn, due: Timestamp) -> Result<()> {
    if scheduled_statuses::count(conn)? >= limits::SCHEDULED_POSTS {
        return Err(Error::invalid(PostRefusal::TooManyScheduled(limits::SCHEDULED_POSTS)));
    }
    check_day(conn, due)
}

fn check_day(conn: &Conn, due: Timestamp) -> Result<()> {
    let day = due.midnight();
    let next = day.plus(std::time::Duration::from_secs(24 * 3_600));
    if scheduled_statuses::count_between(conn, day, next)? >= limits::SCHEDULED_POSTS_PER_DAY {
        return Err(Error::invalid(PostRefusal::TooManyScheduledThatDay(limits::SCHEDULED_POSTS_PER_DAY)));
    }
    Ok(())
}

fn put_job(tx: &Tx<'_>, id: ScheduledId, due: Timestamp) -> Result<()> {
    jobs::reschedule(tx, &jobs::Task::Publish(id), due)?;
    tx.wake(Worker::Jobs);
    Ok(())
}

/// The scheduled posts.
pub fn list(domain: &Domain, page: &Page) -> Result<Vec<ScheduledView>> {
    domain.store.read(|c| views(c, scheduled_statuses::list(c, page)?))
}

/// One scheduled post.
///
/// # Errors
/// [`Error::NotFound`] if no scheduled post has this id.
pub fn get(domain: &Domain, id: ScheduledId) -> Result<ScheduledView> {
    domain.store.read(|c| {
        let row = scheduled_statuses::get(c, id)?.ok_or(Error::NotFound)?;
        views(c, vec![row])?.pop().ok_or(Error::NotFound)
    })
}

fn views(conn: &Conn, rows: Vec<ScheduledStatus>) -> Result<Vec<ScheduledView>> {
    let mut media_ids = scheduled_statuses::media_of(conn, &IdList::new(rows.iter().map(|row| row.id.0)))?;
    let files = media::among(conn, media_ids.values().flatten())?;
    let view = |row: ScheduledStatus| {
        let ids = media_ids.remove(&row.id).unwrap_or_default();
        let media = ids.iter().filter_map(|id| files.get(id).cloned()).collect();
        let refusal = row.error.as_deref().map(stored_refusal);
        Ok(ScheduledView { draft: StoredDraft::read(&row.draft, ids)?, media, row, refusal })
    };
    rows.into_iter().map(view).collect()
}

/// A refusal that another version has stored, and this one does not know, is shown as it is.
fn stored_refusal(json: &str) -> Refusal {
    serde_json::from_str(json).unwrap_or_else(|_| json.to_owned().into())
}

/// Changes when a post is published.
///
/// # Errors
/// [`Error::NotFound`] if no scheduled post has this id, and [`Error::Invalid`] as [`schedule`].
pub fn reschedule(domain: &Arc<Domain>, id: ScheduledId, due: Timestamp) -> Result<()> {
    domain.transact(move |tx| {
        let before = scheduled_statuses::get(tx, id)?.ok_or(Error::NotFound)?;
        check_time(tx.now(), due)?;
        if before.due.midnight() != due.midnight() {
            check_day(tx, due)?;
        }
        scheduled_statuses::set_due(tx, id, due)?;
        put_job(tx, id, due)
    })
}

/// Replaces a scheduled post and its time.
///
/// # Errors
/// [`Error::NotFound`] if it was published or cancelled meanwhile; otherwise as [`schedule`].
pub fn replace(domain: &Arc<Domain>, id: ScheduledId, draft: Draft, due: Timestamp) -> Result<()> {
    check_time(domain.now(), due)?;
    let prepared = create::prepare(domain, draft)?;
    domain.transact(move |tx| {
        if !scheduled_statuses::remove(tx, id)? {
            return Err(Error::NotFound);
        }
        check_room(tx, due)?;
        let draft = prepared.resolved(tx)?;
        let row = ScheduledStatus { id, due, draft: StoredDraft::write(&draft), error: None };
        scheduled_statuses::insert(tx, &row, &draft.media, None)?;
        put_job(tx, id, due)
    })
}

/// Publishes this post now instead of a scheduled one.
///
/// # Errors
/// [`Error::NotFound`] if that was published or cancelled meanwhile; otherwise as [`create()`](super::create()).
pub fn publish_instead(domain: &Arc<Domain>, id: ScheduledId, draft: Draft) -> Result<StatusId> {
    let prepared = create::prepare(domain, draft)?;
    domain.transact(move |tx| match scheduled_statuses::remove(tx, id)? {
        true => Ok(prepared.insert(tx)?.status.id),
        false => Err(Error::NotFound),
    })
}

/// Cancels a scheduled post. Its uploads may be used in another one.
///
/// # Errors
/// [`Error::NotFound`] if no scheduled post has this id.
pub fn cancel(domain: &Arc<Domain>, id: ScheduledId) -> Result<()> {
    domain.transact(move |tx| match scheduled_statuses::remove(tx, id)? {
        true => Ok(()),
        false => Err(Error::NotFound),
    })
}

/// Publishes a scheduled post, unless it was cancelled: the post appears and the scheduled one goes in the same write. A post
/// that can no longer be published (the post that it replies to is gone, say) stays in the list with the reason.
///
/// # Errors
/// Those that may be over at the next attempt.
pub fn publish(domain: &Arc<Domain>, id: ScheduledId) -> Result<Option<StatusId>> {
    let view = match get(domain, id) {
        Ok(view) => view,
        Err(Error::NotFound) => return Ok(None),
        Err(e) => return Err(e),
    };
    if view.row.due > domain.now() {
        return Ok(None);
    }
    let draft = Draft { app: stored_app(domain, view.draft.app)?, ..view.draft };
    let published = create::prepare(domain, draft).and_then(|prepared| {
        domain.transact(move |tx| match scheduled_statuses::remove(tx, id)? {
            true => Ok(Some(prepared.insert(tx)?.status.id)),
            false => Ok(None),
        })
    });
    match published {
        Err(Error::Invalid(refusal) | Error::Forbidden(refusal)) => note_refusal(domain, id, refusal),
        Err(Error::NotFound | Error::Missing(_) | Error::Gone) => {
            note_refusal(domain, id, PostRefusal::ReferenceGone.into())
        }
        other => other,
    }
}

fn note_refusal(domain: &Arc<Domain>, id: ScheduledId, refusal: Refusal) -> Result<Option<StatusId>> {
    tracing::warn!(scheduled = id.0, error = %refusal, "a scheduled post could not be published");
    let json = serde_json::to_string(&refusal)?;
    domain.transact(move |tx| scheduled_statuses::set_error(tx, id, &json))?;
    Ok(None)
}

/// The app of a draft, unless it was removed since.
fn stored_app(domain: &Domain, app: Option<AppId>) -> Result<Option<AppId>> {
    let Some(id) = app else { return Ok(None) };
    let found = domain.store.read(|c| apps::names(c, &IdList::new([id.0])))?;
    Ok(app.filter(|id| found.contains_key(id)))
}

/// Queues the posts again that are due and wait without a job, because publishing them failed for too long.
pub fn requeue(domain: &Arc<Domain>) -> Result<()> {
    let now = domain.now();
    let due = domain.store.read(|c| scheduled_statuses::due(c, now))?;
    if due.is_empty() {
        return Ok(());
    }
    domain.transact_quietly(move |tx| due.iter().try_for_each(|id| tx.queue_job(&jobs::Task::Publish(*id), now)))
}
