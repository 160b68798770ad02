//! Servers that misbehave, each in its own way.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

/// What a broken server does with every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Accepts the connection and never responds.
    Hangs,
    /// Sends its head a byte a second.
    DripsHead,
    /// Sends a good head, and its body a byte a second.
    DripsBody,
    /// Closes in the middle of its head.
    CutsHead,
    /// Closes in the middle of its body.
    CutsBody,
    /// Closes before it responds.
    CutsAtOnce,
    /// Resets the connection after this part of its response.
    Resets(&'static str),
    /// Responds with this status and nothing else.
    Status(&'static str),
    /// States an enormous length of its body.
    HugeLength,
    /// Sends chunks without end.
    EndlessChunks,
    /// Sends bytes without a length and without end.
    EndlessBody,
    /// Sends a compressed body that was not requested.
    Gzip,
    /// Sends the client back to where it came from.
    RedirectLoop,
    /// Sends the client to another server.
    RedirectAway,
    /// Sends the client to a private address.
    RedirectInside,
    /// Responds with this body.
    Body(&'static [u8]),
    /// Responds with a document of another type.
    WrongType,
    /// A document deeper than any.
    Deep,
    /// A list longer than any.
    Long,
    /// Sends more bytes than its length states.
    Trailing,
}

/// Every fault that ends soon.
pub const QUICK: &[Fault] = &[
    Fault::CutsHead,
    Fault::CutsBody,
    Fault::CutsAtOnce,
    Fault::Resets(""),
    Fault::Resets("HTTP/1.1 200 OK\r\ncontent-ty"),
    Fault::Resets("HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\ncontent-length: 500\r\n\r\n{\"id\":"),
    Fault::Status("400 Bad Request"),
    Fault::Status("401 Unauthorized"),
    Fault::Status("403 Forbidden"),
    Fault::Status("404 Not Found"),
    Fault::Status("410 Gone"),
    Fault::Status("429 Too Many Requests\r\nretry-after: 120"),
    Fault::Status("429 Too Many Requests\r\nretry-after: Fri, 31 Dec 2999 23:59:59 GMT"),
    Fault::Status("429 Too Many Requests\r\nretry-after: 99999999999999999999"),
    Fault::Status("500 Internal Server Error"),
    Fault::Status("502 Bad Gateway"),
    Fault::Status("503 Service Unavailable\r\nretry-after: nonsense"),
    Fault::Status("999 What"),
    Fault::HugeLength,
    Fault::EndlessChunks,
    Fault::EndlessBody,
    Fault::Gzip,
    Fault::RedirectLoop,
    Fault::RedirectAway,
    Fault::RedirectInside,
    Fault::Body(b""),
    Fault::Body(b"\xef\xbb\xbf{}"),
    Fault::Body(b"\xff\xfe{\x00}\x00"),
    Fault::Body(b"{\"id\": \"\xc3\x28\"}"),
    Fault::Body(b"{\"id\": \"\\ud800\", \"type\": \"Person\"}"),
    Fault::Body(b"{\"id\": \"a\\u0000b\", \"type\": \"Note\"}"),
    Fault::Body(b"{\"id\": 1, \"id\": 2}"),
    Fault::Body(b"null"),
    Fault::Body(b"[]"),
    Fault::WrongType,
    Fault::Deep,
    Fault::Long,
    Fault::Trailing,
];

/// Every fault that costs a whole deadline.
pub const SLOW: &[Fault] = &[Fault::Hangs, Fault::DripsHead, Fault::DripsBody];

/// Faults that cost memory, if they are let.
pub const LARGE: &[Fault] = &[
    Fault::HugeLength,
    Fault::EndlessChunks,
    Fault::EndlessBody,
    Fault::Gzip,
    Fault::Deep,
    Fault::Long,
    Fault::Trailing,
];

/// Documents by their paths.
type Pages = Vec<(&'static str, Value)>;

/// A server with one fault.
pub struct Broken {
    pub base: String,
    /// Requests that met the fault.
    pub requests: Arc<AtomicUsize>,
}

impl Broken {
    /// Starts a server that responds to every request with this fault.
    pub fn start(fault: Fault) -> Self {
        Self::but_for(fault, |_| Vec::new())
    }

    /// Starts a server that responds to each request with this fault, except for these documents. `pages` gets its URL.
    pub fn but_for(fault: Fault, pages: impl Fn(&str) -> Pages) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let requests: Arc<AtomicUsize> = Arc::default();
        let (counted, own, pages) = (requests.clone(), base.clone(), Arc::new(pages(&base)));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                let (counted, own, pages) = (counted.clone(), own.clone(), pages.clone());
                std::thread::spawn(move || response(fault, &own, &pages, &counted, stream));
            }
        });
        Self { base, requests }
    }
}

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\n";

