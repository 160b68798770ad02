//! Runs jobs: fetches, and polls that end. There are several workers, so that a slow server does not delay the others.

use super::context::WorkerContext;
use super::push;
use super::schedule::{LONGEST_SLEEP, jittered, sleep_until};
use crate::domain::account::{deletion, verified_links};
use crate::domain::inbox::Source;
use crate::domain::posts::{self, PollEnd, scheduled};
use crate::domain::relationships::mute;
use crate::error::{Error, Result, contained};
use crate::limits;
use crate::protocol::time::Timestamp;
use crate::remote::Requester;
use crate::store::peers::fetch_reports::{self, Subject};
use crate::store::queues::deliveries;
use crate::store::queues::jobs::{self, Cause, Job, Task};
use crate::store::relationships::follows;
use crate::store::{Conn, actors, statuses};

/// The maximum number of attempts of a job.
const ATTEMPTS: i64 = 5;

/// Runs jobs of the owner, and of other causes down to `lowest`.
pub(super) fn run(ctx: &WorkerContext, lowest: Cause) {
    while !ctx.is_stopping() {
        match work(ctx, lowest) {
            Ok(true) => {}
            Ok(false) => {
                let next = ctx.domain.store.read(|c| jobs::next_due(c, lowest)).ok().flatten();
                ctx.domain.signals.jobs.wait(sleep_until(next, ctx.domain.now()));
            }
            Err(e) => {
                tracing::error!(error = %e, "jobs could not be read");
                ctx.domain.signals.jobs.wait(LONGEST_SLEEP);
            }
        }
    }
}

/// Runs one due job. Returns `false` if none is due.
fn work(ctx: &WorkerContext, lowest: Cause) -> Result<bool> {
    let now = ctx.domain.now();
    if ctx.domain.store.read(|c| jobs::next_due(c, lowest))?.is_none_or(|due| due > now) {
        return Ok(false);
    }
    let lease = now.plus(limits::JOB_LEASE);
    let taken = ctx.domain.store.write_quietly(move |conn| jobs::take(conn, now, lease, lowest, 1))?;
    for job in &taken {
        let _span = tracing::info_span!("job", job = job.id, kind = job.task.kind()).entered();
        let outcome = if job.attempts > ATTEMPTS {
            Err(Error::invalid("the job crashed the process on every attempt"))
        } else {
            contained(|| attempt(ctx, job))
        };
        finish(ctx, job, outcome)?;
    }
    Ok(!taken.is_empty())
}

/// What follows a successful attempt.
enum NextStep {
    Nothing,
    Until(Timestamp),
}

fn attempt(ctx: &WorkerContext, job: &Job) -> Result<NextStep> {
    let requester = match job.cause {
        Cause::Owner => Requester::Owner,
        Cause::Followed => Requester::Followed,
        Cause::Stranger => Requester::Unknown,
    };
    let (domain, fetcher) = (&ctx.domain, ctx.fetcher.on_behalf_of(requester));
    if job.cause == Cause::Stranger {
        domain.disk.check()?;
    }
    match &job.task {
        Task::Backfill(actor) => fetcher.backfill(actor).map(|_| ()),
        Task::Featured(actor) => fetcher.featured(actor),
        Task::RefreshActor(actor) | Task::ConfirmGone(actor) => fetcher.actor(actor).map(|_| ()),
        Task::FetchObject(uri) => fetcher.fresh_object(uri, Source::Fetched).map(|_| ()),
        Task::FetchForGroup(group, uri) => fetcher.fresh_object(uri, Source::ForGroup(*group)).map(|_| ()),
        Task::Relayed(activity) => fetcher.relayed(activity),
        Task::CheckGone(uri) => fetcher.check_gone(uri),
        Task::Thread(status) => fetcher.thread(*status),
        Task::CheckQuote(status) => fetcher.check_quote(*status),
        Task::PollCounts(status) => posts::send_counts(domain, *status),
        Task::PollEnd(status) => match posts::end_poll(domain, *status)? {
            PollEnd::NotYet(until) => return Ok(NextStep::Until(until)),
            PollEnd::Over => Ok(()),
            PollEnd::Fetch(uri) => fetcher.fresh_object(&uri, Source::Fetched).map(|_| ()),
        },
        Task::SyncFollowers(actor, url) => fetcher.sync_followers(*actor, url),
        Task::MuteEnd(_) => mute::end_expired(domain),
        Task::VerifyLinks(_) => verified_links::verify(domain),
        Task::PreviewCard(url) => fetcher.preview_card(url),
        Task::Push(subscription, notification) => push::send(ctx, *subscription, *notification),
        Task::Erase => match deletion::erase(domain)? {
            Some(due) => return Ok(NextStep::Until(due)),
            None => Ok(()),
        },
        Task::Publish(id) => scheduled::publish(domain, *id).map(|_| ()),
    }?;
    Ok(NextStep::Nothing)
}

