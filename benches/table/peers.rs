//! Other servers: one that signs activities, and many that receive over TLS.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dassie::protocol::signature::{RequestToSign, SignatureScheme, SigningKey, sign};
use serde_json::json;

/// A stranger with a key that can be fetched.
pub struct Signer {
    base: String,
    key: SigningKey,
}

impl Signer {
    pub fn start() -> Self {
        let key = SigningKey::generate_rsa().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let id = format!("{base}/users/s");
        let document = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Person", "preferredUsername": "s",
            "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"),
            "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": key.public_pem()},
        })
        .to_string();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut stream = stream;
                let _ = stream.read(&mut [0; 8192]);
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{document}",
                    document.len()
                );
            }
        });
        Self { base, key }
    }

    /// A signed Follow of the owner: what strangers may send in an hour is limited.
    pub fn follow(&self, authority: &str, owner: &str) -> Vec<u8> {
        let actor = format!("{}/users/s", self.base);
        let body = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{actor}/follow"), "type": "Follow",
            "actor": actor, "object": owner,
        });
        self.signed(authority, &body.to_string())
    }

    /// Signed requests, each with a new note that mentions the owner.
    pub fn notes(&self, authority: &str, owner: &str, count: usize) -> Vec<Vec<u8>> {
        let actor = format!("{}/users/s", self.base);
        (0..count)
            .map(|n| {
                let id = format!("{}/notes/{n}", self.base);
                let body = json!({
                    "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{id}/activity"), "type": "Create", "actor": actor, "to": [owner],
                    "object": {
                        "id": id, "type": "Note", "attributedTo": actor, "to": [owner],
                        "content": format!("<p>note number {n} with some words in it for @alice</p>"),
                        "tag": [{"type": "Mention", "href": owner}],
                    },
                });
                self.signed(authority, &body.to_string())
            })
            .collect()
    }

    fn signed(&self, authority: &str, body: &str) -> Vec<u8> {
        let url = url::Url::parse(&format!("http://{authority}/inbox")).unwrap();
        let outgoing = RequestToSign {
            method: "POST",
            url: &url,
            body: Some(body.as_bytes()),
            content_type: Some("application/activity+json"),
        };
        let key_id = format!("{}/users/s#main-key", self.base);
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
