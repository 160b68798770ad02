//! Resolves host names to addresses that may be connected to.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::time::Instant;

use super::public_url::Rules;
use crate::error::RemoteError;
use crate::limits;

/// The name lookup of the system, or of a test.
pub(crate) type NameLookup = Arc<dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync>;

/// Looks names up under the rules. A lookup cannot be interrupted, so it runs on its own thread, and its permit is
/// released when it ends, not when its caller stops waiting.
pub(crate) struct Resolver {
    rules: Arc<Rules>,
    lookup: NameLookup,
    permits: Arc<LookupPermits>,
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolver")
    }
}

/// The operating system's resolver.
pub(crate) fn system_lookup() -> NameLookup {
    Arc::new(|host, port| Ok((host, port).to_socket_addrs()?.collect()))
}

impl Resolver {
    pub(crate) fn new(rules: Arc<Rules>, lookup: NameLookup) -> Self {
        let permits =
            Arc::new(LookupPermits { free: Mutex::new(limits::CONCURRENT_NAME_LOOKUPS), freed: Condvar::new() });
        Self { rules, lookup, permits }
    }

    /// The addresses of a host, all of which are permitted.
    ///
    /// One forbidden address refuses the whole name: a mix of public and private addresses is an attack or a mistake.
    pub(crate) fn addresses(&self, host: &str, port: u16, deadline: Instant) -> Result<Vec<SocketAddr>, RemoteError> {
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let found = match literal {
            Ok(ip) => vec![SocketAddr::new(ip, port)],
            Err(_) => self.look_up(host, port, deadline)?,
        };
        if let Some(bad) = found.iter().find(|a| !self.rules.permits(host, a.ip())) {
            return Err(RemoteError::Refused(format!(
                "{host} resolves to {}, which is not a public address",
                bad.ip()
            )));
        }
        if found.is_empty() {
            return Err(RemoteError::Unreachable(format!("{host} has no address")));
        }
        Ok(found)
    }

    fn look_up(&self, host: &str, port: u16, deadline: Instant) -> Result<Vec<SocketAddr>, RemoteError> {
        let late = || RemoteError::Unreachable(format!("looking up {host} took too long"));
        let permit = LookupPermit::take(&self.permits, deadline).ok_or_else(late)?;
        let (lookup, name) = (Arc::clone(&self.lookup), host.to_owned());
        let (answer, wait) = mpsc::sync_channel(1);
        let work = move || {
            // The caller may have stopped waiting.
            let _ = answer.send(lookup(&name, port));
            drop(permit);
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
    fn take(permits: &Arc<LookupPermits>, deadline: Instant) -> Option<Self> {
        let free = permits.free.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = deadline.saturating_duration_since(Instant::now());
        let waited = permits.freed.wait_timeout_while(free, wait, |free| *free == 0);
        let (mut free, result) = waited.unwrap_or_else(PoisonError::into_inner);
        if result.timed_out() {
            return None;
        }
        *free -= 1;
        Some(Self(Arc::clone(permits)))
    }
}

impl Drop for LookupPermit {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}