fn response(fault: Fault, own: &str, pages: &Pages, met: &AtomicUsize, mut stream: TcpStream) {
    let mut request = [0_u8; 16 * 1024];
    let n = stream.peek(&mut request).unwrap_or(0);
    let path = String::from_utf8_lossy(&request[..n]).split(' ').nth(1).unwrap_or("/").to_owned();
    let Some((_, page)) = pages.iter().find(|(p, _)| path.split('?').next() == Some(p)) else {
        met.fetch_add(1, Ordering::SeqCst);
        return misbehave(fault, own, &path, stream);
    };
    let _ = stream.read(&mut request);
    let page = page.to_string();
    let _ = write!(stream, "{HEAD}connection: close\r\ncontent-length: {}\r\n\r\n{page}", page.len());
}

fn misbehave(fault: Fault, own: &str, path: &str, mut stream: TcpStream) {
    if !matches!(fault, Fault::Resets(_)) {
        let _ = stream.read(&mut [0_u8; 16 * 1024]);
    }
    let whole = |body: &[u8]| [format!("{HEAD}content-length: {}\r\n\r\n", body.len()).as_bytes(), body].concat();
    let redirect = |to: &str| format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n").into_bytes();
    let document = format!("{{\"id\": \"{own}{path}\", \"type\": \"Person\", \"inbox\": \"{own}/inbox\"}}");
    let response = match fault {
        // What was not read when a connection is closed makes the system reset it.
        Fault::Resets(part) => part.as_bytes().to_vec(),
        Fault::Hangs => {
            std::thread::sleep(Duration::from_secs(40));
            return;
        }
        Fault::DripsHead => return drip(stream, HEAD.repeat(4).as_bytes()),
        Fault::DripsBody => {
            let _ = stream.write_all(format!("{HEAD}content-length: 500\r\n\r\n").as_bytes());
            return drip(stream, &[b' '; 400]);
        }
        Fault::CutsHead => HEAD.as_bytes()[..20].to_vec(),
        Fault::CutsBody => format!("{HEAD}content-length: 500\r\n\r\n{{\"id\":").into_bytes(),
        Fault::CutsAtOnce => Vec::new(),
        Fault::Status(status) => format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").into_bytes(),
        Fault::HugeLength => format!("{HEAD}content-length: 99999999999\r\n\r\n{{}}").into_bytes(),
        Fault::EndlessChunks => return pour(stream, "transfer-encoding: chunked\r\n\r\n", b"400\r\n", b"\r\n"),
        Fault::EndlessBody => return pour(stream, "connection: close\r\n\r\n", b"", b""),
        Fault::Gzip => format!("{HEAD}content-encoding: gzip\r\ncontent-length: 2\r\n\r\n\x1f\x0b").into_bytes(),
        Fault::RedirectLoop => redirect(&format!("{own}{path}")),
        Fault::RedirectAway => redirect("http://127.0.0.1:9/elsewhere"),
        Fault::RedirectInside => redirect("http://169.254.169.254/latest/meta-data"),
        Fault::Body(body) => whole(body),
        Fault::WrongType => format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{document}",
            document.len()
        )
        .into_bytes(),
        Fault::Deep => whole(&[&b"[".repeat(100_000)[..], &b"]".repeat(100_000)[..]].concat()),
        Fault::Long => whole(format!("{{\"to\": [{}1]}}", "1,".repeat(400_000)).as_bytes()),
        Fault::Trailing => [&whole(document.as_bytes())[..], b"HTTP/1.1 200 OK\r\n\r\nmore"].concat(),
    };
    // The client may have closed the connection already.
    let _ = stream.write_all(&response);
}

fn drip(mut stream: TcpStream, bytes: &[u8]) {
    for byte in bytes {
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}

fn pour(mut stream: TcpStream, headers: &str, before: &[u8], after: &[u8]) {
    let part = [before, &[b' '; 1024], after].concat();
    let _ = stream.write_all(format!("{HEAD}{headers}").as_bytes());
    // Enough to fill the memory of a small machine if the client reads all of it.
    for _ in 0..512 * 1024 {
        if stream.write_all(&part).is_err() {
            return;
        }
    }
}
