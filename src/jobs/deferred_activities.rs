//! Activities that wait for something from another server: a few at a time, and of each server one after the other. A
//! server that does not answer holds up one of the threads for one time-out; what needs it is then put off at once.

use std::collections::{HashSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::domain::inbox::Need;
use crate::domain::urls::host_of;
use crate::limits;
use crate::protocol::registrable::registrable;
use crate::store::queues::inbox_queue::QueuedActivity;

/// An activity and what it needs first.
pub(super) struct Errand {
    pub(super) waiting: QueuedActivity,
    pub(super) need: Need,
    host: String,
}

#[derive(Default)]
struct QueueState {
    queue: VecDeque<Errand>,
    /// Rows that are in the queue or worked on.
    rows: HashSet<i64>,
    /// Servers that are being asked.
    busy: HashSet<String>,
    closed: bool,
}

/// What is to be fetched for activities.
#[derive(Default)]
pub(super) struct Errands {
    state: Mutex<QueueState>,
    changed: Condvar,
}

impl Errands {
    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True of a row that is in the queue or worked on.
    pub(super) fn has(&self, row: i64) -> bool {
        self.lock().rows.contains(&row)
    }

    /// Hands out an errand. Answers false when there are too many, in all or for its server.
    pub(super) fn offer(&self, waiting: QueuedActivity, need: Need) -> bool {
        let host = registrable(&host_of(need.address()).unwrap_or_default());
        let mut state = self.lock();
        let of_host = state.queue.iter().filter(|e| e.host == host).count();
        if state.queue.len() >= limits::DEFERRED_ACTIVITIES || of_host >= limits::DEFERRED_ACTIVITIES_PER_HOST {
            return false;
        }
        state.rows.insert(waiting.id);
        state.queue.push_back(Errand { waiting, need, host });
        self.changed.notify_one();
        true
    }

    /// Waits for an errand whose server is not being asked already; nothing when the server stops.
    pub(super) fn take(&self) -> Option<Errand> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(n) = state.queue.iter().position(|e| !state.busy.contains(&e.host)) {
                let errand = state.queue.remove(n)?;
                state.busy.insert(errand.host.clone());
                return Some(errand);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// An errand is done: its server can be asked for the next.
    pub(super) fn done(&self, errand: &Errand) {
        let mut state = self.lock();
        state.rows.remove(&errand.waiting.id);
        state.busy.remove(&errand.host);
        self.changed.notify_all();
    }

    /// Ends all waiting. What was not done is still there as a row.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ids::ActorId;
    use crate::protocol::time::Timestamp;

    #[test]
    fn each_server_is_asked_one_thing_at_a_time() {
        let errands = Errands::default();
        let mut id = 0;
        let mut offer = |host: &str| {
            id += 1;
            let (received_at, body) = (Timestamp::default(), Vec::new());
            let waiting = QueuedActivity { id, signer: ActorId(1), body, received_at, attempts: 0 };
            errands.offer(waiting, Need::Object(format!("https://{host}/{id}")))
        };
        let taken = (0..100).filter(|_| offer("mute.example")).count();
        assert_eq!(taken, limits::DEFERRED_ACTIVITIES_PER_HOST);
        assert!(offer("well.example"));
        let (first, second) = (errands.take().unwrap(), errands.take().unwrap());
        assert_eq!((first.host.as_str(), second.host.as_str()), ("mute.example", "well.example"));
        assert!(errands.has(first.waiting.id));
        errands.done(&first);
        assert!(!errands.has(first.waiting.id));
        assert_eq!(errands.take().unwrap().host, "mute.example");
        let taken = (0..1_000).filter(|n| offer(&format!("h{n}.example"))).count();
        assert_eq!(taken, limits::DEFERRED_ACTIVITIES - (limits::DEFERRED_ACTIVITIES_PER_HOST - 2));
        errands.close();
        assert!(errands.take().is_none());
    }
}
