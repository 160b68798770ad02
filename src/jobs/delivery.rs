//! Delivers our activities: one dispatcher finds the first delivery of each host that is due, a few senders sign and
//! send them, and others stand in for those that wait for a host without an answer. A row is removed once its host has
//! taken the activity, so a stop in the middle only repeats what was under way.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::dialect::{self, words};
use super::{WorkerContext, jittered, sleep_until, spawn};
use crate::domain::account::key_rotation;
use crate::domain::urls::OwnCollection;
use crate::domain::{Domain, federation_policy};
use crate::error::{Error, RemoteError, Result, contained};
use crate::limits;
use crate::protocol::activitystreams::types::ActivityKind;
use crate::protocol::activitystreams::write::POST_CONTENT_TYPE;
use crate::protocol::followers_sync;
use crate::protocol::signature::{self, RequestToSign, SignatureScheme};
use crate::store::actors;
use crate::store::actors::keys::OwnSigningKey;
use crate::store::peers::hosts::{self, Health};
use crate::store::queues::deliveries::{self, Delivery, Failure};
use crate::store::queues::jobs;
use crate::store::queues::jobs::Task;
use crate::store::relationships::follows;

/// Deliveries handed out at once.
const BATCH: usize = 128;

/// Hosts with a delivery under way, since when: one each, so that their order is kept.
type Busy = Arc<Mutex<HashMap<String, Instant>>>;
/// Deliveries that were handed out.
type Take = Arc<Mutex<Receiver<Delivery>>>;

/// A delivery that takes longer is stuck: a host that takes a connection and says nothing. Another sender stands in for
/// the one that waits there, so that many such hosts together hold up nobody else.
const STUCK: Duration = Duration::from_secs(2);
/// A sender that stands in goes when it has had nothing to do for so long.
const STAND_IN_IDLE: Duration = Duration::from_secs(5);

pub(super) fn start(tools: &WorkerContext) -> Result<Vec<JoinHandle<()>>> {
    let busy = Busy::default();
    let (hand_out, take) = channel::<Delivery>();
    let take: Take = Arc::new(Mutex::new(take));
    let mut threads = Vec::with_capacity(limits::DELIVERY_THREADS + 1);
    for n in 0..limits::DELIVERY_THREADS {
        let (tools, busy, take) = (tools.clone(), busy.clone(), take.clone());
        threads.push(spawn(&format!("sender-{n}"), move || send_loop(&tools, &busy, &take))?);
    }
    let tools = tools.clone();
    threads.push(spawn("delivery", move || dispatch_loop(&tools, &busy, &hand_out, &take))?);
    Ok(threads)
}

fn lock(busy: &Busy) -> std::sync::MutexGuard<'_, HashMap<String, Instant>> {
    busy.lock().unwrap_or_else(|e| e.into_inner())
}

fn dispatch_loop(tools: &WorkerContext, busy: &Busy, hand_out: &Sender<Delivery>, take: &Take) {
    let stand_ins: Arc<AtomicUsize> = Arc::default();
    while !tools.is_stopping() {
        stand_in(tools, busy, take, &stand_ins);
        match dispatch(tools, busy, hand_out) {
            Ok(0) => {
                let sleep = if lock(busy).is_empty() {
                    sleep_until(tools.domain.store.read(deliveries::next_due).ok().flatten(), tools.domain.now())
                } else {
                    // Some of them may get stuck.
                    STUCK / 8
                };
                tools.domain.signals.delivery.wait(sleep.max(Duration::from_millis(2)));
            }
            Ok(_) => tools.domain.signals.delivery.wait(Duration::from_millis(20)),
            Err(e) => {
                tracing::error!(error = %e, "deliveries could not be handed out");
                tools.domain.signals.delivery.wait(super::LONGEST_SLEEP);
            }
        }
    }
}

/// Starts senders for those that are stuck.
fn stand_in(tools: &WorkerContext, busy: &Busy, take: &Take, stand_ins: &Arc<AtomicUsize>) {
    let stuck = lock(busy).values().filter(|since| since.elapsed() > STUCK).count();
    while stand_ins.load(Ordering::Acquire) < stuck.min(limits::DELIVERY_SPARE_THREADS) {
        stand_ins.fetch_add(1, Ordering::AcqRel);
        let (tools, busy, take, count) = (tools.clone(), busy.clone(), take.clone(), stand_ins.clone());
        let started = spawn("stand-in", move || {
            loop {
                let next = take.lock().unwrap_or_else(|e| e.into_inner()).recv_timeout(STAND_IN_IDLE);
                let Ok(delivery) = next else { break };
                attempt(&tools, &busy, &delivery);
            }
            count.fetch_sub(1, Ordering::AcqRel);
        });
        if started.is_err() {
            stand_ins.fetch_sub(1, Ordering::AcqRel);
            return;
        }
    }
}

