//! How often something may be caused from outside in an hour.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::limits;
use crate::protocol::time::Timestamp;

/// Counts by name, each in an hour of its own. The table is bounded, because strangers choose the names.
#[derive(Default)]
pub struct Hourly(Mutex<HashMap<String, (Timestamp, usize)>>);

impl Hourly {
    /// Takes one of the `most` that a name has in an hour, if there is one left.
    pub fn take(&self, name: &str, most: usize, now: Timestamp) -> bool {
        let hour = now.minus(Duration::from_secs(3_600));
        let mut counts = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if counts.len() >= limits::STRANGER_TABLE {
            counts.retain(|_, (began, _)| *began > hour);
        }
        if counts.len() >= limits::STRANGER_TABLE {
            return false;
        }
        let (began, count) = counts.entry(name.to_owned()).or_insert((now, 0));
        if *began <= hour {
            (*began, *count) = (now, 0);
        }
        *count += 1;
        *count <= most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_hour() {
        let (hourly, now) = (Hourly::default(), Timestamp::from_millis(10_000_000));
        assert_eq!((0..10).filter(|_| hourly.take("a", 3, now)).count(), 3);
        assert!(hourly.take("b", 3, now));
        assert!(hourly.take("a", 3, now.plus(Duration::from_secs(3_601))));
    }
}
