//! From a host name to addresses that may be connected to.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::time::Instant;

use super::public_url::Rules;
use crate::error::RemoteError;
use crate::limits;

/// The system's name lookup, or a stand-in for it in tests.
pub(crate) type Lookup = Arc<dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync>;

/// Looks names up under the rules. The lookup itself cannot be interrupted, so it runs on its own thread and a
/// counted place is given back when it really ends, not when its caller stops waiting.
pub(crate) struct Resolver {
    rules: Arc<Rules>,
    lookup: Lookup,
    places: Arc<LookupPermits>,
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolver")
    }
}

/// The operating system's resolver.
pub(crate) fn system_lookup() -> Lookup {
    Arc::new(|host, port| Ok((host, port).to_socket_addrs()?.collect()))
}

impl Resolver {
    pub(crate) fn new(rules: Arc<Rules>, lookup: Lookup) -> Self {
        let places =
            Arc::new(LookupPermits { free: Mutex::new(limits::CONCURRENT_NAME_LOOKUPS), freed: Condvar::new() });
        Self { rules, lookup, places }
    }

    /// The addresses of a host, all of which are permitted and none of which needs to be looked up again.
    ///
    /// One forbidden address refuses the whole name: a name that mixes public and private answers is an attack or
    /// a mistake, and either way not a peer.
    pub(crate) fn addresses(&self, host: &str, port: u16, deadline: Instant) -> Result<Vec<SocketAddr>, RemoteError> {
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let found = match literal {
            Ok(ip) => vec![SocketAddr::new(ip, port)],
            Err(_) => self.look_up(host, port, deadline)?,
        };
        if let Some(bad) = found.iter().find(|a| !self.rules.permits(host, a.ip())) {
            return Err(RemoteError::Refused(format!("{host} leads to {}, which is not a public address", bad.ip())));
        }
        if found.is_empty() {
            return Err(RemoteError::Unreachable(format!("{host} has no address")));
        }
        Ok(found)
    }

    fn look_up(&self, host: &str, port: u16, deadline: Instant) -> Result<Vec<SocketAddr>, RemoteError> {
        let late = || RemoteError::Unreachable(format!("looking up {host} took too long"));
        let place = LookupPermit::take(&self.places, deadline).ok_or_else(late)?;
        let (lookup, name) = (Arc::clone(&self.lookup), host.to_owned());
        let (answer, wait) = mpsc::sync_channel(1);
        let work = move || {
            // Nobody may be waiting any more.
            let _ = answer.send(lookup(&name, port));
            drop(place);
        };
        // glibc's resolver modules need more than the smallest stack, but not the usual 2 MiB.
        let thread = std::thread::Builder::new().name("name-lookup".into()).stack_size(512 * 1024);
        thread.spawn(work).map_err(|e| RemoteError::Unreachable(format!("no thread for looking up {host}: {e}")))?;
        match wait.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(e)) => Err(RemoteError::Unreachable(format!("{host} cannot be looked up: {e}"))),
            Err(_) => Err(late()),
        }
    }
}

struct LookupPermits {
    free: Mutex<usize>,
    freed: Condvar,
}

struct LookupPermit(Arc<LookupPermits>);

impl LookupPermit {
    fn take(places: &Arc<LookupPermits>, deadline: Instant) -> Option<Self> {
        let free = places.free.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = deadline.saturating_duration_since(Instant::now());
        let waited = places.freed.wait_timeout_while(free, wait, |free| *free == 0);
        let (mut free, result) = waited.unwrap_or_else(PoisonError::into_inner);
        if result.timed_out() {
            return None;
        }
        *free -= 1;
        Some(Self(Arc::clone(places)))
    }
}

impl Drop for LookupPermit {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}
