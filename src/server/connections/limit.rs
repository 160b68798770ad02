//! Limits of open connections: in all, by address and by client. When a limit is reached, the connection that has stalled
//! for the longest time is closed, instead of refusing the new one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

use crate::error::{Error, Result};
use crate::http::rate_limit::Caller;
use crate::limits;

/// The open connections.
#[derive(Default)]
pub(crate) struct Connections {
    open: Mutex<HashMap<u64, Arc<Connection>>>,
    next: AtomicU64,
}

/// One open connection.
pub(crate) struct Connection {
    peer: Caller,
    opened: Instant,
    /// When it last transferred a byte, in milliseconds after it was opened.
    progress: AtomicU64,
    /// A handler runs for it.
    busy: AtomicBool,
    /// The owner has used it.
    owner: AtomicBool,
    /// It is a stream, which has a limit of its own.
    streaming: AtomicBool,
    /// Requests so far.
    requests: AtomicU32,
    /// The client of the current request, as stated by a trusted proxy.
    client: Mutex<Option<Caller>>,
    evicted: Notify,
}

impl Connection {
    fn new(peer: Caller) -> Self {
        Self {
            peer,
            opened: Instant::now(),
            progress: AtomicU64::new(0),
            busy: AtomicBool::new(false),
            owner: AtomicBool::new(false),
            streaming: AtomicBool::new(false),
            requests: AtomicU32::new(0),
            client: Mutex::new(None),
            evicted: Notify::new(),
        }
    }

    /// Notes that bytes were transferred.
    pub(crate) fn progressed(&self) {
        self.progress.store(self.opened.elapsed().as_millis() as u64, Ordering::Relaxed);
    }

    /// The number of the current request.
    pub(crate) fn request(&self) -> u32 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Marks the connection as used by the owner: it is evicted last.
    pub(crate) fn mark_as_owners(&self) {
        self.owner.store(true, Ordering::Relaxed);
    }

    /// Marks the connection as busy while the returned value lives: it is not evicted.
    pub(crate) fn busy(self: &Arc<Self>) -> Busy {
        self.busy.store(true, Ordering::Relaxed);
        Busy(self.clone())
    }

    /// Returns `true` if the connection is a stream.
    pub(crate) fn is_streaming(&self) -> bool {
        self.streaming.load(Ordering::Relaxed)
    }

    /// Resolves when the connection must close to make room.
    pub(crate) async fn evicted(&self) {
        self.evicted.notified().await;
    }

    fn client(&self) -> Caller {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or(self.peer)
    }

    /// Milliseconds without progress.
    fn stalled(&self) -> u64 {
        (self.opened.elapsed().as_millis() as u64).saturating_sub(self.progress.load(Ordering::Relaxed))
    }
}

/// See [`Connection::busy`].
pub(crate) struct Busy(Arc<Connection>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.progressed();
        self.0.busy.store(false, Ordering::Relaxed);
    }
}

/// A connection while it is a stream. It is not counted among the others, and never evicted for them.
pub(crate) struct Streaming {
    permit: Arc<Permit>,
    _busy: Busy,
}

impl Streaming {
    /// The connection becomes a stream, and keeps its permit until this is dropped.
    pub(crate) fn begin(permit: Arc<Permit>) -> Self {
        let connection = permit.connection();
        connection.streaming.store(true, Ordering::Relaxed);
        let _busy = connection.busy();
        Self { permit, _busy }
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        self.permit.connection().streaming.store(false, Ordering::Relaxed);
    }
}

/// The permit of a connection, released on drop.
pub(crate) struct Permit {
    connections: Arc<Connections>,
    number: u64,
    connection: Arc<Connection>,
}

impl Permit {
    /// The connection with this permit.
    pub(crate) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }
}

/// A current request, until its response is sent.
pub(crate) struct Active(Arc<Connection>);

