//! Limits on other clients and servers, and the capacity that they leave to the owner.

mod bodies;
mod clients;
mod domains;
mod files;
mod keys;
mod own_ids;
mod responses;
mod retention;
mod sign_in;
mod unfollowed_actors;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::TestServer;

/// Opens a connection and sends these bytes.
pub fn open(server: &TestServer, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(&server.authority).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

/// The status of the response that comes on a connection; 0 when it is closed without one.
pub fn status(stream: &mut TcpStream) -> u16 {
    let mut head = [0; 16];
    match stream.read(&mut head) {
        Ok(n) if n >= 12 => std::str::from_utf8(&head[9..12]).unwrap().parse().unwrap(),
        _ => 0,
    }
}
