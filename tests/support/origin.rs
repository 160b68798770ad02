//! A file server that responds as slowly, or as badly, as a test needs.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

/// A file at a path.
#[derive(Debug, Clone)]
pub struct OriginFile {
    pub status: &'static str,
    pub content_type: &'static str,
    pub body: Arc<[u8]>,
    /// The size is stated.
    pub states_length: bool,
    /// After so many bytes it waits until [`Origin::release`].
    pub held_after: Option<usize>,
    /// The first connection breaks after so many bytes.
    pub breaks_after: Option<usize>,
}

impl OriginFile {
    pub fn new(body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: "200 OK",
            content_type: "application/octet-stream",
            body: body.into().into(),
            states_length: true,
            held_after: None,
            breaks_after: None,
        }
    }
}

#[derive(Default)]
struct State {
    files: HashMap<String, OriginFile>,
    requests: Vec<String>,
    released: bool,
}

/// The server: a thread for each connection.
pub struct Origin {
    pub base: String,
    state: Arc<(Mutex<State>, Condvar)>,
}

impl Origin {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let state: Arc<(Mutex<State>, Condvar)> = Arc::default();
        let served = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(stream), served) = (stream, served.clone()) else { return };
                std::thread::spawn(move || serve(stream, &served));
            }
        });
        Self { base, state }
    }

    /// Serves a file. Returns its URL.
    pub fn serve(&self, path: &str, file: OriginFile) -> String {
        self.state.0.lock().unwrap().files.insert(path.into(), file);
        format!("{}{path}", self.base)
    }

    /// How often a path was requested.
    pub fn requests_for(&self, path: &str) -> usize {
        let start = format!("GET {path} ");
        self.state.0.lock().unwrap().requests.iter().filter(|head| head.starts_with(&start)).count()
    }

    /// The heads of all requests, in lower case but for the path.
    pub fn requests(&self) -> Vec<String> {
        self.state.0.lock().unwrap().requests.clone()
    }

    /// Sends the rest of the files that are held.
    pub fn release(&self) {
        self.state.0.lock().unwrap().released = true;
        self.state.1.notify_all();
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.release();
    }
}

fn serve(mut stream: TcpStream, state: &(Mutex<State>, Condvar)) {
    let mut bytes = Vec::new();
    let mut part = [0; 4_096];
    while !bytes.ends_with(b"\r\n\r\n") {
        match stream.read(&mut part) {
            Ok(n) if n > 0 => bytes.extend_from_slice(&part[..n]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let (file, is_first) = {
        let mut state = state.0.lock().unwrap();
        let is_first = !state.requests.iter().any(|other| other.starts_with(&format!("GET {path} ")));
        state.requests.push(head.clone());
        (state.files.get(&path).cloned(), is_first)
    };
    let Some(file) = file else {
        let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        return;
    };
    let range =
        head.to_lowercase().lines().find_map(|l| l.strip_prefix("range: bytes=")?.strip_suffix('-')?.parse().ok());
    let start: usize = range.unwrap_or(0);
    let total = file.body.len();
    let mut out = format!("HTTP/1.1 {}\r\n", if start > 0 { "206 Partial Content" } else { file.status });
    out.push_str(&format!("content-type: {}\r\netag: \"one\"\r\nconnection: close\r\n", file.content_type));
    if start > 0 {
        out.push_str(&format!("content-range: bytes {start}-{}/{total}\r\n", total - 1));
    }
    if file.states_length {
        out.push_str(&format!("content-length: {}\r\n", total - start));
    }
    let _ = stream.write_all(format!("{out}\r\n").as_bytes());
    if let Some(cut) = file.breaks_after.filter(|_| is_first) {
        let _ = stream.write_all(&file.body[..cut]);
        return;
    }
    let pause = file.held_after.unwrap_or(total).max(start);
    let _ = stream.write_all(&file.body[start..pause]);
    if pause < total {
        let released = state.1.wait_while(state.0.lock().unwrap(), |state| !state.released);
        drop(released);
        let _ = stream.write_all(&file.body[pause..]);
    }
}
