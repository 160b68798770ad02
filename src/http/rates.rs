//! How often each address or token may ask. Windows are fixed; the table is bounded, because strangers fill it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use super::router::Class;
use crate::limits;
use crate::protocol::ids::TokenId;
use crate::protocol::time::Timestamp;

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// An address; an IPv6 one by its /64, which is what one customer gets.
    Address(IpAddr),
    /// A token.
    Token(TokenId),
    /// Everybody together.
    Everybody,
}

impl Caller {
    /// An address as it is counted.
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

/// Where a caller stands in its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Requests per window.
    pub limit: u32,
    /// Requests left in this one.
    pub left: u32,
    /// When the window ends.
    pub reset: Timestamp,
    /// This request is one too many.
    pub exceeded: bool,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    ends: Timestamp,
    used: u32,
}

/// The counters.
#[derive(Default)]
pub struct Rates(Mutex<HashMap<(Class, Caller), Window>>);

/// Requests and length of a window; none for what is free.
fn rule(class: Class, caller: Caller) -> Option<(u32, Duration)> {
    let minutes = |n: u64| Duration::from_secs(n * 60);
    Some(match (class, caller) {
        (Class::Api, _) => (limits::API_REQUESTS, minutes(5)),
        (Class::Page, _) => (limits::PAGE_REQUESTS, minutes(5)),
        (Class::Login, Caller::Everybody) => (limits::LOGIN_TRIES_GLOBAL, minutes(60)),
        (Class::Login, _) => (limits::LOGIN_TRIES, minutes(5)),
        (Class::Token, _) => (limits::TOKEN_TRIES, minutes(5)),
        (Class::Apps, _) => (limits::APP_REGISTRATIONS, minutes(60)),
        (Class::Inbox | Class::Free, _) => return None,
    })
}

impl Rates {
    /// Counts one request.
    pub fn count(&self, class: Class, caller: Caller, now: Timestamp) -> Option<Standing> {
        let (limit, length) = rule(class, caller)?;
        let mut windows = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if windows.len() >= limits::STRANGER_TABLE && !windows.contains_key(&(class, caller)) {
            windows.retain(|_, w| w.ends > now);
            if windows.len() >= limits::STRANGER_TABLE {
                // Flooded from everywhere at once: forgetting everybody is better than remembering without end.
                windows.clear();
            }
        }
        let window = windows.entry((class, caller)).or_insert(Window { ends: now.plus(length), used: 0 });
        if window.ends <= now {
            *window = Window { ends: now.plus(length), used: 0 };
        }
        window.used = window.used.saturating_add(1);
        Some(Standing {
            limit,
            left: limit.saturating_sub(window.used),
            reset: window.ends,
            exceeded: window.used > limit,
        })
    }

    /// Takes one count back: a sign-in that succeeded is no guess.
    pub fn forgive(&self, class: Class, caller: Caller) {
        let mut windows = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(window) = windows.get_mut(&(class, caller)) {
            window.used = window.used.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_allowed_passes_and_the_next_does_not() {
        let rates = Rates::default();
        let now = Timestamp::from_millis(1_000);
        let caller = Caller::address("192.0.2.1".parse().unwrap());
        let count = |now| rates.count(Class::Login, caller, now).unwrap();
        for _ in 0..limits::LOGIN_TRIES {
            assert!(!count(now).exceeded);
        }
        assert!(count(now).exceeded);
        assert!(!count(now.plus(Duration::from_secs(301))).exceeded);
    }

    #[test]
    fn one_customer_is_one_caller() {
        let caller = |ip: &str| Caller::address(ip.parse().unwrap());
        assert_eq!(caller("2001:db8:1:2::1"), caller("2001:db8:1:2:ffff::9"));
        assert_ne!(caller("2001:db8:1:2::1"), caller("2001:db8:1:3::1"));
        assert_eq!(caller("::ffff:192.0.2.1"), caller("192.0.2.1"));
    }
}
