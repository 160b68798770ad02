use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use super::http::Response;
use super::openapi::conformance;
use super::server::TestServer;

/// How long a test waits for the next event.
const PATIENCE: Duration = Duration::from_secs(60);

/// A response whose body has not been read yet.
fn request(authority: &str, head: &str) -> (BufReader<TcpStream>, Response) {
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        assert_ne!(reader.read_until(b'\n', &mut head).unwrap(), 0, "the connection was closed");
    }
    (reader, Response::read(&head))
}

/// The body of a response that is not a stream.
fn with_body(mut reader: BufReader<TcpStream>, mut response: Response) -> Response {
    let length = response.header("content-length").map_or(0, |length| length.parse().unwrap());
    response.body = vec![0; length];
    reader.read_exact(&mut response.body).unwrap();
    response
}

/// Server-Sent Events.
pub struct Events {
    reader: BufReader<TcpStream>,
    text: String,
}

impl Events {
    /// Opens a stream, or returns the response that refuses it.
    pub fn request(server: &TestServer, path: &str, token: &str) -> Result<Self, Response> {
        Self::request_with(server, path, &format!("authorization: Bearer {token}"))
    }

    /// Opens a stream with the session of a browser.
    pub fn of_browser(server: &TestServer, path: &str, cookie: &str) -> Self {
        let events = Self::request_with(server, path, &format!("cookie: {cookie}"));
        events.unwrap_or_else(|response| panic!("{path}: {}", response.text()))
    }

    fn request_with(server: &TestServer, path: &str, header: &str) -> Result<Self, Response> {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\n{header}\r\naccept: text/event-stream\r\n\r\n",
            server.authority
        );
        let (reader, response) = request(&server.authority, &head);
        if response.status != 200 {
            return Err(with_body(reader, response));
        }
        assert_eq!(response.header("content-type"), Some("text/event-stream"));
        Ok(Self { reader, text: String::new() })
    }

    /// Opens a stream with the token of the server, and waits until it has begun.
    pub fn open(server: &TestServer, path: &str) -> Self {
        let mut events = Self::request(server, path, &server.token).unwrap_or_else(|a| panic!("{path}: {}", a.text()));
        assert_eq!(events.block().as_deref(), Some(":)"));
        events
    }

    /// The next comment, or the next lines up to an empty one; `None` at the end.
    pub fn block(&mut self) -> Option<String> {
        loop {
            let end = if self.text.starts_with(':') { "\n" } else { "\n\n" };
            if let Some((block, rest)) = self.text.split_once(end) {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let mut size = String::new();
            self.reader.read_line(&mut size).ok().filter(|n| *n > 0)?;
            let mut chunk = vec![0; usize::from_str_radix(size.trim(), 16).unwrap() + 2];
            self.reader.read_exact(&mut chunk).ok()?;
            chunk.truncate(chunk.len() - 2);
            if chunk.is_empty() {
                return None;
            }
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event with its payload; `None` at the end.
    pub fn next(&mut self) -> Option<(String, Value)> {
        loop {
            let block = self.block()?;
            let Some((event, data)) = block.split_once('\n') else { continue };
            let kind = event.strip_prefix("event: ").unwrap().to_owned();
            let payload = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
            conformance::check_event(&kind, &payload);
            return Some((kind, payload));
        }
    }
}

/// What arrives at a WebSocket.
#[derive(Debug, PartialEq)]
pub enum Frame {
    Text(String),
    Ping,
    Closed(Option<u16>),
}

/// A WebSocket.
pub struct Socket {
    reader: BufReader<TcpStream>,
}

impl Socket {
    /// Opens a WebSocket with these header lines, or returns the response that refuses it.
    pub fn request(server: &TestServer, target: &str, headers: &str) -> Result<(Self, Response), Response> {
        let head = format!(
            "GET {target} HTTP/1.1\r\nhost: {}\r\nconnection: keep-alive, Upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n",
            server.authority
        );
        let (reader, response) = request(&server.authority, &head);
        if response.status != 101 {
            return Err(with_body(reader, response));
        }
        assert_eq!(response.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        Ok((Self { reader }, response))
    }

    /// Opens a WebSocket with the token of the server.
    pub fn open(server: &TestServer, target: &str) -> Self {
        let token = format!("authorization: Bearer {}\r\n", server.token);
        Self::request(server, target, &token).unwrap_or_else(|a| panic!("{target}: {}", a.text())).0
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Value) {
        self.frame(1, message.to_string().as_bytes());
    }

    /// Sends a frame, masked with zeros.
    pub fn frame(&mut self, code: u8, payload: &[u8]) {
        let mut frame = vec![0x80 | code];
        match payload.len() {
            n if n < 126 => frame.push(0x80 | n as u8),
            n => frame.extend([0x80 | 126, (n >> 8) as u8, n as u8]),
        }
        frame.extend([0; 4]);
        frame.extend(payload);
        self.reader.get_mut().write_all(&frame).unwrap();
    }

    /// The next frame.
    pub fn receive(&mut self) -> Frame {
        let mut head = [0; 2];
        if self.reader.read_exact(&mut head).is_err() {
            return Frame::Closed(None);
        }
        let length = match head[1] {
            126 => {
                let mut long = [0; 2];
                self.reader.read_exact(&mut long).unwrap();
                usize::from(u16::from_be_bytes(long))
            }
            127 => {
                let mut long = [0; 8];
                self.reader.read_exact(&mut long).unwrap();
                u64::from_be_bytes(long) as usize
            }
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        if self.reader.read_exact(&mut payload).is_err() {
            return Frame::Closed(None);
        }
        match head[0] & 0x0f {
            1 => Frame::Text(String::from_utf8(payload).unwrap()),
            8 => Frame::Closed(payload.first_chunk().map(|code| u16::from_be_bytes(*code))),
            9 => Frame::Ping,
            other => panic!("frame {other}"),
        }
    }

    /// The next message, as JSON.
    pub fn next(&mut self) -> Value {
        match self.receive() {
            Frame::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("no message: {other:?}"),
        }
    }

    /// The next event: the name of its stream, its kind, and its payload, which is JSON in a string.
    pub fn event(&mut self) -> (Value, String, Value) {
        let message = self.next();
        let payload = message["payload"].as_str().unwrap_or_else(|| panic!("no payload: {message}"));
        let kind = message["event"].as_str().unwrap().to_owned();
        let payload = serde_json::from_str(payload).unwrap();
        conformance::check_event(&kind, &payload);
        (message["stream"].clone(), kind, payload)
    }
}
