//! Servers that verify deliveries, each with its own policy for caching keys.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use dassie::domain::now;
use dassie::protocol::signature::{self, PublicKey, RequestParts};
use serde_json::Value;

use super::http::Request;

/// The key caching policy of a server, and its response to a signature that does not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyCache {
    /// Permanent, except for an Update signed with the cached key; responds with 202 to everything (Misskey).
    Forever,
    /// Fetches again if a signature does not match, then responds with 401 (Mastodon).
    UntilRefused,
    /// One day; responds with 400 `invalid signature`, and accepts no Update of an actor (Lemmy).
    ADay,
    /// Until its cache expires; responds with 401, and ignores Updates (WordPress).
    UntilExpiry,
}

#[derive(Default)]
struct State {
    key: Option<String>,
    taken: Vec<Value>,
    dropped: Vec<Value>,
}

/// A server with a follower, which caches the key of one sender.
pub struct Verifier {
    pub base: String,
    sender: String,
    state: Arc<Mutex<State>>,
}

impl Verifier {
    /// `sender` is the authority of the server whose owner `alice` delivers here.
    pub fn start(cache: KeyCache, sender: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let state: Arc<Mutex<State>> = Arc::default();
        let (shared, from, own) = (state.clone(), sender.to_owned(), authority.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                serve(cache, &own, &from, &shared, stream);
            }
        });
        Self { base: format!("http://{authority}"), sender: sender.to_owned(), state }
    }

    /// The activities with this type that it verified.
    pub fn taken(&self, kind: &str) -> Vec<Value> {
        self.state.lock().unwrap().taken.iter().filter(|a| a["type"] == kind).cloned().collect()
    }

    /// True if it verified a post with this text.
    pub fn has(&self, text: &str) -> bool {
        self.taken("Create").iter().any(|a| a["object"]["content"].as_str().unwrap_or_default().contains(text))
    }

    /// How many activities it dropped because their signature did not fit.
    pub fn dropped(&self) -> usize {
        self.state.lock().unwrap().dropped.len()
    }

    /// Its cache expires: it fetches the key again.
    pub fn forgets_key(&self) {
        self.state.lock().unwrap().key = Some(fetched_key(&self.sender));
    }
}

fn fetched_key(sender: &str) -> String {
    let actor = Request::get("/users/alice").activity().send(sender).json();
    actor["publicKey"]["publicKeyPem"].as_str().unwrap().to_owned()
}

fn serve(cache: KeyCache, own: &str, sender: &str, state: &Mutex<State>, mut stream: TcpStream) {
    let Some((target, headers, body)) = read_request(&mut stream) else { return };
    let key = state.lock().unwrap().key.clone().unwrap_or_else(|| fetched_key(sender));
    let mut fits = verifies(own, &target, &headers, &body, &key);
    state.lock().unwrap().key = Some(key);
    if !fits && cache == KeyCache::UntilRefused {
        let fresh = fetched_key(sender);
        fits = verifies(own, &target, &headers, &body, &fresh);
        state.lock().unwrap().key = Some(fresh);
    }
    let activity: Value = serde_json::from_slice(&body).unwrap_or_default();
    let is_actor = activity["type"] == "Update" && activity["object"]["publicKey"].is_object();
    let pem = activity["object"]["publicKey"]["publicKeyPem"].as_str().map(str::to_owned);
    let is_alice = activity["actor"].as_str().is_some_and(|a| a.ends_with("/users/alice"));
    let response = match cache {
        _ if !is_alice => "202 Accepted\r\ncontent-length: 0",
        KeyCache::ADay if is_actor => {
            "400 Bad Request\r\ncontent-length: 32\r\n\r\n{\"error\":\"unknown activity type\"}"
        }
        _ if fits => "202 Accepted\r\ncontent-length: 0",
        KeyCache::Forever => "202 Accepted\r\ncontent-length: 0",
        KeyCache::ADay => "400 Bad Request\r\ncontent-length: 29\r\n\r\n{\"error\":\"invalid signature\"}",
        KeyCache::UntilRefused | KeyCache::UntilExpiry => "401 Unauthorized\r\ncontent-length: 0",
    };
    let mut state = state.lock().unwrap();
    if is_alice && fits && response.starts_with("202") {
        state.taken.push(activity);
        if is_actor && matches!(cache, KeyCache::Forever | KeyCache::UntilRefused) {
            state.key = pem;
        }
    } else if is_alice {
        state.dropped.push(activity);
    }
    drop(state);
    let end = if response.contains("\r\n\r\n") { "" } else { "\r\n\r\n" };
    let _ = write!(stream, "HTTP/1.1 {response}{end}");
}

fn verifies(own: &str, target: &str, headers: &[(String, String)], body: &[u8], pem: &str) -> bool {
    let parts = RequestParts { method: "POST", scheme: "http", authority: own, target, headers, body: Some(body) };
    let Ok(presented) = signature::parse(&parts, now()) else { return false };
    presented.verify(&PublicKey::from_pem(pem).unwrap()).is_ok()
}

type Head = (String, Vec<(String, String)>, Vec<u8>);

/// The target, headers and body of a request.
fn read_request(stream: &mut TcpStream) -> Option<Head> {
    let (mut bytes, mut part) = (Vec::new(), [0_u8; 8192]);
    loop {
        let n = stream.read(&mut part).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&part[..n]);
        let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let lines = head.lines().skip(1).filter_map(|l| l.split_once(':'));
        let headers: Vec<_> = lines.map(|(n, v)| (n.to_lowercase(), v.trim().to_owned())).collect();
        let length = headers.iter().find(|(n, _)| n == "content-length").and_then(|(_, v)| v.parse().ok()).unwrap_or(0);
        if bytes.len() >= end + 4 + length {
            let target = head.split(' ').nth(1)?.to_owned();
            return Some((target, headers, bytes[end + 4..end + 4 + length].to_vec()));
        }
    }
}
