//! Files that could not be fetched recently: they are not fetched again before their time.

use std::sync::{Mutex, PoisonError};

use crate::domain::bounded::{Bounded, Worth};
use crate::domain::remote_files::FileFailure;
use crate::limits;
use crate::protocol::time::Timestamp;

#[derive(Debug, Clone)]
struct Failed {
    times: usize,
    retry_at: Timestamp,
    failure: FileFailure,
}

/// The failures by key.
#[derive(Debug)]
pub(super) struct Failures(Mutex<Bounded<String, Failed>>);

impl Default for Failures {
    fn default() -> Self {
        Self(Mutex::new(Bounded::new(limits::COUNTER_TABLE)))
    }
}

impl Failures {
    /// The failure of a file that is not fetched again yet.
    pub(super) fn of(&self, key: &String, now: Timestamp) -> Option<FileFailure> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(key).filter(|f| f.retry_at > now).map(|f| f.failure.clone())
    }

    /// Records a failure. Those of this server are not counted against the file.
    pub(super) fn record(&self, key: &String, failure: &FileFailure, now: Timestamp) {
        let waits: &[_] = match failure {
            FileFailure::Absent | FileFailure::Unusable(_) => &limits::REMOTE_FILE_ABSENT_BACKOFF,
            FileFailure::Unanswered | FileFailure::Failing(_) => &limits::REMOTE_FILE_BACKOFF,
            FileFailure::Busy { .. } | FileFailure::Internal => return,
        };
        let worth = |f: &Failed| if f.retry_at <= now { Worth::Nothing } else { Worth::Since(f.retry_at.millis()) };
        let new = Failed { times: 0, retry_at: now, failure: failure.clone() };
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = failures.entry(key, new, worth) {
            entry.retry_at = now.plus(waits[entry.times.min(waits.len() - 1)]);
            entry.times += 1;
            entry.failure = failure.clone();
        }
    }

    /// Forgets the failure of a file.
    pub(super) fn forget(&self, key: &String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_pause_grows_with_each_failure() {
        let (failures, key) = (Failures::default(), "k".to_owned());
        let mut now = Timestamp::from_millis(1_000_000);
        for wait in limits::REMOTE_FILE_BACKOFF.into_iter().chain([limits::REMOTE_FILE_BACKOFF[3]]) {
            failures.record(&key, &FileFailure::Unanswered, now);
            assert_eq!(failures.of(&key, now.plus(wait - Duration::from_secs(1))), Some(FileFailure::Unanswered));
            now = now.plus(wait);
            assert_eq!(failures.of(&key, now), None);
        }
        failures.record(&key, &FileFailure::Busy { retry_after: 1 }, now);
        assert_eq!(failures.of(&key, now), None, "a busy server is no failure of the file");
        failures.record(&key, &FileFailure::Absent, now);
        failures.forget(&key);
        assert_eq!(failures.of(&key, now), None);
    }
}
