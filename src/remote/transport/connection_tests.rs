//! Connections: names, addresses, certificates, reuse, and no proxy.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::dns::NameLookup;
use super::test_peer::{HELLO, Peer, config, get, loopback, refused, request, unreachable, unresponsive};
use crate::remote::{Get, HttpClient, HttpClientConfig};

/// A resolver with scripted addresses, one entry for each lookup, and a count of lookups.
fn scripted(script: Vec<Vec<SocketAddr>>) -> (NameLookup, Arc<AtomicUsize>) {
    let lookups = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&lookups);
    let lookup: NameLookup = Arc::new(move |_, _| {
        let n = count.fetch_add(1, Ordering::SeqCst);
        Ok(script[n.min(script.len() - 1)].clone())
    });
    (lookup, lookups)
}

#[test]
fn connections_are_used_again_and_replaced_when_the_peer_has_closed_them() {
    let peer = Peer::fixed(HELLO);
    let client = loopback();
    for _ in 0..3 {
        get(&client, &peer.url("/")).unwrap();
    }
    assert_eq!(peer.connections(), 1);
    let inbox = client.url(&peer.url("/inbox")).unwrap();
    client.post(&inbox, &[], b"{}").unwrap();
    assert_eq!(peer.connections(), 1);

    // This peer keeps the connection open and closes it on the second request.
    let used = AtomicUsize::new(0);
    let fickle = Peer::new(move |_, stream| {
        let first = used.fetch_add(1, Ordering::SeqCst) != 1;
        first && stream.write_all(HELLO.as_bytes()).is_ok()
    });
    get(&client, &fickle.url("/")).unwrap();
    let inbox = client.url(&fickle.url("/inbox")).unwrap();
    assert_eq!(client.post(&inbox, &[], b"{}").unwrap().status, 200);
    assert_eq!(fickle.connections(), 2);
    let requests = fickle.requests();
    assert_eq!(requests.iter().filter(|a| a.path == "/inbox" && a.body == b"{}").count(), 2);
}

#[test]
fn a_fresh_connection_that_is_dropped_is_not_tried_again() {
    let peer = Peer::new(|_, _| false);
    let client = loopback();
    assert!(unresponsive(get(&client, &peer.url("/"))));
    assert_eq!(peer.connections(), 1);
}

#[test]
fn private_addresses_are_never_connected_to() {
    let trap = Peer::fixed(HELLO);
    let at = |ip: &str| SocketAddr::new(ip.parse().unwrap(), trap.port);
    let url = format!("https://peer.example:{}/", trap.port);
    for responses in [
        vec![at("127.0.0.1")],
        vec![at("93.184.216.34"), at("127.0.0.1")],
        vec![at("93.184.216.34"), at("::1")],
        vec![at("::ffff:127.0.0.1")],
        vec![at("0.0.0.0")],
        vec![at("::")],
    ] {
        for own in [("https", "own.example", 443), ("http", "127.0.0.1", 1)] {
            let (lookup, _) = scripted(vec![responses.clone()]);
            let client = HttpClient::with_lookup(config(own), lookup).unwrap();
            assert!(refused(get(&client, &url)), "{responses:?}");
        }
    }
    assert_eq!(trap.connections(), 0);
}

