//! How many key fetches strangers may cause.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::limits;
use crate::protocol::time::Timestamp;

#[derive(Default)]
struct Minute {
    began: Timestamp,
    all: usize,
    hosts: HashMap<String, usize>,
}

/// Counts key fetches in each minute, in all and by host.
#[derive(Default)]
pub(super) struct Budget(Mutex<Minute>);

impl Budget {
    /// Takes one fetch from the budget, if there is one left.
    pub(super) fn take(&self, host: &str, now: Timestamp) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if now >= minute.began.plus(Duration::from_secs(60)) {
            *minute = Minute { began: now, ..Minute::default() };
        }
        let of_host = minute.hosts.get(host).copied().unwrap_or(0);
        if minute.all >= limits::KEY_FETCHES_PER_MINUTE || of_host >= limits::KEY_FETCHES_PER_HOST_PER_MINUTE {
            return false;
        }
        minute.all += 1;
        minute.hosts.insert(host.to_owned(), of_host + 1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_and_all_hosts_together_have_their_budgets() {
        let budget = Budget::default();
        let now = Timestamp::from_millis(1_000_000);
        let taken = (0..10).filter(|_| budget.take("a.example", now)).count();
        assert_eq!(taken, limits::KEY_FETCHES_PER_HOST_PER_MINUTE);
        let taken = (0..100).filter(|i| budget.take(&format!("{i}.example"), now)).count();
        assert_eq!(taken, limits::KEY_FETCHES_PER_MINUTE - limits::KEY_FETCHES_PER_HOST_PER_MINUTE);
        assert!(budget.take("a.example", now.plus(Duration::from_secs(61))));
    }
}
