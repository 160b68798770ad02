//! Dassie's own ids: 64-bit, ordered by time, one newtype for each kind of thing.
//!
//! The upper 48 bits are milliseconds since 1970, the lower 16 a sequence. Written in decimal, all ids have the same length,
//! because Tusky, Ice Cubes and Mastodon.py compare ids as strings. A remote post gets its id from its *published* time, so that it
//! sorts where it belongs.
//!
//! Notifications are numbered one by one instead: the API has their ids as JSON numbers too, which JavaScript reads exactly only
//! up to 2⁵³, and Tuba has 32 bits for them.

use std::sync::atomic::{AtomicI64, Ordering};

use super::time::Timestamp;

/// Bits of an id that hold the sequence.
pub const SEQUENCE_BITS: u32 = 16;

/// Generates ids that never repeat and never decrease within this process.
#[derive(Debug, Default)]
pub struct IdClock {
    last: AtomicI64,
}

impl IdClock {
    /// Creates a clock that has issued no id.
    pub const fn new() -> Self {
        Self { last: AtomicI64::new(0) }
    }

    /// Returns the next id at the time `now`.
    pub fn next(&self, now: Timestamp) -> i64 {
        let floor = first_id_at(now);
        let before = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(floor.max(last + 1)));
        // `fetch_update` with a closure that never returns `None` cannot fail; both arms hold the previous value.
        let before = before.unwrap_or_else(|last| last);
        floor.max(before + 1)
    }
}

/// Returns the smallest id of a millisecond. Ids of remote posts count up from here if one is taken.
pub fn first_id_at(at: Timestamp) -> i64 {
    at.millis().max(0) << SEQUENCE_BITS
}

/// Returns the time that an id contains.
pub fn time_of(id: i64) -> Timestamp {
    Timestamp::from_millis(id >> SEQUENCE_BITS)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }

        /// In JSON an id is a string of digits.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// An actor, ours or a remote one.
    ActorId,
    /// A status; a boost is a status too.
    StatusId,
    /// A media attachment.
    MediaId,
    /// A notification.
    NotificationId,
    /// A follow, accepted or pending.
    FollowId,
    /// A registered app.
    AppId,
    /// An access token.
    TokenId,
    /// A browser session.
    SessionId,
    /// A list of followed accounts; also the number of its timeline.
    ListId,
    /// A scheduled post.
    ScheduledId,
    /// A draft.
    DraftId,
    /// A passkey.
    PasskeyId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_within_one_millisecond_and_carry_their_time() {
        let clock = IdClock::new();
        let now = Timestamp::from_millis(1_795_216_793_368);
        let a = clock.next(now);
        let b = clock.next(now);
        assert!(b > a);
        assert_eq!(time_of(b), now);
        assert!(clock.next(Timestamp::from_millis(0)) > b, "a clock set back must not repeat an id");
    }
}
