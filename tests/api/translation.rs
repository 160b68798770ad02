//! Translations of posts by a configured service.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use dassie::config::{Config, Translation};
use serde_json::{Value, json};

use crate::support::{Request, TestServer};

/// A LibreTranslate server that returns all texts in capitals. Returns its URL and the requests that it received.
fn service() -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requested: Arc<Mutex<Vec<Value>>> = Arc::default();
    let kept = requested.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (mut bytes, mut part) = (Vec::new(), [0_u8; 4096]);
            let (head, body) = loop {
                let n = stream.read(&mut part).unwrap_or(0);
                bytes.extend_from_slice(&part[..n]);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let lower = head.to_lowercase();
                let length = lower.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse::<usize>().ok());
                if body.len() >= length.unwrap_or(0) {
                    break (head.to_owned(), body.to_owned());
                }
            };
            let response = if head.starts_with("GET /languages") {
                json!([{"code": "de", "name": "German", "targets": ["en", "fr"]}])
            } else {
                let requested: Value = serde_json::from_str(&body).unwrap();
                let upper =
                    |t: &Value| t.as_str().unwrap().to_uppercase().replace("<P>", "<p>").replace("</P>", "</p>");
                let texts: Vec<String> = requested["q"].as_array().unwrap().iter().map(upper).collect();
                kept.lock().unwrap().push(requested);
                json!({"translatedText": texts})
            };
            let response = response.to_string();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
            let _ = write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{response}", response.len());
        }
    });
    (url, requested)
}

fn translator(url: &str) -> TestServer {
    let translation =
        Translation { libretranslate_url: url.to_owned(), libretranslate_key: "k".into(), ..Translation::default() };
    TestServer::start_with("alice", Config { translation, ..Config::default() })
}

fn id(post: &Value) -> &str {
    post["id"].as_str().unwrap()
}

#[test]
fn nothing_is_translated_or_advertised_without_a_service() {
    let alice = TestServer::start("alice");
    let post = alice.posts("hallo", "public");
    alice.api("POST", &format!("/api/v1/statuses/{}/translate", id(&post)), json!({"lang": "en"})).expect(404);
    assert_eq!(alice.get("/api/v2/instance")["configuration"]["translation"]["enabled"], false);
    assert_eq!(alice.get("/api/v1/instance/translation_languages"), json!({}));
}

#[test]
fn public_posts_are_translated_with_all_their_texts() {
    let (url, requested) = service();
    let alice = translator(&url);
    let poll = json!({"options": ["tee", "kaffee & kuchen"], "expires_in": 600});
    let fields = json!({"status": "hallo <welt>", "spoiler_text": "achtung", "language": "de", "poll": poll});
    let post = alice.post("/api/v1/statuses", fields);
    let path = format!("/api/v1/statuses/{}/translate", id(&post));
    let found = alice.api("POST", &path, json!({"lang": "en"})).expect(200).json();
    assert_eq!(found["spoiler_text"], "ACHTUNG");
    assert!(found["content"].as_str().unwrap().contains("HALLO"), "{found}");
    assert_eq!(found["poll"]["options"][0], json!({"title": "TEE"}));
    assert_eq!((&found["language"], &found["detected_source_language"]), (&json!("en"), &json!("de")));
    assert_eq!((&found["provider"], &found["media_attachments"]), (&json!("LibreTranslate"), &json!([])));
    let sent = requested.lock().unwrap()[0].clone();
    assert_eq!((&sent["source"], &sent["target"], &sent["api_key"]), (&json!("de"), &json!("en"), &json!("k")));
    alice.api("POST", &path, json!({"lang": "de"})).expect(403);
    alice.api("POST", &path, json!({"lang": "klingon"})).expect(422);
    let hidden = alice.posts("geheim", "private");
    alice.api("POST", &format!("/api/v1/statuses/{}/translate", id(&hidden)), json!({})).expect(403);
    alice.api("POST", "/api/v1/statuses/1/translate", json!({})).expect(404);
    assert_eq!(requested.lock().unwrap().len(), 1, "nothing else was sent");
}

#[test]
fn languages_are_fetched_for_the_owner_and_then_shown_to_everyone() {
    let (url, _) = service();
    let alice = translator(&url);
    assert_eq!(alice.get("/api/v2/instance")["configuration"]["translation"]["enabled"], true);
    let path = "/api/v1/instance/translation_languages";
    let open = || alice.send(&Request::get(path)).expect(200).json();
    assert_eq!(open(), json!({}), "visitors cause no request");
    assert_eq!(alice.get(path), json!({"de": ["en", "fr"]}));
    assert_eq!(open(), json!({"de": ["en", "fr"]}));
}

#[test]
fn a_service_that_does_not_respond_is_a_503() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let alice = translator(&url);
    let post = alice.post("/api/v1/statuses", json!({"status": "hallo", "language": "de"}));
    let path = format!("/api/v1/statuses/{}/translate", id(&post));
    let error = alice.api("POST", &path, json!({"lang": "en"})).expect(503).json();
    assert!(error["error"].is_string());
}
