//! Applies incoming activities, many in one commit, each undone by itself if it fails.

use std::sync::Arc;

use super::{Tools, jittered, sleep_until};
use crate::domain::Domain;
use crate::domain::receive::{self, Outcome};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::{self};
use crate::protocol::json;
use crate::store::inbox::{self, Waiting};
use crate::store::{Conn, actors, db};

/// Activities in one commit.
const BATCH: u32 = 64;

pub(super) fn run(tools: &Tools) {
    while !tools.is_stopping() {
        match batch(tools) {
            Ok(0) => {
                let next = tools.domain.store.read(inbox::next_due).ok().flatten();
                tools.domain.wake.inbox.wait(sleep_until(next, tools.domain.now()));
            }
            Ok(_) => {}
            Err(e) => {
                tracing::error!(error = %e, "incoming activities could not be processed");
                tools.domain.wake.inbox.wait(super::LONGEST_SLEEP);
            }
        }
    }
}

/// What is still to do for an activity after its commit.
enum Left {
    Fetch(Waiting, String),
    Retry(Waiting, Error),
}

fn batch(tools: &Tools) -> Result<usize> {
    let domain = tools.domain.clone();
    let now = domain.now();
    let waiting = domain.store.read(|c| inbox::due(c, now, BATCH))?;
    let count = waiting.len();
    if count == 0 {
        return Ok(0);
    }
    let ctx = domain.clone();
    let left = domain.store.write(move |conn| Ok(apply_all(conn, &ctx, waiting)))?;
    domain.wake.delivery.ring();
    domain.wake.jobs.ring();
    for item in left {
        match item {
            Left::Fetch(waiting, uri) => fetch_then_apply(tools, waiting, uri)?,
            Left::Retry(waiting, error) => put_back(&domain, &waiting, &error)?,
        }
    }
    Ok(count)
}

fn apply_all(conn: &Conn, domain: &Arc<Domain>, waiting: Vec<Waiting>) -> Vec<Left> {
    let mut left = Vec::new();
    for item in waiting {
        match db::savepoint(conn, |c| apply_one(c, domain, &item)) {
            Ok(Some(uri)) => left.push(Left::Fetch(item, uri)),
            Ok(None) => {}
            Err(error) => left.push(Left::Retry(item, error)),
        }
    }
    left
}

/// Applies an activity and removes its row in the same transaction. Answers the id of what must be fetched first.
fn apply_one(conn: &Conn, domain: &Domain, item: &Waiting) -> Result<Option<String>> {
    let Some(signer) = actors::get(conn, item.signer)? else {
        inbox::done(conn, item.id)?;
        return Ok(None);
    };
    let activity = json::parse(&item.body).ok().and_then(|v| activitystreams::read_activity(&v).ok());
    let outcome = match &activity {
        Some(activity) => receive::apply(conn, domain, &signer, activity)?,
        None => Outcome::Ignored("it cannot be read"),
    };
    match outcome {
        Outcome::Needs(uri) => return Ok(Some(uri)),
        Outcome::Applied => {}
        Outcome::Ignored(why) => tracing::debug!(actor = %signer.uri.escape_debug(), why, "an activity was ignored"),
        Outcome::Refused(why) => tracing::info!(actor = %signer.uri.escape_debug(), why, "an activity was refused"),
    }
    inbox::done(conn, item.id)?;
    Ok(None)
}

fn fetch_then_apply(tools: &Tools, item: Waiting, first: String) -> Result<()> {
    let domain = &tools.domain;
    let mut needed = first;
    for _ in 0..limits::FETCHES_PER_ACTIVITY {
        if let Err(e) = tools.fetcher.object(&needed) {
            return match e {
                Error::Remote(r) if !r.is_temporary() => give_up(domain, &item),
                Error::NotFound | Error::Gone => give_up(domain, &item),
                other => put_back(domain, &item, &other),
            };
        }
        let (ctx, again) = (domain.clone(), item.clone());
        match domain.store.write(move |conn| apply_one(conn, &ctx, &again)) {
            Ok(Some(uri)) if uri != needed => needed = uri,
            Ok(Some(_)) => return give_up(domain, &item),
            Ok(None) => return Ok(()),
            Err(e) => return put_back(domain, &item, &e),
        }
    }
    give_up(domain, &item)
}

fn give_up(domain: &Domain, item: &Waiting) -> Result<()> {
    let id = item.id;
    domain.store.write_quietly(move |conn| inbox::done(conn, id)).map(|_| ())
}

/// Tries again later; after [`limits::INBOX_ATTEMPTS`] the activity is parked for the owner to look at.
fn put_back(domain: &Domain, item: &Waiting, error: &Error) -> Result<()> {
    let attempts = item.attempts + 1;
    let due = (attempts < limits::INBOX_ATTEMPTS).then(|| {
        let wait = limits::DELIVERY_BACKOFF[(attempts as usize - 1).min(limits::DELIVERY_BACKOFF.len() - 1)];
        domain.now().plus(jittered(wait))
    });
    if due.is_none() {
        tracing::warn!(error = %error, "an incoming activity was parked after {attempts} attempts");
    }
    let (id, message) = (item.id, error.to_string());
    domain.store.write_quietly(move |conn| inbox::retry(conn, id, due, &message))
}
