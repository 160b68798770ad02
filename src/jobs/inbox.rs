//! Applies incoming activities, many in one commit, each in a savepoint. Activities that need something from another server
//! are deferred to other threads, so that a slow server does not delay the rest.

use std::sync::Arc;
use std::thread::JoinHandle;

use super::context::{WorkerContext, spawn};
use super::deferred_activities::DeferredActivities;
use super::schedule::{LONGEST_SLEEP, jittered, sleep_until};
use crate::domain::inbox::{self, Inbound, Need, Outcome, Reason};
use crate::domain::{Domain, Remote, id_lookup};
use crate::error::{Error, Result, contained};
use crate::limits;
use crate::protocol::activitystreams::{self, Activity};
use crate::protocol::ids::StatusId;
use crate::protocol::json;
use crate::remote::Requester;
use crate::store::database::writer;
use crate::store::queues::inbox_queue::{self, QueuedActivity};
use crate::store::{Conn, actors, statuses};

/// The maximum number of activities in one round.
const BATCH: u32 = 64;

pub(super) fn start(ctx: &WorkerContext) -> Result<Vec<JoinHandle<()>>> {
    let deferred: Arc<DeferredActivities> = Arc::default();
    let mut threads = Vec::with_capacity(limits::INBOX_FETCH_THREADS + 1);
    for n in 0..limits::INBOX_FETCH_THREADS {
        let (ctx, deferred) = (ctx.clone(), deferred.clone());
        threads.push(spawn(&format!("inbox-fetch-{n}"), move || run_deferred(&ctx, &deferred))?);
    }
    let ctx = ctx.clone();
    threads.push(spawn("inbox", move || run(&ctx, &deferred))?);
    Ok(threads)
}

fn run(ctx: &WorkerContext, deferred: &DeferredActivities) {
    while !ctx.is_stopping() {
        match batch(ctx, deferred) {
            Ok(0) => {
                let next = ctx.domain.store.read(inbox_queue::next_due).ok().flatten();
                ctx.domain.signals.inbox.wait(sleep_until(next, ctx.domain.now()));
            }
            Ok(_) => {}
            Err(e) => {
                tracing::error!(error = %e, "incoming activities could not be processed");
                ctx.domain.signals.inbox.wait(LONGEST_SLEEP);
            }
        }
    }
    deferred.close();
}

/// An activity that was not applied in its commit.
enum NotApplied {
    Deferred(QueuedActivity, Need),
    Failed(QueuedActivity, Error),
}

fn batch(ctx: &WorkerContext, deferred: &DeferredActivities) -> Result<usize> {
    let domain = ctx.domain.clone();
    let now = domain.now();
    let waiting = domain.store.read(|c| inbox_queue::due(c, now, BATCH))?;
    let count = waiting.len();
    if count == 0 {
        return Ok(0);
    }
    // The lease of an activity that is still deferred is extended.
    let (under_way, waiting): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|w| deferred.has(w.id));
    let shared = domain.clone();
    if !under_way.is_empty() {
        domain.store.write_quietly(move |conn| {
            under_way.iter().try_for_each(|item| inbox_queue::lease(conn, item.id, now.plus(limits::JOB_LEASE)))
        })?;
    }
    let mut left = Vec::new();
    for commit in commits(waiting) {
        let shared = shared.clone();
        // Parsed before the write, which blocks all other writes.
        let read: Vec<Read> = commit.into_iter().map(|item| read(&domain, item, None)).collect();
        left.extend(domain.store.write(move |conn| Ok(apply_all(conn, &shared, read)))?);
    }
    domain.signals.delivery.notify();
    domain.signals.jobs.notify();
    for item in left {
        match item {
            NotApplied::Deferred(waiting, need) => {
                let id = waiting.id;
                if !deferred.offer(waiting, need) {
                    domain.store.write_quietly(move |conn| {
                        inbox_queue::lease(conn, id, now.plus(limits::DEFERRED_ACTIVITY_DELAY))
                    })?;
                }
            }
            NotApplied::Failed(waiting, error) => put_back(&domain, &waiting, &error)?,
        }
    }
    Ok(count)
}

