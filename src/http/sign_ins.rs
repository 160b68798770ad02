//! Limits of sign-in attempts: each address and each known browser has its own backoff, so that guesses of others never
//! lock out the owner.

use std::sync::Mutex;
use std::time::Duration;

use super::rate_limit::Caller;
use crate::domain::bounded::{Bounded, Worth};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::time::Timestamp;

/// The client of a sign-in attempt.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SignInClient {
    /// A browser in which the owner has signed in before, by its id.
    Device(String),
    /// Any other client, by address.
    Address(Caller),
}

#[derive(Debug, Clone, Copy)]
struct Attempts {
    count: u32,
    last: Timestamp,
    /// No further attempt before this.
    until: Timestamp,
}

impl Attempts {
    fn worth(&self, now: Timestamp) -> Worth {
        match self {
            t if t.last.plus(limits::LOGIN_FAILURE_MEMORY) <= now => Worth::Nothing,
            t if t.until > now => Worth::Fixed,
            t => Worth::Since(t.last.millis()),
        }
    }
}

struct LimiterState {
    /// Identifies the current password; a new password resets all counts.
    password: String,
    attempts: Bounded<SignInClient, Attempts>,
    /// Attempts by addresses in the current hour.
    hour: (Timestamp, u32),
}

/// Counts the attempts of all clients.
pub struct SignInLimiter(Mutex<LimiterState>);

impl Default for SignInLimiter {
    fn default() -> Self {
        let attempts = Bounded::new(limits::COUNTER_TABLE);
        Self(Mutex::new(LimiterState { password: String::new(), attempts, hour: (Timestamp::default(), 0) }))
    }
}

impl SignInLimiter {
    /// Counts an attempt, as failed until [`SignInLimiter::succeeded`]. Returns how long to wait before the password is
    /// checked.
    ///
    /// # Errors
    /// [`Error::RateLimited`] during the backoff of the client.
    pub fn begin(&self, client: &SignInClient, password: &str, now: Timestamp) -> Result<Duration> {
        let mut state = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if state.password != password {
            state.attempts.clear();
            state.hour = (now, 0);
            password.clone_into(&mut state.password);
        }
        let new = Attempts { count: 0, last: now, until: Timestamp::default() };
        if let Some(attempts) = state.attempts.entry(client, new, |t| t.worth(now)) {
            if attempts.last.plus(limits::LOGIN_FAILURE_MEMORY) <= now {
                *attempts = new;
            }
            if attempts.until > now {
                let seconds = (attempts.until.millis() - now.millis() + 999) / 1_000;
                return Err(Error::RateLimited { retry_after: seconds.clamp(1, 3_600) as u32 });
            }
            attempts.count = attempts.count.saturating_add(1);
            attempts.last = now;
            if attempts.count >= limits::LOGIN_ATTEMPTS {
                let doubled = 1_u32 << (attempts.count - limits::LOGIN_ATTEMPTS).min(10);
                attempts.until = now.plus((limits::LOGIN_BACKOFF * doubled).min(limits::LOGIN_BACKOFF_MAX));
            }
        }
        Ok(state.delay(client, now))
    }

    /// Resets the count of a client after the correct password.
    pub fn succeeded(&self, client: &SignInClient) {
        let mut state = self.0.lock().unwrap_or_else(|e| e.into_inner());
        state.attempts.remove(client);
        state.hour.1 = state.hour.1.saturating_sub(1);
    }
}

impl LimiterState {
    /// Attempts from many addresses are delayed, but never refused because of each other.
    fn delay(&mut self, client: &SignInClient, now: Timestamp) -> Duration {
        if matches!(client, SignInClient::Device(_)) {
            return Duration::ZERO;
        }
        if self.hour.0.plus(Duration::from_secs(3_600)) <= now {
            self.hour = (now, 0);
        }
        self.hour.1 = self.hour.1.saturating_add(1);
        if self.hour.1 > limits::LOGIN_ATTEMPTS_GLOBAL { limits::LOGIN_DELAY } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(n: u32) -> SignInClient {
        SignInClient::Address(Caller::address(std::net::IpAddr::from(n.to_be_bytes())))
    }

    #[test]
    fn each_client_has_its_own_growing_backoff() {
        let (sign_ins, now) = (SignInLimiter::default(), Timestamp::from_millis(10_000_000));
        let retry_after = |at| match sign_ins.begin(&address(1), "p", at) {
            Err(Error::RateLimited { retry_after }) => retry_after,
            other => panic!("{other:?}"),
        };
        for _ in 0..limits::LOGIN_ATTEMPTS {
            sign_ins.begin(&address(1), "p", now).unwrap();
        }
        let first = retry_after(now);
        assert_eq!(u64::from(first), limits::LOGIN_BACKOFF.as_secs());
        let later = now.plus(Duration::from_secs(first.into()));
        sign_ins.begin(&address(1), "p", later).unwrap();
        assert_eq!(retry_after(later), first * 2);
        sign_ins.begin(&address(2), "p", now).unwrap();
        sign_ins.begin(&SignInClient::Device("d".into()), "p", now).unwrap();
    }

    #[test]
    fn a_new_password_resets_all_counts() {
        let (sign_ins, now) = (SignInLimiter::default(), Timestamp::from_millis(10_000_000));
        for _ in 0..limits::LOGIN_ATTEMPTS {
            sign_ins.begin(&address(1), "old", now).unwrap();
        }
        sign_ins.begin(&address(1), "old", now).unwrap_err();
        assert_eq!(sign_ins.begin(&address(1), "new", now).unwrap(), Duration::ZERO);
    }

    #[test]
    fn many_addresses_delay_new_addresses_but_not_known_browsers() {
        let (sign_ins, now) = (SignInLimiter::default(), Timestamp::from_millis(10_000_000));
        for n in 0..limits::COUNTER_TABLE as u32 + 5 {
            sign_ins.begin(&address(n), "p", now).unwrap();
        }
        assert_eq!(sign_ins.begin(&address(u32::MAX), "p", now).unwrap(), limits::LOGIN_DELAY);
        assert_eq!(sign_ins.begin(&SignInClient::Device("d".into()), "p", now).unwrap(), Duration::ZERO);
    }
}
