//! Hourly limits on what other servers cause.

use std::sync::Mutex;
use std::time::Duration;

use super::bounded::{Bounded, Worth};
use crate::limits;
use crate::protocol::time::Timestamp;

const HOUR: Duration = Duration::from_secs(3_600);

#[derive(Debug, Clone, Copy)]
struct Count {
    started_at: Timestamp,
    used: usize,
    is_full: bool,
}

/// Counters by name, each with its own hour. The table is bounded, because others choose the names.
pub struct HourlyLimit(Mutex<Bounded<String, Count>>);

impl Default for HourlyLimit {
    fn default() -> Self {
        Self(Mutex::new(Bounded::new(limits::COUNTER_TABLE)))
    }
}

impl HourlyLimit {
    /// Takes one of `most` per hour for a name. Returns `false` if none is left.
    pub fn take(&self, name: &str, most: usize, now: Timestamp) -> bool {
        self.take_many(name, 1, most, now)
    }

    /// Takes `wanted` of `most` per hour for a name. Returns `false` if fewer are left; then the limit of the name is used
    /// up for this hour.
    pub fn take_many(&self, name: &str, wanted: usize, most: usize, now: Timestamp) -> bool {
        let hour = now.minus(HOUR);
        let worth = |c: &Count| match c {
            c if c.started_at <= hour => Worth::Nothing,
            c if c.is_full => Worth::Fixed,
            c => Worth::Since(c.started_at.millis()),
        };
        let new = Count { started_at: now, used: 0, is_full: false };
        let mut counts = self.0.lock().unwrap_or_else(|e| e.into_inner());
        let Some(count) = counts.entry(&name.to_owned(), new, worth) else { return false };
        if count.started_at <= hour {
            *count = new;
        }
        count.is_full |= count.used.saturating_add(wanted) > most;
        if !count.is_full {
            count.used += wanted;
        }
        !count.is_full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_own_hour() {
        let (hourly, now) = (HourlyLimit::default(), Timestamp::from_millis(10_000_000));
        assert_eq!((0..10).filter(|_| hourly.take("a", 3, now)).count(), 3);
        assert!(hourly.take("b", 3, now));
        assert!(hourly.take("a", 3, now.plus(Duration::from_secs(3_601))));
    }

    #[test]
    fn a_flood_of_names_neither_resets_a_full_counter_nor_refuses_new_names() {
        let (hourly, now) = (HourlyLimit::default(), Timestamp::from_millis(10_000_000));
        while hourly.take("full", 3, now) {}
        for n in 0..limits::COUNTER_TABLE + 10 {
            assert!(hourly.take(&n.to_string(), 3, now), "{n}");
        }
        assert!(!hourly.take("full", 3, now));
    }

    #[test]
    fn a_request_over_the_limit_exhausts_the_hour() {
        let (hourly, now) = (HourlyLimit::default(), Timestamp::from_millis(10_000_000));
        assert!(hourly.take_many("a", 60, 100, now));
        assert!(!hourly.take_many("a", 60, 100, now));
        assert!(!hourly.take_many("a", 10, 100, now), "the hour is used up");
    }
}
