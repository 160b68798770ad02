//! Jobs: fetches that something has caused, and polls whose time has come. A few workers take them, so that one slow
//! server holds up only itself.

use super::{WorkerContext, jittered, sleep_until};
use crate::domain::inbox::Source;
use crate::domain::posts::{self, PollEnd};
use crate::error::{Error, Result, contained};
use crate::limits;
use crate::protocol::time::Timestamp;
use crate::remote::Requester;
use crate::store::peers::fetch_reports::{self, Subject};
use crate::store::queues::deliveries;
use crate::store::queues::jobs::{self, Cause, Job, Task};
use crate::store::relationships::follows;
use crate::store::{Conn, actors, statuses};

/// Attempts of a job.
const ATTEMPTS: i64 = 5;

/// Works on what the owner causes, and others down to `lowest`.
pub(super) fn run(tools: &WorkerContext, lowest: Cause) {
    while !tools.is_stopping() {
        match work(tools, lowest) {
            Ok(true) => {}
            Ok(false) => {
                let next = tools.domain.store.read(|c| jobs::next_due(c, lowest)).ok().flatten();
                tools.domain.signals.jobs.wait(sleep_until(next, tools.domain.now()));
            }
            Err(e) => {
                tracing::error!(error = %e, "jobs could not be worked on");
                tools.domain.signals.jobs.wait(super::LONGEST_SLEEP);
            }
        }
    }
}

/// Does one job that is due. Answers false when none was.
fn work(tools: &WorkerContext, lowest: Cause) -> Result<bool> {
    let now = tools.domain.now();
    if tools.domain.store.read(|c| jobs::next_due(c, lowest))?.is_none_or(|due| due > now) {
        return Ok(false);
    }
    let lease = now.plus(limits::JOB_LEASE);
    let taken = tools.domain.store.write_quietly(move |conn| jobs::take(conn, now, lease, lowest, 1))?;
    for job in &taken {
        let outcome = if job.attempts > ATTEMPTS {
            Err(Error::invalid("it has ended this server each time it was tried"))
        } else {
            contained(|| attempt(tools, job))
        };
        finish(tools, job, outcome)?;
    }
    Ok(!taken.is_empty())
}

/// What is left of a job.
enum NextStep {
    Nothing,
    Until(Timestamp),
}

fn attempt(tools: &WorkerContext, job: &Job) -> Result<NextStep> {
    let purse = match job.cause {
        Cause::Owner => Requester::Owner,
        Cause::Followed => Requester::Followed,
        Cause::Stranger => Requester::Stranger,
    };
    let (domain, fetcher) = (&tools.domain, tools.fetcher.paid_from(purse));
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
    }?;
    Ok(NextStep::Nothing)
}

fn finish(tools: &WorkerContext, job: &Job, outcome: Result<NextStep>) -> Result<()> {
    let id = job.id;
    let store = &tools.domain.store;
    match outcome {
        Ok(NextStep::Until(due)) => store.write_quietly(move |conn| jobs::wait(conn, id, due)),
        Err(e) if is_temporary(&e) && job.attempts < ATTEMPTS => {
            let wait = limits::DELIVERY_BACKOFF[(job.attempts - 1).clamp(0, 3) as usize];
            let (due, message) = (tools.domain.now().plus(jittered(wait)), e.to_string());
            store.write_quietly(move |conn| jobs::put_off(conn, id, due, &message))
        }
        Err(e) if says_gone(&e) && actor_of(&job.task).is_some() => gone(tools, job, &e),
        Ok(NextStep::Nothing) => store.write_quietly(move |conn| jobs::done(conn, id)),
        Err(e) => {
            tracing::info!(kind = job.task.kind(), subject = %job.task.subject().escape_debug(), error = %e, "a job was given up");
            let (job, now) = (job.clone(), tools.domain.now());
            store.write(move |conn| {
                report_given_up(conn, &job, now)?;
                jobs::done(conn, job.id)
            })
        }
    }
}

/// The page of a profile or thread must not say for ever that it is being fetched.
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

fn says_gone(error: &Error) -> bool {
    match error {
        Error::Gone => true,
        Error::Remote(e) => e.is_gone(),
        _ => false,
    }
}

/// The actor's own server says that it is gone: nothing is delivered to it any more. A 404 may be a mistake of an
/// afternoon, so it is asked once more after a day.
fn gone(tools: &WorkerContext, job: &Job, error: &Error) -> Result<()> {
    let for_good = match error {
        Error::Remote(e) => e.is_gone_for_good() || matches!(job.task, Task::ConfirmGone(_)),
        _ => true,
    };
    let Some(uri) = actor_of(&job.task).map(str::to_owned) else { return Ok(()) };
    let (job, now) = (job.clone(), tools.domain.now());
    tools.domain.store.write(move |conn| {
        report_given_up(conn, &job, now)?;
        jobs::done(conn, job.id)?;
        let Some(actor) = actors::id_by_uri(conn, &uri)? else { return Ok(()) };
        if !for_good {
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
