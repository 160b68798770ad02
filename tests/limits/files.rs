//! Files are streamed and served in ranges, and only to readers with access.

use std::io::Write;
use std::time::{Duration, Instant};

use dassie::config::Config;
use dassie::limits;
use dassie::media::Encoded;
use dassie::store::Conn;

use super::{open, status};
use crate::support::http::Response;
use crate::support::{Request, TestServer, eventually};

/// The path of a stored picture of this many bytes, counting up from 0 to 250 again and again.
fn stored(alice: &TestServer, length: usize) -> String {
    let bytes = (0..length).map(|n| (n % 251) as u8).collect();
    let picture = Encoded { bytes, media_type: "image/png", ext: "png", width: 1, height: 1 };
    let file = alice.app.media.put(&picture).unwrap();
    let header = file.clone();
    let of_owner = move |c: &Conn| Ok(c.execute("UPDATE actors SET header = ?1 WHERE local = 1", [header])?);
    alice.app.domain.store.write(of_owner).unwrap();
    format!("/media/{file}")
}

fn part(alice: &TestServer, path: &str, headers: &[(&str, &str)]) -> Response {
    alice.send(&headers.iter().fold(Request::get(path), |request, (name, value)| request.header(name, value)))
}

#[test]
fn a_range_of_a_media_file_is_206_with_those_bytes() {
    let alice = TestServer::start("alice");
    let path = stored(&alice, 100_000);
    let whole = alice.send(&Request::get(&path)).expect(200);
    assert_eq!((whole.body.len(), whole.header("accept-ranges")), (100_000, Some("bytes")));
    let etag = whole.header("etag").unwrap().to_owned();
    for (range, expected, described) in [
        ("bytes=0-0", 0..1, "bytes 0-0/100000"),
        ("bytes=40000-89999", 40_000..90_000, "bytes 40000-89999/100000"),
        ("bytes=99990-", 99_990..100_000, "bytes 99990-99999/100000"),
        ("bytes=-10", 99_990..100_000, "bytes 99990-99999/100000"),
        ("bytes=99990-200000", 99_990..100_000, "bytes 99990-99999/100000"),
    ] {
        let response = part(&alice, &path, &[("range", range), ("if-range", &etag)]).expect(206);
        assert_eq!(response.body, whole.body[expected.clone()], "{range}");
        assert_eq!(response.header("content-range"), Some(described));
        assert_eq!(response.header("content-length"), Some(expected.len().to_string().as_str()));
    }
    let none = part(&alice, &path, &[("range", "bytes=100000-")]).expect(416);
    assert_eq!(none.header("content-range"), Some("bytes */100000"));
    for headers in [
        [("range", "bytes=0-1,5-6"), ("x-a", "")],
        [("range", "lines=1-2"), ("x-a", "")],
        [("range", "bytes=5-2"), ("x-a", "")],
        [("range", "bytes=0-1"), ("if-range", "\"another\"")],
        [("range", "bytes=0-1"), ("if-range", "Sat, 28 Nov 2026 12:00:00 GMT")],
    ] {
        assert_eq!(part(&alice, &path, &headers).expect(200).body.len(), 100_000, "{headers:?}");
    }
    part(&alice, &path, &[("range", "bytes=0-1"), ("if-none-match", &etag)]).expect(304);
    let head = alice.send(&Request::new("HEAD", &path).header("range", "bytes=0-1")).expect(200);
    assert_eq!((head.header("content-length"), head.body.len()), (Some("100000"), 0));
}

#[test]
fn static_files_are_served_in_ranges() {
    let alice = TestServer::start("alice");
    let whole = alice.send(&Request::get("/static/avatar.png")).expect(200);
    for _ in 0..2 {
        let response = part(&alice, "/static/avatar.png", &[("range", "bytes=1-3"), ("accept-encoding", "gzip")]);
        assert_eq!(response.expect(206).body, whole.body[1..4]);
    }
}

#[test]
fn stalled_readers_are_disconnected_for_others_of_their_address() {
    let config = Config { trusted_proxies: Vec::new(), ..Config::default() };
    let alice = TestServer::start_with("alice", config);
    let path = stored(&alice, 4_000_000);
    let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", alice.authority);
    let idle: Vec<_> = (0..limits::CONNECTIONS_PER_ADDRESS + 10).map(|_| open(&alice, request.as_bytes())).collect();
    for _ in 0..3 {
        assert_eq!(alice.send(&Request::get(&path)).expect(200).body.len(), 4_000_000);
    }
    drop(idle);
}

#[test]
fn a_response_that_is_not_read_ends_after_its_deadline() {
    let alice = TestServer::start("alice");
    let path = stored(&alice, 4_000_000);
    let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", alice.authority);
    let (began, mut idle) = (Instant::now(), open(&alice, request.as_bytes()));
    assert_eq!(alice.send(&Request::get(&path)).expect(200).body.len(), 4_000_000);
    // Bytes that are sent to a closed socket are refused.
    eventually("it is closed", || idle.write(b" ").is_err());
    let (took, least) = (began.elapsed(), limits::RESPONSE_STALL_TIMEOUT);
    assert!(took >= least && took < least + Duration::from_secs(15), "{took:?}");
}

#[test]
fn concurrent_requests_of_a_client_behind_a_proxy_are_limited() {
    let alice = TestServer::start("alice");
    let head = |client: &str| {
        format!(
            "POST /oauth/token HTTP/1.1\r\nhost: {}\r\nx-forwarded-for: {client}\r\ncontent-length: 100\r\n\r\n",
            alice.authority
        )
    };
    let mut waiting: Vec<_> =
        (0..=limits::REQUESTS_PER_CLIENT).map(|_| open(&alice, head("203.0.113.9").as_bytes())).collect();
    let mut refused = waiting.pop().unwrap();
    assert_eq!(status(&mut refused), 429);
    alice.send(&Request::get("/livez").header("x-forwarded-for", "203.0.113.10")).expect(200);
}
