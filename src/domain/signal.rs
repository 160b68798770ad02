//! How a write tells a worker that a row is waiting for it. The row is the truth; a lost wake-up only costs the
//! worker's next regular look.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// One bell that one worker listens to.
#[derive(Clone, Default)]
pub struct Signal(Arc<(Mutex<bool>, Condvar)>);

impl Signal {
    /// Rings: the listener wakes, now or at its next [`Signal::wait`].
    pub fn notify(&self) {
        *self.0.0.lock().unwrap_or_else(|e| e.into_inner()) = true;
        self.0.1.notify_all();
    }

    /// Waits until somebody rings, at most this long.
    pub fn wait(&self, at_most: Duration) {
        let rung = self.0.0.lock().unwrap_or_else(|e| e.into_inner());
        let (mut rung, _) =
            self.0.1.wait_timeout_while(rung, at_most, |rung| !*rung).unwrap_or_else(|e| e.into_inner());
        *rung = false;
    }
}

/// The bells of all workers.
#[derive(Clone, Default)]
pub struct Signals {
    /// Activities of ours wait for delivery.
    pub delivery: Signal,
    /// Incoming activities wait for their effects.
    pub inbox: Signal,
    /// Other jobs wait.
    pub jobs: Signal,
}
