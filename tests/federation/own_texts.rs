//! Posts by the owner: mentions, links in their HTML, and the documents that are sent.

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::{Value, json};

use super::meeting::Meeting;
use crate::support::{Request, TestServer, eventually};

fn markdown(text: &str, visibility: &str) -> Value {
    json!({"status": text, "visibility": visibility, "content_type": "text/markdown"})
}

#[test]
fn a_handle_in_code_a_link_or_an_escape_is_not_a_mention() {
    let world = Meeting::new();
    let ana = format!("@ana@{}", world.good.base.trim_start_matches("http://"));
    for text in [
        format!("run `git blame {ana}`"),
        format!("```\n{ana}\n```"),
        format!("code:\n\n    {ana}"),
        format!("[{ana}](https://example.com)"),
        format!("<code>{ana}</code> x"),
        format!("\\{ana}"),
    ] {
        let post = world.alice.post("/api/v1/statuses", markdown(&text, "direct"));
        assert_eq!(post["mentions"], json!([]), "{text}");
        assert!(post["content"].as_str().unwrap().contains(&ana), "{text}: {post}");
        let id = post["id"].as_str().unwrap();
        let edited = world.alice.api("PUT", &format!("/api/v1/statuses/{id}"), json!({"status": format!("{text} …")}));
        assert_eq!(edited.expect(200).json()["mentions"], json!([]), "{text}");
    }
    world.alice.post("/api/v1/statuses", markdown(&format!("**{ana}** `x`"), "direct"));
    eventually("all is sent", || world.alice.is_settled());
    let sent: Vec<Value> = world.good.received().into_iter().filter(|a| a["type"] == "Create").collect();
    assert_eq!(sent.len(), 1, "only the post that mentions her: {sent:?}");
    assert_eq!(sent[0]["object"]["tag"][0]["type"], "Mention");
}

#[test]
fn markdown_retains_links_and_sends_no_line_feeds() {
    let alice = TestServer::start("alice");
    let url = "https://example.com/_foo_/on_x/__init__.py?a*b*c=~~d~~|e";
    let post = alice.post("/api/v1/statuses", markdown(&format!("# A\n\nsee {url} and\n\n- *b*\n- c"), "public"));
    let id = post["id"].as_str().unwrap();
    let note = alice.send(&Request::get(&format!("/users/alice/statuses/{id}")).activity()).expect(200).json();
    let content = note["content"].as_str().unwrap();
    assert!(content.contains(&format!("href=\"{url}\"")), "{content}");
    assert!(!content.contains('\n') && content.contains("<ul><li><em>b</em></li>"), "{content:?}");
    let noted = alice.post("/api/v1/statuses", markdown("Rain[^1] on #Monday\n\n[^1]: cold", "public"));
    let content = noted["content"].as_str().unwrap();
    assert!(content.contains("Rain[1]") && content.contains("<p>[1] cold</p>"), "a footnote keeps its text: {content}");
    assert!(content.contains("class=\"mention hashtag\" rel=\"tag\""), "as in plain text: {content}");
    let plain = alice.posts("see https://example.com/a|b.", "public");
    assert!(plain["content"].as_str().unwrap().contains("href=\"https://example.com/a|b\""), "{plain}");
}

#[test]
fn a_text_that_shows_nothing_is_refused_as_an_empty_one() {
    let alice = TestServer::start("alice");
    let post = alice.posts("words", "public");
    let id = post["id"].as_str().unwrap();
    for text in ["[1]: https://example.com/s", "<!-- x -->", "---", "#", ">", "-", "\u{200b}", "&#8203;", ""] {
        let refused = alice.api("POST", "/api/v1/statuses", markdown(text, "public")).expect(422).json();
        assert!(refused["error"].as_str().unwrap().contains("blank"), "{text}: {refused}");
        alice.api("PUT", &format!("/api/v1/statuses/{id}"), markdown(text, "public")).expect(422);
    }
    alice.api("POST", "/api/v1/statuses", json!({"status": "\u{200b}\u{2060}"})).expect(422);
    assert_eq!(alice.home().len(), 1);
    assert_eq!(alice.get(&format!("/api/v1/statuses/{id}"))["content"], "<p>words</p>");
}

