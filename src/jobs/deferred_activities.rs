//! The queue of activities that need something from another server: a few are fetched concurrently, and one at a time for
//! each server. A server that does not respond blocks one thread for one time-out.

use std::collections::{HashSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::domain::inbox::Need;
use crate::domain::urls::host_of;
use crate::limits;
use crate::protocol::registrable::registrable;
use crate::store::queues::inbox_queue::QueuedActivity;

/// An activity and what must be fetched for it.
pub(super) struct DeferredActivity {
    pub(super) waiting: QueuedActivity,
    pub(super) need: Need,
    host: String,
}

#[derive(Default)]
struct QueueState {
    queue: VecDeque<DeferredActivity>,
    /// The rows in the queue and in progress.
    rows: HashSet<i64>,
    /// The hosts that are being fetched from.
    busy: HashSet<String>,
    closed: bool,
}

/// The queue.
#[derive(Default)]
pub(super) struct DeferredActivities {
    state: Mutex<QueueState>,
    changed: Condvar,
}

impl DeferredActivities {
    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns `true` if a row is in the queue or in progress.
    pub(super) fn has(&self, row: i64) -> bool {
        self.lock().rows.contains(&row)
    }

    /// Adds an activity. Returns `false` if there are too many, in all or for its host.
    pub(super) fn offer(&self, waiting: QueuedActivity, need: Need) -> bool {
        let host = registrable(&host_of(need.address()).unwrap_or_default());
        let mut state = self.lock();
        let of_host = state.queue.iter().filter(|e| e.host == host).count();
        if state.queue.len() >= limits::DEFERRED_ACTIVITIES || of_host >= limits::DEFERRED_ACTIVITIES_PER_HOST {
            return false;
        }
        state.rows.insert(waiting.id);
        state.queue.push_back(DeferredActivity { waiting, need, host });
        self.changed.notify_one();
        true
    }

    /// Waits for an activity whose host is not busy; `None` when the server stops.
    pub(super) fn take(&self) -> Option<DeferredActivity> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(n) = state.queue.iter().position(|e| !state.busy.contains(&e.host)) {
                let activity = state.queue.remove(n)?;
                state.busy.insert(activity.host.clone());
                return Some(activity);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends an activity, so that its host is free for the next.
    pub(super) fn done(&self, activity: &DeferredActivity) {
        let mut state = self.lock();
        state.rows.remove(&activity.waiting.id);
        state.busy.remove(&activity.host);
        self.changed.notify_all();
    }

    /// Ends all waiting. Remaining activities are still stored.
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
    fn each_host_has_one_activity_in_progress() {
        let deferred = DeferredActivities::default();
        let mut id = 0;
        let mut offer = |host: &str| {
            id += 1;
            let (received_at, body) = (Timestamp::default(), Vec::new());
            let waiting = QueuedActivity { id, signer: ActorId(1), body, received_at, attempts: 0 };
            deferred.offer(waiting, Need::Object(format!("https://{host}/{id}")))
        };
        let taken = (0..100).filter(|_| offer("mute.example")).count();
        assert_eq!(taken, limits::DEFERRED_ACTIVITIES_PER_HOST);
        assert!(offer("well.example"));
        let (first, second) = (deferred.take().unwrap(), deferred.take().unwrap());
        assert_eq!((first.host.as_str(), second.host.as_str()), ("mute.example", "well.example"));
        assert!(deferred.has(first.waiting.id));
        deferred.done(&first);
        assert!(!deferred.has(first.waiting.id));
        assert_eq!(deferred.take().unwrap().host, "mute.example");
        let taken = (0..1_000).filter(|n| offer(&format!("h{n}.example"))).count();
        assert_eq!(taken, limits::DEFERRED_ACTIVITIES - (limits::DEFERRED_ACTIVITIES_PER_HOST - 2));
        deferred.close();
        assert!(deferred.take().is_none());
    }
}
