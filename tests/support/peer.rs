use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use dassie::domain::now;
use dassie::protocol::signature::{RequestToSign, SignatureScheme, SigningKey, sign};
use serde_json::{Value, json};

use super::http::{Request, Response};
use super::server::TestServer;

const ACTIVITY: &str = "application/activity+json";

/// The response at a path of a peer.
#[derive(Clone)]
enum Page {
    Document { content_type: String, body: Vec<u8> },
    Redirect(String),
    Status(&'static str),
}

/// The documents that a peer serves, and the requests and activities that it received.
#[derive(Default)]
struct Shelf {
    pages: Vec<(String, Page)>,
    fetched: Vec<String>,
    received: Vec<Value>,
    takes_only: Option<SignatureScheme>,
    refused: usize,
    rejection: Option<Rejection>,
    rejected: Vec<Value>,
}

/// Returns the body of a 400 if the software of a peer does not accept an activity.
pub type Rejection = Arc<dyn Fn(&Value) -> Option<String> + Send + Sync>;

/// A minimal remote server: it serves the documents that a test sets and signs any activity.
pub struct Peer {
    pub base: String,
    pub requests: Arc<AtomicUsize>,
    shelf: Arc<Mutex<Shelf>>,
    key: Arc<SigningKey>,
}

impl Peer {
    pub fn start() -> Self {
        static KEY: OnceLock<Arc<SigningKey>> = OnceLock::new();
        let key = KEY.get_or_init(|| Arc::new(super::keys::peer())).clone();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let shelf: Arc<Mutex<Shelf>> = Arc::default();
        let requests: Arc<AtomicUsize> = Arc::default();
        let (served, counted) = (shelf.clone(), requests.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                counted.fetch_add(1, Ordering::SeqCst);
                response(stream, &served);
            }
        });
        let peer = Self { base, requests, shelf, key };
        peer.add_actor("mallory");
        peer
    }

    /// The key of all its actors.
    pub fn key(&self) -> Arc<SigningKey> {
        self.key.clone()
    }

    /// A key that no document of a peer names, unless a test writes it there.
    pub fn other_key() -> Arc<SigningKey> {
        static KEY: OnceLock<Arc<SigningKey>> = OnceLock::new();
        KEY.get_or_init(|| Arc::new(super::keys::unlisted())).clone()
    }

    /// Serves a document; a later one at the same path takes its place.
    pub fn serve(&self, path: &str, document: Value) {
        self.serve_as(path, ACTIVITY, document);
    }

    /// Serves a document under another content type; under none if that is empty.
    pub fn serve_as(&self, path: &str, content_type: &str, document: Value) {
        let page = Page::Document { content_type: content_type.into(), body: document.to_string().into_bytes() };
        self.shelf.lock().unwrap().pages.push((path.into(), page));
    }

    /// Serves a file or a web page.
    pub fn serve_file(&self, path: &str, content_type: &str, body: impl Into<Vec<u8>>) {
        let page = Page::Document { content_type: content_type.into(), body: body.into() };
        self.shelf.lock().unwrap().pages.push((path.into(), page));
    }

    /// Redirects requests for a path.
    pub fn redirect(&self, path: &str, to: &str) {
        self.shelf.lock().unwrap().pages.push((path.into(), Page::Redirect(to.into())));
    }

    /// Responds to requests for a path with a bare status.
    pub fn responds(&self, path: &str, status: &'static str) {
        self.shelf.lock().unwrap().pages.push((path.into(), Page::Status(status)));
    }

    /// Resets the peer to its initial state.
    pub fn forgets(&self) {
        *self.shelf.lock().unwrap() = Shelf::default();
        self.add_actor("mallory");
    }

    /// Returns the document served at a path.
    pub fn document(&self, path: &str) -> Value {
        let shelf = self.shelf.lock().unwrap();
        let body = shelf.pages.iter().rev().find_map(|(p, page)| match page {
            Page::Document { body, .. } if p == path => Some(body.clone()),
            _ => None,
        });
        serde_json::from_slice(&body.unwrap()).unwrap()
    }

    /// The number of requests for a path.
    pub fn requests_for(&self, path: &str) -> usize {
        self.shelf.lock().unwrap().fetched.iter().filter(|p| *p == path).count()
    }

    /// From now on every request that is not signed with this scheme is refused.
    pub fn takes_only(&self, form: SignatureScheme) {
        self.shelf.lock().unwrap().takes_only = Some(form);
    }

    /// How many requests were refused for their signature scheme.
    pub fn refused(&self) -> usize {
        self.shelf.lock().unwrap().refused
    }

    /// From now on activities with a rejection get a 400. Only the others count as received.
    pub fn rejects(&self, rejection: Rejection) {
        self.shelf.lock().unwrap().rejection = Some(rejection);
    }

    /// The activities that got a 400.
    pub fn rejected(&self) -> Vec<Value> {
        self.shelf.lock().unwrap().rejected.clone()
    }

    /// The delivered activities, oldest first.
    pub fn received(&self) -> Vec<Value> {
        self.shelf.lock().unwrap().received.clone()
    }

    pub fn actor(&self, name: &str) -> String {
        format!("{}/users/{name}", self.base)
    }

    /// An actor's document with this public key.
    pub fn person(&self, name: &str, key: &SigningKey) -> Value {
        let id = self.actor(name);
        json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Person", "preferredUsername": name,
            "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"), "followers": format!("{id}/followers"),
            "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": key.public_pem()},
        })
    }

    pub fn add_actor(&self, name: &str) {
        self.serve(&format!("/users/{name}"), self.person(name, &self.key));
    }

    /// A request with a body, signed by one of our actors, before it is sent.
    pub fn signed(&self, to: &TestServer, signer: &str, form: SignatureScheme, body: &Value) -> Request {
        self.signed_with(&self.key, &format!("{}#main-key", self.actor(signer)), to, form, body)
    }

    /// The same with any key under any name.
    pub fn signed_with(
        &self,
        key: &SigningKey,
        key_id: &str,
        to: &TestServer,
        form: SignatureScheme,
        body: &Value,
    ) -> Request {
        let body = body.to_string().into_bytes();
        let url = url::Url::parse(&to.url("/inbox")).unwrap();
        let outgoing = RequestToSign { method: "POST", url: &url, body: Some(&body), content_type: Some(ACTIVITY) };
        let mut request = Request::new("POST", "/inbox");
        for (name, value) in sign(form, &outgoing, key_id, key, now()) {
            request = request.header(name, &value);
        }
        request.body(ACTIVITY, body)
    }

    /// A signed request for a document.
    pub fn signs_get(&self, from: &TestServer, signer: &str, path: &str) -> Request {
        let url = url::Url::parse(&from.url(path)).unwrap();
        let outgoing = RequestToSign { method: "GET", url: &url, body: None, content_type: None };
        let key_id = format!("{}#main-key", self.actor(signer));
        let headers = sign(SignatureScheme::Cavage, &outgoing, &key_id, &self.key, now());
        headers.into_iter().fold(Request::get(path).activity(), |request, (name, value)| request.header(name, &value))
    }

    /// Delivers an activity, signed by `signer`.
    pub fn delivers(&self, to: &TestServer, signer: &str, body: &Value) -> Response {
        to.send(&self.signed(to, signer, SignatureScheme::Cavage, body))
    }

    /// A Follow of a server's owner by one of our actors.
    pub fn follow(&self, name: &str, of: &TestServer) -> Value {
        let actor = self.actor(name);
        json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{actor}/follow"), "type": "Follow",
            "actor": actor, "object": of.actor(),
        })
    }

    /// A Create of a Note by `author`, addressed to `to`.
    pub fn note(&self, author: &str, id: &str, content: &str, to: &[&str]) -> Value {
        let actor = self.actor(author);
        let id = format!("{}/notes/{id}", self.base);
        json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{id}/activity"), "type": "Create",
            "actor": actor, "to": to, "cc": [],
            "object": {
                "id": id, "type": "Note", "attributedTo": actor, "content": content, "to": to, "cc": [],
                "tag": to.iter().filter(|t| t.contains("/users/")).map(|t| json!({"type": "Mention", "href": t})).collect::<Vec<_>>(),
            },
        })
    }
}

