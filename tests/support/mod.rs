//! A running server, a small HTTP client, and a signing peer.

pub mod broken;
pub mod graph;
pub mod http;
pub mod keys;
pub mod lemmy;
pub mod openapi;
pub mod origin;
pub mod peer;
pub mod plans;
pub mod proxy;
pub mod push;
pub mod server;
pub mod streams;
pub mod verifier;

pub use graph::Graph;
pub use http::Request;
pub use origin::{Origin, OriginFile};
pub use peer::Peer;
pub use proxy::unproxied;
pub use server::TestServer;

use std::time::{Duration, Instant};

/// Waits until something is so, or fails with what was waited for.
pub fn eventually(what: &str, mut so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    let mut pause = Duration::from_millis(1);
    while !so() {
        assert!(Instant::now() < end, "waited in vain: {what}");
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}
