//! Edits of posts by their authors.

use serde_json::{Value, json};

use super::meeting::Meeting;
use super::world::PUBLIC;
use crate::support::{Request, eventually};

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
fn unchanged_pictures_retain_their_ids_and_former_ones_are_in_the_history() {
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

/// Some servers send no `updated`: the new text replaces the former one.
#[test]
fn a_change_without_a_time_is_applied_without_an_edit_marker() {
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
fn an_edit_is_never_dated_in_the_future() {
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
    assert_eq!(history(&world, &shown(&world, "a note of today")).len(), 2, "sent three times, changed once");
}

/// Some servers send Go's zero time for an unknown time.
#[test]
fn posts_with_a_zero_time_are_stored_separately() {
    let world = Meeting::new();
    for name in ["one", "two", "three"] {
        let mut create = world.good.note("ana", name, &format!("words of {name}"), &[PUBLIC]);
        create["object"]["published"] = json!("0001-01-01T00:00:00Z");
        world.deliver(&world.good, "ana", &create);
        let id = create["object"]["id"].as_str().unwrap();
        assert!(world.stored(id).is_some(), "{name}");
    }
}

/// A direct message whose recipients are only in the activity, and its edit, which has none either.
#[test]
fn an_edited_direct_message_retains_its_audience() {
    let world = Meeting::new();
    let me = world.alice.actor();
    let mut create = world.good.note("ana", "1", "just between us", &[&me]);
    for member in ["to", "cc", "tag"] {
        create["object"].as_object_mut().unwrap().remove(member);
    }
    world.deliver(&world.good, "ana", &create);
    let notified = || world.alice.get("/api/v1/notifications").to_string();
    assert!(notified().contains("just between us"));
    for audience in [json!([me]), json!([])] {
        let at = format!("2999-01-0{}T00:00:00Z", 1 + audience.as_array().unwrap().len());
        let mut update = update(&world, &create, json!({"content": format!("at {at}"), "updated": at}));
        update["to"] = audience;
        world.deliver(&world.good, "ana", &update);
        assert!(notified().contains(&at), "{}", notified());
    }
    let id = world.alice.get("/api/v1/notifications")[0]["status"]["id"].as_str().unwrap().to_owned();
    world.alice.send(&Request::get(&format!("/api/v1/statuses/{id}"))).expect(404);
}

#[test]
fn an_edit_adds_and_removes_a_poll() {
    let world = Meeting::new();
    let mut create = world.good.note("ana", "1", "what now", &[PUBLIC]);
    create["object"]["published"] = json!("2026-01-01T00:00:00Z");
    world.deliver(&world.good, "ana", &create);
    let send = |members: Value| world.deliver(&world.good, "ana", &update(&world, &create, members));
    send(
        json!({"type": "Question", "oneOf": [{"name": "tea"}, {"name": "coffee"}], "updated": "2026-01-02T00:00:00Z"}),
    );
    assert_eq!(shown(&world, "what now")["poll"]["options"][1]["title"], "coffee");
    send(json!({"type": "Note", "updated": "2026-01-03T00:00:00Z"}));
    assert_eq!(shown(&world, "what now")["poll"], Value::Null);
    let id = shown(&world, "what now")["id"].as_str().unwrap().to_owned();
    world.alice.api("POST", &format!("/api/v1/polls/{id}/votes"), json!({"choices": [0]})).expect(404);
}

#[test]
fn an_edit_changes_or_removes_the_quote() {
    let world = Meeting::new();
    for name in ["one", "two"] {
        world.deliver(&world.good, "ana", &world.good.note("ana", name, &format!("words {name}"), &[PUBLIC]));
    }
    let mut create = world.good.note("ana", "quoting", "look at this", &[PUBLIC]);
    create["object"]["published"] = json!("2026-01-01T00:00:00Z");
    world.deliver(&world.good, "ana", &create);
    let send = |members: Value| world.deliver(&world.good, "ana", &update(&world, &create, members));
    let quoted = || shown(&world, "look at this")["quote"]["quoted_status"]["content"].to_string();
    for (day, name) in [(2, "one"), (3, "two")] {
        let address = format!("{}/notes/{name}", world.good.base);
        send(json!({"quoteUrl": address, "updated": format!("2026-01-0{day}T00:00:00Z")}));
        let quoted = quoted();
        assert!(quoted.contains(&format!("words {name}")), "{quoted}");
    }
    send(json!({"updated": "2026-01-04T00:00:00Z"}));
    assert_eq!(shown(&world, "look at this")["quote"], Value::Null);
}

#[test]
fn former_versions_retain_their_emoji() {
    let world = Meeting::new();
    let emoji = |name: &str| json!([{"type": "Emoji", "name": format!(":{name}:"), "icon": {"url": format!("{}/{name}.png", world.good.base)}}]);
    let mut create = world.good.note("ana", "1", "first :cat:", &[PUBLIC]);
    create["object"]["published"] = json!("2026-01-01T00:00:00Z");
    create["object"]["tag"] = emoji("cat");
    world.deliver(&world.good, "ana", &create);
    let change = json!({"content": "second :dog:", "tag": emoji("dog"), "updated": "2026-01-02T00:00:00Z"});
    world.deliver(&world.good, "ana", &update(&world, &create, change));
    let versions = history(&world, &shown(&world, "second"));
    let names: Vec<_> = versions.iter().map(|v| v["emojis"][0]["shortcode"].clone()).collect();
    assert_eq!(names, ["cat", "dog"]);
}

/// A message that was sent to the wrong person can still be deleted.
#[test]
fn actors_removed_by_an_edit_still_receive_the_deletion() {
    let world = Meeting::new();
    let (alice, good) = (&world.alice, &world.good);
    let handle = format!("@ana@{}", good.base.trim_start_matches("http://"));
    let post = alice.posts(&format!("{handle} a secret"), "direct");
    let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    alice.api("PUT", &path, json!({"status": "nothing for anybody"})).expect(200);
    let kinds = || good.received().into_iter().filter(|a| a["type"] != "Follow").collect::<Vec<_>>();
    eventually("the edit arrives", || kinds().iter().any(|a| a["type"] == "Update"));
    let note = kinds().into_iter().find(|a| a["type"] == "Update").unwrap()["object"].clone();
    assert!(!note["tag"].to_string().contains("Mention"), "{note}");
    alice.api("DELETE", &path, Value::Null).expect(200);
    eventually("so does the end", || kinds().iter().any(|a| a["type"] == "Delete"));

    // Unsigned requests do not reveal that the post ever existed.
    let path = post["uri"].as_str().unwrap().strip_prefix(&alice.url("")).unwrap().to_owned();
    alice.send(&Request::get(&path).activity()).expect(404);
    alice.send(&Request::get(&format!("/@alice/{}", post["id"].as_str().unwrap()))).expect(404);
    alice.send(&good.signs_get(alice, "ana", &path)).expect(410);
}

#[test]
fn an_edit_with_other_options_restarts_the_poll() {
    let world = Meeting::new();
    let draft = json!({"status": "tea?", "poll": {"options": ["yes", "no"], "expires_in": 3600}});
    let post = world.alice.post("/api/v1/statuses", draft);
    let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    let change = json!({"status": "tea?", "poll": {"options": ["perhaps", "no"], "expires_in": 3600}});
    let edited = world.alice.api("PUT", &path, change).expect(200).json();
    assert_eq!(edited["poll"]["options"][0], json!({"title": "perhaps", "votes_count": 0}));
    assert_ne!(edited["edited_at"], json!(null));
}

/// A post without a time has that of its arrival, with milliseconds; most edits have whole seconds.
#[test]
fn an_edit_in_the_second_of_the_arrival_of_its_post_is_applied() {
    let world = Meeting::new();
    let good = &world.good;
    let mut create = good.note("ana", "quick", "first words", &[PUBLIC]);
    world.deliver(good, "ana", &create);
    let id = create["object"]["id"].as_str().unwrap().to_owned();
    let stored = || world.alice.app.domain.store.read(|c| dassie::store::statuses::by_uri(c, &id)).unwrap().unwrap();
    create["object"]["content"] = json!("second words");
    create["object"]["to"] = json!([format!("{}/followers", good.actor("ana"))]);
    create["object"]["updated"] = json!(stored().created_at.to_seconds());
    create["type"] = json!("Update");
    create["id"] = json!(format!("{id}/update"));
    world.deliver(good, "ana", &create);
    assert_eq!((stored().content.as_str(), stored().visibility.is_open()), ("second words", false));
    let (created, edited) = (stored().created_at, stored().edited_at);
    assert!(edited.is_some_and(|at| at >= created), "{edited:?} {created:?}");
}
