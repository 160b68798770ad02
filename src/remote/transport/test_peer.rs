//! A small peer on 127.0.0.1 with scripted behaviour, over plain TCP or TLS, and a client that reaches it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::pki_types::PrivateKeyDer;
use rustls::server::WantsServerCert;
use rustls::{ConfigBuilder, ServerConfig, ServerConnection, StreamOwned};

use crate::error::RemoteError;
use crate::remote::{Fetched, Get, HttpClient, HttpClientConfig, Origin, Reach};

pub(crate) const HELLO: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

pub(crate) fn config(own: (&str, &str, u16)) -> HttpClientConfig {
    HttpClientConfig {
        own_origin: Origin { scheme: own.0.into(), host: own.1.into(), port: own.2 },
        allow_addresses: Vec::new(),
        ca_pem: None,
        user_agent: "Dassie/test".into(),
        reach: Reach::Internet,
    }
}

/// A client of a server on loopback; nothing listens on port 1.
pub(crate) fn loopback() -> HttpClient {
    HttpClient::new(config(("http", "127.0.0.1", 1))).unwrap()
}

pub(crate) fn request() -> Get<'static> {
    Get {
        accept: "application/activity+json",
        max_bytes: 1000,
        deadline: Duration::from_secs(5),
        same_origin_redirects: false,
        sign: None,
    }
}

pub(crate) fn get(client: &HttpClient, url: &str) -> Result<Fetched, RemoteError> {
    client.get(&client.url(url)?, request())
}

pub(crate) fn refused(result: Result<impl std::fmt::Debug, RemoteError>) -> bool {
    matches!(result, Err(RemoteError::Refused(_)))
}

pub(crate) fn malformed(result: Result<impl std::fmt::Debug, RemoteError>) -> bool {
    matches!(result, Err(RemoteError::Malformed(_)))
}

pub(crate) fn unreachable(result: Result<impl std::fmt::Debug, RemoteError>) -> bool {
    matches!(result, Err(RemoteError::Unreachable(_)))
}

pub(crate) fn unresponsive(result: Result<impl std::fmt::Debug, RemoteError>) -> bool {
    matches!(result, Err(RemoteError::NoAnswer(_)))
}

/// A request that arrived.
#[derive(Clone)]
pub(crate) struct ReceivedRequest {
    pub(crate) path: String,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

pub(crate) trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// A TLS server's configuration, but for its certificate.
pub(crate) fn server_config() -> ConfigBuilder<ServerConfig, WantsServerCert> {
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
}

type Behaviour = dyn Fn(&ReceivedRequest, &mut dyn Stream) -> bool + Send + Sync;

pub(crate) struct Peer {
    pub(crate) port: u16,
    connections: Arc<AtomicUsize>,
    resumed: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<ReceivedRequest>>>,
}

impl Peer {
    /// Responds to each request with `behaviour`, which returns whether the connection stays open.
    pub(crate) fn new(behaviour: impl Fn(&ReceivedRequest, &mut dyn Stream) -> bool + Send + Sync + 'static) -> Self {
        Self::start(None, Box::new(behaviour))
    }

    /// Responds to every request with the same bytes and keeps the connection open.
    pub(crate) fn fixed(response: &str) -> Self {
        let response = response.to_owned();
        Self::new(move |_, stream| stream.write_all(response.as_bytes()).is_ok())
    }

    /// Responds over TLS for `127.0.0.1` and `localhost`; also gives the certificate in PEM.
    pub(crate) fn tls(response: &str) -> (Self, String) {
        let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
        let config = server_config().with_single_cert(vec![own.cert.der().clone()], key).unwrap();
        (Self::tls_as(config, response), own.cert.pem())
    }

    /// Responds over TLS with this configuration.
    pub(crate) fn tls_as(config: ServerConfig, response: &str) -> Self {
        let response = response.to_owned();
        let behaviour =
            Box::new(move |_: &ReceivedRequest, stream: &mut dyn Stream| stream.write_all(response.as_bytes()).is_ok());
        Self::start(Some(Arc::new(config)), behaviour)
    }

    fn start(tls: Option<Arc<ServerConfig>>, behaviour: Box<Behaviour>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let resumed = Arc::new(AtomicUsize::new(0));
        let peer = Self {
            resumed: Arc::clone(&resumed),
            port,
            connections: Arc::clone(&connections),
            requests: Arc::clone(&requests),
        };
        let behaviour: Arc<Behaviour> = behaviour.into();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::SeqCst);
                let (tls, requests, behaviour) = (tls.clone(), Arc::clone(&requests), Arc::clone(&behaviour));
                let resumed = Arc::clone(&resumed);
                thread::spawn(move || match tls {
                    Some(config) => {
                        let conn = ServerConnection::new(config).unwrap();
                        let mut stream = StreamOwned::new(conn, stream);
                        converse(&mut stream, &requests, &*behaviour);
                        if stream.conn.handshake_kind() == Some(rustls::HandshakeKind::Resumed) {
                            resumed.fetch_add(1, Ordering::SeqCst);
                        }
                    }
                    None => converse::<TcpStream>(&mut { stream }, &requests, &*behaviour),
                });
            }
        });
        peer
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// TLS connections that began from an earlier session, counted when they end.
    pub(crate) fn resumed(&self) -> usize {
        self.resumed.load(Ordering::SeqCst)
    }

    /// All requests since the last call.
    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

fn converse<S: Read + Write>(stream: &mut S, requests: &Mutex<Vec<ReceivedRequest>>, behaviour: &Behaviour) {
    while let Some(request) = read_request(stream) {
        requests.lock().unwrap().push(request.clone());
        let open = behaviour(&request, stream);
        if !open || stream.flush().is_err() {
            return;
        }
    }
}

fn read_request(stream: &mut impl Read) -> Option<ReceivedRequest> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1)?.to_owned();
    let length = head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some(ReceivedRequest { path, head, body })
}
