//! Starts and stops all workers.

use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::context::{WorkerContext, spawn};
use super::{delivery, inbox, maintenance, other_processes, worker};
use crate::error::Result;
use crate::limits;
use crate::store::queues::jobs::Cause;

/// The running workers.
pub struct Workers {
    ctx: WorkerContext,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts all workers.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start(ctx: WorkerContext) -> Result<Self> {
        let mut workers = Self { ctx: ctx.clone(), threads: Vec::new() };
        workers.threads.extend(inbox::start(&ctx)?);
        for n in 0..limits::JOB_WORKERS {
            let lowest = if n < limits::JOB_WORKERS_FOR_OWNER { Cause::Owner } else { Cause::Stranger };
            workers.spawn(&format!("jobs-{n}"), move |ctx| worker::run(ctx, lowest))?;
        }
        workers.spawn("maintenance", maintenance::run)?;
        workers.spawn("other-processes", other_processes::run)?;
        workers.threads.push(delivery::start(&ctx)?);
        Ok(workers)
    }

    fn spawn(&mut self, name: &str, run: impl FnOnce(&WorkerContext) + Send + 'static) -> Result<()> {
        let ctx = self.ctx.clone();
        self.threads.push(spawn(name, move || run(&ctx))?);
        Ok(())
    }

    /// Takes no more work and waits for the current work, at most [`limits::SHUTDOWN_WORKERS`]. Unfinished work remains in
    /// the database and continues after the next start.
    pub fn stop(self) {
        self.ctx.stopping.store(true, Ordering::Release);
        let signals = &self.ctx.domain.signals;
        for signal in [&signals.delivery, &signals.inbox, &signals.jobs] {
            signal.notify();
        }
        let end = Instant::now() + limits::SHUTDOWN_WORKERS;
        for thread in self.threads {
            while !thread.is_finished() && Instant::now() < end {
                std::thread::sleep(Duration::from_millis(10));
            }
            if thread.is_finished() {
                // A panic was logged already, and the row is still stored.
                let _ = thread.join();
            } else {
                tracing::warn!(thread = thread.thread().name(), "worker was still busy at shutdown");
            }
        }
    }
}