impl Drop for Active {
    fn drop(&mut self) {
        *self.0.client.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

type Open<'a> = MutexGuard<'a, HashMap<u64, Arc<Connection>>>;

impl Connections {
    fn lock(&self) -> Open<'_> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A permit for one more connection, or `None` when all others are busy. Trusted proxies have no limit by address.
    pub(crate) fn enter(self: &Arc<Self>, ip: IpAddr, trusted: bool) -> Option<Permit> {
        let caller = Caller::address(ip);
        let mut open = self.lock();
        let of_caller =
            if trusted { 0 } else { open.values().filter(|c| c.peer == caller && !c.is_streaming()).count() };
        if of_caller >= limits::CONNECTIONS_PER_ADDRESS && !evict(&mut open, |c| c.peer == caller) {
            return None;
        }
        let all = open.values().filter(|c| !c.is_streaming()).count();
        if all >= limits::CONNECTIONS && !evict(&mut open, |_| true) {
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection::new(caller));
        open.insert(number, connection.clone());
        Some(Permit { connections: self.clone(), number, connection })
    }

    /// Begins a request of a client on a connection.
    ///
    /// # Errors
    /// [`Error::RateLimited`] when too many requests of this client are active behind a proxy.
    pub(crate) fn begin(&self, connection: &Arc<Connection>, client: IpAddr) -> Result<Active> {
        connection.requests.fetch_add(1, Ordering::Relaxed);
        let caller = Caller::address(client);
        if caller != connection.peer && !client.is_loopback() {
            let mut open = self.lock();
            let of_client = |c: &Connection| c.client() == caller && !c.is_streaming();
            let is_full = open.values().filter(|c| of_client(c)).count() >= limits::REQUESTS_PER_CLIENT;
            let is_stalled = |c: &Connection| of_client(c) && c.stalled() >= limits::REQUEST_STALL.as_millis() as u64;
            if is_full && !evict(&mut open, is_stalled) {
                return Err(Error::RateLimited { retry_after: 1 });
            }
        }
        *connection.client.lock().unwrap_or_else(PoisonError::into_inner) = Some(caller);
        Ok(Active(connection.clone()))
    }
}

/// Closes one of the connections that may be closed: never the owner's before others, then of the client with most
/// connections the one that has stalled for the longest time. Returns `false` when all of them are busy.
fn evict(open: &mut Open<'_>, may: impl Fn(&Connection) -> bool) -> bool {
    let mut counts: HashMap<Caller, usize> = HashMap::new();
    for connection in open.values() {
        *counts.entry(connection.client()).or_default() += 1;
    }
    let victim = open
        .iter()
        .filter(|(_, c)| !c.busy.load(Ordering::Relaxed) && may(c))
        .max_by_key(|(_, c)| (!c.owner.load(Ordering::Relaxed), counts.get(&c.client()).copied(), c.stalled()))
        .map(|(number, _)| *number);
    let Some(connection) = victim.and_then(|number| open.remove(&number)) else { return false };
    connection.evicted.notify_one();
    true
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.connections.lock().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(n: u32) -> IpAddr {
        IpAddr::from((0xc000_0200 + n).to_be_bytes())
    }

    #[test]
    fn connections_are_limited_by_address() {
        let connections = Arc::new(Connections::default());
        let places: Vec<_> =
            (0..limits::CONNECTIONS_PER_ADDRESS).map(|_| connections.enter(ip(1), false).unwrap()).collect();
        let busy: Vec<_> = places.iter().map(|p| p.connection().busy()).collect();
        assert!(connections.enter(ip(1), false).is_none());
        assert!(connections.enter(ip(1), true).is_some());
        assert!(connections.enter(ip(2), false).is_some());
        drop(busy);
        assert!(connections.enter(ip(1), false).is_some(), "an idle connection is evicted");
        drop(places);
        assert_eq!(connections.lock().len(), 0);
    }

    #[test]
    fn the_most_stalled_connection_of_the_largest_client_is_evicted() {
        let connections = Arc::new(Connections::default());
        let quiet = connections.enter(ip(1), false).unwrap();
        let owner = connections.enter(ip(2), false).unwrap();
        owner.connection().mark_as_owners();
        let greedy: Vec<_> = (2..limits::CONNECTIONS).map(|_| connections.enter(ip(3), true).unwrap()).collect();
        std::thread::sleep(std::time::Duration::from_millis(2));
        greedy.iter().skip(1).for_each(|p| p.connection().progressed());
        let newcomer = connections.enter(ip(4), false).unwrap();
        let open = connections.lock();
        assert_eq!(open.len(), limits::CONNECTIONS);
        assert!(!open.contains_key(&greedy[0].number), "the most stalled connection is evicted");
        assert!([&quiet, &owner, &newcomer].iter().all(|p| open.contains_key(&p.number)));
    }

    #[test]
    fn requests_behind_a_proxy_are_limited_by_client() {
        let connections = Arc::new(Connections::default());
        let places: Vec<_> =
            (0..=limits::REQUESTS_PER_CLIENT).map(|_| connections.enter(ip(1), true).unwrap()).collect();
        let begin = |n: usize, client| connections.begin(places[n].connection(), ip(client));
        let mut active: Vec<_> = (0..limits::REQUESTS_PER_CLIENT).map(|n| begin(n, 9).unwrap()).collect();
        assert!(matches!(begin(limits::REQUESTS_PER_CLIENT, 9), Err(Error::RateLimited { .. })));
        assert!(begin(limits::REQUESTS_PER_CLIENT, 8).is_ok(), "another client is served");
        active.pop();
        assert!(begin(limits::REQUESTS_PER_CLIENT, 9).is_ok(), "finished requests are not counted");
    }
}