/// A queued activity, and its parsed form if it is valid.
type Read = (QueuedActivity, Option<Activity>);

/// Parses an activity. `alias` is a URL in it that belongs to a post with another id.
fn read(domain: &Domain, item: QueuedActivity, alias: Option<&(String, String)>) -> Read {
    let mut document = json::parse(&item.body).unwrap_or_default();
    if let Err(e) = domain.store.read(|c| id_lookup::resolve(c, domain, &mut document)) {
        tracing::warn!(error = %e, "ids in an activity could not be resolved");
    }
    if let Some((address, id)) = alias {
        id_lookup::replace(&mut document, address, id);
    }
    let activity = activitystreams::read_activity(&document).ok();
    if let Some(activity) = &activity {
        activity.prepare();
    }
    (item, activity)
}

/// Splits activities into commits of limited size, in order: a parsed activity takes a few times its size.
fn commits(waiting: Vec<QueuedActivity>) -> Vec<Vec<QueuedActivity>> {
    let mut commits: Vec<Vec<QueuedActivity>> = Vec::new();
    let mut bytes = 0;
    for item in waiting {
        bytes += item.body.len();
        match commits.last_mut() {
            Some(last) if bytes <= limits::INBOX_BATCH_BYTES => last.push(item),
            _ => {
                bytes = item.body.len();
                commits.push(vec![item]);
            }
        }
    }
    commits
}

fn apply_all(conn: &Conn, domain: &Arc<Domain>, waiting: Vec<Read>) -> Vec<NotApplied> {
    let mut left = Vec::new();
    let lease = domain.now().plus(limits::JOB_LEASE);
    for (item, activity) in waiting {
        let _span = tracing::info_span!("activity", activity = item.id).entered();
        let applied = writer::savepoint(conn, |c| {
            let need = apply_one(c, domain, &item, activity.as_ref())?;
            if need.is_some() {
                inbox_queue::lease(c, item.id, lease)?;
            }
            Ok(need)
        });
        match applied {
            Ok(Some(need)) => left.push(NotApplied::Deferred(item, need)),
            Ok(None) => {}
            Err(error) => left.push(NotApplied::Failed(item, error)),
        }
    }
    left
}

/// Applies an activity and removes its row in the same transaction. Returns what must be fetched first, if anything.
fn apply_one(conn: &Conn, domain: &Domain, item: &QueuedActivity, activity: Option<&Activity>) -> Result<Option<Need>> {
    let Some(signer) = actors::get(conn, item.signer)? else {
        inbox_queue::done(conn, item.id)?;
        return Ok(None);
    };
    let outcome = match activity {
        Some(activity) => {
            let inbound = Inbound { conn, domain, signer: &signer, activity };
            let before = inbox::is_to_forward(inbound)?;
            let outcome = inbox::apply(inbound)?;
            let after = inbox::is_to_forward(inbound)?;
            if matches!(outcome, Outcome::Stored | Outcome::Applied)
                && inbox::is_worth_forwarding(activity, before, after)
            {
                inbox::forward(inbound, &item.body)?;
            }
            outcome
        }
        None => Outcome::Ignored(Reason::UnreadableActivity),
    };
    match outcome {
        Outcome::Needs(need) => return Ok(Some(need)),
        // The row stays due, so that other writes come between.
        Outcome::Unfinished => return Ok(None),
        Outcome::Doubted(reason) if item.attempts < limits::MOVE_RETRIES => {
            let due = domain.now().plus(limits::DELIVERY_BACKOFF[item.attempts.max(0) as usize]);
            inbox_queue::retry(conn, item.id, Some(due), reason.text())?;
            return Ok(None);
        }
        Outcome::Stored | Outcome::Applied => {}
        Outcome::Ignored(reason) => {
            tracing::debug!(actor = %signer.uri.escape_debug(), reason = reason.as_str(), "activity ignored: {reason}");
        }
        Outcome::Refused(reason) | Outcome::Doubted(reason) => {
            tracing::info!(actor = %signer.uri.escape_debug(), reason = reason.as_str(), "activity refused: {reason}");
        }
    }
    inbox_queue::done(conn, item.id)?;
    Ok(None)
}

