//! How many connections may be open, in all and from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use crate::http::rates::Caller;
use crate::limits;

/// The open connections.
#[derive(Default)]
pub(super) struct Connections(Mutex<HashMap<Caller, usize>>);

/// A place that is given back when it is dropped.
pub(super) struct Place {
    connections: Arc<Connections>,
    caller: Caller,
}

impl Connections {
    /// A place for one more connection; nothing when there is none. A trusted proxy speaks for many.
    pub(super) fn enter(self: &Arc<Self>, ip: IpAddr, trusted: bool) -> Option<Place> {
        let caller = Caller::address(ip);
        let mut open = self.0.lock().unwrap_or_else(|e| e.into_inner());
        let all: usize = open.values().sum();
        let of_caller = open.entry(caller).or_default();
        if all >= limits::CONNECTIONS || (!trusted && *of_caller >= limits::CONNECTIONS_PER_ADDRESS) {
            return None;
        }
        *of_caller += 1;
        Some(Place { connections: self.clone(), caller })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.0.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(count) = open.get_mut(&self.caller) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_share_and_gives_it_back() {
        let connections = Arc::new(Connections::default());
        let ip = "192.0.2.1".parse().unwrap();
        let places: Vec<_> =
            (0..limits::CONNECTIONS_PER_ADDRESS).map(|_| connections.enter(ip, false).unwrap()).collect();
        assert!(connections.enter(ip, false).is_none());
        assert!(connections.enter(ip, true).is_some());
        assert!(connections.enter("192.0.2.2".parse().unwrap(), false).is_some());
        drop(places);
        assert!(connections.enter(ip, false).is_some());
    }
}
