//! Choices of forms that do not exist: a refusal names the field and what is permitted, and nothing that was entered is lost.

use serde_json::json;

use super::browser::Browser;
use crate::support::Peer;

/// What a rejected form shows: the field, the value, the permitted values, and the other input.
fn refuses(b: &Browser, path: &str, fields: &[(&str, &str)], shown: &[&str]) {
    let page = b.sends(path, fields, &[]).expect(422).text();
    for text in shown {
        assert!(page.contains(text), "{path} {fields:?}: {text} is not shown: {page}");
    }
}

#[test]
fn a_rejected_choice_is_named_with_what_is_permitted() {
    let b = Browser::new();
    let filter = [("title", "rain"), ("keywords[0][keyword]", "wet"), ("context[]", "home")];
    for (field, value, permitted) in [
        ("action", "zz", "warn, blur, hide"),
        ("expiry", "soon", "keep, never, a number of seconds"),
        ("context[]", "zz", "home, notifications, public, thread, account"),
        ("keywords[0][whole_word]", "zz", "true, false"),
        ("keywords[0][id]", "zz", "not a number"),
    ] {
        let fields: Vec<_> = filter.into_iter().chain([(field, value)]).collect();
        refuses(&b, "/filters", &fields, &[permitted, &format!("`{value}`"), "value=\"rain\"", "value=\"wet\""]);
    }
    assert_eq!(b.alice.get("/api/v2/filters"), json!([]));
    b.sends("/filters", &filter, &[]).expect(303);
    let stored = b.alice.get("/api/v2/filters")[0].clone();
    let path = format!("/filters/{}", stored["id"].as_str().unwrap());
    refuses(
        &b,
        &path,
        &[("title", "snow"), ("context[]", "home"), ("action", "zz")],
        &["value=\"snow\"", "warn, blur"],
    );
    assert_eq!(b.alice.get("/api/v2/filters")[0], stored);

    for (field, value, permitted) in
        [("replies_policy", "zz", "followed, list, none"), ("exclusive", "zz", "true, false")]
    {
        refuses(&b, "/lists", &[("title", "friends"), (field, value)], &[permitted, "value=\"friends\""]);
    }
    assert_eq!(b.alice.get("/api/v1/lists"), json!([]));
    let list = b.alice.post("/api/v1/lists", json!({"title": "a", "replies_policy": "none"}))["id"].clone();
    let path = format!("/lists/{}", list.as_str().unwrap());
    refuses(
        &b,
        &format!("{path}/edit"),
        &[("title", "b"), ("replies_policy", "zz")],
        &["followed, list, none", "value=\"b\""],
    );
    b.tries(&format!("{path}/add"), &[("account_ids", "zz")]).expect(422);
    assert_eq!(b.alice.get(&format!("/api/v1{path}"))["replies_policy"], "none");
}

#[test]
fn a_setting_that_cannot_be_read_changes_nothing() {
    let b = Browser::new();
    let me = || b.alice.get("/api/v1/accounts/verify_credentials");
    let before = me();
    for (path, fields) in [
        ("/settings/privacy", [("link_previews", "zz"), ("locked", "true")]),
        ("/settings/privacy", [("indexable", "zz"), ("locked", "true")]),
        ("/settings/profile", [("bot", "zz"), ("display_name", "Robin")]),
        ("/settings/posting", [("sensitive", "zz"), ("visibility", "direct")]),
        ("/settings/posting", [("zone", "Mars/Base"), ("visibility", "direct")]),
        ("/settings/posting", [("language", "xx-nonsense"), ("visibility", "direct")]),
        ("/settings/notifications", [("bots", "zz"), ("not_following", "drop")]),
        ("/settings/development", [("name", "Robin"), ("scopes", "zz")]),
        ("/settings/notifications/browser/change", [("mentions", "zz"), ("follows", "true")]),
        ("/settings/profile", [("display_name[]", "zz"), ("note", "Robin")]),
        ("/settings/privacy", [("locked[]", "zz"), ("indexable", "true")]),
        ("/shortcuts", [("enabled", "zz"), ("x", "y")]),
    ] {
        let page = b.sends(path, &fields, &[]).expect(422).text();
        let shown = page.contains("zz") || page.contains("Mars/Base") || page.contains("xx-nonsense");
        let shown = shown || fields[0].0.ends_with("[]") && page.contains("can have only one value");
        assert!(shown, "{path} {fields:?}: {page}");
    }
    assert_eq!(me(), before);
    let stored = b.alice.get("/api/v1/preferences");
    b.tries("/settings/posting", &[("language", "de")]).expect(303);
    let after = b.alice.get("/api/v1/preferences");
    assert_eq!(after["posting:default:language"], "de");
    assert_eq!(after["posting:default:visibility"], stored["posting:default:visibility"], "an absent field stays");
}

