//! Signals that wake the workers when a row waits for them. The row counts: a signal that is lost only delays the work
//! until the worker's next regular check.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// A signal that one worker waits for.
#[derive(Clone, Default)]
pub struct Signal(Arc<(Mutex<bool>, Condvar)>);

impl Signal {
    /// Wakes the worker, now or at its next [`Signal::wait`].
    pub fn notify(&self) {
        *self.0.0.lock().unwrap_or_else(|e| e.into_inner()) = true;
        self.0.1.notify_all();
    }

    /// Waits for [`Signal::notify`], at most this long.
    pub fn wait(&self, at_most: Duration) {
        let notified = self.0.0.lock().unwrap_or_else(|e| e.into_inner());
        let (mut notified, _) =
            self.0.1.wait_timeout_while(notified, at_most, |notified| !*notified).unwrap_or_else(|e| e.into_inner());
        *notified = false;
    }
}

/// A worker that waits for rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worker {
    /// Delivers our activities.
    Delivery,
    /// Applies incoming activities.
    Inbox,
    /// Runs all other jobs.
    Jobs,
}

/// The signals of all workers.
#[derive(Clone, Default)]
pub struct Signals {
    /// Activities of ours wait for delivery.
    pub delivery: Signal,
    /// Incoming activities wait.
    pub inbox: Signal,
    /// Other jobs wait.
    pub jobs: Signal,
}

impl Signals {
    /// Wakes a worker.
    pub fn notify(&self, worker: Worker) {
        match worker {
            Worker::Delivery => self.delivery.notify(),
            Worker::Inbox => self.inbox.notify(),
            Worker::Jobs => self.jobs.notify(),
        }
    }
}
