//! Streams: the cost of an idle one, and the delay until all listeners have an event.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use super::child::Child;
use super::{at_most, seed};

/// Idle streams; a token has 16.
const IDLE: usize = 500;
const LISTENERS: usize = 100;
const PER_TOKEN: usize = 16;
const POSTS: usize = 20;

/// Opens a WebSocket to the home timeline.
fn listen(authority: &str, token: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(authority).unwrap();
    write!(
        stream,
        "GET /api/v1/streaming?stream=user HTTP/1.1\r\nhost: {authority}\r\nauthorization: Bearer {token}\r\n\
         connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    .unwrap();
    let mut reader = BufReader::with_capacity(1_024, stream);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        assert_ne!(reader.read_until(b'\n', &mut head).unwrap(), 0, "the stream was refused");
    }
    assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    reader
}

/// Reads one message of the server.
fn receive(stream: &mut BufReader<TcpStream>) {
    let mut head = [0; 2];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(head[0], 0x81, "a text in one frame");
    let length = match head[1] {
        126 => {
            let mut long = [0; 2];
            stream.read_exact(&mut long).unwrap();
            usize::from(u16::from_be_bytes(long))
        }
        short => usize::from(short),
    };
    let mut payload = vec![0; length];
    stream.read_exact(&mut payload).unwrap();
}

pub fn streams() {
    let data = seed::data(10);
    let child = Child::start(data.path(), &seed::domain());
    let tokens: Vec<String> = (0..IDLE.div_ceil(PER_TOKEN)).map(|_| child.new_token("read")).collect();
    // What the first streams need once is not a part of what each costs.
    drop(listen(&child.authority, &tokens[0]));
    let before = child.memory().resident;
    let mut idle: Vec<_> = (0..IDLE).map(|n| listen(&child.authority, &tokens[n / PER_TOKEN])).collect();
    let each = (child.memory().resident - before) * 1_024.0 / IDLE as f64;
    at_most(&format!("idle stream, memory each of {IDLE}"), "KiB", each, 16.0);
    let mut slowest: Vec<f64> = Vec::new();
    idle.truncate(LISTENERS);
    for n in 0..POSTS {
        let began = Instant::now();
        child.post(&format!("a live post, number {n}"));
        idle.iter_mut().for_each(receive);
        slowest.push(began.elapsed().as_secs_f64() * 1e3);
    }
    slowest.sort_by(f64::total_cmp);
    at_most(&format!("post until the last of {LISTENERS} streams has it, p50"), "ms", slowest[POSTS / 2], 50.0);
}
