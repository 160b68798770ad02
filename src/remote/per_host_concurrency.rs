//! Concurrent fetches with at most one per host.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::domain::urls::host_of;
use crate::limits;

/// Calls `fetch` with every URL: for at most [`limits::BACKFILL_CONCURRENT_HOSTS`] hosts concurrently, and never twice at
/// the same time for one host. A host that times out blocks its thread once; after that it is in backoff
/// ([`super::host_backoff`]). Returns the results in the order of the URLs.
pub(crate) fn for_each_host<T: Send>(urls: Vec<String>, fetch: impl Fn(&str) -> T + Sync) -> Vec<(String, T)> {
    let hosts = by_host(&urls);
    let threads = hosts.len().min(limits::BACKFILL_CONCURRENT_HOSTS);
    let (hosts, done) = (Mutex::new(hosts), Mutex::new(Vec::with_capacity(urls.len())));
    let next_host = || hosts.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let thread = || {
        while let Some(host) = next_host() {
            for n in host {
                let result = fetch(&urls[n]);
                done.lock().unwrap_or_else(PoisonError::into_inner).push((n, result));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(thread);
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(n, _)| *n);
    let results = done.into_iter().map(|(_, result)| result);
    urls.into_iter().zip(results).collect()
}

/// The indices of the URLs grouped by host, in order of first occurrence.
fn by_host(urls: &[String]) -> VecDeque<Vec<usize>> {
    let mut hosts: VecDeque<Vec<usize>> = VecDeque::new();
    let mut positions: HashMap<Option<String>, usize> = HashMap::new();
    for (n, url) in urls.iter().enumerate() {
        let at = *positions.entry(host_of(url)).or_insert_with(|| {
            hosts.push_back(Vec::new());
            hosts.len() - 1
        });
        hosts[at].push(n);
    }
    hosts
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn hosts_are_fetched_from_concurrently() {
        let urls: Vec<String> = (0..40).map(|n| format!("https://h{}.example/{n}", n % 8)).collect();
        let (busy, most) = (Mutex::new(HashMap::<String, usize>::new()), AtomicUsize::new(0));
        let results = for_each_host(urls.clone(), |url| {
            let host = host_of(url).unwrap().to_owned();
            {
                let mut busy = busy.lock().unwrap();
                *busy.entry(host.clone()).or_default() += 1;
                assert_eq!(busy[&host], 1, "two concurrent fetches from {host}");
                most.fetch_max(busy.values().sum(), Ordering::SeqCst);
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
            *busy.lock().unwrap().get_mut(&host).unwrap() -= 1;
            url.len()
        });
        assert_eq!(results, urls.iter().map(|u| (u.clone(), u.len())).collect::<Vec<_>>());
        assert!((2..=limits::BACKFILL_CONCURRENT_HOSTS).contains(&most.into_inner()));
        assert!(for_each_host(Vec::new(), str::len).is_empty());
    }
}
