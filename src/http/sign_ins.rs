//! How often a password may be guessed: each address and each known browser backs off for itself, and nobody is locked
//! out by the guesses of others.

use std::sync::Mutex;
use std::time::Duration;

use super::rate_limit::Caller;
use crate::domain::bounded::{Bounded, Worth};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::time::Timestamp;

/// Who tries to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Guesser {
    /// A browser in which the owner has signed in before, by its id.
    Device(String),
    /// Anyone else, by address.
    Address(Caller),
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    last: Timestamp,
    /// No further try before this.
    until: Timestamp,
}

impl Tries {
    fn worth(&self, now: Timestamp) -> Worth {
        match self {
            t if t.last.plus(limits::LOGIN_FAILURE_MEMORY) <= now => Worth::Nothing,
            t if t.until > now => Worth::Fixed,
            t => Worth::Since(t.last.millis()),
        }
    }
}

struct State {
    /// Identifies the password that is guessed; a new password makes all earlier guesses void.
    password: String,
    tries: Bounded<Guesser, Tries>,
    /// Tries by addresses in the present hour.
    hour: (Timestamp, u32),
}

/// The tries of all guessers.
pub struct SignIns(Mutex<State>);

impl Default for SignIns {
    fn default() -> Self {
        let tries = Bounded::new(limits::COUNTER_TABLE);
        Self(Mutex::new(State { password: String::new(), tries, hour: (Timestamp::default(), 0) }))
    }
}

impl SignIns {
    /// Takes note of a try, which counts as failed until [`SignIns::succeeded`]. Returns how long to wait before the password
    /// is checked.
    ///
    /// # Errors
    /// [`Error::RateLimited`] while the guesser must back off.
    pub fn begin(&self, guesser: &Guesser, password: &str, now: Timestamp) -> Result<Duration> {
        let mut state = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if state.password != password {
            state.tries.clear();
            state.hour = (now, 0);
            password.clone_into(&mut state.password);
        }
        let new = Tries { count: 0, last: now, until: Timestamp::default() };
        if let Some(tries) = state.tries.entry(guesser, new, |t| t.worth(now)) {
            if tries.last.plus(limits::LOGIN_FAILURE_MEMORY) <= now {
                *tries = new;
            }
            if tries.until > now {
                let seconds = (tries.until.millis() - now.millis() + 999) / 1_000;
                return Err(Error::RateLimited { retry_after: seconds.clamp(1, 3_600) as u32 });
            }
            tries.count = tries.count.saturating_add(1);
            tries.last = now;
            if tries.count >= limits::LOGIN_ATTEMPTS {
                let doubled = 1_u32 << (tries.count - limits::LOGIN_ATTEMPTS).min(10);
                tries.until = now.plus((limits::LOGIN_BACKOFF * doubled).min(limits::LOGIN_BACKOFF_MAX));
            }
        }
        Ok(state.delay(guesser, now))
    }

    /// The password was right: the guesser is the owner.
    pub fn succeeded(&self, guesser: &Guesser) {
        let mut state = self.0.lock().unwrap_or_else(|e| e.into_inner());
        state.tries.remove(guesser);
        state.hour.1 = state.hour.1.saturating_sub(1);
    }
}

impl State {
    /// Guesses from many addresses are slowed down, and never refused for each other.
    fn delay(&mut self, guesser: &Guesser, now: Timestamp) -> Duration {
        if matches!(guesser, Guesser::Device(_)) {
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

    fn address(n: u32) -> Guesser {
        Guesser::Address(Caller::address(std::net::IpAddr::from(n.to_be_bytes())))
    }

    #[test]
    fn each_guesser_backs_off_for_itself_and_longer_each_time() {
        let (sign_ins, now) = (SignIns::default(), Timestamp::from_millis(10_000_000));
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
        sign_ins.begin(&Guesser::Device("d".into()), "p", now).unwrap();
    }

    #[test]
    fn a_new_password_makes_earlier_guesses_void() {
        let (sign_ins, now) = (SignIns::default(), Timestamp::from_millis(10_000_000));
        for _ in 0..limits::LOGIN_ATTEMPTS {
            sign_ins.begin(&address(1), "old", now).unwrap();
        }
        sign_ins.begin(&address(1), "old", now).unwrap_err();
        assert_eq!(sign_ins.begin(&address(1), "new", now).unwrap(), Duration::ZERO);
    }

    #[test]
    fn guesses_from_everywhere_slow_down_new_addresses_but_no_known_browser() {
        let (sign_ins, now) = (SignIns::default(), Timestamp::from_millis(10_000_000));
        for n in 0..limits::COUNTER_TABLE as u32 + 5 {
            sign_ins.begin(&address(n), "p", now).unwrap();
        }
        assert_eq!(sign_ins.begin(&address(u32::MAX), "p", now).unwrap(), limits::LOGIN_DELAY);
        assert_eq!(sign_ins.begin(&Guesser::Device("d".into()), "p", now).unwrap(), Duration::ZERO);
    }
}
