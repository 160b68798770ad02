//! Backoff for hosts whose last fetch timed out, because the next one would take as long, and for hosts that request it by
//! their status.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::bounded::{Bounded, Worth};
use crate::error::RemoteError;
use crate::limits;

/// The hosts in backoff, with the error of their last fetch.
pub(super) struct HostBackoff {
    hosts: Mutex<Bounded<String, (Instant, RemoteError)>>,
    began: Instant,
}

impl Default for HostBackoff {
    fn default() -> Self {
        Self { hosts: Mutex::new(Bounded::new(limits::COUNTER_TABLE)), began: Instant::now() }
    }
}

impl HostBackoff {
    /// The error of the last fetch from a host in backoff.
    pub(super) fn error_of(&self, host: &str) -> Option<RemoteError> {
        let hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.get(&host.to_owned()).filter(|(until, _)| *until > Instant::now()).map(|(_, error)| error.clone())
    }

    /// Starts the backoff of a host whose fetch failed after this time.
    pub(super) fn note(&self, host: &str, error: &RemoteError, took: Duration) {
        let rest = match error {
            // A connection that is refused immediately costs little.
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
    fn slow_and_busy_hosts_are_in_backoff() {
        let backoff = HostBackoff::default();
        let silence = RemoteError::Unreachable("time-out".into());
        let taken = RemoteError::NoAnswer("time-out".into());
        let busy = |retry_after| RemoteError::Status { status: 429, retry_after };
        for (host, error, took, held) in [
            ("slow", &silence, limits::HOST_BACKOFF_THRESHOLD, true),
            ("hanging", &taken, limits::HOST_BACKOFF_THRESHOLD, true),
            ("refused", &silence, Duration::ZERO, false),
            ("busy", &busy(None), Duration::ZERO, true),
            ("extreme", &busy(Some(u64::MAX)), Duration::ZERO, true),
            ("missing", &RemoteError::Status { status: 404, retry_after: None }, limits::HOST_BACKOFF_THRESHOLD, false),
        ] {
            backoff.note(host, error, took);
            assert_eq!(backoff.error_of(host).is_some(), held, "{host}");
        }
        assert_eq!(backoff.error_of("unknown"), None);
    }
}
