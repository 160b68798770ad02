use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::support::{Request, TestServer};

#[test]
fn a_refused_method_names_those_that_the_path_supports() {
    let alice = TestServer::start("alice");
    for (method, path, allow) in [
        ("POST", "/api/v1/timelines/home", "GET, HEAD, OPTIONS"),
        ("GET", "/oauth/token", "POST, OPTIONS"),
        ("PATCH", "/api/v1/statuses/1", "GET, HEAD, PUT, DELETE, OPTIONS"),
        ("DELETE", "/users/alice", "GET, HEAD, OPTIONS"),
        ("PUT", "/login", "GET, HEAD, POST, OPTIONS"),
        ("TRACE", "/inbox", "POST, OPTIONS"),
        ("PROPFIND", "/media/x", "GET, HEAD, OPTIONS"),
    ] {
        let response = alice.send(&Request::new(method, path)).expect(405);
        assert_eq!(response.header("allow"), Some(allow), "{method} {path}");
    }
    let options = alice.send(&Request::new("OPTIONS", "/api/v1/statuses/1")).expect(204);
    assert_eq!(options.header("allow"), Some("GET, HEAD, PUT, DELETE, OPTIONS"));
    alice.send(&Request::new("PATCH", "/nowhere")).expect(404);
}

/// Web apps cannot tell a file that is gone from a server that is down, unless they may read the error.
#[test]
fn errors_of_files_and_discovery_are_readable_from_other_origins() {
    let alice = TestServer::start("alice");
    for path in ["/media/aa/bb/aabb.png", "/media/x", "/proxy/1/x/y", "/avatars/zz", "/.well-known/zz"] {
        let refused = alice.send(&Request::get(path)).expect(404);
        let origins: Vec<_> =
            refused.headers.iter().filter(|(name, _)| name == "access-control-allow-origin").collect();
        assert!(matches!(origins.as_slice(), [(_, any)] if any == "*"), "{path}: {origins:?}");
    }
}

/// The status of a request as it is written here.
fn raw(alice: &TestServer, head: &str) -> u16 {
    let mut stream = TcpStream::connect(&alice.authority).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(format!("{head}\r\nconnection: close\r\n\r\n").as_bytes()).unwrap();
    let mut response = [0_u8; 12];
    stream.read_exact(&mut response).unwrap();
    String::from_utf8_lossy(&response[9..]).parse().unwrap()
}

#[test]
fn a_request_must_name_this_server() {
    let alice = TestServer::start("alice");
    let host = &alice.authority;
    for (head, status) in [
        (format!("GET / HTTP/1.1\r\nhost: {host}"), 200),
        ("GET / HTTP/1.1".to_owned(), 400),
        (format!("GET / HTTP/1.1\r\nhost: {host}\r\nhost: {host}"), 400),
        ("GET / HTTP/1.1\r\nhost:".to_owned(), 400),
        ("GET / HTTP/1.1\r\nhost: a b".to_owned(), 400),
        ("GET / HTTP/1.1\r\nhost: evil.example".to_owned(), 421),
        ("GET /@alice HTTP/1.1\r\nhost: evil.example".to_owned(), 421),
        ("GET /api/v2/instance HTTP/1.1\r\nhost: evil.example".to_owned(), 421),
        ("GET /readyz HTTP/1.1\r\nhost: pod-7".to_owned(), 200),
        ("GET / HTTP/1.1\r\nhost: localhost".to_owned(), 200),
        ("GET / HTTP/1.0".to_owned(), 200),
        (format!("GET http://{host}/@alice HTTP/1.1\r\nhost: {host}"), 200),
        (format!("GET http://evil.example/@alice HTTP/1.1\r\nhost: {host}"), 421),
    ] {
        assert_eq!(raw(&alice, &head), status, "{head}");
    }
    alice.send(&Request::get("/@alice")).expect(200);
    let kept = Request::get("/@alice").header("host", "evil.example");
    assert!(alice.send(&kept).expect(421).text().contains(host.as_str()));
}