fn dispatch(tools: &WorkerContext, busy: &Busy, hand_out: &Sender<Delivery>) -> Result<usize> {
    let store = &tools.domain.store;
    let now = tools.domain.now();
    if store.read(deliveries::needs_expanding)? {
        store.write_quietly(move |conn| {
            while deliveries::expand(conn, now)? {}
            Ok(())
        })?;
    }
    // Taken before the database is looked at: whoever finishes meanwhile is still there in what we see.
    let under_way: HashSet<String> = lock(busy).keys().cloned().collect();
    let due = store.read(|c| deliveries::due(c, now, &|host| under_way.contains(host), BATCH))?;
    let count = due.len();
    for delivery in due {
        lock(busy).insert(delivery.host.clone(), Instant::now());
        if hand_out.send(delivery).is_err() {
            break;
        }
    }
    Ok(count)
}

fn send_loop(tools: &WorkerContext, busy: &Busy, take: &Mutex<Receiver<Delivery>>) {
    loop {
        let next = take.lock().unwrap_or_else(|e| e.into_inner()).recv();
        let Ok(delivery) = next else { return };
        attempt(tools, busy, &delivery);
    }
}

fn attempt(tools: &WorkerContext, busy: &Busy, delivery: &Delivery) {
    // It may have waited for a sender; only what it takes from now on counts.
    lock(busy).insert(delivery.host.clone(), Instant::now());
    if !tools.is_stopping()
        && let Err(e) = contained(|| deliver(tools, delivery))
    {
        tracing::error!(error = %e, "a delivery went wrong here");
        // It waits like one that its host refused for now, or it would be the first of its host again at once.
        if let Err(e) = put_off(&tools.domain, delivery, Health::default(), &DeliveryError::here(&e), false) {
            tracing::error!(error = %e, "the outcome of a delivery could not be written");
        }
    }
    lock(busy).remove(&delivery.host);
    tools.domain.signals.delivery.notify();
}

fn deliver(tools: &WorkerContext, delivery: &Delivery) -> Result<()> {
    let domain = &tools.domain;
    let (body, health) =
        domain.store.read(|c| Ok((deliveries::body(c, delivery.outgoing_id)?, hosts::health(c, &delivery.host)?)))?;
    // It was taken back meanwhile.
    let Some(body) = body else { return Ok(()) };
    let body = match dialect::adapt(tools, delivery, body) {
        Ok(Some(body)) => body,
        Ok(None) => return skip(domain, delivery),
        Err(Error::Remote(error)) => {
            return record(tools, delivery, health, Outcome::failed(error), limits::DELIVERY_REFUSALS);
        }
        Err(e) => return Err(e),
    };
    let first = health.form(domain.now());
    let keys = key_rotation::for_host(domain, delivery.actor, &health)?;
    let key = keys.first().ok_or_else(|| Error::internal("an actor of ours has no RSA key"))?;
    let mut outcome = post(tools, delivery, &body, (first, key))?;
    let mut taken = key;
    for other in &keys[1..] {
        if !outcome.may_mean_key() {
            break;
        }
        if let Outcome::Arrived = post(tools, delivery, &body, (first, other))? {
            (outcome, taken) = (Outcome::Arrived, other);
        }
    }
    if is_worth_other_form(&outcome, &health) {
        let other = post(tools, delivery, &body, (first.other(), key))?;
        if matches!(other, Outcome::Arrived) {
            let (host, form, now) = (delivery.host.clone(), first.other(), domain.now());
            domain.store.write_quietly(move |conn| hosts::takes(conn, &host, form, now))?;
            outcome = other;
        }
    }
    if !matches!(outcome, Outcome::Arrived) {
        let patience =
            if keys.len() > 1 { limits::DELIVERY_REFUSALS_AFTER_ROTATION } else { limits::DELIVERY_REFUSALS };
        return record(tools, delivery, health, outcome, patience);
    }
    finish(domain, delivery)?;
    // An Update that is about no post is one of the actor itself, with the keys of its time.
    let announces = delivery.kind == ActivityKind::Update && delivery.status.is_none();
    let announced_at = announces.then_some(delivery.created_at);
    key_rotation::accepted(domain, &delivery.host, (delivery.actor, &keys), taken, announced_at)
}

/// 401 may always mean the form of the signature; other refusals only at hosts that are known to speak both.
fn is_worth_other_form(outcome: &Outcome, health: &Health) -> bool {
    match outcome {
        Outcome::Failed(RemoteError::Status { status: 401, .. }, _) => true,
        Outcome::Failed(RemoteError::Status { status: 400 | 403, .. }, _) => health.rfc9421_at.is_some(),
        _ => false,
    }
}

