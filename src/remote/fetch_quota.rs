//! Quotas of fetches: keys by the familiarity of their host, documents by requester.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use crate::domain::rate_limit::HourlyLimit;
use crate::limits;
use crate::protocol::registrable::registrable;
use crate::protocol::time::Timestamp;

/// The familiarity of a key's host. Each has its own quota and threads, so that invented keys on unknown hosts do not
/// exclude known ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Familiarity {
    /// The owner follows actors there.
    Followed,
    /// Actors of the host are stored.
    Known,
    /// Nothing of the host is stored.
    Unknown,
}

impl Familiarity {
    /// Fetches per minute, in all and by host.
    fn quota(self) -> (usize, usize) {
        match self {
            Self::Followed | Self::Known => {
                (limits::KNOWN_KEY_FETCHES_PER_MINUTE, limits::KNOWN_KEY_FETCHES_PER_HOST_PER_MINUTE)
            }
            Self::Unknown => (limits::KEY_FETCHES_PER_MINUTE, limits::KEY_FETCHES_PER_HOST_PER_MINUTE),
        }
    }
}

/// The look-up of a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyLookup<'a> {
    pub(crate) familiarity: Familiarity,
    /// The name under which its host is counted: mostly the registrable domain.
    pub(crate) host: &'a str,
    /// The client that caused it, unless that is on this machine.
    pub(crate) client: Option<IpAddr>,
}

#[derive(Default)]
struct Minute {
    began: Timestamp,
    all: HashMap<Familiarity, usize>,
    hosts: HashMap<String, usize>,
    failures: HashMap<IpAddr, usize>,
}

/// Counts key fetches per minute: in all and by host, and failed ones by client. The totals bound its tables.
#[derive(Default)]
pub(crate) struct KeyQuota(Mutex<Minute>);

impl KeyQuota {
    fn minute(&self, now: Timestamp) -> MutexGuard<'_, Minute> {
        let mut minute = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if now >= minute.began.plus(Duration::from_secs(60)) {
            *minute = Minute { began: now, ..Minute::default() };
        }
        minute
    }

    /// Takes one fetch from the quota. Returns `false` if none is left.
    pub(crate) fn take(&self, lookup: KeyLookup<'_>, now: Timestamp) -> bool {
        let mut minute = self.minute(now);
        let (most, most_of_host) = lookup.familiarity.quota();
        let all = minute.all.get(&lookup.familiarity).copied().unwrap_or(0);
        let of_host = minute.hosts.get(lookup.host).copied().unwrap_or(0);
        let failed = lookup.client.and_then(|c| minute.failures.get(&c)).copied().unwrap_or(0);
        let is_suspect =
            failed >= limits::KEY_FAILURES_PER_CLIENT_PER_MINUTE && lookup.familiarity == Familiarity::Unknown;
        if all >= most || of_host >= most_of_host || is_suspect {
            return false;
        }
        minute.all.insert(lookup.familiarity, all + 1);
        minute.hosts.insert(lookup.host.to_owned(), of_host + 1);
        true
    }

    /// Charges a failed look-up to the client that caused it.
    pub(crate) fn failed(&self, lookup: KeyLookup<'_>, now: Timestamp) {
        if let Some(client) = lookup.client {
            *self.minute(now).failures.entry(client).or_default() += 1;
        }
    }
}

/// The cause of a fetch. Each has its own quota, so that others cannot use up the owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requester {
    /// An action of the owner.
    Owner,
    /// An activity of a followed actor or a relay.
    Followed,
    /// An activity of any other actor.
    Unknown,
    /// A visitor of a page.
    Visitor,
    /// The verification of a signature; limited by [`KeyQuota`] only.
    Keys,
}

/// Counts the fetched documents by registrable domain per hour. A wildcard in the DNS is no way around the limit, and no
/// server gets too many requests from this one.
#[derive(Default)]
pub(crate) struct DocumentQuota(HourlyLimit);

impl DocumentQuota {
    /// Takes one fetch of a page for a preview. These quotas are apart, so that links to a server never delay its posts.
    pub(crate) fn take_page(&self, requester: Requester, host: &str, now: Timestamp) -> bool {
        let of_host = |most| self.0.take(&format!("page {requester:?} {}", registrable(host)), most, now);
        match requester {
            Requester::Owner | Requester::Followed => of_host(limits::CARDS_PER_DOMAIN_PER_HOUR),
            Requester::Unknown | Requester::Visitor | Requester::Keys => {
                of_host(limits::CARDS_OF_UNKNOWN_ACTORS_PER_DOMAIN_PER_HOUR)
                    && self.0.take("page Unknown", limits::CARDS_OF_UNKNOWN_ACTORS_PER_HOUR, now)
            }
        }
    }

