use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use dassie::limits;
use serde_json::json;

use crate::support::{Request, TestServer, eventually};

#[test]
fn every_error_is_json_with_cors_and_states_the_reason() {
    let alice = TestServer::start("alice");
    let long = "x".repeat(limits::POST_CHARS + 1);
    for (method, path, fields, status, expected) in [
        ("GET", "/api/v1/nowhere", json!(null), 404, "not found"),
        ("GET", "/api/v1/statuses/1", json!(null), 404, "not found"),
        ("GET", "/api/v1/statuses/abc", json!(null), 404, "not found"),
        ("PUT", "/api/v1/timelines/home", json!(null), 405, "method"),
        ("POST", "/api/v1/statuses", json!({}), 422, "Text"),
        ("POST", "/api/v1/statuses", json!({"status": long}), 422, "5000"),
        ("POST", "/api/v1/statuses", json!({"status": "x", "visibility": "everyone"}), 422, "visibility"),
        ("POST", "/api/v1/statuses", json!({"status": "x", "media_ids": ["1"]}), 422, "Media 1"),
        ("POST", "/api/v1/statuses", json!({"status": "x", "in_reply_to_id": "1"}), 404, "reply to"),
        ("POST", "/api/v1/statuses", json!({"status": "x", "poll": {"options": ["a", "b"]}}), 422, "expires_in"),
        (
            "POST",
            "/api/v1/statuses",
            json!({"status": "x", "poll": {"options": ["a"], "expires_in": 600}}),
            422,
            "more than one option",
        ),
        ("POST", "/api/v1/statuses", json!({"status": "x", "scheduled_at": "2020-01-01T00:00:00Z"}), 422, "Scheduled"),
        ("POST", "/api/v2/media", json!({}), 422, "File"),
        ("GET", "/api/v2/search", json!(null), 400, "`q`"),
        ("POST", "/api/v1/apps", json!({"redirect_uris": "x:y"}), 422, "name"),
        ("POST", "/api/v1/apps", json!({"client_name": "x", "redirect_uris": "javascript:alert(1)"}), 422, "Redirect"),
        (
            "POST",
            "/api/v1/apps",
            json!({"client_name": "x", "redirect_uris": "x:y", "scopes": "nonsense"}),
            400,
            "invalid_scope",
        ),
        ("POST", "/oauth/token", json!({"grant_type": "password", "client_id": "x"}), 401, "invalid_client"),
        ("POST", "/api/v1/accounts", json!({"username": "x"}), 403, "Sign-up"),
    ] {
        let response = alice.api(method, path, fields).expect(status);
        let error = response.json();
        assert!(error["error"].is_string(), "{path}");
        assert!(error.to_string().contains(expected), "{path}: {error} should say {expected}");
        assert_eq!(response.header("access-control-allow-origin"), Some("*"), "{path}");
    }
    let preflight = alice.send(&Request::new("OPTIONS", "/api/v1/statuses").header("origin", "https://elk.zone"));
    let preflight = preflight.expect(204);
    assert!(preflight.header("access-control-allow-headers").unwrap().contains("Idempotency-Key"));
    assert_eq!(preflight.header("access-control-max-age"), Some("7200"));
    let broken = Request::new("POST", "/api/v1/statuses").bearer(&alice.token).body("application/json", "{\"status\":");
    assert!(alice.send(&broken).expect(400).json()["error"].as_str().unwrap().contains("JSON"));
}

