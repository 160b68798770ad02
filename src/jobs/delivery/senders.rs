//! The threads that send deliveries. They start when deliveries wait and end when there are none, so that an idle server
//! holds no memory for them.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::outcome::{DeliveryError, HostState, put_off};
use super::send::deliver;
use crate::error::contained;
use crate::jobs::context::{WorkerContext, spawn};
use crate::limits;
use crate::store::peers::hosts::Health;
use crate::store::queues::deliveries::Delivery;

/// A delivery that takes longer is stuck: its host has accepted the connection and does not respond. A spare thread takes
/// over, so that many such hosts do not delay deliveries to others.
pub(super) const STUCK: Duration = Duration::from_secs(2);
/// Idle threads end one after another, at this interval: one waits for a delivery, the others for their turn.
const IDLE: Duration = Duration::from_secs(5);

/// The hosts with a current delivery: one each, so that deliveries keep their order.
type Busy = HashMap<String, Current>;

/// A delivery that was passed to the threads.
struct Current {
    since: Instant,
    /// No thread has taken it yet.
    is_waiting: bool,
}

/// What all threads share.
struct Shared {
    ctx: WorkerContext,
    busy: Mutex<Busy>,
    waiting: Mutex<Receiver<Delivery>>,
}

/// The threads, and the deliveries that were passed to them.
pub(super) struct Senders {
    shared: Arc<Shared>,
    queue: Sender<Delivery>,
    threads: Vec<JoinHandle<()>>,
}

impl Senders {
    /// Without a thread yet.
    pub(super) fn new(ctx: &WorkerContext) -> Self {
        let (queue, waiting) = channel();
        let shared = Shared { ctx: ctx.clone(), busy: Mutex::default(), waiting: Mutex::new(waiting) };
        Self { shared: Arc::new(shared), queue, threads: Vec::new() }
    }

    /// The hosts with a current delivery.
    pub(super) fn busy_hosts(&self) -> HashSet<String> {
        self.shared.busy().keys().cloned().collect()
    }

    /// Returns `true` if there is no current delivery.
    pub(super) fn are_idle(&self) -> bool {
        self.shared.busy().is_empty()
    }

    /// Passes a delivery to the next free thread.
    pub(super) fn send(&self, delivery: Delivery) {
        let current = Current { since: Instant::now(), is_waiting: true };
        self.shared.busy().insert(delivery.host.clone(), current);
        // The receiver exists as long as `shared`.
        let _ = self.queue.send(delivery);
    }

    /// Starts the threads that the current deliveries need: one each up to a limit, and a spare one for each that is stuck.
    pub(super) fn start_needed(&mut self) {
        let (current, stuck) = {
            let busy = self.shared.busy();
            (busy.len(), busy.values().filter(|current| current.since.elapsed() > STUCK).count())
        };
        self.threads.retain(|thread| !thread.is_finished());
        let needed = (current - stuck).min(limits::DELIVERY_THREADS) + stuck.min(limits::DELIVERY_SPARE_THREADS);
        while self.threads.len() < needed {
            let shared = self.shared.clone();
            match spawn("sender", move || send_loop(&shared)) {
                Ok(thread) => self.threads.push(thread),
                Err(e) => {
                    tracing::warn!(error = %e, threads = self.threads.len(), "no further thread for deliveries could be started");
                    return;
                }
            }
        }
    }

    /// Waits until the threads have ended.
    pub(super) fn stop(self) {
        drop(self.queue);
        for thread in self.threads {
            // A panic was logged already, and the row is still stored.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn busy(&self) -> MutexGuard<'_, Busy> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Result<Delivery, RecvTimeoutError> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(IDLE)
    }
}

fn send_loop(shared: &Shared) {
    while let Ok(delivery) = shared.next() {
        attempt(shared, &delivery);
    }
}

fn attempt(shared: &Shared, delivery: &Delivery) {
    let ctx = &shared.ctx;
    let span = tracing::info_span!("delivery", delivery = delivery.id, host = %delivery.host.escape_debug());
    let _entered = span.enter();
    // The wait for a thread does not count.
    shared.busy().insert(delivery.host.clone(), Current { since: Instant::now(), is_waiting: false });
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
    let mut busy = shared.busy();
    busy.remove(&delivery.host);
    // While enough deliveries wait for a thread, the queue is not searched for each one that ends.
    if busy.values().filter(|current| current.is_waiting).count() < limits::DELIVERY_THREADS {
        ctx.domain.signals.delivery.notify();
    }
}
