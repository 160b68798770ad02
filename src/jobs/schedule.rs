//! When workers run again.

use std::time::Duration;

use crate::protocol::time::Timestamp;

/// The longest sleep of a worker. Rows that another process wrote (the command line) are found after it.
pub(super) const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// The time to sleep until something is due, at most [`LONGEST_SLEEP`].
pub(super) fn sleep_until(due: Option<Timestamp>, now: Timestamp) -> Duration {
    let Some(due) = due else { return LONGEST_SLEEP };
    let ms = due.millis().saturating_sub(now.millis()).max(0);
    Duration::from_millis(ms as u64).min(LONGEST_SLEEP)
}

/// A duration with ±20 % of jitter, so that what failed together is not retried together.
pub(super) fn jittered(wait: Duration) -> Duration {
    let mut byte = [0_u8; 1];
    // Without randomness there is no jitter, which is not an error.
    let _ = getrandom::fill(&mut byte);
    wait.mul_f64(0.8 + 0.4 * f64::from(byte[0]) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_a_fifth() {
        for _ in 0..1_000 {
            let wait = jittered(Duration::from_secs(100)).as_secs_f64();
            assert!((79.9..=120.1).contains(&wait), "{wait}");
        }
    }

    #[test]
    fn sleeps_are_bounded() {
        let now = Timestamp::from_millis(10_000);
        assert_eq!(sleep_until(None, now), LONGEST_SLEEP);
        assert_eq!(sleep_until(Some(Timestamp::from_millis(0)), now), Duration::ZERO);
        assert_eq!(sleep_until(Some(Timestamp::from_millis(10_250)), now), Duration::from_millis(250));
    }
}
