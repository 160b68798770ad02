//! How much may be fetched: keys that strangers make us need, and documents by who causes it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use crate::domain::rate_limit::HourlyLimit;
use crate::limits;
use crate::protocol::registrable::registrable;
use crate::protocol::time::Timestamp;

/// How well the host of a key is known here. Each has a quota and threads of its own, so that made-up keys on unknown hosts
/// keep out nobody who is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Acquaintance {
    /// The owner follows somebody there.
    Followed,
    /// Actors of it are stored here.
    Known,
    /// Nothing of it was ever seen.
    Unknown,
}

impl Acquaintance {
    /// Lookups in a minute, in all and by host.
    fn quota(self) -> (usize, usize) {
        match self {
            Self::Followed | Self::Known => {
                (limits::KNOWN_KEY_FETCHES_PER_MINUTE, limits::KNOWN_KEY_FETCHES_PER_HOST_PER_MINUTE)
            }
            Self::Unknown => (limits::KEY_FETCHES_PER_MINUTE, limits::KEY_FETCHES_PER_HOST_PER_MINUTE),
        }
    }
}

/// A key that is to be fetched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lookup<'a> {
    pub(crate) acquaintance: Acquaintance,
    /// The name under which its host is counted.
    pub(crate) host: &'a str,
    /// Who names it, unless that is this machine itself.
    pub(crate) client: Option<IpAddr>,
}

#[derive(Default)]
struct Minute {
    began: Timestamp,
    all: HashMap<Acquaintance, usize>,
    hosts: HashMap<String, usize>,
    failures: HashMap<IpAddr, usize>,
}

/// Counts key fetches in each minute: in all and by host, and failed ones by client. The totals bound its tables.
#[derive(Default)]
pub(crate) struct Budget(Mutex<Minute>);

impl Budget {
    fn minute(&self, now: Timestamp) -> MutexGuard<'_, Minute> {
        let mut minute = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if now >= minute.began.plus(Duration::from_secs(60)) {
            *minute = Minute { began: now, ..Minute::default() };
        }
        minute
    }

    /// Takes one fetch from the budget, if there is one left.
    pub(crate) fn take(&self, lookup: Lookup<'_>, now: Timestamp) -> bool {
        let mut minute = self.minute(now);
        let (most, most_of_host) = lookup.acquaintance.quota();
        let all = minute.all.get(&lookup.acquaintance).copied().unwrap_or(0);
        let of_host = minute.hosts.get(lookup.host).copied().unwrap_or(0);
        let failed = lookup.client.and_then(|c| minute.failures.get(&c)).copied().unwrap_or(0);
        let is_suspect =
            failed >= limits::KEY_FAILURES_PER_CLIENT_PER_MINUTE && lookup.acquaintance == Acquaintance::Unknown;
        if all >= most || of_host >= most_of_host || is_suspect {
            return false;
        }
        minute.all.insert(lookup.acquaintance, all + 1);
        minute.hosts.insert(lookup.host.to_owned(), of_host + 1);
        true
    }

    /// Charges a lookup that failed to the client that caused it.
    pub(crate) fn failed(&self, lookup: Lookup<'_>, now: Timestamp) {
        if let Some(client) = lookup.client {
            *self.minute(now).failures.entry(client).or_default() += 1;
        }
    }
}

/// Who causes a fetch. Each has a budget of its own, so that nobody spends the owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requester {
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
pub(crate) struct Documents(HourlyLimit);

impl Documents {
    /// Takes one fetch from what a purse holds for a host, if there is one left.
    pub(crate) fn take(&self, purse: Requester, host: &str, now: Timestamp) -> bool {
        let of_host = |most| self.0.take(&format!("{purse:?} {}", registrable(host)), most, now);
        match purse {
            Requester::Keys => true,
            Requester::Owner | Requester::Followed => of_host(limits::FETCHES_PER_HOST_PER_HOUR),
            Requester::Stranger => {
                of_host(limits::UNKNOWN_ACTOR_FETCHES_PER_HOST_PER_HOUR)
                    && self.0.take("Stranger", limits::UNKNOWN_ACTOR_FETCHES_PER_HOUR, now)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_has_its_budget_for_each_registered_name() {
        let documents = Documents::default();
        let hourly = |host: &str, now| documents.take(Requester::Owner, host, now);
        let now = Timestamp::from_millis(10_000_000);
        let taken = (0..400).filter(|i| hourly(&format!("{i}.evil.example"), now)).count();
        assert_eq!(taken, limits::FETCHES_PER_HOST_PER_HOUR);
        assert!(hourly("other.example", now));
        assert!(hourly("1.evil.example", now.plus(Duration::from_secs(3_601))));
        let strangers = |host: &str| documents.take(Requester::Stranger, host, now);
        let taken = (0..400).filter(|_| strangers("evil.example")).count();
        assert_eq!(taken, limits::UNKNOWN_ACTOR_FETCHES_PER_HOST_PER_HOUR, "strangers have a purse of their own");
        let taken = (0..2_000).filter(|i| strangers(&format!("{i}.org"))).count();
        assert_eq!(taken, limits::UNKNOWN_ACTOR_FETCHES_PER_HOUR - limits::UNKNOWN_ACTOR_FETCHES_PER_HOST_PER_HOUR);
    }

    fn lookup(acquaintance: Acquaintance, host: &str, client: u8) -> Lookup<'_> {
        Lookup { acquaintance, host, client: Some([192, 0, 2, client].into()) }
    }

    #[test]
    fn made_up_keys_of_one_client_leave_room_for_others_and_for_known_hosts() {
        let (budget, now) = (Budget::default(), Timestamp::from_millis(1_000_000));
        let taken = (0..200)
            .filter(|n| {
                let (host, client) = (format!("{n}.example"), 1);
                let junk = lookup(Acquaintance::Unknown, &host, client);
                budget.take(junk, now) && {
                    budget.failed(junk, now);
                    true
                }
            })
            .count();
        assert_eq!(taken, limits::KEY_FAILURES_PER_CLIENT_PER_MINUTE);
        assert!(budget.take(lookup(Acquaintance::Unknown, "new.example", 2), now), "another client is not charged");
        assert!(budget.take(lookup(Acquaintance::Known, "known.example", 1), now), "known hosts are asked");
        while budget.take(lookup(Acquaintance::Unknown, &format!("{:?}", std::time::Instant::now()), 3), now) {}
        assert!(budget.take(lookup(Acquaintance::Known, "known.example", 1), now));
        assert!(budget.take(lookup(Acquaintance::Followed, "friend.example", 1), now));
    }

    #[test]
    fn a_host_and_all_hosts_together_have_their_budgets() {
        let budget = Budget::default();
        let take =
            |host: &str, now| budget.take(Lookup { acquaintance: Acquaintance::Unknown, host, client: None }, now);
        let now = Timestamp::from_millis(1_000_000);
        let taken = (0..20).filter(|_| take("a.example", now)).count();
        assert_eq!(taken, limits::KEY_FETCHES_PER_HOST_PER_MINUTE);
        let taken = (0..500).filter(|i| take(&format!("{i}.example"), now)).count();
        assert_eq!(taken, limits::KEY_FETCHES_PER_MINUTE - limits::KEY_FETCHES_PER_HOST_PER_MINUTE);
        assert!(take("a.example", now.plus(Duration::from_secs(61))));
    }
}