#[test]
fn a_form_without_its_fields_erases_nothing() {
    let (b, peer) = (Browser::new(), Peer::start());
    let id = b.alice.posts("hello", "public")["id"].as_str().unwrap().to_owned();
    let account = b.alice.follows_actor(&peer, "mallory");
    b.tries("/settings/about", &[("description", "a garden"), ("privacy", "p"), ("terms", "t"), ("rules", "r")])
        .expect(303);
    b.tries("/settings/appearance/css", &[("css", "body { color: red }")]).expect(303);
    b.sends(
        "/settings/profile",
        &[("display_name", "Robin"), ("note", "hello"), ("attribution_domains", "a.example")],
        &[],
    )
    .expect(303);
    b.tries(&format!("/accounts/{account}/note"), &[("comment", "a friend")]).expect(303);
    for (path, status) in [
        ("/settings/about", 303),
        ("/settings/appearance/css", 400),
        ("/settings/profile", 303),
        ("/settings/posting", 303),
        (&format!("/accounts/{account}/note"), 400),
    ] {
        b.tries(path, &[]).expect(status);
    }
    b.tries("/settings/about", &[("description[]", "x"), ("privacy", ""), ("terms", ""), ("rules", "")]).expect(422);
    let about = b.page("/settings/about");
    assert!(about.contains(">a garden</textarea>"), "{about}");
    assert!(b.page("/settings/appearance").contains("color: red"));
    let me = b.alice.get("/api/v1/accounts/verify_credentials");
    assert_eq!((&me["display_name"], &me["source"]["note"]), (&json!("Robin"), &json!("hello")));
    assert_eq!(me["source"]["attribution_domains"], json!(["a.example"]));
    assert_eq!(b.alice.get(&format!("/api/v1/accounts/relationships?id[]={account}"))[0]["note"], "a friend");
    // An unknown button does not publish the edit.
    b.sends(&format!("/posts/{id}/edit"), &[("text", "changed"), ("preview", "zz")], &[]).expect(422);
    b.sends(&format!("/posts/{id}/edit"), &[("text", "changed"), ("warning[]", "x")], &[]).expect(422);
    assert_eq!(b.alice.get(&format!("/api/v1/statuses/{id}"))["content"], "<p>hello</p>");
}

#[test]
fn a_handle_with_two_hosts_is_refused() {
    let b = Browser::new();
    for handle in ["a@b@c", "a@", "@b.example", "a@b c"] {
        b.opens(&format!("/u/{}", handle.replace(' ', "%20"))).expect(404);
    }
}

#[test]
fn the_visibility_of_a_boost_and_the_duration_of_a_mute_are_as_requested() {
    let (b, peer) = (Browser::new(), Peer::start());
    let id = b.alice.posts("hello", "public")["id"].as_str().unwrap().to_owned();
    let path = format!("/posts/{id}/boost");
    let page = b.tries(&path, &[("visibility", "zz")]).expect(422).text();
    assert!(page.contains("public, unlisted, private"), "{page}");
    assert_eq!(b.alice.get(&format!("/api/v1/statuses/{id}"))["reblogged"], false);
    b.tries(&path, &[("visibility", "private")]).expect(303);
    let me = b.alice.get("/api/v1/accounts/verify_credentials")["id"].as_str().unwrap().to_owned();
    let boost = b.alice.get(&format!("/api/v1/accounts/{me}/statuses"))[0].clone();
    assert_eq!((&boost["reblog"]["id"], &boost["visibility"]), (&json!(id), &json!("private")));
    let account = b.alice.follows_actor(&peer, "mallory");
    let relation = || b.alice.get(&format!("/api/v1/accounts/relationships?id[]={account}"))[0].clone();
    b.tries(&format!("/accounts/{account}/mute"), &[("duration", "soon")]).expect(422);
    assert_eq!(relation()["muting"], false);
    b.tries(&format!("/accounts/{account}/mute"), &[("action", "mute-soon")]).expect(404);
    assert_eq!(relation()["muting"], false);
    // The fields that the duration is in: those of other clients, and the button of the page.
    for field in [("duration", "3600"), ("action", "mute-3600")] {
        b.tries(&format!("/accounts/{account}/mute"), &[field]).expect(303);
        assert!(relation()["muting_expires_at"].is_string(), "{field:?}");
        b.tries(&format!("/accounts/{account}/unmute"), &[]).expect(303);
    }
}
