//! Peers with invalid TLS. None of them receives a request.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::test_peer::{HELLO, Peer, config, get, server_config, unreachable};
use crate::remote::{HttpClient, HttpClientConfig};

/// An authority that the client trusts.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let params = authority_params("the root");
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// A server's certificate for a name, changed as the test wants.
    fn certifies(&self, name: &str, change: impl Fn(&mut CertificateParams)) -> ServerConfig {
        let (chain, key) = leaf(&self.issuer, name, change);
        server_config().with_single_cert(chain, key).unwrap()
    }
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn leaf(
    issuer: &Issuer<'static, KeyPair>,
    name: &str,
    change: impl Fn(&mut CertificateParams),
) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    change(&mut params);
    let certificate = params.signed_by(&key, issuer).unwrap();
    (vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

/// Has no certificate for any name.
#[derive(Debug)]
struct NoCertificate;

impl ResolvesServerCert for NoCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        None
    }
}

fn trusting(pem: &str) -> HttpClient {
    HttpClient::new(HttpClientConfig { ca_pem: Some(pem.to_owned()), ..config(("http", "localhost", 1)) }).unwrap()
}

#[test]
fn peers_with_invalid_certificates_get_no_request() {
    let authority = Authority::new();
    let client = trusting(&authority.pem);
    let between = Issuer::new(authority_params("between"), KeyPair::generate().unwrap());
    let gap = |_: &mut CertificateParams| {};
    let (chain, key) = leaf(&between, "localhost", gap);
    let year = |from: i32, to: i32| {
        move |params: &mut CertificateParams| {
            params.not_before = date_time_ymd(from, 1, 1);
            params.not_after = date_time_ymd(to, 1, 1);
        }
    };
    let rows = [
        ("in order", authority.certifies("localhost", gap), true),
        ("expired", authority.certifies("localhost", year(2020, 2021)), false),
        ("not valid yet", authority.certifies("localhost", year(2990, 2999)), false),
        ("of another name", authority.certifies("other.example", gap), false),
        ("with a gap in its chain", server_config().with_single_cert(chain, key).unwrap(), false),
        ("of another authority", Authority::new().certifies("localhost", gap), false),
        ("none for this name", server_config().with_cert_resolver(Arc::new(NoCertificate)), false),
    ];
    for (what, config, holds) in rows {
        let peer = Peer::tls_as(config, HELLO);
        let url = format!("https://localhost:{}/", peer.port);
        let result = get(&client, &url);
        assert_eq!(result.is_ok(), holds, "{what}: {result:?}");
        let inbox = client.url(&url).unwrap();
        let delivered = client.post(&inbox, &[], b"{}");
        assert_eq!(delivered.is_ok(), holds, "{what}: {delivered:?}");
        assert_eq!(peer.requests().len(), if holds { 2 } else { 0 }, "{what}");
        if !holds {
            assert!(unreachable(result) && unreachable(delivered), "{what}");
        }
    }
}

/// Servers without a supported version of TLS.
#[test]
fn old_versions_and_plain_text_are_refused() {
    let mut hello = vec![2, 0, 0, 38, 3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    let rows: [(&str, Vec<u8>); 4] = [
        ("TLS 1.0", [&[22, 3, 1, 0, hello.len() as u8][..], &hello].concat()),
        ("an alert of its version", vec![21, 3, 1, 0, 2, 2, 70]),
        ("an alert of the name", vec![21, 3, 3, 0, 2, 2, 112]),
        ("plain HTTP", HELLO.as_bytes().to_vec()),
    ];
    for (what, response) in rows {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let plain: Arc<AtomicUsize> = Arc::default();
        let seen = Arc::clone(&plain);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut first = [0; 4096];
                let n = stream.read(&mut first).unwrap_or(0);
                seen.fetch_add(usize::from(first[..n].windows(4).any(|w| w == b"HTTP")), Ordering::SeqCst);
                let _ = stream.write_all(&response);
            }
        });
        let client = trusting(&Authority::new().pem);
        assert!(unreachable(get(&client, &format!("https://localhost:{port}/"))), "{what}");
        let inbox = client.url(&format!("https://localhost:{port}/inbox")).unwrap();
        assert!(unreachable(client.post(&inbox, &[], b"{}")), "{what}");
        assert_eq!(plain.load(Ordering::SeqCst), 0, "{what}: no fallback to plain text");
    }
}
