//! Requests to peers that redirect, are slow, send too much, or are malformed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::test_peer::{HELLO, Peer, get, loopback, malformed, refused, request, unreachable, unresponsive};
use crate::error::RemoteError;
use crate::limits;
use crate::remote::Get;

#[test]
fn fetches_send_their_headers_and_return_the_document() {
    let peer = Peer::fixed(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nLink: <a>; rel=x\r\nLink: <b>; rel=y\r\nContent-Length: 5\r\n\r\nhello",
    );
    let client = loopback();
    let found = get(&client, &peer.url("/a?b=c#d")).unwrap();
    assert_eq!((found.body.as_slice(), found.content_type.as_str()), (b"hello".as_slice(), "text/plain"));
    assert_eq!(found.link_header.as_deref(), Some("<a>; rel=x, <b>; rel=y"));
    assert_eq!(found.url.as_str(), peer.url("/a?b=c"));
    let received = &peer.requests()[0];
    assert_eq!(received.path, "/a?b=c");
    let head = received.head.to_ascii_lowercase();
    for line in [
        "accept: application/activity+json\r\n".to_owned(),
        "accept-encoding: identity\r\n".to_owned(),
        "user-agent: dassie/test\r\n".to_owned(),
        format!("host: 127.0.0.1:{}\r\n", peer.port),
    ] {
        assert_eq!(head.matches(&line).count(), 1, "{line:?} in {head}");
    }
}

#[test]
fn redirects_are_followed_and_signed_again() {
    let peer = Peer::new(|received, stream| {
        let response = match received.path.as_str() {
            "/1" => "HTTP/1.1 301 Moved\r\nLocation: /2\r\nContent-Length: 0\r\n\r\n",
            "/2" => "HTTP/1.1 302 Found\r\nLocation: ./3?x#y\r\nContent-Length: 4\r\n\r\nmove",
            "/3?x" => "HTTP/1.1 308 Moved\r\nLocation: 4\r\nContent-Length: 0\r\n\r\n",
            _ => HELLO,
        };
        stream.write_all(response.as_bytes()).is_ok()
    });
    let client = loopback();
    let sign = |url: &url::Url| vec![("signature", format!("for {}", url.path())), ("host", "liar".to_owned())];
    let start = client.url(&peer.url("/1")).unwrap();
    let found = client.get(&start, Get { sign: Some(&sign), same_origin_redirects: true, ..request() }).unwrap();
    assert_eq!(found.url.as_str(), peer.url("/4"));
    let requests = peer.requests();
    assert_eq!(requests.len(), 4);
    for (received, path) in requests.iter().zip(["/1", "/2", "/3", "/4"]) {
        assert!(received.head.contains(&format!("signature: for {path}\r\n")), "{}", received.head);
        assert!(!received.head.contains("liar"));
    }
}

#[test]
fn bad_redirects_end_the_fetch_without_a_connection() {
    let trap = Peer::fixed(HELLO);
    let client = loopback();
    let (port, user) = (trap.port, format!("http://a:b@127.0.0.1:{}/", trap.port));
    let private = [
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "https://10.0.0.1/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "data:text/plain,x".to_owned(),
        "gopher://peer.example/".to_owned(),
        "javascript:alert(1)".to_owned(),
        "http://peer.example/".to_owned(),
        format!("http://0.0.0.0:{port}/"),
        format!("http://localhost.:{port}/"),
        format!("//user@127.0.0.1:{port}/"),
        "http://127.0.0.1:22/".to_owned(),
        "http://127.0.0.1:1/".to_owned(),
        user,
    ];
    for location in private {
        let response = format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        let result = get(&client, &Peer::fixed(&response).url("/"));
        assert!(refused(result), "{location}");
    }
    let other = Peer::fixed(&format!("HTTP/1.1 302 F\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", trap.url("/")));
    let start = client.url(&other.url("/")).unwrap();
    assert!(refused(client.get(&start, Get { same_origin_redirects: true, ..request() })));
    assert_eq!(trap.connections(), 0);
    assert!(client.get(&start, request()).is_ok());
}