#[test]
fn limits_are_exact() {
    let alice = TestServer::start("alice");
    let chars = |n: usize| alice.api("POST", "/api/v1/statuses", json!({"status": "é".repeat(n)})).status;
    assert_eq!((chars(limits::POST_CHARS), chars(limits::POST_CHARS + 1)), (200, 422));
    let name = |n: usize| {
        alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"display_name": "x".repeat(n)})).status
    };
    assert_eq!((name(limits::OWNER_NAME_CHARS), name(limits::OWNER_NAME_CHARS + 1)), (200, 422));
    let fields = |n: usize| {
        let fields: Vec<_> = (0..n).map(|i| json!({"name": i.to_string(), "value": "x"})).collect();
        alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"fields_attributes": fields})).status
    };
    assert_eq!((fields(limits::OWNER_FIELDS), fields(limits::OWNER_FIELDS + 1)), (200, 422));
    for i in 0..=limits::PINS {
        let id = alice.posts(&format!("pin {i}"), "public")["id"].as_str().unwrap().to_owned();
        let status = alice.api("POST", &format!("/api/v1/statuses/{id}/pin"), json!({})).status;
        assert_eq!(status, if i < limits::PINS { 200 } else { 422 });
    }
    let form = Request::new("POST", "/api/v1/statuses").bearer(&alice.token);
    let text = |n: usize| format!("x={}", "a".repeat(n - 2));
    let sized = |n: usize| alice.send(&form.clone().body("application/x-www-form-urlencoded", text(n))).status;
    assert_eq!((sized(limits::FORM_BODY), sized(limits::FORM_BODY + 1)), (422, 413));
}

/// Sends a head that promises a body, and so much of it.
fn begins(alice: &TestServer, head: &str, promised: usize, sent: usize) -> TcpStream {
    let mut stream = TcpStream::connect(&alice.authority).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let head = format!("POST {head}\r\nhost: {}\r\ncontent-length: {promised}\r\n\r\n", alice.authority);
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&vec![b' '; sent]).unwrap();
    stream
}

/// Returns `true` if the server has neither responded nor closed the connection.
fn is_open(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let seen = stream.peek(&mut [0; 1]);
    stream.set_nonblocking(false).unwrap();
    seen.is_err_and(|e| e.kind() == std::io::ErrorKind::WouldBlock)
}

#[test]
fn uploads_of_anonymous_clients_are_refused_before_they_are_read() {
    let alice = TestServer::start("alice");
    for (head, expected) in [
        ("/api/v2/media HTTP/1.1", "401"),
        ("/api/v2/media HTTP/1.1\r\nauthorization: Bearer nonsense", "401"),
        ("/posts HTTP/1.1", "303"),
    ] {
        let mut response = [0_u8; 12];
        begins(&alice, head, 8_000_000, 10).read_exact(&mut response).unwrap();
        assert_eq!(&response[9..], expected.as_bytes(), "{head}");
    }
}

#[test]
fn large_bodies_together_have_a_limit_and_small_ones_are_still_read() {
    let alice = TestServer::start("alice");
    let head = "/inbox HTTP/1.1\r\nsignature: x\r\ncontent-type: application/activity+json";
    let count = (limits::REQUEST_BODY_MEMORY - limits::REQUEST_BODY_MEMORY_FOR_OWNER - limits::SMALL_BODY_MEMORY)
        / limits::INBOX_BODY;
    let mut held: Vec<TcpStream> = std::thread::scope(|scope| {
        let begin = || begins(&alice, head, limits::INBOX_BODY, limits::INBOX_BODY - 2_000);
        let begun: Vec<_> = (0..count).map(|_| scope.spawn(begin)).collect();
        begun.into_iter().map(|b| b.join().unwrap()).collect()
    });
    let status = |size: usize| {
        let request = Request::new("POST", "/inbox").header("signature", "x");
        alice.send(&request.body("application/activity+json", vec![b'x'; size])).status
    };
    eventually("there is room for small ones only", || {
        // They go on, byte by byte, so that none is given up before the last has come; on a slow machine some are, and
        // others take their place.
        held.retain_mut(|stream| stream.write_all(b" ").is_ok() && is_open(stream));
        while held.len() < count {
            held.push(begins(&alice, head, limits::INBOX_BODY, limits::INBOX_BODY - 2_000));
        }
        status(2 * limits::SMALL_BODY) == 503 && status(limits::SMALL_BODY) == 400
    });
    alice.send(&Request::get("/@alice")).expect(200);
    drop(held);
    eventually("there is room again", || status(2 * limits::SMALL_BODY) == 400);
}