fn response(mut stream: TcpStream, shelf: &Mutex<Shelf>) {
    let Some((head, body)) = read_request(&mut stream) else { return };
    let path = head.split(' ').nth(1).unwrap_or("/").split('?').next().unwrap().to_owned();
    let page = {
        let mut shelf = shelf.lock().unwrap();
        let form = if head.to_lowercase().contains("signature-input:") {
            SignatureScheme::Rfc9421
        } else {
            SignatureScheme::Cavage
        };
        let signed = head.to_lowercase().contains("signature:");
        if signed && shelf.takes_only.is_some_and(|wanted| wanted != form) {
            shelf.refused += 1;
            let _ = write!(stream, "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            return;
        }
        if head.starts_with("POST") {
            let activity: Option<Value> = serde_json::from_slice(&body).ok();
            let refusal =
                shelf.rejection.clone().zip(activity.as_ref()).and_then(|(rejection, activity)| rejection(activity));
            if let Some(error) = refusal {
                shelf.rejected.extend(activity);
                let length = error.len();
                let head = "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close";
                let _ = write!(stream, "{head}\r\ncontent-length: {length}\r\n\r\n{error}");
                return;
            }
            shelf.received.extend(activity);
        } else {
            shelf.fetched.push(path.clone());
        }
        shelf.pages.iter().rev().find(|(p, _)| *p == path).map(|(_, page)| page.clone())
    };
    let (status, extra, body) = match page {
        Some(Page::Status(status)) => (status, String::new(), Vec::new()),
        _ if head.starts_with("POST") => ("202 Accepted", String::new(), Vec::new()),
        Some(Page::Redirect(to)) => ("302 Found", format!("location: {to}\r\n"), Vec::new()),
        Some(Page::Document { content_type, body }) if content_type.is_empty() => ("200 OK", String::new(), body),
        Some(Page::Document { content_type, body }) => ("200 OK", format!("content-type: {content_type}\r\n"), body),
        None => ("404 Not Found", String::new(), Vec::new()),
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{extra}content-length: {length}\r\nconnection: close\r\n\r\n");
    let _ = stream.write_all(&[head.as_bytes(), &body].concat());
}

/// The head and the body of a request.
fn read_request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut part = [0_u8; 8192];
    loop {
        let n = stream.read(&mut part).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&part[..n]);
        let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let length = head.to_lowercase().lines().find_map(|l| l.strip_prefix("content-length: ")?.parse().ok());
        let length: usize = length.unwrap_or(0);
        if bytes.len() >= end + 4 + length {
            return Some((head, bytes[end + 4..].to_vec()));
        }
    }
}