enum Outcome {
    Arrived,
    /// With what the other server says about it.
    Failed(RemoteError, String),
    /// As failed, because of the signature, with a status that does not say so (Lemmy: 400).
    Unverified(RemoteError, String),
}

impl Outcome {
    fn failed(error: RemoteError) -> Self {
        Self::Failed(error, String::new())
    }

    /// True if another key may be taken instead.
    fn may_mean_key(&self) -> bool {
        matches!(self, Self::Unverified(..) | Self::Failed(RemoteError::Status { status: 401 | 403, .. }, _))
    }
}

/// True if an answer of 400 is about the signature.
fn blames_signature(status: u16, excerpt: &str) -> bool {
    let text = excerpt.to_lowercase();
    status == 400 && ["signature", "public key", "public_key", "publickey", "keyid"].iter().any(|w| text.contains(w))
}

/// Signs and sends; the signature is made now, because Takahe accepts none older than a minute.
fn post(
    tools: &WorkerContext,
    delivery: &Delivery,
    body: &[u8],
    (form, key): (SignatureScheme, &OwnSigningKey),
) -> Result<Outcome> {
    // An inbox may lie on another host than its actor. What ends something still goes there.
    let suspended = federation_policy::of_host(&tools.domain, &delivery.host)?.is_suspended();
    if suspended && !matches!(delivery.kind, ActivityKind::Undo | ActivityKind::Reject) {
        return Ok(Outcome::failed(RemoteError::Refused("this server does not federate with that one".into())));
    }
    let (key_id, key) = (&key.id, key_rotation::private(&tools.domain, key)?);
    let url = match tools.gate.url(&delivery.inbox) {
        Ok(url) => url,
        Err(e) => return Ok(Outcome::failed(e)),
    };
    let parsed = url::Url::parse(&delivery.inbox).map_err(|e| Error::internal(e.to_string()))?;
    let outgoing =
        RequestToSign { method: "POST", url: &parsed, body: Some(body), content_type: Some(POST_CONTENT_TYPE) };
    let mut headers = signature::sign(form, &outgoing, key_id, &key, tools.domain.now());
    headers.push(("content-type", POST_CONTENT_TYPE.to_owned()));
    if delivery.private {
        headers.extend(followers_digest(&tools.domain, delivery)?);
    }
    headers.push(("accept", POST_CONTENT_TYPE.to_owned()));
    Ok(match tools.gate.post(&url, &headers, body) {
        Ok(answer) if (200..300).contains(&answer.status) => Outcome::Arrived,
        Ok(answer) => {
            tracing::debug!(host = %delivery.host, status = answer.status, says = %answer.excerpt, "a delivery was refused");
            let error = RemoteError::Status { status: answer.status, retry_after: answer.retry_after };
            if blames_signature(answer.status, &answer.excerpt) {
                Outcome::Unverified(error, answer.excerpt)
            } else {
                Outcome::Failed(error, answer.excerpt)
            }
        }
        Err(e) => Outcome::failed(e),
    })
}

/// Which of the owner's followers we count on the receiving server (FEP-8fcf). That it is none must be said too: a server
/// that thinks otherwise gets what is for followers because somebody there is mentioned.
fn followers_digest(domain: &Domain, delivery: &Delivery) -> Result<Option<(&'static str, String)>> {
    let owner = domain.owner()?;
    if owner.id != delivery.actor {
        return Ok(None);
    }
    let ids = domain.store.read(|c| {
        let host = match actors::hosts_behind_inbox(c, &delivery.inbox)?.as_slice() {
            [] => delivery.host.clone(),
            [host] => host.clone(),
            // Behind it are several servers, each of which would miss the followers of the others.
            _ => return Ok(None),
        };
        follows::followers_on(c, delivery.actor, &host).map(Some)
    })?;
    let Some(ids) = ids else { return Ok(None) };
    let header = followers_sync::write(&followers_sync::Synchronization {
        collection: OwnCollection::Followers.of(&owner.uri),
        url: OwnCollection::FollowersSynchronization.of(&owner.uri),
        digest: followers_sync::digest(ids.iter().map(String::as_str)),
    });
    Ok(Some((followers_sync::HEADER, header)))
}

/// What a failure means for the delivery.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// The other server does not want it; never again.
    Final,
    /// Try again after the backoff; the host is well.
    Later,
    /// Try again after the backoff; the host is not well.
    HostIsDown,
}

/// `left` is how often the host may still refuse our signature.
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
            // A peer that cannot fetch our key now says 401; twice is patience enough.
            401 if left > 0 => Verdict::Later,
            408 | 425 | 429 => Verdict::Later,
            501 => Verdict::Final,
            500..=599 => Verdict::HostIsDown,
            _ => Verdict::Final,
        },
    }
}

