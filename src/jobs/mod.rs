//! Work that waits in the database: each worker takes what is due, does it, and sleeps until the next is due or
//! somebody rings.

mod deferred_activities;
mod delivery;
mod dialect;
mod inbox;
mod maintenance;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::domain::Domain;
use crate::error::Result;
use crate::limits;
use crate::media::MediaDir;
use crate::protocol::time::Timestamp;
use crate::remote::dereference::Fetcher;
use crate::remote::transport::http_client::HttpClient;
use crate::store::queues::jobs::Cause;

/// The longest sleep of a worker: rows that another process wrote (the command line) are found after it.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// Stack of a worker thread; TLS and JSON fit well.
const STACK: usize = 1024 * 1024;

/// What workers work with.
#[derive(Clone)]
pub struct WorkerContext {
    /// The rules and the database.
    pub domain: Arc<Domain>,
    /// Connects to other servers.
    pub gate: Arc<HttpClient>,
    /// Fetches documents.
    pub fetcher: Arc<Fetcher>,
    /// The media directory.
    pub media: MediaDir,
    /// Set when the server stops.
    pub stopping: Arc<AtomicBool>,
}

impl WorkerContext {
    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }
}

/// The running workers.
pub struct Workers {
    tools: WorkerContext,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts all workers.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(tools: WorkerContext) -> Result<Self> {
        let mut workers = Self { tools: tools.clone(), threads: Vec::new() };
        workers.threads.extend(inbox::start(&tools)?);
        for n in 0..limits::JOB_WORKERS {
            let lowest = if n < limits::JOB_WORKERS_FOR_OWNER { Cause::Owner } else { Cause::Stranger };
            workers.spawn(&format!("jobs-{n}"), move |tools| worker::run(tools, lowest))?;
        }
        workers.spawn("housekeeping", maintenance::run)?;
        workers.threads.extend(delivery::start(&tools)?);
        Ok(workers)
    }

    fn spawn(&mut self, name: &str, run: impl FnOnce(&WorkerContext) + Send + 'static) -> Result<()> {
        let tools = self.tools.clone();
        self.threads.push(spawn(name, move || run(&tools))?);
        Ok(())
    }

    /// Stops taking work and waits for what is under way, at most [`limits::SHUTDOWN_WORKERS`]. What is not done then is
    /// still a row, and is done after the next start.
    pub fn stop(self) {
        self.tools.stopping.store(true, Ordering::Release);
        let wake = &self.tools.domain.signals;
        for bell in [&wake.delivery, &wake.inbox, &wake.jobs] {
            bell.notify();
        }
        let end = Instant::now() + limits::SHUTDOWN_WORKERS;
        for thread in self.threads {
            while !thread.is_finished() && Instant::now() < end {
                std::thread::sleep(Duration::from_millis(10));
            }
            if thread.is_finished() {
                // A panic there was logged already; nothing is lost, the row is still there.
                let _ = thread.join();
            } else {
                tracing::warn!(thread = thread.thread().name(), "a worker was still at work when the server stopped");
            }
        }
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    Ok(std::thread::Builder::new().name(name.to_owned()).stack_size(STACK).spawn(run)?)
}

/// How long to sleep until something is due, at most [`LONGEST_SLEEP`].
fn sleep_until(due: Option<Timestamp>, now: Timestamp) -> Duration {
    let Some(due) = due else { return LONGEST_SLEEP };
    let ms = due.millis().saturating_sub(now.millis()).max(0);
    Duration::from_millis(ms as u64).min(LONGEST_SLEEP)
}

/// A duration with ±20 % of jitter, so that what failed together is not tried again together.
fn jittered(wait: Duration) -> Duration {
    let mut byte = [0_u8; 1];
    // Without randomness there is no jitter, which is no reason to fail.
    let _ = getrandom::fill(&mut byte);
    wait.mul_f64(0.8 + 0.4 * f64::from(byte[0]) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_a_fifth() {
        for _ in 0..1_000 {
            let wait = jittered(Duration::from_secs(100)).as_secs_f64();
            assert!((79.9..=120.1).contains(&wait), "{wait}");
        }
    }

    #[test]
    fn sleeps_are_bounded() {
        let now = Timestamp::from_millis(10_000);
        assert_eq!(sleep_until(None, now), LONGEST_SLEEP);
        assert_eq!(sleep_until(Some(Timestamp::from_millis(0)), now), Duration::ZERO);
        assert_eq!(sleep_until(Some(Timestamp::from_millis(10_250)), now), Duration::from_millis(250));
    }
}
