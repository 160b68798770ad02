//! Hosts that are left in peace for a while: those that kept us waiting for nothing, which would keep the next fetch
//! waiting as long, and those that ask us to come later.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::bounded::{Bounded, Worth};
use crate::error::RemoteError;
use crate::limits;

/// What is remembered of such hosts.
pub(crate) struct Cooling {
    hosts: Mutex<Bounded<String, (Instant, RemoteError)>>,
    began: Instant,
}

impl Default for Cooling {
    fn default() -> Self {
        Self { hosts: Mutex::new(Bounded::new(limits::COUNTER_TABLE)), began: Instant::now() }
    }
}

impl Cooling {
    /// What the host answered, or did not, so lately that it is not asked again now.
    pub(crate) fn holds(&self, host: &str) -> Option<RemoteError> {
        let hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.get(&host.to_owned()).filter(|(until, _)| *until > Instant::now()).map(|(_, error)| error.clone())
    }

    /// Takes note of how a fetch failed that took so long.
    pub(crate) fn note(&self, host: &str, error: &RemoteError, took: Duration) {
        let rest = match error {
            // A connection that is refused at once costs nothing, and may be taken the next moment.
            error if error.is_silence() && took >= limits::HOST_BACKOFF_THRESHOLD => limits::HOST_BACKOFF,
            RemoteError::Status { status: 429 | 503, retry_after } => {
                Duration::from_secs(retry_after.unwrap_or(0)).clamp(limits::HOST_BACKOFF, limits::HOST_BACKOFF_MAX)
            }
            _ => return,
        };
        let now = Instant::now();
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let began = self.began;
        let worth = |(until, _): &(Instant, RemoteError)| {
            let rest = until.saturating_duration_since(began).as_millis();
            if *until <= now { Worth::Nothing } else { Worth::Since(rest as i64) }
        };
        let known = (now + rest, error.clone());
        if let Some(entry) = hosts.entry(&host.to_owned(), known.clone(), worth) {
            *entry = known;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_kept_us_waiting_or_wants_peace_is_left_alone() {
        let cooling = Cooling::default();
        let silence = RemoteError::Unreachable("time-out".into());
        let taken = RemoteError::NoAnswer("time-out".into());
        let busy = |retry_after| RemoteError::Status { status: 429, retry_after };
        for (host, error, took, held) in [
            ("slow", &silence, limits::HOST_BACKOFF_THRESHOLD, true),
            ("hanging", &taken, limits::HOST_BACKOFF_THRESHOLD, true),
            ("refused", &silence, Duration::ZERO, false),
            ("busy", &busy(None), Duration::ZERO, true),
            ("for ever", &busy(Some(u64::MAX)), Duration::ZERO, true),
            ("missing", &RemoteError::Status { status: 404, retry_after: None }, limits::HOST_BACKOFF_THRESHOLD, false),
        ] {
            cooling.note(host, error, took);
            assert_eq!(cooling.holds(host).is_some(), held, "{host}");
        }
        assert_eq!(cooling.holds("unknown"), None);
    }
}