fn record(tools: &WorkerContext, delivery: &Delivery, health: Health, outcome: Outcome, patience: i64) -> Result<()> {
    let domain = &tools.domain;
    let verdict = judge(&outcome, patience - delivery.refusals);
    let setback = match outcome {
        Outcome::Arrived => return finish(domain, delivery),
        Outcome::Failed(error, says) => DeliveryError::there(&error, &says),
        Outcome::Unverified(error, says) => {
            DeliveryError { failure: Failure::Refusal, ..DeliveryError::there(&error, &says) }
        }
    };
    match verdict {
        Verdict::Final => give_up(domain, delivery, &setback),
        verdict => put_off(domain, delivery, health, &setback, verdict == Verdict::HostIsDown),
    }
}

/// Why a delivery did not arrive, as it is written down.
struct DeliveryError {
    /// What it says about the delivery.
    failure: Failure,
    /// The inbox is gone, or lies elsewhere now.
    inbox_went: bool,
    /// How long the other server asks us to wait.
    retry_after: Duration,
    /// What the owner reads.
    reason: String,
}

impl DeliveryError {
    /// It lies at the other server, or on the way.
    fn there(error: &RemoteError, says: &str) -> Self {
        let (status, seconds) = match error {
            RemoteError::Status { status, retry_after } => (Some(*status), retry_after.unwrap_or(0)),
            _ => (None, 0),
        };
        let failure = match (error, status) {
            (RemoteError::NoAnswer(_), _) | (_, Some(500..)) => Failure::Fault,
            (_, Some(401)) => Failure::Refusal,
            _ => Failure::Other,
        };
        let inbox_went = matches!(status, Some(301 | 308 | 404 | 410));
        let reason = match words(says) {
            Some(words) => format!("{error}: {words}"),
            None => error.to_string(),
        };
        Self { failure, inbox_went, retry_after: Duration::from_secs(seconds), reason }
    }

    /// It lies here.
    fn here(error: &Error) -> Self {
        let reason = format!("this server could not send it: {error}");
        Self { failure: Failure::Other, inbox_went: false, retry_after: Duration::ZERO, reason }
    }
}

/// An activity that the software of this server does not read is not sent, and nothing has failed.
fn skip(domain: &Domain, delivery: &Delivery) -> Result<()> {
    let delivery = delivery.clone();
    domain.store.write_quietly(move |conn| deliveries::forget(conn, &delivery))
}

fn finish(domain: &Domain, delivery: &Delivery) -> Result<()> {
    let (now, delivery) = (domain.now(), delivery.clone());
    domain.store.write_quietly(move |conn| {
        deliveries::done(conn, &delivery, None, now)?;
        hosts::delivered(conn, &delivery.host, now)
    })
}

fn give_up(domain: &Domain, delivery: &Delivery, setback: &DeliveryError) -> Result<()> {
    tracing::info!(inbox = %delivery.inbox.escape_debug(), error = %setback.reason, "a delivery was given up");
    // That may mean that its actors went too.
    let refresh = setback.inbox_went;
    let (now, delivery, reason) = (domain.now(), delivery.clone(), setback.reason.clone());
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

fn put_off(
    domain: &Domain,
    delivery: &Delivery,
    health: Health,
    setback: &DeliveryError,
    host_is_down: bool,
) -> Result<()> {
    let now = domain.now();
    let is_old = delivery.created_at < now.minus(limits::DELIVERY_AGE);
    let backoff = limits::DELIVERY_BACKOFF.get(delivery.attempts.max(0) as usize).filter(|_| !is_old);
    let Some(backoff) = backoff else { return give_up(domain, delivery, setback) };
    let due = now.plus(jittered(*backoff).max(setback.retry_after));
    let opens = host_is_down && health.failures + 1 >= limits::BREAKER_FAILURES;
    let retry_at = opens.then(|| now.plus(jittered(limits::BREAKER_PROBE)));
    let dead = health.failing_since.is_some_and(|since| since.plus(limits::BREAKER_DEAD_AFTER) < now);
    let (delivery, failure, reason) = (delivery.clone(), setback.failure, setback.reason.clone());
    domain.store.write_quietly(move |conn| {
        deliveries::put_off(conn, delivery.id, due, failure, &reason)?;
        if host_is_down {
            hosts::failed(conn, &delivery.host, retry_at, now)?;
        }
        if dead {
            deliveries::drop_for_host(conn, &delivery.host, "the server has not answered for a week", now)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_tried_for_a_week() {
        let days = limits::DELIVERY_BACKOFF.iter().sum::<Duration>().as_secs_f64() / 86_400.0;
        assert!((7.0..8.0).contains(&days), "{days} days");
        assert!(limits::DELIVERY_AGE.as_secs_f64() / 86_400.0 > days);
    }

    #[test]
    fn answers_are_judged_as_the_field_does() {
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
