//! Validity of pages and feeds, as checked by validators.

use std::collections::HashSet;

use dassie::http::{Access, Verb};
use serde_json::{Value, json};

use crate::support::{Request, TestServer};

fn picture(alice: &TestServer, alt: &str) -> Value {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(4, 3, image::Rgb([9, 9, 9])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let mut body = b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.extend(png.into_inner());
    body.extend(
        format!("\r\n--b\r\ncontent-disposition: form-data; name=\"description\"\r\n\r\n{alt}\r\n--b--\r\n").bytes(),
    );
    let request =
        Request::new("POST", "/api/v2/media").bearer(&alice.token).body("multipart/form-data; boundary=b", body);
    alice.send(&request).expect(200).json()["id"].clone()
}

/// The content between each start tag of this name and its end tag, start tag included.
fn elements<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name} "), format!("</{name}>"));
    html.match_indices(&open).map(|(at, _)| html[at..].split(&close).next().unwrap()).collect()
}

/// What follows each place of this text until the next quote.
fn values<'a>(html: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(before).skip(1).map(|rest| rest.split('"').next().unwrap())
}

fn text_of(html: &str) -> String {
    dassie::protocol::html::to_text(html).trim().to_owned()
}

#[test]
fn ids_are_unique_and_links_and_captions_are_in_order() {
    let alice = TestServer::start("alice");
    let post = alice.post("/api/v1/statuses", json!({"status": "one", "media_ids": [picture(&alice, "a \"cat\"")]}));
    let id = post["id"].as_str().unwrap();
    alice.post("/api/v1/statuses", json!({"status": "", "media_ids": [picture(&alice, "")]}));
    alice.post(&format!("/api/v1/statuses/{id}/pin"), json!({}));
    alice.post(&format!("/api/v1/statuses/{id}/reblog"), json!({}));
    let (cookie, _) = alice.session();
    // Every page of the owner without parameters, and some with content.
    let of_owner = |r: &&dassie::app::Route| r.access == Access::Session && r.method == Verb::Get;
    let mut paths: Vec<String> =
        alice.routes.iter().filter(of_owner).map(|r| r.path.to_owned()).filter(|p| !p.contains('{')).collect();
    paths.retain(|path| !["/oauth/authorize", "/authorize_interaction"].contains(&path.as_str()));
    assert!(paths.len() > 20, "{paths:?}");
    paths.extend(["/@alice", "/@alice/media", "/@alice/pinned", "/tags/x"].map(str::to_owned));
    paths.extend([
        format!("/@alice/{id}"),
        format!("/posts/{id}"),
        format!("/posts/{id}/filter"),
        format!("/posts/{id}/edit"),
    ]);
    for path in &paths {
        let html = alice.send(&Request::get(path).header("cookie", &cookie)).expect(200).text();
        let ids: Vec<&str> =
            html.match_indices(" id=\"").map(|(at, _)| html[at + 5..].split('"').next().unwrap()).collect();
        let unique: HashSet<&&str> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{path}: {ids:?}");
        for label in values(&html, "<label for=\"").chain(values(&html, "aria-describedby=\"")) {
            assert!(unique.contains(&label), "{path}: {label} names no element");
        }
        for figure in elements(&html.replace("<figure>", "<figure >"), "figure") {
            let caption = figure.split("<figcaption").next().unwrap();
            assert!(!caption.contains("<details"), "a caption is a child of its figure: {figure}");
        }
        for link in elements(&html, "a") {
            let (tag, inside) = link.split_once('>').unwrap();
            let is_named =
                tag.contains("aria-label=") || tag.contains("aria-hidden=\"true\"") || !text_of(inside).is_empty();
            let alt = inside.split_once(" alt=\"").map_or("", |(_, alt)| alt.split('"').next().unwrap());
            assert!(is_named || !alt.is_empty(), "{path}: a link without a name: {link}");
        }
    }
    let html = alice.send(&Request::get("/@alice")).expect(200).text();
    assert_eq!(html.matches(&format!("id=\"p-{id}\"")).count(), 1, "pinned, and in the list");
}

#[test]
fn the_feed_shows_pictures_and_polls() {
    let alice = TestServer::start("alice");
    alice.post("/api/v1/statuses", json!({"status": "", "media_ids": [picture(&alice, "a <cat>")]}));
    let poll = json!({"status": "which?", "poll": {"options": ["this & that", "those"], "expires_in": 3600}});
    alice.post("/api/v1/statuses", poll);
    let feed = alice.send(&Request::get("/@alice/feed.atom")).expect(200).text();
    let contents = elements(&feed, "content");
    assert_eq!(contents.len(), 2);
    assert!(
        contents[0].contains("&lt;li&gt;this &amp;amp; that&lt;/li&gt;&lt;li&gt;those&lt;/li&gt;"),
        "{}",
        contents[0]
    );
    assert!(contents[1].contains("&lt;img src=&quot;http://"), "{}", contents[1]);
    assert!(contents[1].contains("alt=&quot;a &amp;lt;cat&amp;gt;&quot;"), "{}", contents[1]);
}
