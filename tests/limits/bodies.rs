//! Request bodies over the limit are refused by their headers, and never at the owner's expense.

use dassie::limits;
use serde_json::json;

use super::{open, status};
use crate::support::{Peer, Request, TestServer};

#[test]
fn requests_with_unacceptable_headers_are_refused_before_the_body_is_read() {
    let alice = TestServer::start("alice");
    let signed = "signature: x\r\ncontent-type: application/activity+json\r\n";
    for (line, headers, expected) in [
        ("POST /inbox", "content-type: text/plain\r\nsignature: x\r\n", 415),
        ("POST /inbox", "content-type: application/activity+json\r\n", 401),
        ("POST /users/nobody/inbox", signed, 404),
        ("POST /nowhere", signed, 404),
        ("PUT /inbox", signed, 405),
        ("POST /api/v1/media", "authorization: Bearer wrong\r\n", 401),
        ("POST /posts", "content-type: text/plain\r\n", 303),
    ] {
        let head = format!("{line} HTTP/1.1\r\nhost: {}\r\n{headers}content-length: 1000\r\n\r\n", alice.authority);
        assert_eq!(status(&mut open(&alice, head.as_bytes())), expected, "{line} {headers}");
    }
    let large = format!("POST /inbox HTTP/1.1\r\nhost: {}\r\n{signed}content-length: 1048577\r\n\r\n", alice.authority);
    assert_eq!(status(&mut open(&alice, large.as_bytes())), 413);
}

#[test]
fn stalled_bodies_do_not_block_the_owner_or_small_activities() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let head = format!(
        "POST /inbox HTTP/1.1\r\nhost: {}\r\nsignature: x\r\ncontent-type: application/activity+json\r\n\
         content-length: {}\r\n\r\n",
        alice.authority,
        limits::INBOX_BODY
    );
    let stalled = [head.as_bytes(), &vec![b' '; limits::INBOX_BODY - 6]].concat();
    let most = (limits::REQUEST_BODY_MEMORY - limits::REQUEST_BODY_MEMORY_FOR_OWNER - limits::SMALL_BODY_MEMORY)
        / limits::INBOX_BODY
        + 1;
    let mut waiting: Vec<_> = (0..most).map(|_| open(&alice, &stalled)).collect();
    let text = "a".repeat(4_000);
    alice.post("/api/v1/statuses", json!({"status": text}));
    let (cookie, csrf) = alice.session();
    let form = Request::new("POST", "/logout").header("cookie", &cookie).form(&[("csrf", &csrf)]);
    alice.send(&form).expect(303);
    peer.delivers(&alice, "mallory", &peer.follow("mallory", &alice)).expect(202);
    let ends: Vec<u16> = waiting.iter_mut().map(status).collect();
    assert!(ends.iter().all(|s| matches!(s, 400 | 503)), "{ends:?}");
}