fn run_deferred(ctx: &WorkerContext, deferred: &DeferredActivities) {
    while let Some(activity) = deferred.take() {
        if ctx.is_stopping() {
            return;
        }
        let (waiting, need) = (activity.waiting.clone(), activity.need.clone());
        let done = contained(|| fetch_then_apply(ctx, waiting, need))
            .or_else(|e| put_back(&ctx.domain, &activity.waiting, &e));
        if let Err(e) = done {
            tracing::error!(error = %e, "result of an activity could not be stored");
        }
        deferred.done(&activity);
        ctx.domain.signals.delivery.notify();
        ctx.domain.signals.jobs.notify();
    }
}

fn fetch_then_apply(ctx: &WorkerContext, item: QueuedActivity, first: Need) -> Result<()> {
    let (domain, fetcher) = (&ctx.domain, ctx.fetcher.on_behalf_of(Requester::Followed));
    let mut waiting = Arc::new(read(domain, item.clone(), None));
    let mut needed = first;
    for _ in 0..limits::FETCHES_PER_ACTIVITY {
        let fetched = match &needed {
            Need::Object(uri) => fetcher.object(uri).and_then(|id| other_id(domain, uri, id)),
            Need::Actor(uri) => fetcher.fresh_actor(uri).map(|_| None),
            Need::Current(uri) => match fetcher.current(uri) {
                Ok(()) => return give_up(domain, &item),
                Err(e) => Err(e),
            },
        };
        let alias = match fetched {
            Ok(alias) => alias,
            Err(e) => {
                return match e {
                    Error::Remote(r) if !r.is_temporary() => give_up(domain, &item),
                    // The owner cannot solve a problem of another server, so these are not parked.
                    Error::Remote(_) | Error::Busy { .. } if item.attempts + 1 >= limits::INBOX_ATTEMPTS => {
                        give_up(domain, &item)
                    }
                    Error::NotFound | Error::Gone => give_up(domain, &item),
                    other => put_back(domain, &item, &other),
                };
            }
        };
        if alias.is_some() {
            waiting = Arc::new(read(domain, item.clone(), alias.as_ref()));
        }
        let (shared, again) = (domain.clone(), Arc::clone(&waiting));
        match domain.store.write(move |conn| apply_one(conn, &shared, &again.0, again.1.as_ref())) {
            Ok(Some(need)) if need != needed => needed = need,
            Ok(Some(_)) => return give_up(domain, &item),
            Ok(None) => return Ok(()),
            Err(e) => return put_back(domain, &item, &e),
        }
    }
    give_up(domain, &item)
}

/// The URL and id of a post that was fetched from a URL other than its id.
fn other_id(domain: &Domain, address: &str, id: StatusId) -> Result<Option<(String, String)>> {
    let uri = domain.store.read(|c| statuses::get(c, id))?.map(|status| status.uri);
    Ok(uri.filter(|uri| uri != address).map(|uri| (address.to_owned(), uri)))
}

fn give_up(domain: &Domain, item: &QueuedActivity) -> Result<()> {
    let id = item.id;
    domain.store.write_quietly(move |conn| inbox_queue::done(conn, id)).map(|_| ())
}

/// Retries an activity later; after [`limits::INBOX_ATTEMPTS`] it is parked and counted in `dassie status`.
fn put_back(domain: &Domain, item: &QueuedActivity, error: &Error) -> Result<()> {
    let attempts = item.attempts + 1;
    let due = (attempts < limits::INBOX_ATTEMPTS).then(|| {
        let wait = limits::DELIVERY_BACKOFF[(attempts as usize - 1).min(limits::DELIVERY_BACKOFF.len() - 1)];
        domain.now().plus(jittered(wait))
    });
    if due.is_none() {
        tracing::warn!(error = %error, "activity was parked after {attempts} attempts");
    }
    let (id, message) = (item.id, error.to_string());
    domain.store.write_quietly(move |conn| inbox_queue::retry(conn, id, due, &message))
}
