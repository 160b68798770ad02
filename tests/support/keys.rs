//! Keys that the tests use, read from a file because generating them is slow. They protect nothing.

use std::cell::Cell;

use dassie::protocol::signature::SigningKey;

const KEYS: &str = include_str!("../fixtures/keys.pem");
const END: &str = "-----END PRIVATE KEY-----\n";
/// The first two keys are those of peers.
const OF_PEERS: usize = 2;

fn fixture(index: usize) -> Option<SigningKey> {
    let pem = KEYS.split_inclusive(END).nth(index)?;
    Some(SigningKey::from_pem(pem).unwrap())
}

/// The RSA key of all actors of the test peers.
pub fn peer() -> SigningKey {
    fixture(0).unwrap()
}

/// An RSA key that no actor document names, unless a test adds it there.
pub fn unlisted() -> SigningKey {
    fixture(1).unwrap()
}

/// The next RSA key for an actor of a test server. No two servers of one test (of one thread) share a key.
pub fn own() -> SigningKey {
    thread_local! {
        static NEXT: Cell<usize> = const { Cell::new(OF_PEERS) };
    }
    let index = NEXT.replace(NEXT.get() + 1);
    fixture(index).unwrap_or_else(|| SigningKey::generate_rsa().unwrap())
}
