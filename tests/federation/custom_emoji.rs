//! The owner's custom emoji in documents and activities.

use std::io::Cursor;

use dassie::domain::custom_emoji::manage::{self, EmojiChange, Existing, NewEmoji};
use serde_json::{Value, json};

use crate::support::proxy::path_of;
use crate::support::{Peer, Request, TestServer, eventually, unproxied};

fn adds(server: &TestServer, name: &str) {
    let mut png = Cursor::new(Vec::new());
    let shade = name.len() as u8;
    image::RgbImage::from_pixel(20, 20, image::Rgb([shade, 90, 60]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    png.set_position(0);
    let picture = dassie::media::store_emoji(&server.app.media, png).unwrap();
    let emoji = NewEmoji { shortcode: name.into(), category: None, picture };
    manage::add(&server.app.domain, emoji, Existing::Kept).unwrap();
}

/// A server that one actor of the peer follows.
fn followed(peer: &Peer) -> TestServer {
    let alice = TestServer::start("alice");
    peer.delivers(&alice, "mallory", &peer.follow("mallory", &alice)).expect(202);
    eventually("the follow is accepted", || alice.is_settled());
    alice
}

fn sent(peer: &Peer, kind: &str) -> Option<Value> {
    peer.received().into_iter().rfind(|activity| activity["type"] == kind)
}

fn document(server: &TestServer, url: &str) -> Value {
    server.send(&Request::get(url.strip_prefix(&server.url("")).unwrap()).activity()).expect(200).json()
}

fn emoji_tags(document: &Value) -> Vec<&Value> {
    document["tag"].as_array().unwrap().iter().filter(|tag| tag["type"] == "Emoji").collect()
}

#[test]
fn a_post_and_its_edit_name_the_emoji_of_its_texts() {
    let peer = Peer::start();
    let alice = followed(&peer);
    adds(&alice, "cat");
    adds(&alice, "other");
    let poll = json!({"options": [":cat:", "b"], "expires_in": 3_600});
    let post = alice.post("/api/v1/statuses", json!({"status": "hm :none:", "spoiler_text": ":other:", "poll": &poll}));
    eventually("it is delivered", || sent(&peer, "Create").is_some());
    let note = sent(&peer, "Create").unwrap()["object"].clone();
    let tags = emoji_tags(&note);
    assert_eq!(tags.iter().map(|tag| tag["name"].as_str().unwrap()).collect::<Vec<_>>(), [":other:", ":cat:"]);
    let cat = tags[1];
    assert_eq!(cat["icon"]["type"], "Image");
    assert_eq!((&cat["icon"]["mediaType"], &cat["icon"]["url"]), (&json!("image/png"), &post["emojis"][1]["url"]));
    assert!(cat["updated"].as_str().unwrap().ends_with('Z'), "{cat}");

    let object = document(&alice, cat["id"].as_str().unwrap());
    assert!(object["@context"][2]["Emoji"] == "toot:Emoji", "{object}");
    for member in ["id", "type", "name", "updated", "icon"] {
        assert_eq!(object[member], cat[member], "{member}");
    }
    let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    alice.api("PUT", &path, json!({"status": "now :cat:", "poll": poll})).expect(200);
    eventually("the edit is delivered", || {
        sent(&peer, "Update").is_some_and(|update| update["object"]["type"] == "Question")
    });
    let update = sent(&peer, "Update").unwrap();
    assert_eq!(emoji_tags(&update["object"])[0]["name"], ":cat:");
    alice.send(&Request::get("/emoji/1").activity()).expect(404);
    alice.send(&Request::get("/emoji/cat").activity()).expect(404);
}

#[test]
fn the_actor_names_the_emoji_of_the_profile_and_is_sent_when_they_change() {
    let peer = Peer::start();
    let alice = followed(&peer);
    let profile = json!({"display_name": "A :cat:", "fields_attributes": [{"name": "x", "value": ":dog:"}]});
    alice.api("PATCH", "/api/v1/accounts/update_credentials", profile).expect(200);
    let sent_names = || {
        let update = sent(&peer, "Update")?;
        Some(
            emoji_tags(&update["object"])
                .iter()
                .map(|tag| tag["name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>(),
        )
    };
    eventually("the profile is sent", || sent_names() == Some(Vec::new()));
    adds(&alice, "cat");
    eventually("it is sent with its emoji", || sent_names() == Some(vec![":cat:".to_owned()]));
    adds(&alice, "dog");
    eventually("and with the second", || sent_names().is_some_and(|names| names.len() == 2));
    assert_eq!(emoji_tags(&document(&alice, &alice.actor())).len(), 2);

    let dog = manage::all(&alice.app.domain).unwrap().into_iter().find(|emoji| emoji.shortcode == "dog").unwrap();
    let updates = || peer.received().iter().filter(|activity| activity["type"] == "Update").count();
    let before = updates();
    let category = EmojiChange { category: Some("Pets".into()), listed: Some(false), ..EmojiChange::default() };
    manage::change(&alice.app.domain, dog.id, category).unwrap();
    manage::remove(&alice.app.domain, dog.id).unwrap();
    eventually("it is sent without", || sent_names() == Some(vec![":cat:".to_owned()]));
    assert_eq!(updates(), before + 1, "a category is not part of the profile");
    alice.send(&Request::get(&format!("/emoji/{}", dog.id)).activity()).expect(404);
}

#[test]
fn a_reaction_with_an_own_emoji_is_sent_with_its_tag() {
    let peer = Peer::start();
    let alice = followed(&peer);
    adds(&alice, "cat");
    peer.delivers(&alice, "mallory", &peer.note("mallory", "1", "hello", &[&alice.actor()])).expect(202);
    let mention = || alice.get("/api/v1/notifications?types[]=mention")[0].clone();
    eventually("it arrives", || mention() != Value::Null);
    let seen = mention()["status"]["id"].as_str().unwrap().to_owned();
    alice.api("POST", &format!("/api/v1/statuses/{seen}/react/dog"), json!({})).expect(422);
    let status = alice.post(&format!("/api/v1/statuses/{seen}/react/:cat:"), json!({}));
    assert_eq!((&status["reactions"][0]["name"], &status["reactions"][0]["count"]), (&json!("cat"), &json!(1)));
    eventually("it is sent", || sent(&peer, "Like").is_some());
    let like = sent(&peer, "Like").unwrap();
    assert_eq!((&like["content"], &like["_misskey_reaction"]), (&json!(":cat:"), &json!(":cat:")));
    let tag = emoji_tags(&like)[0];
    assert_eq!((&tag["name"], &tag["icon"]["url"]), (&json!(":cat:"), &status["reactions"][0]["url"]));
    assert_eq!(document(&alice, tag["id"].as_str().unwrap())["name"], ":cat:");
    let served = alice.send(&peer.signs_get(
        &alice,
        "mallory",
        like["id"].as_str().unwrap().strip_prefix(&alice.url("")).unwrap(),
    ));
    assert_eq!(served.expect(200).json()["tag"], like["tag"]);
    alice.post(&format!("/api/v1/statuses/{seen}/unreact/:cat:"), json!({}));
    eventually("its undoing is sent", || sent(&peer, "Undo").is_some());
}

#[test]
fn another_server_shows_the_emoji_of_a_post() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    adds(&bob, "cat");
    alice.follows(&bob);
    bob.api("PATCH", "/api/v1/accounts/update_credentials", json!({"display_name": "Bob :cat:"})).expect(200);
    let post = bob.posts("look :cat:", "public");
    eventually("alice has it", || alice.sees("look :cat:").is_some());
    let shown = alice.sees("look :cat:").unwrap()["emojis"][0]["url"].as_str().unwrap().to_owned();
    assert_eq!(unproxied(&shown), post["emojis"][0]["url"].as_str().unwrap());
    alice.send(&Request::get(path_of(&shown))).expect(200);
    eventually("and the name", || alice.sees("look :cat:").unwrap()["account"]["emojis"][0]["shortcode"] == "cat");
}
