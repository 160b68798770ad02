//! Open Graph and Twitter card metadata for each kind of post.

use serde_json::{Value, json};

use crate::support::{Request, TestServer};

/// Uploads a file with a description, and returns its id.
fn upload(alice: &TestServer, name: &str, file: &[u8], description: &str) -> Value {
    let head = |field: &str| format!("--b\r\ncontent-disposition: form-data; name=\"{field}\"");
    let mut body = format!("{}\r\n\r\n{description}\r\n", head("description")).into_bytes();
    body.extend(format!("{}; filename=\"{name}\"\r\n\r\n", head("file")).bytes());
    body.extend(file);
    body.extend(b"\r\n--b--\r\n");
    let request =
        Request::new("POST", "/api/v1/media").bearer(&alice.token).body("multipart/form-data; boundary=b", body);
    alice.send(&request).expect(200).json()["id"].clone()
}

/// The head of the page of a new post, and the values of its properties.
struct Page {
    head: String,
}

impl Page {
    fn of(alice: &TestServer, post: Value) -> Self {
        let id = alice.post("/api/v1/statuses", post)["id"].as_str().unwrap().to_owned();
        let page = alice.send(&Request::get(&format!("/@alice/{id}"))).expect(200).text();
        Self { head: page.split("</head>").next().unwrap().to_owned() }
    }

    fn value(&self, property: &str) -> Option<&str> {
        let meta = self.head.split("<meta ").find(|meta| meta.contains(&format!("=\"{property}\" ")))?;
        meta.split_once("content=\"").map(|(_, rest)| rest.split('"').next().unwrap())
    }
}

fn picture(alice: &TestServer) -> Value {
    upload(alice, "a.png", &super::browser::png(7), "a lamp")
}

#[test]
fn the_preview_of_a_text_has_its_beginning_and_author() {
    let alice = TestServer::start("alice");
    let page = Page::of(&alice, json!({"status": format!("a warm <stone> {}", "x".repeat(300))}));
    let text = page.value("og:description").unwrap();
    assert!(text.starts_with("a warm &lt;stone&gt; xxx") && text.ends_with('…'), "{text}");
    assert_eq!(page.value("description"), Some(text));
    assert_eq!(page.value("og:title"), Some(format!("alice (@alice@{})", alice.authority).as_str()));
    assert_eq!((page.value("og:type"), page.value("twitter:card")), (Some("article"), Some("summary")));
    assert!(page.value("og:image").unwrap().ends_with("/static/avatar.png"));
    assert_eq!(page.value("article:author"), Some(alice.url("/@alice").as_str()));
    assert!(page.value("article:published_time").is_some() && page.value("og:video").is_none());
}

#[test]
fn a_picture_is_large_and_described() {
    let alice = TestServer::start("alice");
    let page = Page::of(&alice, json!({"status": "", "media_ids": [picture(&alice)]}));
    assert_eq!(page.value("twitter:card"), Some("summary_large_image"));
    assert!(page.value("og:image").unwrap().starts_with(&alice.url("/media/")));
    assert_eq!((page.value("og:image:width"), page.value("og:image:height")), (Some("40"), Some("30")));
    assert_eq!((page.value("og:image:alt"), page.value("og:description")), (Some("a lamp"), Some("a lamp")));
}

#[test]
fn a_video_is_named_with_its_type() {
    let alice = TestServer::start("alice");
    let file = include_bytes!("../../src/demo/tide.mp4");
    let video = upload(&alice, "a.mp4", file, "waves");
    let page = Page::of(&alice, json!({"status": "the sea", "media_ids": [video]}));
    let (video, kind) = (page.value("og:video").unwrap(), page.value("og:video:type"));
    assert!(video.starts_with(&alice.url("/media/")) && video.ends_with(".mp4"), "{video}");
    assert_eq!(kind, Some("video/mp4"));
}

#[test]
fn a_poll_has_its_options() {
    let alice = TestServer::start("alice");
    let poll = json!({"status": "which?", "poll": {"options": ["granite", "basalt"], "expires_in": 3600}});
    assert_eq!(Page::of(&alice, poll).value("og:description"), Some("which? – granite · basalt"));
}

#[test]
fn the_preview_of_a_post_with_a_warning_contains_nothing_of_it() {
    let alice = TestServer::start("alice");
    let warned = json!({
        "status": "secret text", "spoiler_text": "Bright light", "media_ids": [picture(&alice)],
    });
    let poll = json!({
        "status": "secret text", "spoiler_text": "Bright light",
        "poll": {"options": ["secret option", "x"], "expires_in": 3600},
    });
    for post in [warned, poll] {
        let page = Page::of(&alice, post);
        assert_eq!(page.value("og:description"), Some("Bright light"));
        assert_eq!((page.value("twitter:card"), page.value("og:image:alt")), (Some("summary"), None));
        assert!(!page.head.contains("secret") && !page.head.contains("lamp") && !page.head.contains("/media/"));
    }
    let sensitive = json!({"status": "text", "sensitive": true, "media_ids": [picture(&alice)]});
    let page = Page::of(&alice, sensitive);
    assert_eq!(page.value("og:description"), Some("text"));
    assert!(!page.head.contains("/media/") && !page.head.contains("lamp"), "{}", page.head);
}
