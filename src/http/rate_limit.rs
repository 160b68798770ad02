//! Rate limits by address or token, in fixed windows. The table is bounded, because anonymous clients fill it.

use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use super::route::Class;
use crate::domain::bounded::{Bounded, Worth};
use crate::limits;
use crate::protocol::ids::{SessionId, TokenId};
use crate::protocol::time::Timestamp;

/// The client that a request is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// An address; for IPv6 its /64, the network of one customer.
    Address(IpAddr),
    /// A token of the owner.
    Token(TokenId),
    /// A browser session of the owner.
    Session(SessionId),
    /// All clients for which the table has no room, together.
    Others,
}

impl Caller {
    /// The caller of an address.
    pub fn address(ip: IpAddr) -> Self {
        Self::Address(match ip {
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => IpAddr::V4(v4),
                None => {
                    let s = v6.segments();
                    IpAddr::from([s[0], s[1], s[2], s[3], 0, 0, 0, 0])
                }
            },
            v4 => v4,
        })
    }
}

/// The state of a caller's window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateStatus {
    /// Requests per window.
    pub limit: u32,
    /// Requests left in this one.
    pub left: u32,
    /// When the window ends.
    pub reset: Timestamp,
    /// This request exceeds the limit.
    pub exceeded: bool,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    began: Timestamp,
    ends: Timestamp,
    used: u32,
    limit: u32,
}

impl Window {
    fn worth(&self, now: Timestamp) -> Worth {
        match self {
            w if w.ends <= now => Worth::Nothing,
            w if w.used >= w.limit => Worth::Fixed,
            w => Worth::Since(w.began.millis()),
        }
    }

    fn count(&mut self) -> RateStatus {
        self.used = self.used.saturating_add(1);
        let left = self.limit.saturating_sub(self.used);
        RateStatus { limit: self.limit, left, reset: self.ends, exceeded: self.used > self.limit }
    }
}

/// Counts the requests of each caller.
pub struct RateLimiter(Mutex<Bounded<(Class, Caller), Window>>);

impl Default for RateLimiter {
    fn default() -> Self {
        Self(Mutex::new(Bounded::new(limits::COUNTER_TABLE)))
    }
}

/// Requests per window and its length, or `None` without a limit. Sign-ins are limited by [`super::sign_ins`].
fn rule(class: Class) -> Option<(u32, Duration)> {
    let minutes = |n: u64| Duration::from_secs(n * 60);
    Some(match class {
        Class::Api => (limits::API_REQUESTS, minutes(5)),
        Class::Page => (limits::PAGE_REQUESTS, minutes(5)),
        Class::Token => (limits::TOKEN_REQUESTS, minutes(5)),
        Class::Apps => (limits::APP_REGISTRATIONS, minutes(60)),
        Class::Inbox | Class::Free | Class::Login => return None,
    })
}

impl RateLimiter {
    /// Counts one request. Callers for which the table has no room are counted together.
    pub fn count(&self, class: Class, caller: Caller, now: Timestamp) -> Option<RateStatus> {
        let (limit, length) = rule(class)?;
        let new = Window { began: now, ends: now.plus(length), used: 0, limit };
        let mut windows = self.0.lock().unwrap_or_else(|e| e.into_inner());
        for key in [(class, caller), (class, Caller::Others)] {
            if let Some(window) = windows.entry(&key, new, |w| w.worth(now)) {
                if window.ends <= now {
                    *window = new;
                }
                return Some(window.count());
            }
        }
        let mut alone = new;
        Some(alone.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(n: u32) -> Caller {
        Caller::address(IpAddr::from(n.to_be_bytes()))
    }

    #[test]
    fn requests_are_limited_in_each_window() {
        let limiter = RateLimiter::default();
        let now = Timestamp::from_millis(1_000);
        let count = |now| limiter.count(Class::Token, address(1), now).unwrap();
        for _ in 0..limits::TOKEN_REQUESTS {
            assert!(!count(now).exceeded);
        }
        assert!(count(now).exceeded);
        assert!(!count(now.plus(Duration::from_secs(301))).exceeded);
    }

    #[test]
    fn many_addresses_do_not_evict_one_at_its_limit() {
        let limiter = RateLimiter::default();
        let now = Timestamp::from_millis(1_000);
        for _ in 0..limits::TOKEN_REQUESTS {
            limiter.count(Class::Token, address(1), now);
        }
        for n in 0..=limits::COUNTER_TABLE as u32 {
            assert!(!limiter.count(Class::Page, address(100 + n), now).unwrap().exceeded);
        }
        assert!(limiter.count(Class::Token, address(1), now).unwrap().exceeded);
    }

    #[test]
    fn addresses_of_one_network_are_one_caller() {
        let caller = |ip: &str| Caller::address(ip.parse().unwrap());
        assert_eq!(caller("2001:db8:1:2::1"), caller("2001:db8:1:2:ffff::9"));
        assert_ne!(caller("2001:db8:1:2::1"), caller("2001:db8:1:3::1"));
        assert_eq!(caller("::ffff:192.0.2.1"), caller("192.0.2.1"));
    }
}
