//! The outcome of a delivery: stored, retried with backoff, or given up.

use std::time::Duration;

use crate::domain::Domain;
use crate::error::{Error, RemoteError, Result};
use crate::jobs::context::WorkerContext;
use crate::jobs::dialect::words;
use crate::jobs::schedule::jittered;
use crate::limits;
use crate::protocol::activitystreams::types::ActivityKind;
use crate::store::actors;
use crate::store::peers::hosts::{self, Health};
use crate::store::queues::deliveries::{self, Delivery, Failure};
use crate::store::queues::jobs::{self, Task};
use crate::store::relationships::follows;

pub(super) enum Outcome {
    Arrived,
    /// With the beginning of the response.
    Failed(RemoteError, String),
    /// The signature was refused with a status that does not mean that (Lemmy: 400).
    Unverified(RemoteError, String),
}

impl Outcome {
    pub(super) fn failed(error: RemoteError) -> Self {
        Self::Failed(error, String::new())
    }

    /// Returns `true` if another key may be accepted.
    pub(super) fn may_mean_key(&self) -> bool {
        matches!(self, Self::Unverified(..) | Self::Failed(RemoteError::Status { status: 401 | 403, .. }, _))
    }
}

/// Returns `true` if a response of 400 is about the signature.
pub(super) fn blames_signature(status: u16, excerpt: &str) -> bool {
    let text = excerpt.to_lowercase();
    status == 400 && ["signature", "public key", "public_key", "publickey", "keyid"].iter().any(|w| text.contains(w))
}

/// The consequence of a failure.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Not retried.
    Final,
    /// Retried after the backoff.
    Later,
    /// Retried after the backoff; the failure counts against the host.
    HostIsDown,
}

/// `left` is how many more refusals of our signature are accepted.
fn judge(outcome: &Outcome, left: i64) -> Verdict {
    let error = match outcome {
        Outcome::Arrived => return Verdict::Final,
        Outcome::Unverified(..) => return if left > 0 { Verdict::Later } else { Verdict::Final },
        Outcome::Failed(error, _) => error,
    };
    match error {
        RemoteError::Refused(_) | RemoteError::Malformed(_) => Verdict::Final,
        RemoteError::Unreachable(_) | RemoteError::NoAnswer(_) => Verdict::HostIsDown,
        RemoteError::Status { status, .. } => match status {
            // A peer that cannot fetch our key now responds with 401.
            401 if left > 0 => Verdict::Later,
            408 | 425 | 429 => Verdict::Later,
            501 => Verdict::Final,
            500..=599 => Verdict::HostIsDown,
            _ => Verdict::Final,
        },
    }
}

pub(super) fn record(
    ctx: &WorkerContext,
    delivery: &Delivery,
    health: Health,
    outcome: Outcome,
    patience: i64,
) -> Result<()> {
    let domain = &ctx.domain;
    let verdict = judge(&outcome, patience - delivery.refusals);
    let error = match outcome {
        Outcome::Arrived => return finish(domain, delivery),
        Outcome::Failed(error, excerpt) => DeliveryError::remote(&error, &excerpt),
        Outcome::Unverified(error, excerpt) => {
            DeliveryError { failure: Failure::Refusal, ..DeliveryError::remote(&error, &excerpt) }
        }
    };
    match verdict {
        Verdict::Final => give_up(domain, delivery, &error),
        verdict => put_off(
            domain,
            delivery,
            health,
            &error,
            if verdict == Verdict::HostIsDown { HostState::Down } else { HostState::Well },
        ),
    }
}

/// Whether a failure counts against the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HostState {
    Well,
    Down,
}

/// The reason why a delivery failed, as it is stored.
pub(super) struct DeliveryError {
    /// The kind of failure.
    failure: Failure,
    /// The inbox is gone or has moved.
    inbox_gone: bool,
    /// The delay that the other server requests.
    retry_after: Duration,
    /// The text for the owner.
    reason: String,
}

impl DeliveryError {
    /// An error of the other server or of the network.
    fn remote(error: &RemoteError, excerpt: &str) -> Self {
        let (status, seconds) = match error {
            RemoteError::Status { status, retry_after } => (Some(*status), retry_after.unwrap_or(0)),
            _ => (None, 0),
        };
        let failure = match (error, status) {
            (RemoteError::NoAnswer(_), _) | (_, Some(500..)) => Failure::Fault,
            (_, Some(401)) => Failure::Refusal,
            _ => Failure::Other,
        };
        let inbox_gone = matches!(status, Some(301 | 308 | 404 | 410));
        let reason = match words(excerpt) {
            Some(words) => format!("{error}: {words}"),
            None => error.to_string(),
        };
        Self { failure, inbox_gone, retry_after: Duration::from_secs(seconds), reason }
    }

    /// An internal error.
    pub(super) fn internal(error: &Error) -> Self {
        let reason = format!("this server could not send it: {error}");
        Self { failure: Failure::Other, inbox_gone: false, retry_after: Duration::ZERO, reason }
    }
}

