//! Finds due deliveries and passes them to sender threads, one at a time for each host. Spare senders start while others
//! wait for hosts that do not respond.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::outcome::{DeliveryError, HostState, put_off};
use super::send::deliver;
use crate::error::{Result, contained};
use crate::jobs::context::{WorkerContext, spawn};
use crate::jobs::schedule::{LONGEST_SLEEP, sleep_until};
use crate::limits;
use crate::store::peers::hosts::Health;
use crate::store::queues::deliveries::{self, Delivery};
use crate::store::quota;

/// The number of deliveries in one round.
const BATCH: usize = 128;

/// The hosts with a current delivery: one each, so that deliveries keep their order.
type Busy = Arc<Mutex<HashMap<String, Current>>>;

/// A delivery that was passed to the senders.
struct Current {
    since: Instant,
    /// No sender has taken it yet.
    is_waiting: bool,
}

impl Current {
    fn waiting() -> Self {
        Self { since: Instant::now(), is_waiting: true }
    }

    fn taken() -> Self {
        Self { since: Instant::now(), is_waiting: false }
    }
}

/// The deliveries for the senders.
type Deliveries = Arc<Mutex<Receiver<Delivery>>>;

/// A delivery that takes longer is stuck: its host has accepted the connection and does not respond. A spare sender takes
/// over, so that many such hosts do not delay deliveries to others.
const STUCK: Duration = Duration::from_secs(2);
/// A spare sender that was idle for this time ends.
const SPARE_IDLE: Duration = Duration::from_secs(5);

pub(crate) fn start(ctx: &WorkerContext) -> Result<Vec<JoinHandle<()>>> {
    let busy = Busy::default();
    let (sender, receiver) = channel::<Delivery>();
    let receiver: Deliveries = Arc::new(Mutex::new(receiver));
    let mut threads = Vec::with_capacity(limits::DELIVERY_THREADS + 1);
    for n in 0..limits::DELIVERY_THREADS {
        let (ctx, busy, receiver) = (ctx.clone(), busy.clone(), receiver.clone());
        threads.push(spawn(&format!("sender-{n}"), move || send_loop(&ctx, &busy, &receiver))?);
    }
    let ctx = ctx.clone();
    threads.push(spawn("delivery", move || dispatch_loop(&ctx, &busy, &sender, &receiver))?);
    Ok(threads)
}

fn lock(busy: &Busy) -> MutexGuard<'_, HashMap<String, Current>> {
    busy.lock().unwrap_or_else(PoisonError::into_inner)
}

fn dispatch_loop(ctx: &WorkerContext, busy: &Busy, sender: &Sender<Delivery>, receiver: &Deliveries) {
    let spares: Arc<AtomicUsize> = Arc::default();
    while !ctx.is_stopping() {
        start_spares(ctx, busy, receiver, &spares);
        match dispatch(ctx, busy, sender) {
            Ok(0) => {
                let sleep = if lock(busy).is_empty() {
                    sleep_until(ctx.domain.store.read(deliveries::next_due).ok().flatten(), ctx.domain.now())
                } else {
                    // Current deliveries may get stuck.
                    STUCK / 8
                };
                ctx.domain.signals.delivery.wait(sleep.max(Duration::from_millis(2)));
            }
            Ok(_) => ctx.domain.signals.delivery.wait(Duration::from_millis(20)),
            Err(e) => {
                tracing::error!(error = %e, "deliveries could not be dispatched");
                ctx.domain.signals.delivery.wait(LONGEST_SLEEP);
            }
        }
    }
}

/// Starts a spare sender for each stuck delivery.
fn start_spares(ctx: &WorkerContext, busy: &Busy, receiver: &Deliveries, spares: &Arc<AtomicUsize>) {
    let stuck = lock(busy).values().filter(|current| current.since.elapsed() > STUCK).count();
    while spares.load(Ordering::Acquire) < stuck.min(limits::DELIVERY_SPARE_THREADS) {
        spares.fetch_add(1, Ordering::AcqRel);
        let (ctx, busy, receiver, count) = (ctx.clone(), busy.clone(), receiver.clone(), spares.clone());
        let started = spawn("spare-sender", move || {
            loop {
                let next = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(SPARE_IDLE);
                let Ok(delivery) = next else { break };
                attempt(&ctx, &busy, &delivery);
            }
            count.fetch_sub(1, Ordering::AcqRel);
        });
        if started.is_err() {
            spares.fetch_sub(1, Ordering::AcqRel);
            return;
        }
    }
}

fn dispatch(ctx: &WorkerContext, busy: &Busy, sender: &Sender<Delivery>) -> Result<usize> {
    let store = &ctx.domain.store;
    let now = ctx.domain.now();
    if store.read(deliveries::needs_expanding)? {
        store.write_quietly(move |conn| {
            while deliveries::expand(conn, now)? {}
            Ok(())
        })?;
    }
    // Read before the database: a host whose delivery ends meanwhile still counts as busy.
    let busy_hosts: HashSet<String> = lock(busy).keys().cloned().collect();
    let due = store.read(|c| {
        let mut domains: HashMap<String, usize> = HashMap::new();
        for host in &busy_hosts {
            *domains.entry(quota::key(c, host)?).or_default() += 1;
        }
        let takes = |host: &str| {
            if busy_hosts.contains(host) {
                return Ok(false);
            }
            let of_domain = domains.entry(quota::key(c, host)?).or_default();
            let has_room = *of_domain < limits::DELIVERIES_PER_DOMAIN;
            *of_domain += usize::from(has_room);
            Ok(has_room)
        };
        deliveries::due(c, now, takes, BATCH)
    })?;
    let count = due.len();
    for delivery in due {
        lock(busy).insert(delivery.host.clone(), Current::waiting());
        if sender.send(delivery).is_err() {
            break;
        }
    }
    Ok(count)
}

fn send_loop(ctx: &WorkerContext, busy: &Busy, receiver: &Deliveries) {
    loop {
        let next = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(delivery) = next else { return };
        attempt(ctx, busy, &delivery);
    }
}

fn attempt(ctx: &WorkerContext, busy: &Busy, delivery: &Delivery) {
    let span = tracing::info_span!("delivery", delivery = delivery.id, host = %delivery.host.escape_debug());
    let _entered = span.enter();
    // The wait for a sender does not count.
    lock(busy).insert(delivery.host.clone(), Current::taken());
    if !ctx.is_stopping()
        && let Err(e) = contained(|| deliver(ctx, delivery))
    {
        tracing::error!(error = %e, "delivery failed with an internal error");
        // It is retried with backoff; otherwise it would be the first of its host again immediately.
        if let Err(e) = put_off(&ctx.domain, delivery, Health::default(), &DeliveryError::internal(&e), HostState::Well)
        {
            tracing::error!(error = %e, "result of a delivery could not be stored");
        }
    }
    let mut busy = lock(busy);
    busy.remove(&delivery.host);
    // While enough deliveries wait for a sender, the queue is not searched for each one that ends.
    if busy.values().filter(|current| current.is_waiting).count() < limits::DELIVERY_THREADS {
        ctx.domain.signals.delivery.notify();
    }
}
