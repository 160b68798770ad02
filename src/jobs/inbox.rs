//! Applies incoming activities, many in one commit, each undone by itself if it fails. Those that first need something
//! from another server wait for it in a few threads of their own, so that a slow server does not hold up the rest.

use std::sync::Arc;
use std::thread::JoinHandle;

use super::deferred_activities::Errands;
use super::{WorkerContext, jittered, sleep_until, spawn};
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

/// Activities in one commit.
const BATCH: u32 = 64;

pub(super) fn start(tools: &WorkerContext) -> Result<Vec<JoinHandle<()>>> {
    let errands: Arc<Errands> = Arc::default();
    let mut threads = Vec::with_capacity(limits::INBOX_FETCH_THREADS + 1);
    for n in 0..limits::INBOX_FETCH_THREADS {
        let (tools, errands) = (tools.clone(), errands.clone());
        threads.push(spawn(&format!("inbox-fetch-{n}"), move || do_errands(&tools, &errands))?);
    }
    let tools = tools.clone();
    threads.push(spawn("inbox", move || run(&tools, &errands))?);
    Ok(threads)
}

fn run(tools: &WorkerContext, errands: &Errands) {
    while !tools.is_stopping() {
        match batch(tools, errands) {
            Ok(0) => {
                let next = tools.domain.store.read(inbox_queue::next_due).ok().flatten();
                tools.domain.signals.inbox.wait(sleep_until(next, tools.domain.now()));
            }
            Ok(_) => {}
            Err(e) => {
                tracing::error!(error = %e, "incoming activities could not be processed");
                tools.domain.signals.inbox.wait(super::LONGEST_SLEEP);
            }
        }
    }
    errands.close();
}

/// What is still to do for an activity after its commit.
enum Deferred {
    Errand(QueuedActivity, Need),
    Retry(QueuedActivity, Error),
}

fn batch(tools: &WorkerContext, errands: &Errands) -> Result<usize> {
    let domain = tools.domain.clone();
    let now = domain.now();
    let waiting = domain.store.read(|c| inbox_queue::due(c, now, BATCH))?;
    let count = waiting.len();
    if count == 0 {
        return Ok(0);
    }
    // What waits for a server longer than its lease is still being worked on.
    let (under_way, waiting): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|w| errands.has(w.id));
    let ctx = domain.clone();
    if !under_way.is_empty() {
        domain.store.write_quietly(move |conn| {
            under_way.iter().try_for_each(|item| inbox_queue::lease(conn, item.id, now.plus(limits::JOB_LEASE)))
        })?;
    }
    let mut left = Vec::new();
    for commit in commits(waiting) {
        let ctx = ctx.clone();
        // Read before the write, which every other write waits for.
        let read: Vec<Read> = commit.into_iter().map(|item| read(&domain, item, None)).collect();
        left.extend(domain.store.write(move |conn| Ok(apply_all(conn, &ctx, read)))?);
    }
    domain.signals.delivery.notify();
    domain.signals.jobs.notify();
    for item in left {
        match item {
            Deferred::Errand(waiting, need) => {
                let id = waiting.id;
                if !errands.offer(waiting, need) {
                    domain.store.write_quietly(move |conn| {
                        inbox_queue::lease(conn, id, now.plus(limits::DEFERRED_ACTIVITY_DELAY))
                    })?;
                }
            }
            Deferred::Retry(waiting, error) => put_back(&domain, &waiting, &error)?,
        }
    }
    Ok(count)
}

/// A waiting activity with what was read of it; nothing if it cannot be read.
type Read = (QueuedActivity, Option<Activity>);

/// `told` is an address in it that turned out to be that of a post with another id.
fn read(domain: &Domain, item: QueuedActivity, told: Option<&(String, String)>) -> Read {
    let mut document = json::parse(&item.body).unwrap_or_default();
    if let Err(e) = domain.store.read(|c| id_lookup::resolve(c, domain, &mut document)) {
        tracing::warn!(error = %e, "the addresses in an activity could not be looked up");
    }
    if let Some((address, id)) = told {
        id_lookup::replace(&mut document, address, id);
    }
    let activity = activitystreams::read_activity(&document).ok();
    if let Some(activity) = &activity {
        activity.prepare();
    }
    (item, activity)
}