#[test]
fn compressed_and_plain_responses_have_different_etags() {
    let alice = TestServer::start("alice");
    alice.posts(&"hello ".repeat(300), "public");
    for path in ["/@alice", "/static/dassie.css", "/api/v2/instance"] {
        let request = |encoding: &str, tag: Option<&str>| {
            let request = Request::get(path).header("accept-encoding", encoding);
            alice.send(&match tag {
                Some(tag) => request.header("if-none-match", tag),
                None => request,
            })
        };
        for round in 0..2 {
            let (plain, packed) = (request("identity", None).expect(200), request("gzip", None).expect(200));
            assert_eq!(packed.header("content-encoding"), Some("gzip"), "{path}");
            let (a, b) = (plain.header("etag").unwrap().to_owned(), packed.header("etag").unwrap().to_owned());
            assert_ne!(a, b, "{path} {round}");
            for response in [&plain, &packed] {
                assert!(response.header("vary").unwrap().contains("Accept-Encoding"), "{path}");
            }
            for tag in [a.clone(), format!("W/{a}"), format!("\"x\", {a}"), "*".into()] {
                assert_eq!(request("identity", Some(&tag)).status, 304, "{path} {tag}");
            }
            for tag in [b.clone(), format!("W/{b}"), format!("W/\"x\", W/{b}"), format!("{a}, {b}")] {
                let unchanged = request("gzip", Some(&tag)).expect(304);
                assert_eq!(unchanged.header("etag"), Some(b.as_str()), "{path} {tag}");
                assert_eq!(unchanged.header("content-encoding"), None);
            }
            assert_eq!(request("gzip", Some(&a)).status, 200, "another representation");
            assert_eq!(request("identity", Some(&b)).status, 200, "another representation");
        }
    }
}

#[test]
fn a_token_is_read_from_header_and_body_and_not_from_the_url() {
    let alice = TestServer::start("alice");
    let token = alice.token.as_str();
    let post = Request::new("POST", "/api/v1/statuses");
    let boundary = format!(
        "--b\r\ncontent-disposition: form-data; name=\"access_token\"\r\n\r\n{token}\r\n--b\r\ncontent-disposition: \
         form-data; name=\"status\"\r\n\r\nx\r\n--b--\r\n"
    );
    for request in [
        post.clone().form(&[("access_token", token), ("status", "x")]),
        post.clone().body("application/json", json!({"access_token": token, "status": "x"}).to_string()),
        post.clone().body("multipart/form-data; boundary=b", boundary),
        Request::new("PATCH", "/api/v1/accounts/update_credentials")
            .form(&[("access_token", token), ("display_name", "x")]),
    ] {
        alice.send(&request).expect(200);
    }
    alice.send(&post.clone().form(&[("access_token", "wrong"), ("status", "x")])).expect(401);
    for path in ["/api/v1/timelines/home", "/api/v1/accounts/verify_credentials", "/api/v1/timelines/public"] {
        let refused = alice.send(&Request::get(&format!("{path}?access_token={token}"))).expect(401);
        assert!(refused.text().contains("address"), "{path}");
        alice.send(&Request::get(&format!("{path}?access%5Ftoken={token}"))).expect(401);
    }
    let both = Request::new("POST", &format!("/api/v1/statuses?access_token={token}")).form(&[("status", "x")]);
    alice.send(&both).expect(401);
}

#[test]
fn accept_weights_select_a_document_or_a_page() {
    let alice = TestServer::start("alice");
    let kind = |accept: &str| {
        let response = alice.send(&Request::get("/@alice").header("accept", accept)).expect(200);
        response.header("content-type").unwrap().split(';').next().unwrap().to_owned()
    };
    for accept in ["text/html;q=0.1, application/activity+json", "application/activity+json;q=0.5, text/html;q=0.4"] {
        assert_eq!(kind(accept), "application/activity+json", "{accept}");
    }
    for accept in ["application/activity+json;q=0.1, text/html;q=0.9", "application/activity+json;q=0", "text/html"] {
        assert_eq!(kind(accept), "text/html", "{accept}");
    }
}