    /// Takes one fetch from the quota of a requester for a host. Returns `false` if none is left.
    pub(crate) fn take(&self, requester: Requester, host: &str, now: Timestamp) -> bool {
        let of_host = |most| self.0.take(&format!("{requester:?} {}", registrable(host)), most, now);
        match requester {
            Requester::Keys => true,
            Requester::Owner | Requester::Followed => of_host(limits::FETCHES_PER_HOST_PER_HOUR),
            Requester::Visitor => {
                of_host(limits::VISITOR_FETCHES_PER_HOST_PER_HOUR)
                    && self.0.take("Visitor", limits::VISITOR_FETCHES_PER_HOUR, now)
            }
            Requester::Unknown => {
                of_host(limits::UNKNOWN_ACTOR_FETCHES_PER_HOST_PER_HOUR)
                    && self.0.take("Unknown", limits::UNKNOWN_ACTOR_FETCHES_PER_HOUR, now)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_limited_by_registrable_domain_and_hour() {
        let documents = DocumentQuota::default();
        let of_owner = |host: &str, now| documents.take(Requester::Owner, host, now);
        let now = Timestamp::from_millis(10_000_000);
        let taken = (0..400).filter(|i| of_owner(&format!("{i}.evil.example"), now)).count();
        assert_eq!(taken, limits::FETCHES_PER_HOST_PER_HOUR);
        assert!(of_owner("other.example", now));
        assert!(of_owner("1.evil.example", now.plus(Duration::from_secs(3_601))));
        let unknown = |host: &str| documents.take(Requester::Unknown, host, now);
        let taken = (0..400).filter(|_| unknown("evil.example")).count();
        assert_eq!(taken, limits::UNKNOWN_ACTOR_FETCHES_PER_HOST_PER_HOUR, "unknown actors have their own quota");
        let taken = (0..2_000).filter(|i| unknown(&format!("{i}.org"))).count();
        assert_eq!(taken, limits::UNKNOWN_ACTOR_FETCHES_PER_HOUR - limits::UNKNOWN_ACTOR_FETCHES_PER_HOST_PER_HOUR);
    }

    fn lookup(familiarity: Familiarity, host: &str, client: u8) -> KeyLookup<'_> {
        KeyLookup { familiarity, host, client: Some([192, 0, 2, client].into()) }
    }

    #[test]
    fn failed_fetches_are_charged_to_their_client_only() {
        let (quota, now) = (KeyQuota::default(), Timestamp::from_millis(1_000_000));
        let taken = (0..200)
            .filter(|n| {
                let (host, client) = (format!("{n}.example"), 1);
                let junk = lookup(Familiarity::Unknown, &host, client);
                quota.take(junk, now) && {
                    quota.failed(junk, now);
                    true
                }
            })
            .count();
        assert_eq!(taken, limits::KEY_FAILURES_PER_CLIENT_PER_MINUTE);
        assert!(quota.take(lookup(Familiarity::Unknown, "new.example", 2), now), "another client is not charged");
        assert!(quota.take(lookup(Familiarity::Known, "known.example", 1), now), "known hosts have their own quota");
        while quota.take(lookup(Familiarity::Unknown, &format!("{:?}", std::time::Instant::now()), 3), now) {}
        assert!(quota.take(lookup(Familiarity::Known, "known.example", 1), now));
        assert!(quota.take(lookup(Familiarity::Followed, "followed.example", 1), now));
    }

    #[test]
    fn key_fetches_are_limited_by_host_and_in_all() {
        let quota = KeyQuota::default();
        let take =
            |host: &str, now| quota.take(KeyLookup { familiarity: Familiarity::Unknown, host, client: None }, now);
        let now = Timestamp::from_millis(1_000_000);
        let taken = (0..20).filter(|_| take("a.example", now)).count();
        assert_eq!(taken, limits::KEY_FETCHES_PER_HOST_PER_MINUTE);
        let taken = (0..500).filter(|i| take(&format!("{i}.example"), now)).count();
        assert_eq!(taken, limits::KEY_FETCHES_PER_MINUTE - limits::KEY_FETCHES_PER_HOST_PER_MINUTE);
        assert!(take("a.example", now.plus(Duration::from_secs(61))));
    }
}
