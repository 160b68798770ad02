//! How much may be fetched: keys that strangers make us need, and documents by who causes it.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::domain::hourly::Hourly;
use crate::limits;
use crate::protocol::time::Timestamp;

#[derive(Default)]
struct Minute {
    began: Timestamp,
    all: usize,
    hosts: HashMap<String, usize>,
}

/// Counts key fetches in each minute, in all and by host.
#[derive(Default)]
pub(super) struct Budget(Mutex<Minute>);

impl Budget {
    /// Takes one fetch from the budget, if there is one left.
    pub(super) fn take(&self, host: &str, now: Timestamp) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if now >= minute.began.plus(Duration::from_secs(60)) {
            *minute = Minute { began: now, ..Minute::default() };
        }
        let of_host = minute.hosts.get(host).copied().unwrap_or(0);
        if minute.all >= limits::KEY_FETCHES_PER_MINUTE || of_host >= limits::KEY_FETCHES_PER_HOST_PER_MINUTE {
            return false;
        }
        minute.all += 1;
        minute.hosts.insert(host.to_owned(), of_host + 1);
        true
    }
}

/// Who causes a fetch. Each has a budget of its own, so that nobody spends the owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purse {
    /// The owner looks at something or follows somebody.
    Owner,
    /// Somebody whom the owner follows, or a relay.
    Followed,
    /// Anybody else.
    Stranger,
    /// A signature has to be checked; these fetches are counted apart.
    Keys,
}

/// Counts the documents that are fetched from each registered name in an hour, so that nobody with a wildcard in the
/// DNS can keep us busy, and we keep nobody busy.
#[derive(Default)]
pub(super) struct Documents(Hourly);

impl Documents {
    /// Takes one fetch from what a purse holds for a host, if there is one left.
    pub(super) fn take(&self, purse: Purse, host: &str, now: Timestamp) -> bool {
        let of_host = |most| self.0.take(&format!("{purse:?} {}", registered(host)), most, now);
        match purse {
            Purse::Keys => true,
            Purse::Owner | Purse::Followed => of_host(limits::FETCHES_PER_HOST_PER_HOUR),
            Purse::Stranger => {
                of_host(limits::STRANGER_FETCHES_PER_HOST_PER_HOUR)
                    && self.0.take("Stranger", limits::STRANGER_FETCHES_PER_HOUR, now)
            }
        }
    }
}

/// The name that somebody registered, as far as it can be told without the list of all registries: the last two labels,
/// or three where the second is as short as in `co.uk`. Addresses stay whole.
fn registered(host: &str) -> &str {
    let bare = host.split(':').next().unwrap_or(host);
    if host.starts_with('[') || bare.parse::<std::net::Ipv4Addr>().is_ok() {
        return host;
    }
    let dots: Vec<usize> = bare.match_indices('.').map(|(i, _)| i).collect();
    let Some(second) = dots.len().checked_sub(2).map(|i| dots[i]) else { return host };
    let label = bare[second + 1..].split('.').next().unwrap_or_default();
    let start = match dots.len().checked_sub(3) {
        Some(third) if label.len() <= 3 => dots[third] + 1,
        None if label.len() <= 3 => 0,
        _ => second + 1,
    };
    &host[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_has_its_budget_for_each_registered_name() {
        let documents = Documents::default();
        let hourly = |host: &str, now| documents.take(Purse::Owner, host, now);
        let now = Timestamp::from_millis(10_000_000);
        let taken = (0..400).filter(|i| hourly(&format!("{i}.evil.example"), now)).count();
        assert_eq!(taken, limits::FETCHES_PER_HOST_PER_HOUR);
        assert!(hourly("other.example", now));
        assert!(hourly("1.evil.example", now.plus(Duration::from_secs(3_601))));
        let strangers = |host: &str| documents.take(Purse::Stranger, host, now);
        let taken = (0..400).filter(|_| strangers("evil.example")).count();
        assert_eq!(taken, limits::STRANGER_FETCHES_PER_HOST_PER_HOUR, "strangers have a purse of their own");
        let taken = (0..2_000).filter(|i| strangers(&format!("{i}.org"))).count();
        assert_eq!(taken, limits::STRANGER_FETCHES_PER_HOUR - limits::STRANGER_FETCHES_PER_HOST_PER_HOUR);
        for (host, name) in [
            ("a.b.example.org", "example.org"),
            ("example.org", "example.org"),
            ("a.example.co.uk", "example.co.uk"),
            ("example.co.uk", "example.co.uk"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("[::1]:80", "[::1]:80"),
            ("localhost:80", "localhost:80"),
        ] {
            assert_eq!(registered(host), name);
        }
    }

    #[test]
    fn a_host_and_all_hosts_together_have_their_budgets() {
        let budget = Budget::default();
        let now = Timestamp::from_millis(1_000_000);
        let taken = (0..10).filter(|_| budget.take("a.example", now)).count();
        assert_eq!(taken, limits::KEY_FETCHES_PER_HOST_PER_MINUTE);
        let taken = (0..100).filter(|i| budget.take(&format!("{i}.example"), now)).count();
        assert_eq!(taken, limits::KEY_FETCHES_PER_MINUTE - limits::KEY_FETCHES_PER_HOST_PER_MINUTE);
        assert!(budget.take("a.example", now.plus(Duration::from_secs(61))));
    }
}
