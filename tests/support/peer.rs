use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use dassie::domain::now;
use dassie::protocol::signature::{Form, Outgoing, SigningKey, sign};
use serde_json::{Value, json};

use super::http::{Answer, Ask};
use super::server::TestServer;

/// A bare server of a stranger: it serves what it is told to and signs whatever it likes.
pub struct Peer {
    pub base: String,
    pub requests: Arc<AtomicUsize>,
    documents: Arc<Mutex<Vec<(String, Value)>>>,
    key: Arc<SigningKey>,
}

impl Peer {
    pub fn start() -> Self {
        static KEY: std::sync::OnceLock<Arc<SigningKey>> = std::sync::OnceLock::new();
        let key = KEY.get_or_init(|| Arc::new(SigningKey::generate_rsa().unwrap())).clone();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let documents: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let requests: Arc<AtomicUsize> = Arc::default();
        let (served, counted) = (documents.clone(), requests.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                counted.fetch_add(1, Ordering::SeqCst);
                let mut head = [0_u8; 8192];
                let n = stream.read(&mut head).unwrap_or(0);
                let head = String::from_utf8_lossy(&head[..n]).into_owned();
                let path = head.split(' ').nth(1).unwrap_or("/").split('?').next().unwrap().to_owned();
                let found = served.lock().unwrap().iter().find(|(p, _)| *p == path).map(|(_, d)| d.to_string());
                let (status, body) = match found {
                    _ if head.starts_with("POST") => ("202 Accepted", String::new()),
                    Some(body) => ("200 OK", body),
                    None => ("404 Not Found", String::new()),
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status}\r\ncontent-type: application/activity+json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        let peer = Self { base, requests, documents, key };
        peer.add_actor("mallory");
        peer
    }

    pub fn serve(&self, path: &str, document: Value) {
        self.documents.lock().unwrap().push((path.into(), document));
    }

    pub fn actor(&self, name: &str) -> String {
        format!("{}/users/{name}", self.base)
    }

    pub fn add_actor(&self, name: &str) {
        let id = self.actor(name);
        self.serve(
            &format!("/users/{name}"),
            json!({
                "@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Person", "preferredUsername": name,
                "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"), "followers": format!("{id}/followers"),
                "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": self.key.public_pem()},
            }),
        );
    }

    /// A request with a body, signed by one of our actors, before it is sent.
    pub fn signed(&self, to: &TestServer, signer: &str, form: Form, body: &Value) -> Ask {
        let body = body.to_string().into_bytes();
        let url = url::Url::parse(&to.url("/inbox")).unwrap();
        let content_type = "application/activity+json";
        let outgoing = Outgoing { method: "POST", url: &url, body: Some(&body), content_type: Some(content_type) };
        let key_id = format!("{}#main-key", self.actor(signer));
        let mut ask = Ask::new("POST", "/inbox");
        for (name, value) in sign(form, &outgoing, &key_id, &self.key, now()) {
            ask = ask.header(name, &value);
        }
        ask.body(content_type, body)
    }

    /// Delivers an activity, signed by `signer`.
    pub fn delivers(&self, to: &TestServer, signer: &str, body: &Value) -> Answer {
        to.send(&self.signed(to, signer, Form::Cavage, body))
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