/// Parts what waits into commits of few bytes, in order: what is read of an activity takes a few times its size.
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

fn apply_all(conn: &Conn, domain: &Arc<Domain>, waiting: Vec<Read>) -> Vec<Deferred> {
    let mut left = Vec::new();
    let lease = domain.now().plus(limits::JOB_LEASE);
    for (item, activity) in waiting {
        let applied = writer::savepoint(conn, |c| {
            let need = apply_one(c, domain, &item, activity.as_ref())?;
            if need.is_some() {
                inbox_queue::lease(c, item.id, lease)?;
            }
            Ok(need)
        });
        match applied {
            Ok(Some(need)) => left.push(Deferred::Errand(item, need)),
            Ok(None) => {}
            Err(error) => left.push(Deferred::Retry(item, error)),
        }
    }
    left
}

/// Applies an activity and removes its row in the same transaction. Answers what must be had first.
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

fn do_errands(tools: &WorkerContext, errands: &Errands) {
    while let Some(errand) = errands.take() {
        if tools.is_stopping() {
            return;
        }
        let (waiting, need) = (errand.waiting.clone(), errand.need.clone());
        let done = contained(|| fetch_then_apply(tools, waiting, need))
            .or_else(|e| put_back(&tools.domain, &errand.waiting, &e));
        if let Err(e) = done {
            tracing::error!(error = %e, "the outcome of an activity could not be written");
        }
        errands.done(&errand);
        tools.domain.signals.delivery.notify();
        tools.domain.signals.jobs.notify();
    }
}

fn fetch_then_apply(tools: &WorkerContext, item: QueuedActivity, first: Need) -> Result<()> {
    let (domain, fetcher) = (&tools.domain, tools.fetcher.paid_from(Requester::Followed));
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
        let told = match fetched {
            Ok(told) => told,
            Err(e) => {
                return match e {
                    Error::Remote(r) if !r.is_temporary() => give_up(domain, &item),
                    // What another server does not give is nothing that the owner could mend.
                    Error::Remote(_) | Error::Busy { .. } if item.attempts + 1 >= limits::INBOX_ATTEMPTS => {
                        give_up(domain, &item)
                    }
                    Error::NotFound | Error::Gone => give_up(domain, &item),
                    other => put_back(domain, &item, &other),
                };
            }
        };
        if told.is_some() {
            waiting = Arc::new(read(domain, item.clone(), told.as_ref()));
        }
        let (ctx, again) = (domain.clone(), Arc::clone(&waiting));
        match domain.store.write(move |conn| apply_one(conn, &ctx, &again.0, again.1.as_ref())) {
            Ok(Some(need)) if need != needed => needed = need,
            Ok(Some(_)) => return give_up(domain, &item),
            Ok(None) => return Ok(()),
            Err(e) => return put_back(domain, &item, &e),
        }
    }
    give_up(domain, &item)
}

/// The id of a post that was fetched at `address`, if that is another.
fn other_id(domain: &Domain, address: &str, id: StatusId) -> Result<Option<(String, String)>> {
    let uri = domain.store.read(|c| statuses::get(c, id))?.map(|status| status.uri);
    Ok(uri.filter(|uri| uri != address).map(|uri| (address.to_owned(), uri)))
}

fn give_up(domain: &Domain, item: &QueuedActivity) -> Result<()> {
    let id = item.id;
    domain.store.write_quietly(move |conn| inbox_queue::done(conn, id)).map(|_| ())
}

/// Tries again later; after [`limits::INBOX_ATTEMPTS`] the activity is parked, and counted in `dassie status`.
fn put_back(domain: &Domain, item: &QueuedActivity, error: &Error) -> Result<()> {
    let attempts = item.attempts + 1;
    let due = (attempts < limits::INBOX_ATTEMPTS).then(|| {
        let wait = limits::DELIVERY_BACKOFF[(attempts as usize - 1).min(limits::DELIVERY_BACKOFF.len() - 1)];
        domain.now().plus(jittered(wait))
    });
    if due.is_none() {
        tracing::warn!(error = %error, "an incoming activity was parked after {attempts} attempts");
    }
    let (id, message) = (item.id, error.to_string());
    domain.store.write_quietly(move |conn| inbox_queue::retry(conn, id, due, &message))
}