fn finish(ctx: &WorkerContext, job: &Job, outcome: Result<NextStep>) -> Result<()> {
    let id = job.id;
    let store = &ctx.domain.store;
    match outcome {
        Ok(NextStep::Until(due)) => store.write_quietly(move |conn| jobs::wait(conn, id, due)),
        Err(e) if is_temporary(&e) && job.attempts < ATTEMPTS => {
            let wait = limits::DELIVERY_BACKOFF[(job.attempts - 1).clamp(0, 3) as usize];
            let (due, message) = (ctx.domain.now().plus(jittered(wait)), e.to_string());
            store.write_quietly(move |conn| jobs::put_off(conn, id, due, &message))
        }
        Err(e) if is_gone(&e) && actor_of(&job.task).is_some() => gone(ctx, job, &e),
        Ok(NextStep::Nothing) => store.write_quietly(move |conn| jobs::done(conn, id)),
        Err(e) => {
            tracing::info!(kind = job.task.kind(), subject = %job.task.subject().escape_debug(), error = %e, "job was given up");
            let (job, now) = (job.clone(), ctx.domain.now());
            store.write(move |conn| {
                report_given_up(conn, &job, now)?;
                jobs::done(conn, job.id)
            })
        }
    }
}

/// Ends the fetch report of a profile or thread, so that its page does not wait any longer.
fn report_given_up(conn: &Conn, job: &Job, now: Timestamp) -> Result<()> {
    let subject = match &job.task {
        Task::Backfill(actor) => actors::id_by_uri(conn, actor)?.map(Subject::Actor),
        Task::Thread(status) => statuses::get(conn, *status)?.map(|s| Subject::Thread(s.thread)),
        _ => None,
    };
    subject.map_or(Ok(()), |subject| fetch_reports::given_up(conn, subject, now))
}

/// The actor whose document a job fetches.
fn actor_of(task: &Task) -> Option<&str> {
    match task {
        Task::RefreshActor(actor) | Task::Backfill(actor) | Task::ConfirmGone(actor) => Some(actor),
        _ => None,
    }
}

fn is_gone(error: &Error) -> bool {
    match error {
        Error::Gone => true,
        Error::Remote(e) => e.is_gone(),
        _ => false,
    }
}

/// Handles an actor whose server states that it is gone: deliveries to it end. A 404 may be temporary, so it is confirmed
/// by a second fetch.
fn gone(ctx: &WorkerContext, job: &Job, error: &Error) -> Result<()> {
    let is_final = match error {
        Error::Remote(e) => e.is_gone_for_good() || matches!(job.task, Task::ConfirmGone(_)),
        _ => true,
    };
    let Some(uri) = actor_of(&job.task).map(str::to_owned) else { return Ok(()) };
    let (job, now) = (job.clone(), ctx.domain.now());
    ctx.domain.store.write(move |conn| {
        report_given_up(conn, &job, now)?;
        jobs::done(conn, job.id)?;
        let Some(actor) = actors::id_by_uri(conn, &uri)? else { return Ok(()) };
        if !is_final {
            let due = now.plus(limits::GONE_CONFIRMATION_DELAY);
            return jobs::enqueue_for(conn, &Task::ConfirmGone(uri), Cause::Followed, due);
        }
        actors::mark_gone(conn, actor, now)?;
        follows::fail_waiting(conn, actor, "the account is gone")?;
        deliveries::drop_for_actor(conn, actor, now)
    })
}

fn is_temporary(error: &Error) -> bool {
    match error {
        Error::Remote(e) => e.is_temporary(),
        Error::Busy { .. } | Error::Storage(_) | Error::Internal(_) => true,
        _ => false,
    }
}
