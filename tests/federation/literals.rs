//! Texts and times in every form that JSON-LD permits.

use serde_json::{Value, json};

use super::meeting::Meeting;
use super::world::PUBLIC;

/// Ana sends a note with these members, and what Alice sees of it.
fn seen(world: &Meeting, members: Value) -> Value {
    let id = world.next().to_string();
    let mut create = world.good.note("ana", &id, "nothing", &[PUBLIC]);
    create["object"].as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    world.deliver(&world.good, "ana", &create);
    let uri = create["object"]["id"].clone();
    world.alice.home().into_iter().find(|s| s["uri"] == uri).unwrap_or_else(|| panic!("{members} is not at home"))
}

#[test]
fn content_is_read_in_any_form() {
    let world = Meeting::new();
    let one = "<p>one</p>";
    for members in [
        json!({"content": [one]}),
        json!({"content": [one, "<p>two</p>"]}),
        json!({"content": [null, " ", one]}),
        json!({"content": {"@value": one, "@language": "de"}}),
        json!({"content": [{"@value": one, "@language": "de"}]}),
        json!({"content": {"@value": one, "@type": "http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML"}}),
        json!({"content": {"de": one, "en": "<p>two</p>"}}),
        json!({"content": {"@none": one}}),
        json!({"content": {"@set": [one]}}),
        json!({"content": null, "contentMap": [one]}),
        json!({"content": null, "contentMap": one}),
        json!({"content": null, "contentMap": {"en": [one]}}),
        json!({"content": null, "contentMap": {"en": {"@value": one}}}),
        json!({"content": [], "contentMap": {"en": one}}),
    ] {
        assert_eq!(seen(&world, members.clone())["content"], one, "{members}");
    }
    assert_eq!(seen(&world, json!({"content": 42}))["content"], "42");
    assert_eq!(seen(&world, json!({"content": {"@value": one, "@language": "de"}}))["language"], "de");
    assert_eq!(seen(&world, json!({"content": {"fr": one}}))["language"], "fr");
}

#[test]
fn warnings_times_and_lists_in_any_form_are_read() {
    let world = Meeting::new();
    for summary in [json!(["CW"]), json!({"@value": "CW"}), json!({"en": "CW"}), json!([{"@value": "CW"}])] {
        assert_eq!(seen(&world, json!({"summary": summary}))["spoiler_text"], "CW", "{summary}");
    }
    assert_eq!(seen(&world, json!({"summary": null, "summaryMap": ["CW"]}))["spoiler_text"], "CW");
    let time = "2025-03-04T05:06:07Z";
    for published in [
        json!([time]),
        json!({"@value": time, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}),
        json!([{"@value": time}]),
    ] {
        let post = seen(&world, json!({"published": published, "updated": ["2025-03-05T05:06:07Z"]}));
        assert_eq!(post["created_at"], "2025-03-04T05:06:07.000Z", "{published}");
        assert_eq!(post["edited_at"], "2025-03-05T05:06:07.000Z", "{published}");
    }
    for published in [
        "Tue, 04 Mar 2025 05:06:07 GMT",
        "Tue, 4 Mar 2025 05:06:07 +0000",
        "2025-03-04 05:06:07 UTC",
        "2025-03-04 06:06:07 +0100",
    ] {
        let post = seen(&world, json!({"published": published}));
        assert_eq!(post["created_at"], "2025-03-04T05:06:07.000Z", "{published}");
    }
    let midnight = seen(&world, json!({"published": "2025-03-04T24:00:00Z"}));
    assert_eq!(midnight["created_at"], "2025-03-05T00:00:00.000Z");
    let marked = seen(
        &world,
        json!({
            "sensitive": [true], "mediaType": ["text/plain"], "content": ["a < b"],
            "attachment": {"type": "Image", "url": "https://a.example/i.png", "mediaType": ["image/png"], "name": ["alt"]},
            "tag": [{"type": "Hashtag", "name": ["#Cats"]}],
        }),
    );
    assert_eq!((&marked["sensitive"], &marked["content"]), (&json!(true), &json!("<p>a &lt; b</p>")));
    assert_eq!(marked["media_attachments"][0]["description"], "alt");
    assert_eq!(marked["tags"][0]["name"], "cats");
    let option = |name: Value| json!({"type": "Note", "name": name, "replies": {"totalItems": ["2"]}});
    let poll = seen(
        &world,
        json!({
            "type": "Question", "oneOf": [option(json!(["yes"])), option(json!({"@value": "no"})), option(json!(3))],
            "endTime": ["2999-01-01T00:00:00Z"], "votersCount": {"@value": 4},
        }),
    );
    let titles: Vec<&Value> = poll["poll"]["options"].as_array().unwrap().iter().map(|o| &o["title"]).collect();
    assert_eq!(titles, ["yes", "no", "3"]);
    assert_eq!((&poll["poll"]["voters_count"], &poll["poll"]["votes_count"]), (&json!(4), &json!(6)));
    assert_eq!(poll["poll"]["expires_at"], "2999-01-01T00:00:00.000Z");
}

