//! Search in the attachments of posts.

use dassie::config::Config;
use dassie::store::Conn;
use serde_json::{Value, json};

use crate::support::{Peer, Request, TestServer, eventually};

/// A second of silence.
fn wav() -> Vec<u8> {
    let chunk =
        |kind: &[u8; 4], content: &[u8]| [kind.as_slice(), &(content.len() as u32).to_le_bytes(), content].concat();
    let format = [&[1, 0, 1, 0][..], &8_000_u32.to_le_bytes(), &8_000_u32.to_le_bytes(), &[1, 0, 8, 0]].concat();
    let parts = [chunk(b"fmt ", &format), chunk(b"data", &[128; 8_000])].concat();
    [b"RIFF", &(parts.len() as u32 + 4).to_le_bytes()[..], b"WAVE", &parts].concat()
}

fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([9, 80, 200])).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn post_with(alice: &TestServer, file: &[u8]) -> Value {
    let head = b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    let body = [&head[..], file, b"\r\n--b--\r\n"].concat();
    let request =
        Request::new("POST", "/api/v2/media").bearer(&alice.token).body("multipart/form-data; boundary=b", body);
    let media = alice.send(&request).expect(200).json();
    alice.post("/api/v1/statuses", json!({"status": "attached", "media_ids": [media["id"]]}))
}

/// A post with a link to a page about a video, after the page was fetched.
fn post_with_video_page(alice: &TestServer, site: &Peer) -> Value {
    let page = "<title>Clip</title><link rel=alternate type=application/json+oembed href=/oembed>";
    site.serve_file("/clip", "text/html", page);
    site.serve_as("/oembed", "application/json", json!({"type": "video", "title": "Clip", "version": "1.0"}));
    let post = alice.posts(&format!("attached {}/clip", site.base), "public");
    let due = |c: &Conn| Ok(c.execute("UPDATE jobs SET due = 0 WHERE kind = 'preview_card'", [])?);
    alice.app.domain.store.write(due).unwrap();
    alice.app.domain.signals.jobs.notify();
    let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    eventually("the page is fetched", || alice.get(&path)["card"]["type"] == "video");
    post
}

#[test]
fn posts_are_found_by_the_kind_of_their_attachment() {
    let (alice, site) = (TestServer::start_with_previews("alice", Config::default()), Peer::start());
    let posts = [
        post_with(&alice, &png()),
        post_with(&alice, include_bytes!("../../src/demo/tide.mp4")),
        post_with(&alice, &wav()),
        post_with_video_page(&alice, &site),
        alice.posts("nothing attached", "public"),
    ];
    let kinds: Vec<&Value> = posts[..3].iter().map(|post| &post["media_attachments"][0]["type"]).collect();
    assert_eq!(kinds, ["image", "video", "audio"]);
    let found = |query: &str| -> Vec<usize> {
        let query = query.replace(' ', "%20");
        let results = alice.get(&format!("/api/v2/search?type=statuses&q={query}"));
        let position = |s: &Value| posts.iter().position(|p| p["id"] == s["id"]).unwrap();
        results["statuses"].as_array().unwrap().iter().map(position).collect()
    };
    for (query, expected) in [
        ("has:image", vec![0]),
        ("has:video", vec![1]),
        ("has:audio", vec![2]),
        ("has:media", vec![2, 1, 0]),
        ("has:embed", vec![3]),
        ("has:link", vec![3]),
        ("attached -has:media", vec![4, 3]),
        ("attached has:image has:audio", vec![]),
    ] {
        assert_eq!(found(query), expected, "{query}");
    }
    // An edit takes the picture away.
    let id = posts[0]["id"].as_str().unwrap();
    alice.api("PUT", &format!("/api/v1/statuses/{id}"), json!({"status": "attached no more"})).expect(200);
    assert_eq!(found("has:image"), [] as [usize; 0]);
}
