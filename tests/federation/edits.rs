//! What becomes of a post when its author sends it again.

use serde_json::{Value, json};

use super::meeting::Meeting;
use super::world::PUBLIC;
use crate::support::Ask;

/// Ana's Update of a note that is made from her Create.
fn update(world: &Meeting, create: &Value, members: Value) -> Value {
    let mut object = create["object"].clone();
    object.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    json!({
        "id": format!("{}/updates/{}", world.good.base, world.next()), "type": "Update", "actor": world.good.actor("ana"),
        "to": create["to"], "object": object,
    })
}

fn picture(world: &Meeting, name: &str, alt: &str) -> Value {
    let url = format!("{}/media/{name}.png", world.good.base);
    json!({"type": "Document", "mediaType": "image/png", "url": url, "name": alt})
}

fn shown(world: &Meeting, text: &str) -> Value {
    world.alice.sees(text).unwrap_or_else(|| panic!("{text} is not at home"))
}

fn history(world: &Meeting, status: &Value) -> Vec<Value> {
    let id = status["id"].as_str().unwrap();
    world.alice.get(&format!("/api/v1/statuses/{id}/history")).as_array().unwrap().clone()
}

#[test]
fn pictures_keep_their_ids_until_they_change_and_stay_in_the_history() {
    let world = Meeting::new();
    let mut create = world.good.note("ana", "1", "first words", &[PUBLIC]);
    create["object"]["attachment"] = json!([picture(&world, "cat", "a cat")]);
    create["object"]["published"] = json!("2026-01-01T00:00:00Z");
    world.deliver(&world.good, "ana", &create);
    let cat = shown(&world, "first words")["media_attachments"][0]["id"].clone();
    let send = |members: Value| world.deliver(&world.good, "ana", &update(&world, &create, members));
    send(json!({"content": "second words", "updated": "2026-01-02T00:00:00Z"}));
    assert_eq!(shown(&world, "second words")["media_attachments"][0]["id"], cat, "only the words have changed");
    let dog = json!([picture(&world, "dog", "a dog")]);
    send(json!({"content": "third words", "updated": "2026-01-03T00:00:00Z", "attachment": dog}));
    let status = shown(&world, "third words");
    let alts: Vec<Value> =
        history(&world, &status).iter().map(|h| h["media_attachments"][0]["description"].clone()).collect();
    assert_eq!(alts, [json!("a cat"), json!("a cat"), json!("a dog")]);
    assert_eq!(status["media_attachments"].as_array().unwrap().len(), 1);
    // Another description, silently: what was shown before is shown with what it had.
    let puppy = json!([picture(&world, "dog", "a young dog")]);
    send(json!({"content": "third words", "updated": "2026-01-03T00:00:00Z", "attachment": puppy}));
    send(json!({"content": "fourth words", "updated": "2026-01-04T00:00:00Z", "attachment": puppy}));
    let status = shown(&world, "fourth words");
    let alts: Vec<Value> =
        history(&world, &status).iter().map(|h| h["media_attachments"][0]["description"].clone()).collect();
    assert_eq!(alts, [json!("a cat"), json!("a cat"), json!("a young dog"), json!("a young dog")]);
}

/// Some servers send no `updated`: what they say now takes the place of what they said.
#[test]
fn a_change_without_a_time_is_taken_silently() {
    let world = Meeting::new();
    let create = world.good.note("ana", "1", "some words", &[PUBLIC]);
    world.deliver(&world.good, "ana", &create);
    let send = |members: Value| world.deliver(&world.good, "ana", &update(&world, &create, members));
    let is_unmarked = || {
        let status = world.alice.home()[0].clone();
        assert_eq!((&status["edited_at"], history(&world, &status).len()), (&Value::Null, 1));
        status
    };
    send(json!({"sensitive": true}));
    assert_eq!(is_unmarked()["sensitive"], true);
    send(json!({"attachment": [picture(&world, "cat", "a cat")]}));
    assert_eq!(is_unmarked()["media_attachments"][0]["description"], "a cat");
    send(json!({"attachment": [picture(&world, "cat", "a black cat")]}));
    assert_eq!(is_unmarked()["media_attachments"][0]["description"], "a black cat");
    send(json!({"content": "other words"}));
    assert!(is_unmarked()["content"].as_str().unwrap().contains("other words"));
}

#[test]
fn an_edit_is_not_of_the_future() {
    let world = Meeting::new();
    let mut create = world.good.note("ana", "1", "a note of tomorrow", &[PUBLIC]);
    create["object"]["published"] = json!("2026-01-01T00:00:00Z");
    create["object"]["updated"] = json!("2999-01-01T00:00:00Z");
    world.deliver(&world.good, "ana", &create);
    let edited = shown(&world, "a note of tomorrow")["edited_at"].as_str().unwrap().to_owned();
    assert!(edited.starts_with("20"), "{edited}");
    let words = json!({"content": "a note of today", "updated": "2999-01-02T00:00:00Z"});
    for _ in 0..3 {
        world.deliver(&world.good, "ana", &update(&world, &create, words.clone()));
    }
    assert_eq!(history(&world, &shown(&world, "a note of today")).len(), 2, "said thrice, changed once");
}

/// Go's zero time is what some servers write for a time that they do not know.
#[test]
fn posts_from_before_all_time_are_told_apart() {
    let world = Meeting::new();
    for name in ["one", "two", "three"] {
        let mut create = world.good.note("ana", name, &format!("words of {name}"), &[PUBLIC]);
        create["object"]["published"] = json!("0001-01-01T00:00:00Z");
        world.deliver(&world.good, "ana", &create);
        let id = create["object"]["id"].as_str().unwrap();
        assert!(world.stored(id).is_some(), "{name}");
    }
}

/// Where a direct message names its readers only around it, an edit says as little.
#[test]
fn an_edited_direct_message_stays_where_it_was() {
    let world = Meeting::new();
    let me = world.alice.actor();
    let mut create = world.good.note("ana", "1", "just between us", &[&me]);
    for member in ["to", "cc", "tag"] {
        create["object"].as_object_mut().unwrap().remove(member);
    }
    world.deliver(&world.good, "ana", &create);
    let told = || world.alice.get("/api/v1/notifications").to_string();
    assert!(told().contains("just between us"));
    for audience in [json!([me]), json!([])] {
        let at = format!("2999-01-0{}T00:00:00Z", 1 + audience.as_array().unwrap().len());
        let mut update = update(&world, &create, json!({"content": format!("at {at}"), "updated": at}));
        update["to"] = audience;
        world.deliver(&world.good, "ana", &update);
        assert!(told().contains(&at), "{}", told());
    }
    let id = world.alice.get("/api/v1/notifications")[0]["status"]["id"].as_str().unwrap().to_owned();
    world.alice.send(&Ask::get(&format!("/api/v1/statuses/{id}"))).expect(404);
}
