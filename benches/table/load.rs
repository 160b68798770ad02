//! A load of requests over kept connections, and the bare server to compare with.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a load measured.
pub struct Measured {
    pub rate: f64,
    pub seconds: f64,
    pub p50: f64,
    pub p99: f64,
}

/// The same request again and again.
pub struct Load {
    authority: String,
    head: String,
    body: String,
    /// Each request asks for another address, so that no kept answer can serve it.
    always_new: bool,
}

impl Load {
    pub fn get(authority: &str, path: &str) -> Self {
        let head = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\n");
        Self { authority: authority.into(), head, body: String::new(), always_new: false }
    }

    pub fn always_new(mut self) -> Self {
        self.always_new = true;
        self
    }

    pub fn post(authority: &str, path: &str, body: String) -> Self {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {authority}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        Self { authority: authority.into(), head, body, always_new: false }
    }

    pub fn header(mut self, (name, value): (&str, String)) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    pub fn run(&self, connections: usize, time: Duration) -> Measured {
        let request = format!("{}\r\n{}", self.head, self.body);
        let asked = AtomicUsize::new(0);
        let times = Mutex::new(Vec::new());
        let began = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..connections {
                scope.spawn(|| {
                    let mut connection = Connection::open(&self.authority);
                    let mut own = Vec::with_capacity(100_000);
                    while began.elapsed() < time {
                        let n = asked.fetch_add(1, Ordering::Relaxed);
                        let sent = Instant::now();
                        if self.always_new {
                            let mark = if self.head.split(" HTTP/1.1").next().is_some_and(|h| h.contains('?')) {
                                '&'
                            } else {
                                '?'
                            };
                            connection
                                .ask(request.replacen(" HTTP/1.1", &format!("{mark}n={n} HTTP/1.1"), 1).as_bytes());
                        } else {
                            connection.ask(request.as_bytes());
                        }
                        own.push(sent.elapsed().as_secs_f64() * 1e3);
                    }
                    times.lock().unwrap().extend(own);
                });
            }
        });
        let took = began.elapsed().as_secs_f64();
        let mut times = times.into_inner().unwrap();
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        Measured { rate: times.len() as f64 / took, seconds: took, p50: at(0.5), p99: at(0.99) }
    }
}

/// Sends prepared requests over some connections, each once.
pub fn send_all(authority: &str, requests: &[Vec<u8>], connections: usize) {
    std::thread::scope(|scope| {
        for part in requests.chunks(requests.len().div_ceil(connections)) {
            scope.spawn(move || {
                let mut connection = Connection::open(authority);
                for request in part {
                    connection.ask(request);
                }
            });
        }
    });
}

/// A connection that is kept.
pub struct Connection {
    reader: BufReader<TcpStream>,
    line: String,
    body: Vec<u8>,
}

impl Connection {
    pub fn open(authority: &str) -> Self {
        let stream = TcpStream::connect(authority).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { reader: BufReader::with_capacity(64 * 1024, stream), line: String::new(), body: Vec::new() }
    }

    fn ask(&mut self, request: &[u8]) {
        let status = self.request(request);
        assert!(status / 100 == 2, "{status}: {}", String::from_utf8_lossy(&self.body));
    }

    /// Sends a request, reads the response and returns its status.
    pub fn request(&mut self, request: &[u8]) -> u16 {
        self.reader.get_mut().write_all(request).unwrap();
        let (mut status, mut length) = (String::new(), 0);
        loop {
            self.line.clear();
            self.reader.read_line(&mut self.line).unwrap();
            let line = self.line.trim_end();
            if line.is_empty() {
                break;
            }
            if status.is_empty() {
                status = line.to_owned();
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
        }
        self.body.resize(length, 0);
        self.reader.read_exact(&mut self.body).unwrap();
        status.split(' ').nth(1).unwrap().parse().unwrap()
    }
}

/// hyper on two threads, answering 1.5 KB, for as long as this process lives.
pub fn bare_server() -> String {
    use http_body_util::Full;
    use hyper::body::{Bytes, Incoming};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let body = Bytes::from(vec![b'x'; 1_500]);
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let _ = stream.set_nodelay(true);
                let body = body.clone();
                let service = hyper::service::service_fn(move |_: hyper::Request<Incoming>| {
                    let body = body.clone();
                    async move { Ok::<_, std::convert::Infallible>(hyper::Response::new(Full::new(body))) }
                });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(hyper_util::rt::TokioIo::new(stream), service),
                );
            }
        });
    });
    authority
}