#[test]
fn each_connection_is_looked_up_once_and_checked() {
    for (response, lookups) in [(HELLO.to_owned(), 1), (HELLO.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"), 2)]
    {
        let (peer, pem) = Peer::tls(&response);
        let at = |ip: &str| SocketAddr::new(ip.parse().unwrap(), peer.port);
        // The name changes its mind after the first lookup (DNS rebinding).
        let (lookup, count) = scripted(vec![vec![at("127.0.0.1")], vec![at("169.254.169.254")]]);
        let config = HttpClientConfig { ca_pem: Some(pem), ..config(("http", "localhost", 1)) };
        let client = HttpClient::with_lookup(config, lookup).unwrap();
        let url = format!("https://localhost:{}/", peer.port);
        get(&client, &url).unwrap();
        assert_eq!(refused(get(&client, &url)), lookups == 2, "an open connection needs no lookup");
        assert_eq!((count.load(Ordering::SeqCst), peer.connections()), (lookups, 1));
    }
}

#[test]
fn a_slow_name_lookup_ends_at_the_deadline() {
    let lookup: NameLookup = Arc::new(|_, _| {
        sleep(Duration::from_secs(20));
        Ok(Vec::new())
    });
    let client = HttpClient::with_lookup(config(("https", "own.example", 443)), lookup).unwrap();
    let url = client.url("https://peer.example/").unwrap();
    let start = Instant::now();
    assert!(unreachable(client.get(&url, Get { deadline: Duration::from_millis(300), ..request() })));
    assert!(start.elapsed() < Duration::from_secs(6));
}

#[test]
fn tls_needs_a_trusted_certificate_and_an_allowed_address() {
    let (peer, pem) = Peer::tls(HELLO);
    let url = format!("https://127.0.0.1:{}/", peer.port);
    let with = |allow: bool, pem: Option<&str>| {
        let mut config = config(("https", "own.example", 443));
        config.allow_addresses = if allow { vec!["127.0.0.0/8".parse().unwrap()] } else { Vec::new() };
        config.ca_pem = pem.map(str::to_owned);
        HttpClient::new(config)
    };
    assert!(refused(get(&with(false, Some(&pem)).unwrap(), &url)));
    assert_eq!(peer.connections(), 0);
    assert!(unreachable(get(&with(true, None).unwrap(), &url)));
    assert_eq!(peer.requests().len(), 0);

    let client = with(true, Some(&pem)).unwrap();
    let before = peer.connections();
    for _ in 0..4 {
        assert_eq!(get(&client, &url).unwrap().body, b"hello");
    }
    assert_eq!(peer.connections(), before + 1, "session tickets must not spoil a pooled connection");
    assert!(refused(get(&client, &peer.url("/"))), "an allowed block does not allow http");
    assert!(with(true, Some("")).is_err() && with(true, Some("-----BEGIN CERTIFICATE-----\nAAAA\n")).is_err());
}

#[test]
fn silent_tls_peers_time_out() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://127.0.0.1:{}/", silent.local_addr().unwrap().port());
    let client = loopback();
    let start = Instant::now();
    let url = client.url(&url).unwrap();
    assert!(unreachable(client.get(&url, Get { deadline: Duration::from_millis(300), ..request() })));
    assert!(start.elapsed() < Duration::from_secs(6));
}

#[test]
fn a_proxy_in_the_environment_is_ignored() {
    let trap = Peer::fixed(HELLO);
    let peer = Peer::fixed(HELLO);
    let proxy = format!("http://127.0.0.1:{}", trap.port);
    // A process cannot safely change its own environment, so the fetch runs in a child: the next test.
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "remote::transport::connection_tests::child_fetches_despite_a_proxy", "--ignored"]);
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"] {
        child.env(name, &proxy);
    }
    let output = child.env("DASSIE_TEST_PEER", peer.url("/")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!((trap.connections(), peer.connections()), (0, 1));
}

#[test]
#[ignore = "run by a_proxy_in_the_environment_is_ignored with its environment"]
fn child_fetches_despite_a_proxy() {
    let url = std::env::var("DASSIE_TEST_PEER").unwrap();
    assert_eq!(get(&loopback(), &url).unwrap().body, b"hello");
}

#[test]
fn a_later_connection_resumes_the_tls_session() {
    let (peer, pem) = Peer::tls(&HELLO.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    let client = HttpClient::new(HttpClientConfig { ca_pem: Some(pem), ..config(("http", "127.0.0.1", 1)) }).unwrap();
    for _ in 0..3 {
        get(&client, &format!("https://127.0.0.1:{}/", peer.port)).unwrap();
    }
    let start = Instant::now();
    while peer.resumed() < 2 && start.elapsed() < Duration::from_secs(5) {
        sleep(Duration::from_millis(10));
    }
    assert_eq!((peer.connections(), peer.resumed()), (3, 2));
}
