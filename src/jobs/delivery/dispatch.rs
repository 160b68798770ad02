//! Finds due deliveries and passes them to the sender threads, one at a time for each host.

use std::collections::HashMap;
use std::thread::JoinHandle;
use std::time::Duration;

use super::senders::{STUCK, Senders};
use crate::error::Result;
use crate::jobs::context::{WorkerContext, spawn};
use crate::jobs::schedule::{LONGEST_SLEEP, sleep_until};
use crate::limits;
use crate::store::queues::deliveries;
use crate::store::quota;

/// The number of deliveries in one round.
const BATCH: usize = 128;

pub(crate) fn start(ctx: &WorkerContext) -> Result<JoinHandle<()>> {
    let ctx = ctx.clone();
    spawn("delivery", move || {
        let mut senders = Senders::new(&ctx);
        dispatch_loop(&ctx, &mut senders);
        senders.stop();
    })
}

fn dispatch_loop(ctx: &WorkerContext, senders: &mut Senders) {
    while !ctx.is_stopping() {
        let dispatched = dispatch(ctx, senders);
        senders.start_needed();
        match dispatched {
            Ok(0) => {
                let sleep = if senders.are_idle() {
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

fn dispatch(ctx: &WorkerContext, senders: &Senders) -> Result<usize> {
    let store = &ctx.domain.store;
    let now = ctx.domain.now();
    while store.read(deliveries::needs_expanding)? {
        store.write_quietly(move |conn| deliveries::expand(conn, now))?;
    }
    // Read before the database: a host whose delivery ends meanwhile still counts as busy.
    let busy_hosts = senders.busy_hosts();
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
        senders.send(delivery);
    }
    Ok(count)
}