#[test]
fn redirects_are_limited() {
    let client = loopback();
    let count = Arc::new(AtomicUsize::new(0));
    let number = Arc::clone(&count);
    let onward = Peer::new(move |_, stream| {
        let n = number.fetch_add(1, Ordering::SeqCst);
        let response = format!("HTTP/1.1 302 Found\r\nLocation: /{n}\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(response.as_bytes()).is_ok()
    });
    assert!(malformed(get(&client, &onward.url("/start"))));
    assert_eq!(count.load(Ordering::SeqCst), limits::REDIRECTS + 1);

    let pair = Peer::new(|received, stream| {
        let to = if received.path == "/a" { "/b" } else { "/a#again" };
        let response = format!("HTTP/1.1 307 Temporary\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(response.as_bytes()).is_ok()
    });
    assert!(malformed(get(&client, &pair.url("/a"))));
    assert_eq!(pair.requests().len(), 2);
    for head in ["302 Found\r\nContent-Length: 0", "302 Found\r\nLocation: http://[\r\nContent-Length: 0"] {
        assert!(malformed(get(&client, &Peer::fixed(&format!("HTTP/1.1 {head}\r\n\r\n")).url("/"))));
    }
    let kept = get(&client, &Peer::fixed("HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n").url("/"));
    assert_eq!(kept.unwrap_err(), RemoteError::Status { status: 304, retry_after: None });
}

#[test]
fn other_statuses_are_errors_with_their_retry_after() {
    let client = loopback();
    let soon = Peer::fixed("HTTP/1.1 429 Slow\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n");
    let status = |status, retry_after| RemoteError::Status { status, retry_after };
    assert_eq!(get(&client, &soon.url("/")).unwrap_err(), status(429, Some(120)));
    let never = Peer::fixed("HTTP/1.1 503 X\r\nRetry-After: 99999999999999\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(get(&client, &never.url("/")).unwrap_err(), status(503, Some(limits::RETRY_AFTER_MAX.as_secs())));
    let past = Peer::fixed("HTTP/1.1 503 X\r\nRetry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(get(&client, &past.url("/")).unwrap_err(), status(503, Some(0)));
    let gone = Peer::fixed("HTTP/1.1 410 Gone\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(get(&client, &gone.url("/")).unwrap_err(), status(410, None));
}

#[test]
fn a_body_is_cut_off_at_its_limit() {
    let client = loopback();
    let exact = Peer::fixed(&format!("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}", "x".repeat(1000)));
    assert_eq!(get(&client, &exact.url("/")).unwrap().body.len(), 1000);
    let over = Peer::fixed(&format!("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n{}", "x".repeat(1001)));
    assert!(malformed(get(&client, &over.url("/"))));

    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    let endless = Peer::new(move |_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while counter.load(Ordering::SeqCst) < 1 << 26 && stream.write_all(b"400\r\n").is_ok() {
            let _ = stream.write_all(&[b'x'; 0x400]).and_then(|()| stream.write_all(b"\r\n"));
            counter.fetch_add(0x400, Ordering::SeqCst);
        }
        false
    });
    assert!(malformed(get(&client, &endless.url("/"))));
    sleep(Duration::from_millis(200));
    assert!(sent.load(Ordering::SeqCst) < 1 << 26, "the connection must be dropped, not drained");

    let short = Peer::new(|_, s| s.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").is_err());
    assert!(unreachable(get(&client, &short.url("/"))));
}

#[test]
fn compressed_responses_are_refused() {
    let client = loopback();
    for encoding in ["gzip", "GZIP", "br", "deflate", "identity, gzip", "zstd"] {
        let response = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 5\r\n\r\n\x1fbomb");
        assert!(malformed(get(&client, &Peer::fixed(&response).url("/"))), "{encoding}");
    }
    let plain = "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello";
    assert!(get(&client, &Peer::fixed(plain).url("/")).is_ok());
}

#[test]
fn malformed_and_large_heads_are_refused() {
    let client = loopback();
    let head = |size: usize| format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 0\r\n\r\n", "x".repeat(size));
    assert!(get(&client, &Peer::fixed(&head(limits::RESPONSE_HEAD - 200)).url("/")).is_ok());
    assert!(malformed(get(&client, &Peer::fixed(&head(limits::RESPONSE_HEAD)).url("/"))));
    assert!(get(&client, &Peer::fixed(&head(limits::RESPONSE_HEAD * 4)).url("/")).is_err());
    assert!(get(&client, &Peer::fixed("SSH-2.0-OpenSSH_9.6\r\n\r\n").url("/")).is_err());
}

#[test]
fn the_deadline_includes_slow_bodies_and_redirects() {
    let client = loopback();
    let timed = |peer: &Peer| {
        let start = Instant::now();
        let url = client.url(&peer.url("/")).unwrap();
        let result = client.get(&url, Get { deadline: Duration::from_millis(600), ..request() });
        let took = start.elapsed();
        assert!(took > Duration::from_millis(400) && took < Duration::from_secs(6), "{took:?}");
        result
    };
    let drops_body = timed(&Peer::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        (0..100).all(|_| {
            sleep(Duration::from_millis(100));
            stream.write_all(b"x").and_then(|()| stream.flush()).is_ok()
        })
    }));
    assert!(unreachable(drops_body));
    let silent = timed(&Peer::new(|_, stream| {
        let head = format!("HTTP/1.1 200 OK\r\nX: {}", "y".repeat(400));
        head.as_bytes().iter().all(|byte| {
            sleep(Duration::from_millis(50));
            stream.write_all(&[*byte]).is_ok()
        })
    }));
    assert!(unresponsive(silent));
    let silent = timed(&Peer::new(|_, _| {
        sleep(Duration::from_secs(20));
        false
    }));
    assert!(unresponsive(silent));
    let hops = timed(&Peer::new(|received, stream| {
        sleep(Duration::from_millis(250));
        let response = format!("HTTP/1.1 302 Found\r\nLocation: {}x\r\nContent-Length: 0\r\n\r\n", received.path);
        stream.write_all(response.as_bytes()).is_ok()
    }));
    assert!(hops.is_err());
}

#[test]
fn deliveries_follow_no_redirects_and_return_an_excerpt() {
    let trap = Peer::fixed(HELLO);
    let client = loopback();
    for status in [301, 302, 303, 307, 308] {
        let head = format!("HTTP/1.1 {status} X\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", trap.url("/"));
        let inbox = client.url(&Peer::fixed(&head).url("/inbox")).unwrap();
        let error = client.post(&inbox, &[], b"{}").unwrap_err();
        assert_eq!(error, RemoteError::Status { status, retry_after: None });
    }
    assert_eq!(trap.connections(), 0);

    let text = format!("no\u{1b}[31m\r\nway {}", "é".repeat(300));
    let peer = Peer::fixed(&format!(
        "HTTP/1.1 401 No\r\nAccept-Signature: sig1=()\r\nRetry-After: 9\r\nContent-Length: {}\r\n\r\n{text}",
        text.len()
    ));
    let inbox = client.url(&peer.url("/inbox")).unwrap();
    let headers = [("signature", "s".to_owned()), ("content-length", "7".to_owned()), ("Host", "liar".to_owned())];
    let response = client.post(&inbox, &headers, b"{\"a\":1}").unwrap();
    assert_eq!((response.status, response.retry_after, response.accept_signature), (401, Some(9), true));
    assert!(response.excerpt.starts_with("no[31mway é"), "{}", response.excerpt);
    assert_eq!(response.excerpt.chars().count(), limits::DELIVERY_EXCERPT_CHARS);
    let received = &peer.requests()[0];
    assert_eq!(received.body, b"{\"a\":1}");
    assert!(received.head.contains("signature: s\r\n") && !received.head.contains("liar"), "{}", received.head);
    assert_eq!(received.head.to_ascii_lowercase().matches("content-length: 7\r\n").count(), 1);
    assert!(refused(client.post(&inbox, &[("x", "a\r\nb: c".to_owned())], b"")));
}

#[test]
#[cfg(debug_assertions)]
fn a_write_that_contacts_a_server_fails() {
    let peer = Peer::fixed(HELLO);
    let url = peer.url("/");
    let in_write = move || {
        crate::write_guard::mark_thread();
        drop(get(&loopback(), &url));
    };
    assert!(std::thread::spawn(in_write).join().is_err());
    assert_eq!(peer.connections(), 0);
}
