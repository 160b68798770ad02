use serde_json::{Value, json};

use crate::support::lemmy::finds;
use crate::support::{Peer, Request, TestServer, eventually};

/// Uploads a picture with this description, and returns its id.
fn upload(alice: &TestServer, description: &str) -> String {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([10, 120, 90])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let mut body = format!("--b\r\ncontent-disposition: form-data; name=\"description\"\r\n\r\n{description}\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x.png\"\r\n\r\n").into_bytes();
    body.extend_from_slice(&png.into_inner());
    body.extend_from_slice(b"\r\n--b--\r\n");
    let request =
        Request::new("POST", "/api/v1/media").bearer(&alice.token).body("multipart/form-data; boundary=b", body);
    alice.send(&request).expect(200).json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_description_of_a_posted_picture_changes_with_an_edit_that_federates() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    finds(&alice, &peer.actor("ana"));
    let media = upload(&alice, "a cat");
    let path = format!("/api/v1/media/{media}");
    let free = alice.api("PUT", &path, json!({"description": "a black cat"})).expect(200).json();
    assert_eq!(free["description"], "a black cat");
    let text = format!("look @ana@{}", peer.base.trim_start_matches("http://"));
    let post = alice.post("/api/v1/statuses", json!({"status": text, "media_ids": [media]}));
    let id = post["id"].as_str().unwrap();

    alice.api("PUT", &path, json!({"description": "a dog"})).expect(404);
    assert_eq!(alice.get(&format!("/api/v1/statuses/{id}"))["media_attachments"][0]["description"], "a black cat");

    // Another app of the owner edits it.
    let edit =
        json!({"status": text, "media_ids": [media], "media_attributes": [{"id": media, "description": "a grey cat"}]});
    let request = Request::new("PUT", &format!("/api/v1/statuses/{id}")).bearer(&alice.token_with("write"));
    let edited = alice.send(&request.body("application/json", edit.to_string())).expect(200).json();
    assert_eq!(edited["media_attachments"][0]["description"], "a grey cat");
    assert!(edited["edited_at"].is_string());
    let updates = || peer.received().into_iter().filter(|a| a["type"] == "Update").collect::<Vec<_>>();
    eventually("the edit arrives", || !updates().is_empty());
    assert_eq!(updates()[0]["object"]["attachment"][0]["name"], "a grey cat");
    let history = alice.get(&format!("/api/v1/statuses/{id}/history"));
    let descriptions: Vec<&Value> =
        history.as_array().unwrap().iter().map(|v| &v["media_attachments"][0]["description"]).collect();
    assert_eq!(descriptions, ["a black cat", "a grey cat"]);

    // An edit without changes is not recorded.
    let same = alice.api("PUT", &format!("/api/v1/statuses/{id}"), edit).expect(200).json();
    assert_eq!(same["edited_at"], edited["edited_at"]);

    // Only for the post's own media.
    let other = upload(&alice, "a fox");
    let attributes = json!([{"id": other, "description": "a wolf"}]);
    let edit = json!({"status": text, "media_attributes": attributes});
    alice.api("PUT", &format!("/api/v1/statuses/{id}"), edit).expect(422);
    assert_eq!(alice.get(&format!("/api/v1/media/{other}"))["description"], "a fox");
}

#[test]
fn a_focus_is_returned_with_the_digits_that_were_sent() {
    let alice = TestServer::start("alice");
    let path = format!("/api/v1/media/{}", upload(&alice, "a cat"));
    let changed = alice.api("PUT", &path, json!({"focus": "0.1,-0.42"})).expect(200).json();
    assert_eq!(changed["meta"]["focus"], json!({"x": 0.1, "y": -0.42}));
}

#[test]
fn a_quote_can_have_as_many_media_as_any_post() {
    let alice = TestServer::start("alice");
    let quoted = alice.posts("quote me", "public");
    let media: Vec<String> = (0..4).map(|n| upload(&alice, &n.to_string())).collect();
    let draft = json!({"status": "quote", "quoted_status_id": quoted["id"], "media_ids": media});
    let post = alice.post("/api/v1/statuses", draft);
    assert_eq!(post["media_attachments"].as_array().unwrap().len(), 4);
}

/// The official app for Android leaves out what the owner has removed.
#[test]
fn attachments_that_an_edit_omits_are_removed() {
    let alice = TestServer::start("alice");
    let edited = |post: &Value, fields: Value| {
        alice.api("PUT", &format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()), fields).expect(200).json()
    };
    let draft =
        json!({"status": "look", "spoiler_text": "cats", "language": "de", "media_ids": [upload(&alice, "a cat")]});
    let post = alice.post("/api/v1/statuses", draft);
    let after = edited(&post, json!({"status": "look away", "visibility": "public"}));
    assert_eq!((&after["media_attachments"], &after["spoiler_text"]), (&json!([]), &json!("")));
    assert_eq!((&after["sensitive"], &after["language"]), (&json!(false), &json!("de")));

    let poll = json!({"options": ["a", "b"], "expires_in": 600});
    let post = alice.post("/api/v1/statuses", json!({"status": "which", "poll": poll}));
    assert_eq!(edited(&post, json!({"status": "neither"}))["poll"], Value::Null);
}
