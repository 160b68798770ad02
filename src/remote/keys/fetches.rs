//! Limits and memory of key fetches.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use super::fetch_limiter::KeyFetchLimiter;
use crate::domain::bounded::{Bounded, Worth};
use crate::error::Error;
use crate::limits;
use crate::protocol::time::Timestamp;
use crate::remote::fetch_quota::KeyQuota;

/// The reason why a key could not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyFailure {
    /// There is no such key, or its owner does not list it.
    Missing,
    /// Its actor is gone.
    Gone,
    /// Its server did not respond as it should; a later attempt may succeed.
    Temporary,
}

impl From<KeyFailure> for Error {
    fn from(failure: KeyFailure) -> Self {
        match failure {
            KeyFailure::Missing => {
                Self::Unauthorized("the key cannot be found at its id, or its owner does not list it".into())
            }
            KeyFailure::Gone => Self::Gone,
            KeyFailure::Temporary => Self::Busy { retry_after: limits::BUSY_RETRY_AFTER },
        }
    }
}

/// Limits and memory of key fetches.
pub(crate) struct KeyFetches {
    /// By key id; by host if the whole host did not respond.
    failures: Mutex<Bounded<String, (Timestamp, KeyFailure)>>,
    pub(crate) quota: KeyQuota,
    pub(crate) limiter: KeyFetchLimiter,
}

impl Default for KeyFetches {
    fn default() -> Self {
        let failures = Mutex::new(Bounded::new(limits::COUNTER_TABLE));
        Self { failures, quota: KeyQuota::default(), limiter: KeyFetchLimiter::default() }
    }
}

impl KeyFetches {
    /// Remembers a failure, so that other requests do not repeat the fetch.
    pub(crate) fn remember(&self, subject: &str, failure: KeyFailure, now: Timestamp) {
        let memory = match failure {
            KeyFailure::Temporary => limits::KEY_UNREACHABLE_MEMORY,
            KeyFailure::Missing | KeyFailure::Gone => limits::KEY_FAILURE_MEMORY,
        };
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let worth = |(until, _): &(Timestamp, KeyFailure)| {
            if *until <= now { Worth::Nothing } else { Worth::Since(until.millis()) }
        };
        let known = (now.plus(memory), failure);
        if let Some(entry) = failures.entry(&subject.to_owned(), known, worth) {
            *entry = known;
        }
    }

    /// A recent failure of a key or host.
    pub(crate) fn recent_failure(&self, subject: &str, now: Timestamp) -> Option<KeyFailure> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(&subject.to_owned()).filter(|(until, _)| *until > now).map(|(_, failure)| *failure)
    }
}

/// The client that failed look-ups are charged to; for IPv6 its /64. Programs on this machine, and proxies that state no
/// client, are not charged.
pub(crate) fn charged_client(client: IpAddr) -> Option<IpAddr> {
    let client = client.to_canonical();
    let network = match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    };
    (!client.is_loopback()).then_some(network)
}