#[test]
fn an_actor_in_any_form_is_read() {
    let world = Meeting::new();
    let mut ana = world.good.document("/users/ana");
    ana["name"] = json!(["Ada"]);
    ana["summary"] = json!({"@value": "one\ntwo"});
    ana["manuallyApprovesFollowers"] = json!([true]);
    ana["attachment"] = json!([{"type": "PropertyValue", "name": {"@value": "site"}, "value": ["<b>x</b>"]}]);
    let update = json!({
        "id": format!("{}/updates/1", world.good.base), "type": "Update", "actor": world.good.actor("ana"),
        "object": ana, "to": [PUBLIC],
    });
    world.deliver(&world.good, "ana", &update);
    let host = world.good.base.trim_start_matches("http://");
    let account = world.alice.get(&format!("/api/v1/accounts/lookup?acct=ana@{host}"));
    assert_eq!((&account["display_name"], &account["note"]), (&json!("Ada"), &json!("one<br>two")));
    assert_eq!(account["fields"][0], json!({"name": "site", "value": "<b>x</b>", "verified_at": null}));
    assert_eq!(account["locked"], true);
}

#[test]
fn a_boolean_in_any_form_is_read() {
    let world = Meeting::new();
    for truthy in [json!("true"), json!("True"), json!("1"), json!(1), json!(["true"]), json!({"@value": "true"})] {
        assert_eq!(seen(&world, json!({"sensitive": truthy}))["sensitive"], true, "{truthy}");
    }
    for no in [json!("false"), json!("0"), json!(0), json!(""), json!("maybe"), json!(7), json!(null), json!({})] {
        assert_eq!(seen(&world, json!({"sensitive": no}))["sensitive"], false, "{no}");
    }
}

#[test]
fn a_text_that_was_cut_within_an_emoji_is_read() {
    let world = Meeting::new();
    let create = world.good.note("ana", "cut", "CUT", &[PUBLIC]);
    let body = create["object"].to_string().replace("CUT", r"nearly whole \ud83d");
    world.good.serve_file("/notes/cut", "application/activity+json", body);
    let id = create["object"]["id"].as_str().unwrap();
    assert_eq!(world.searches(id)[0]["content"], "nearly whole \u{fffd}");
}

#[test]
fn a_document_with_a_byte_order_mark_or_a_huge_number_is_read() {
    let world = Meeting::new();
    let mut create = world.good.note("ana", "odd", "still here", &[PUBLIC]);
    create["object"]["likes"] = json!({"type": "Collection", "totalItems": "TOO MANY"});
    let body = create["object"].to_string().replace("\"TOO MANY\"", "1e999");
    world.good.serve_file("/notes/odd", "application/activity+json", format!("\u{feff}{body}"));
    let found = world.searches(create["object"]["id"].as_str().unwrap())[0].clone();
    assert_eq!((&found["content"], &found["favourites_count"]), (&json!("still here"), &json!(0)));
}
