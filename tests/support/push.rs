use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use dassie::protocol::web_push::{decode, encode};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::SystemRandom;
use serde_json::{Value, json};

/// A request that a push service has received.
#[derive(Debug, Clone)]
pub struct Pushed {
    pub path: String,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Pushed {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("no {name}: {:?}", self.headers))
    }

    /// A parameter of a header: `salt=…`.
    fn parameter(&self, header: &str, name: &str) -> Vec<u8> {
        let value = self.header(header).split(';').find_map(|p| p.trim().strip_prefix(&format!("{name}=")));
        decode(value.unwrap()).unwrap()
    }
}

/// A push service.
pub struct PushService {
    pub base: String,
    received: Arc<Mutex<Vec<Pushed>>>,
    status_line: Arc<Mutex<&'static str>>,
}

impl PushService {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let received: Arc<Mutex<Vec<Pushed>>> = Arc::default();
        let status_line = Arc::new(Mutex::new("201 Created"));
        let (to, with) = (received.clone(), status_line.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let Some(pushed) = read(&mut stream) else { continue };
                to.lock().unwrap().push(pushed);
                let status = *with.lock().unwrap();
                let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            }
        });
        Self { base, received, status_line }
    }

    /// From now on every message gets this status.
    pub fn responds(&self, status: &'static str) {
        *self.status_line.lock().unwrap() = status;
    }

    pub fn received(&self) -> Vec<Pushed> {
        self.received.lock().unwrap().clone()
    }
}

fn read(stream: &mut TcpStream) -> Option<Pushed> {
    let mut bytes = Vec::new();
    let mut part = [0; 8192];
    loop {
        let n = stream.read(&mut part).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&part[..n]);
        let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let path = lines.next()?.split(' ').nth(1)?.to_owned();
        let headers: Vec<(String, String)> =
            lines.filter_map(|l| l.split_once(": ")).map(|(n, v)| (n.to_lowercase(), v.to_owned())).collect();
        let length = headers.iter().find(|(n, _)| n == "content-length").map_or(0, |(_, v)| v.parse().unwrap());
        if bytes.len() >= end + 4 + length {
            return Some(Pushed { path, headers, body: bytes[end + 4..].to_vec() });
        }
    }
}

/// The keys of an app. They decrypt one message.
pub struct Subscriber {
    private: EphemeralPrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive<const N: usize>(salt: &[u8], input: &[u8], info: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    Salt::new(HKDF_SHA256, salt).extract(input).expand(info, Length(N)).unwrap().fill(&mut out).unwrap();
    out
}

impl Subscriber {
    pub fn new() -> Self {
        let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let public = private.compute_public_key().unwrap().as_ref().to_vec();
        Self { private, public, auth: [7; 16] }
    }

    /// The parameters of a subscription at this endpoint.
    pub fn subscription(&self, endpoint: &str, standard: bool) -> Value {
        json!({
            "endpoint": endpoint, "standard": standard,
            "keys": {"p256dh": encode(&self.public), "auth": encode(&self.auth)},
        })
    }

    /// The content of a message.
    pub fn decrypt(self, message: &Pushed) -> Value {
        let is_standard = message.header("content-encoding") == "aes128gcm";
        let (salt, sender, record) = match is_standard {
            true => {
                let (head, record) = message.body.split_at(86);
                assert_eq!(head[20], 65);
                (head[..16].to_vec(), head[21..].to_vec(), record)
            }
            false => {
                let salt = message.parameter("encryption", "salt");
                (salt, message.parameter("crypto-key", "dh"), &message.body[..])
            }
        };
        let peer = UnparsedPublicKey::new(&ECDH_P256, &sender);
        let secret = agree_ephemeral(self.private, &peer, <[u8]>::to_vec).unwrap();
        let (content, nonce): ([u8; 16], [u8; 12]) = if is_standard {
            let input: [u8; 32] = derive(&self.auth, &secret, &[b"WebPush: info\0", &self.public, &sender]);
            let label = |name: &str| format!("Content-Encoding: {name}\0").into_bytes();
            (derive(&salt, &input, &[&label("aes128gcm")]), derive(&salt, &input, &[&label("nonce")]))
        } else {
            let input: [u8; 32] = derive(&self.auth, &secret, &[b"Content-Encoding: auth\0"]);
            let context = [b"P-256\0\0\x41", &self.public[..], b"\0\x41", &sender].concat();
            let label = |name: &str| [format!("Content-Encoding: {name}\0").as_bytes(), &context].concat();
            (derive(&salt, &input, &[&label("aesgcm")]), derive(&salt, &input, &[&label("nonce")]))
        };
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &content).unwrap());
        let mut record = record.to_vec();
        let plain = key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record).unwrap();
        let text = if is_standard { plain.strip_suffix(&[2]) } else { plain.strip_prefix(&[0, 0]) };
        serde_json::from_slice(text.unwrap()).unwrap()
    }
}
