//! Many fetches at once, and yet only one at a time from each host.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::domain::urls::host_of;
use crate::limits;

/// Does the same with every URL, a few at a time ([`limits::BACKFILL_CONCURRENT_HOSTS`]) and never two of one host at once. A
/// silent server holds up its lane for one time-out, after which it is left in peace ([`super::cooling`]). Answers in the
/// order of the URLs.
pub(crate) fn side_by_side<T: Send>(urls: Vec<String>, fetch: impl Fn(&str) -> T + Sync) -> Vec<(String, T)> {
    let hosts = by_host(&urls);
    let lanes = hosts.len().min(limits::BACKFILL_CONCURRENT_HOSTS);
    let (hosts, done) = (Mutex::new(hosts), Mutex::new(Vec::with_capacity(urls.len())));
    let next_host = || hosts.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let lane = || {
        while let Some(host) = next_host() {
            for n in host {
                let answer = fetch(&urls[n]);
                done.lock().unwrap_or_else(PoisonError::into_inner).push((n, answer));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(lane);
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(n, _)| *n);
    let answers = done.into_iter().map(|(_, answer)| answer);
    urls.into_iter().zip(answers).collect()
}

/// The places of the URLs in their list, together by host, in the order in which the hosts first come.
fn by_host(urls: &[String]) -> VecDeque<Vec<usize>> {
    let mut hosts: VecDeque<Vec<usize>> = VecDeque::new();
    let mut place: HashMap<Option<String>, usize> = HashMap::new();
    for (n, url) in urls.iter().enumerate() {
        let at = *place.entry(host_of(url)).or_insert_with(|| {
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
    fn hosts_wait_for_themselves_alone() {
        let urls: Vec<String> = (0..40).map(|n| format!("https://h{}.example/{n}", n % 8)).collect();
        let (busy, most) = (Mutex::new(HashMap::<String, usize>::new()), AtomicUsize::new(0));
        let answers = side_by_side(urls.clone(), |url| {
            let host = host_of(url).unwrap().to_owned();
            {
                let mut busy = busy.lock().unwrap();
                *busy.entry(host.clone()).or_default() += 1;
                assert_eq!(busy[&host], 1, "two fetches from {host} at once");
                most.fetch_max(busy.values().sum(), Ordering::SeqCst);
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
            *busy.lock().unwrap().get_mut(&host).unwrap() -= 1;
            url.len()
        });
        assert_eq!(answers, urls.iter().map(|u| (u.clone(), u.len())).collect::<Vec<_>>());
        assert!((2..=limits::BACKFILL_CONCURRENT_HOSTS).contains(&most.into_inner()));
        assert!(side_by_side(Vec::new(), str::len).is_empty());
    }
}
