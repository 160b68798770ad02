//! Other servers: one that signs activities, and many that receive over TLS.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dassie::protocol::signature::{RequestToSign, SignatureScheme, SigningKey, sign};
use serde_json::{Value, json};

/// Remote actors that the owner follows, each on its own host, with one key and known to the server.
pub struct Senders {
    key: SigningKey,
    count: usize,
}

impl Senders {
    /// Adds the actors to a data directory.
    pub fn add(data: &Path, count: usize) -> Self {
        let key = SigningKey::generate_rsa().unwrap();
        let ids: Vec<String> = (0..count).map(id_of).collect();
        super::seed::add_followed(data, &ids, &key.public_pem());
        Self { key, count }
    }

    /// For each sender in turn: new notes that mention the owner, favourites and boosts of its posts, and an update and
    /// the deletion of each note.
    pub fn mixed(&self, authority: &str, owner: &str, posts: &[String]) -> Vec<Vec<u8>> {
        let mut requests = Vec::new();
        for sender in 0..self.count {
            let actor = id_of(sender);
            for (n, post) in posts.iter().enumerate() {
                let id = format!("{actor}/notes/{n}");
                let note = |text: &str, updated: Option<&str>| {
                    json!({
                        "id": id, "type": "Note", "attributedTo": actor, "to": [owner], "content": text,
                        "published": "2026-01-01T00:00:00Z", "updated": updated,
                        "tag": [{"type": "Mention", "href": owner}],
                    })
                };
                let public = "https://www.w3.org/ns/activitystreams#Public";
                for (kind, object) in [
                    ("Create", note("<p>a note with some words in it for @alice</p>", None)),
                    ("Like", json!(post)),
                    ("Announce", json!(post)),
                    ("Update", note("<p>a note with other words in it for @alice</p>", Some("2026-01-01T00:01:00Z"))),
                    ("Delete", json!({"id": id, "type": "Tombstone"})),
                ] {
                    let to = if kind == "Announce" { public } else { owner };
                    requests.push(self.signed(authority, sender, kind, &format!("{kind}/{n}"), to, &object));
                }
            }
        }
        requests
    }

    /// A new Like of a post.
    pub fn like(&self, authority: &str, owner: &str, n: usize, post: &str) -> Vec<u8> {
        self.signed(authority, n % self.count, "Like", &format!("again/{n}"), owner, &json!(post))
    }

    fn signed(&self, authority: &str, sender: usize, kind: &str, id: &str, to: &str, object: &Value) -> Vec<u8> {
        let actor = id_of(sender);
        let body = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{actor}/{id}"), "type": kind,
            "actor": actor, "to": [to], "object": object,
        })
        .to_string();
        let url = url::Url::parse(&format!("http://{authority}/inbox")).unwrap();
        let outgoing = RequestToSign {
            method: "POST",
            url: &url,
            body: Some(body.as_bytes()),
            content_type: Some("application/activity+json"),
        };
        let key_id = format!("{actor}#main-key");
        let headers = sign(SignatureScheme::Cavage, &outgoing, &key_id, &self.key, dassie::domain::now());
        let mut head = format!(
            "POST /inbox HTTP/1.1\r\nhost: {authority}\r\ncontent-type: application/activity+json\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        format!("{head}\r\n{body}").into_bytes()
    }

    /// How many requests one core signs in a second.
    pub fn signing_rate(&self) -> f64 {
        let began = std::time::Instant::now();
        for n in 0..200 {
            self.like("127.0.0.1", "http://127.0.0.1/users/alice", n, "http://127.0.0.1/s");
        }
        200.0 / began.elapsed().as_secs_f64()
    }
}

fn id_of(sender: usize) -> String {
    format!("https://sender{sender}.example/users/s")
}

/// Many hosts on loopback addresses, behind one certificate.
pub struct TlsHosts {
    pub received: Arc<AtomicUsize>,
    inboxes: Vec<String>,
    certificate: String,
}

impl TlsHosts {
    pub fn start(count: usize) -> Self {
        let addresses: Vec<String> = (0..count).map(|n| format!("127.1.{}.{}", n / 250, n % 250 + 1)).collect();
        let made = rcgen::generate_simple_self_signed(addresses.clone()).unwrap();
        let certificate = made.cert.pem();
        let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        listener.set_nonblocking(true).unwrap();
        let received: Arc<AtomicUsize> = Arc::default();
        let counted = received.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(accept(listener, tokio_rustls::TlsAcceptor::from(Arc::new(config)), counted));
        });
        let inboxes = addresses.iter().map(|a| format!("https://{a}:{port}/inbox")).collect();
        Self { received, inboxes, certificate }
    }

    /// Makes every host a follower, and lets the server trust and reach them.
    pub fn follow(&self, data: &Path) {
        super::seed::add_followers(data, &self.inboxes);
        let ca = data.join("ca.pem");
        std::fs::write(&ca, &self.certificate).unwrap();
        let config = format!("[federation]\nallow_addresses = [\"127.0.0.0/8\"]\nca_file = {:?}\n", ca);
        std::fs::write(data.join("config.toml"), config).unwrap();
    }
}

async fn accept(listener: TcpListener, acceptor: tokio_rustls::TlsAcceptor, received: Arc<AtomicUsize>) {
    use http_body_util::{BodyExt, Full};
    use hyper::body::{Bytes, Incoming};
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (acceptor, received) = (acceptor.clone(), received.clone());
        tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
                let received = received.clone();
                async move {
                    let _ = request.into_body().collect().await;
                    received.fetch_add(1, Ordering::SeqCst);
                    let mut response = hyper::Response::new(Full::new(Bytes::new()));
                    *response.status_mut() = hyper::StatusCode::ACCEPTED;
                    Ok::<_, std::convert::Infallible>(response)
                }
            });
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(hyper_util::rt::TokioIo::new(stream), service)
                .await;
        });
    }
}