/// Removes a delivery that the software of its host does not support. That is not a failure.
pub(super) fn skip(domain: &Domain, delivery: &Delivery) -> Result<()> {
    let delivery = delivery.clone();
    domain.store.write_quietly(move |conn| deliveries::forget(conn, &delivery))
}

pub(super) fn finish(domain: &Domain, delivery: &Delivery) -> Result<()> {
    let (now, delivery) = (domain.now(), delivery.clone());
    domain.store.write_quietly(move |conn| {
        deliveries::done(conn, &delivery, None, now)?;
        hosts::delivered(conn, &delivery.host, now)
    })
}

fn give_up(domain: &Domain, delivery: &Delivery, error: &DeliveryError) -> Result<()> {
    tracing::info!(inbox = %delivery.inbox.escape_debug(), error = %error.reason, "delivery was given up");
    // Its actors may be gone too.
    let refresh = error.inbox_gone;
    let (now, delivery, reason) = (domain.now(), delivery.clone(), error.reason.clone());
    domain.store.write_quietly(move |conn| {
        if delivery.kind == ActivityKind::Follow {
            follows::fail_undelivered(conn, delivery.outgoing_id, &reason)?;
        }
        deliveries::done(conn, &delivery, Some(&reason), now)?;
        if refresh {
            for uri in actors::uris_by_inbox(conn, &delivery.inbox, limits::INBOX_ACTORS_REFRESHED)? {
                jobs::enqueue_for(conn, &Task::RefreshActor(uri), jobs::Cause::Followed, now)?;
            }
        }
        Ok(())
    })?;
    domain.signals.jobs.notify();
    Ok(())
}

pub(super) fn put_off(
    domain: &Domain,
    delivery: &Delivery,
    health: Health,
    error: &DeliveryError,
    host: HostState,
) -> Result<()> {
    let now = domain.now();
    let is_old = delivery.created_at < now.minus(limits::DELIVERY_AGE);
    let backoff = limits::DELIVERY_BACKOFF.get(delivery.attempts.max(0) as usize).filter(|_| !is_old);
    let Some(backoff) = backoff else { return give_up(domain, delivery, error) };
    let due = now.plus(jittered(*backoff).max(error.retry_after));
    let host_is_down = host == HostState::Down;
    let opens = host_is_down && health.failures + 1 >= limits::BREAKER_FAILURES;
    let retry_at = opens.then(|| now.plus(jittered(limits::BREAKER_PROBE)));
    let dead = health.failing_since.is_some_and(|since| since.plus(limits::BREAKER_DEAD_AFTER) < now);
    let (delivery, failure, reason) = (delivery.clone(), error.failure, error.reason.clone());
    domain.store.write_quietly(move |conn| {
        deliveries::put_off(conn, delivery.id, due, failure, &reason)?;
        if host_is_down {
            hosts::failed(conn, &delivery.host, retry_at, now)?;
        }
        if dead {
            deliveries::drop_for_host(conn, &delivery.host, "the server has not responded for a week", now)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deliveries_are_retried_for_a_week() {
        let days = limits::DELIVERY_BACKOFF.iter().sum::<Duration>().as_secs_f64() / 86_400.0;
        assert!((7.0..8.0).contains(&days), "{days} days");
        assert!(limits::DELIVERY_AGE.as_secs_f64() / 86_400.0 > days);
    }

    #[test]
    fn statuses_have_the_usual_consequences() {
        let failed = |error| judge(&Outcome::failed(error), 2);
        let status = |status, refusals: i64| {
            judge(&Outcome::failed(RemoteError::Status { status, retry_after: None }), 2 - refusals)
        };
        for s in [400, 403, 404, 405, 410, 413, 415, 422, 501, 301] {
            assert_eq!(status(s, 0), Verdict::Final, "{s}");
        }
        for s in [408, 425, 429] {
            assert_eq!(status(s, 9), Verdict::Later, "{s}");
        }
        for s in [500, 502, 503, 504] {
            assert_eq!(status(s, 0), Verdict::HostIsDown, "{s}");
        }
        assert_eq!((status(401, 1), status(401, 2)), (Verdict::Later, Verdict::Final));
        assert_eq!(failed(RemoteError::Unreachable(String::new())), Verdict::HostIsDown);
        assert_eq!(failed(RemoteError::NoAnswer(String::new())), Verdict::HostIsDown);
        assert_eq!(failed(RemoteError::Refused(String::new())), Verdict::Final);
        let bad = || RemoteError::Status { status: 400, retry_after: None };
        assert_eq!(judge(&Outcome::Unverified(bad(), String::new()), 1), Verdict::Later);
        assert_eq!(judge(&Outcome::Unverified(bad(), String::new()), 0), Verdict::Final);
        assert!(blames_signature(400, "{\"error\":\"invalid signature\"}") && !blames_signature(400, "not public"));
    }
}
