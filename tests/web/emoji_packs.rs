//! Packs of emoji, and copies of emoji of other servers.

use std::io::Write;

use dassie::domain::federation_policy::{self, Decision};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::browser::{Browser, png};
use crate::support::http::Response;
use crate::support::{Peer, Request, eventually};

fn tar_gz(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    for (name, bytes) in files {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
        header[156] = b'0';
        header[257..263].copy_from_slice(b"ustar\0");
        out.write_all(&header).unwrap();
        out.write_all(bytes).unwrap();
        out.write_all(&vec![0; bytes.len().next_multiple_of(512) - bytes.len()]).unwrap();
    }
    out.finish().unwrap()
}

fn names(b: &Browser) -> Vec<String> {
    let list = b.alice.get("/api/v1/custom_emojis");
    list.as_array().unwrap().iter().map(|emoji| emoji["shortcode"].as_str().unwrap().to_owned()).collect()
}

fn imports(b: &Browser, pack: &[u8], replace: &str) -> Response {
    let mut body = Vec::new();
    for (name, value) in [("csrf", b.csrf.as_str()), ("replace", replace)] {
        body.extend(format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(b"--b\r\ncontent-disposition: form-data; name=\"pack\"; filename=\"p\"\r\n\r\n");
    body.extend(pack);
    body.extend(b"\r\n--b--\r\n");
    let request = Request::new("POST", "/settings/emoji/import").header("cookie", &b.cookie);
    b.alice.send(&request.body("multipart/form-data; boundary=b", body))
}

#[test]
fn a_pack_is_imported_and_the_page_lists_the_omitted_files() {
    let b = Browser::new();
    let picture = png(1);
    let description = br#"{"files": {"cat": "c.png", "dog": "d.png", "gone": "g.png", "x y": "c.png"}, "pack": {}}"#;
    let pack = tar_gz(&[("pets/c.png", &picture), ("pets/d.png", b"<svg></svg>"), ("pets/pack.json", description)]);
    let page = imports(&b, &pack, "").expect(200).text();
    assert!(page.contains("1 emoji was imported") && page.contains("3 were left out"), "{page}");
    for reason in ["The file is an SVG image", "The pack lacks its file", "cannot be the name of an emoji"] {
        assert!(page.contains(reason), "{reason}: {page}");
    }
    assert_eq!(names(&b), ["cat"]);
    assert_eq!(b.alice.get("/api/v1/custom_emojis")[0]["category"], "pets");
    let before = b.alice.get("/api/v1/custom_emojis")[0]["url"].clone();
    let other = tar_gz(&[("cat.png", &png(9)), ("new.png", &png(2))]);
    let kept = imports(&b, &other, "").expect(200).text();
    assert!(kept.contains("There is an emoji :cat: already"), "{kept}");
    assert_eq!(
        (names(&b), &b.alice.get("/api/v1/custom_emojis")[0]["url"]),
        (vec!["cat".into(), "new".into()], &before)
    );
    imports(&b, &other, "true").expect(200);
    let replaced = b.alice.get("/api/v1/custom_emojis")[0].clone();
    assert_ne!(replaced["url"], before);
    assert_eq!(replaced["category"], "pets", "a pack without categories keeps them");
    for (wrong, reason) in
        [(&b"text"[..], "not a zip file"), (b"", "Choose a pack"), (&tar_gz(&[]), "contains no emoji")]
    {
        let page = imports(&b, wrong, "").expect(422).text();
        assert!(page.contains("role=\"alert\"") && page.contains(reason), "{reason}: {page}");
    }
}

/// A server with two emoji in its list.
fn server_with_emoji() -> Peer {
    let peer = Peer::start();
    peer.serve_file("/e/cat.png", "image/png", png(7));
    peer.serve_file("/e/odd.png", "image/png", b"not a picture".as_slice());
    let entry = |name: &str| json!({"shortcode": name, "url": format!("{}/e/{name}.png", peer.base), "static_url": "", "visible_in_picker": true});
    peer.serve_as("/api/v1/custom_emojis", "application/json", json!([entry("cat"), entry("odd")]));
    peer
}

#[test]
fn an_emoji_in_the_list_of_another_server_is_copied_by_its_name() {
    let (b, peer) = (Browser::new(), server_with_emoji());
    let host = peer.base.trim_start_matches("http://").to_owned();
    let location = b.submits("/settings/emoji/copy", &[("remote", &format!(":cat:@{host}"))]);
    assert!(b.page(&location).contains("The emoji was added.") && names(&b) == ["cat"]);
    let url = b.alice.get("/api/v1/custom_emojis")[0]["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with(&b.alice.url("/media/")), "{url}");
    let own = format!(":cat:@{}", b.alice.authority);
    for (remote, status, reason) in [
        (format!("dog@{host}"), 404, "There is no such emoji on"),
        (format!(":odd:@{host}"), 422, "accepted are"),
        (format!(":cat:@{host}"), 422, "There is an emoji :cat: already"),
        ("cat".to_owned(), 422, "Write the emoji as in"),
        (own.replace("cat", "dog"), 422, "on this server already"),
    ] {
        let page = b.tries("/settings/emoji/copy", &[("remote", &remote)]).expect(status).text();
        assert!(page.contains(reason) && page.contains(&format!("value=\"{remote}\"")), "{remote}: {page}");
    }
    assert_eq!(names(&b), ["cat"]);
    let decision = Decision { reject_media: true, ..Decision::default() };
    federation_policy::decide(&b.alice.app.domain, "127.0.0.1", decision).unwrap();
    let page = b.tries("/settings/emoji/copy", &[("remote", &format!(":odd:@{host}"))]).expect(422).text();
    assert!(page.contains("to load no media from it"), "{page}");
}

#[test]
fn an_emoji_of_misskey_is_fetched_by_its_name() {
    let (b, peer) = (Browser::new(), Peer::start());
    let host = peer.base.trim_start_matches("http://").to_owned();
    peer.serve_file("/f.png", "image/png", png(3));
    peer.serve_as("/api/emoji", "application/json", json!({"name": "fox", "url": format!("{}/f.png", peer.base)}));
    b.submits("/settings/emoji/copy", &[("remote", &format!(":fox:@{host}"))]);
    assert_eq!(names(&b), ["fox"]);
}

#[test]
fn an_emoji_is_copied_from_the_post_that_has_it() {
    let (b, peer) = (Browser::new(), server_with_emoji());
    let tag = |name: &str| json!({"type": "Emoji", "name": format!(":{name}:"), "icon": {"type": "Image", "url": format!("{}/e/cat.png", peer.base)}});
    let mut note = peer.note("mallory", "1", "<p>a :big-cat:</p>", &[&b.alice.actor()]);
    note["object"]["tag"].as_array_mut().unwrap().push(tag("big-cat"));
    peer.delivers(&b.alice, "mallory", &note).expect(202);
    eventually("it arrives", || !b.alice.notifications().is_empty());
    let id = b.alice.get("/api/v1/notifications")[0]["status"]["id"].as_str().unwrap().to_owned();
    let page = b.page(&format!("/posts/{id}"));
    assert!(page.contains("name=\"emoji\" value=\"big-cat\""), "{page}");
    let form = |name: &str| [("post".to_owned(), id.clone()), ("emoji".to_owned(), name.to_owned())];
    let fields = form("big-cat");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    b.submits("/settings/emoji/copy", &fields);
    assert_eq!(names(&b), ["big_cat"]);
    b.tries("/settings/emoji/copy", &[("post", &id), ("emoji", "other")]).expect(404);
    b.tries("/settings/emoji/copy", &[("post", "1"), ("emoji", "other")]).expect(404);
    let own = b.alice.posts("mine :big_cat:", "public");
    let page = b.page(&format!("/posts/{}", own["id"].as_str().unwrap()));
    assert!(!page.contains("Copy its emoji"), "own emoji need no copy");
    assert_ne!(own["emojis"], Value::Null);
}