#[test]
fn a_content_warning_is_truncated_as_on_other_servers() {
    let alice = TestServer::start("alice");
    let warned = |chars: usize| json!({"status": "x", "spoiler_text": "é".repeat(chars)});
    alice.api("POST", "/api/v1/statuses", warned(512)).expect(200);
    let refused = alice.api("POST", "/api/v1/statuses", warned(513)).expect(422).json();
    assert!(refused["error"].as_str().unwrap().contains("512"), "{refused}");
}

/// A server that distinguishes letter case in user names: it knows `MixedCase` alone.
fn case_sensitive_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let actor = format!("http://{host}/users/MixedCase");
    let documents = [
        (
            "acct%3AMixedCase",
            json!({"subject": format!("acct:MixedCase@{host}"), "links": [
                {"rel": "self", "type": "application/activity+json", "href": actor},
            ]}),
        ),
        (
            "/users/MixedCase",
            json!({
                "@context": "https://www.w3.org/ns/activitystreams", "id": actor, "type": "Person",
                "preferredUsername": "MixedCase", "inbox": format!("{actor}/inbox"),
            }),
        ),
    ];
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0_u8; 16 * 1024];
            let read = stream.read(&mut head).unwrap_or(0);
            let head = String::from_utf8_lossy(&head[..read]).lines().next().unwrap_or_default().to_owned();
            let found = documents.iter().find(|(part, _)| head.contains(part));
            let (status, kind) = match found {
                Some((part, _)) if part.starts_with('/') => ("200 OK", "application/activity+json"),
                Some(_) => ("200 OK", "application/jrd+json"),
                None => ("404 Not Found", "text/plain"),
            };
            let body = found.map(|(_, document)| document.to_string()).unwrap_or_default();
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            );
        }
    });
    host
}

#[test]
fn every_spelling_of_a_handle_is_resolved() {
    let alice = TestServer::start("alice");
    let host = case_sensitive_server();
    let post = alice.posts(&format!("hi @mixedcase@{host} then @MixedCase@{host}"), "public");
    let content = post["content"].as_str().unwrap();
    assert_eq!(post["mentions"].as_array().unwrap().len(), 1, "{post}");
    assert!(content.contains("@<span>MixedCase</span>"), "{content}");
}

#[test]
fn the_biography_is_rendered_as_a_post_and_its_tags_are_sent() {
    let world = Meeting::new();
    let ana = format!("@ana@{}", world.good.base.trim_start_matches("http://"));
    let change = json!({
        "note": format!("one\ntwo #Birding\n\nwith {ana} https://example.com/"),
        "fields_attributes": [{"name": "tag", "value": "#garden"}],
    });
    let me = world.alice.api("PATCH", "/api/v1/accounts/update_credentials", change).expect(200).json();
    let note = me["note"].as_str().unwrap();
    assert!(note.starts_with("<p>one<br>two <a href="), "{note}");
    assert!(note.contains("class=\"u-url mention\"") && note.contains("<a href=\"https://example.com/\""), "{note}");
    let actor = world.alice.send(&Request::get("/users/alice").activity()).expect(200).json();
    let tags: Vec<(&str, &str)> = actor["tag"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| (t["type"].as_str().unwrap(), t["name"].as_str().unwrap()))
        .collect();
    assert_eq!(tags, [("Mention", ana.as_str()), ("Hashtag", "#birding"), ("Hashtag", "#garden")]);
    assert_eq!(actor["tag"][0]["href"], json!(world.good.actor("ana")));
}

#[test]
fn the_memory_for_the_fields_of_a_json_body_is_bounded_by_its_size() {
    let alice = TestServer::start("alice");
    let body = format!("{{\"{}\":[{}]}}", "k".repeat(200_000), vec!["0"; 20_000].join(","));
    for path in ["/api/v1/apps", "/oauth/token", "/login"] {
        let request =
            Request::new("POST", path).header("origin", &alice.url("")).body("application/json", body.clone());
        let response = alice.send(&request);
        assert!([400, 413].contains(&response.status), "{path}: {}", response.status);
    }
}
