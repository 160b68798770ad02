//! Jobs that fetch: the last posts of somebody whom the owner follows now, and actors whose documents changed.

use super::{Tools, jittered, sleep_until};
use crate::error::{Error, Result};
use crate::limits;
use crate::store::actors;
use crate::store::jobs::{self, Job, Kind};

/// Attempts of a job.
const ATTEMPTS: i64 = 5;

pub(super) fn run(tools: &Tools) {
    while !tools.is_stopping() {
        match work(tools) {
            Ok(true) => {}
            Ok(false) => {
                let next = tools.domain.store.read(jobs::next_due).ok().flatten();
                tools.domain.wake.jobs.wait(sleep_until(next, tools.domain.now()));
            }
            Err(e) => {
                tracing::error!(error = %e, "jobs could not be worked on");
                tools.domain.wake.jobs.wait(super::LONGEST_SLEEP);
            }
        }
    }
}

/// Does what is due. Answers false when nothing was.
fn work(tools: &Tools) -> Result<bool> {
    let now = tools.domain.now();
    let due = tools.domain.store.read(|c| jobs::due(c, now, 8))?;
    for job in &due {
        if tools.is_stopping() {
            break;
        }
        let outcome = match job.kind {
            Kind::Backfill => tools.fetcher.backfill(&job.subject).map(|_| ()),
            Kind::RefreshActor => tools.fetcher.actor(&job.subject).map(|_| ()),
        };
        finish(tools, job, outcome)?;
    }
    Ok(!due.is_empty())
}

fn finish(tools: &Tools, job: &Job, outcome: Result<()>) -> Result<()> {
    let id = job.id;
    let store = &tools.domain.store;
    match outcome {
        Err(e) if is_temporary(&e) && job.attempts + 1 < ATTEMPTS => {
            let wait = limits::DELIVERY_BACKOFF[job.attempts.clamp(0, 3) as usize];
            let (due, message) = (tools.domain.now().plus(jittered(wait)), e.to_string());
            store.write_quietly(move |conn| jobs::put_off(conn, id, due, &message))
        }
        // The actor's own server says that it is gone: nothing is delivered to it any more.
        Err(Error::Remote(e)) if e.is_gone() && job.kind == Kind::RefreshActor => {
            let (uri, now) = (job.subject.clone(), tools.domain.now());
            store.write(move |conn| {
                if let Some(gone) = actors::id_by_uri(conn, &uri)? {
                    actors::mark_gone(conn, gone, now)?;
                }
                jobs::done(conn, id)
            })
        }
        outcome => {
            if let Err(e) = outcome {
                tracing::info!(kind = job.kind.as_str(), subject = %job.subject.escape_debug(), error = %e, "a job was given up");
            }
            store.write_quietly(move |conn| jobs::done(conn, id))
        }
    }
}

fn is_temporary(error: &Error) -> bool {
    match error {
        Error::Remote(e) => e.is_temporary(),
        Error::Busy { .. } | Error::Internal(_) => true,
        _ => false,
    }
}
