//! Hashtags: followed and featured ones.

use serde_json::{Value, json};

use crate::support::{Peer, Request, TestServer, eventually};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Delivers a public post with a hashtag that mentions the owner, so that it is stored.
fn tagged(alice: &TestServer, peer: &Peer, id: &str, tag: &str) {
    let me = alice.actor();
    let mut note = peer.note("mallory", id, &format!("<p>{id} #{tag}</p>"), &[PUBLIC, &me]);
    let tags = json!([{"type": "Hashtag", "name": format!("#{tag}")}, {"type": "Mention", "href": me}]);
    note["object"]["tag"] = tags;
    peer.delivers(alice, "mallory", &note).expect(202);
    let uri = format!("{}/notes/{id}", peer.base);
    eventually("a post arrives", || {
        alice.app.domain.store.read(|c| dassie::store::statuses::by_uri(c, &uri)).unwrap().is_some()
    });
}

#[test]
fn posts_with_a_followed_hashtag_appear_in_the_home_timeline() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    tagged(&alice, &peer, "early", "birds");
    let tag = alice.post("/api/v1/tags/%23Birds/follow", json!({}));
    assert_eq!((&tag["name"], &tag["following"], &tag["featuring"]), (&json!("birds"), &json!(true), &json!(false)));
    tagged(&alice, &peer, "one", "Birds");
    tagged(&alice, &peer, "two", "cats");
    assert!(alice.sees("one").is_some() && alice.sees("two").is_none() && alice.sees("early").is_none());
    let followed = alice.get("/api/v1/followed_tags");
    assert_eq!((followed.as_array().unwrap().len(), &followed[0]["name"]), (1, &json!("birds")));
    assert_eq!(alice.post("/api/v1/tags/birds/unfollow", json!({}))["following"], false);
    assert!(alice.home().is_empty(), "they were there only because of it");
    assert_eq!(alice.get("/api/v1/followed_tags"), json!([]));
    for bad in ["12", "a-b", "%20"] {
        alice.api("POST", &format!("/api/v1/tags/{bad}/follow"), json!({})).expect(422);
        alice.api("GET", &format!("/api/v1/tags/{bad}"), json!(null)).expect(404);
    }
}

#[test]
fn followed_hashtags_are_paged() {
    let alice = TestServer::start("alice");
    for tag in ["one", "two", "three"] {
        alice.post(&format!("/api/v1/tags/{tag}/follow"), json!({}));
    }
    let first = alice.api("GET", "/api/v1/followed_tags?limit=2", json!(null)).expect(200);
    let names = |page: Value| -> Vec<String> {
        page.as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(first.json()), ["three", "two"]);
    let link = first.header("link").unwrap().to_owned();
    let next = link.split('>').next().unwrap().trim_start_matches('<').to_owned();
    let second = alice.api("GET", next.strip_prefix(&alice.url("")).unwrap(), json!(null)).expect(200);
    assert_eq!(names(second.json()), ["one"]);
    assert!(!second.header("link").unwrap().contains("next"));
}

#[test]
fn the_history_of_a_hashtag_counts_what_the_viewer_may_see() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    tagged(&alice, &peer, "one", "birds");
    alice.posts("my #birds", "public");
    alice.posts("hidden #birds", "private");
    let own = alice.get("/api/v1/tags/birds");
    assert_eq!(own["history"].as_array().unwrap().len(), 7);
    assert_eq!((&own["history"][0]["uses"], &own["history"][0]["accounts"]), (&json!("2"), &json!("2")));
    assert_eq!(own["history"][1]["uses"], "0");
    assert_eq!((own["id"].as_str(), own["following"].as_bool()), (Some("birds"), Some(false)));
    let open = alice.send(&Request::get("/api/v1/tags/birds")).expect(200).json();
    assert_eq!((&open["history"][0]["uses"], open.get("following")), (&json!("1"), None));
    let found = alice.get("/api/v2/search?q=birds&type=hashtags");
    assert_eq!(found["hashtags"][0], own);
}

#[test]
fn hashtags_are_featured_on_the_profile() {
    let alice = TestServer::start("alice");
    let id = alice.get("/api/v1/accounts/verify_credentials")["id"].as_str().unwrap().to_owned();
    alice.posts("#Birds and #cats", "public");
    alice.posts("#Birds", "unlisted");
    alice.posts("#Birds", "direct");
    let suggested = alice.get("/api/v1/featured_tags/suggestions");
    let names: Vec<&str> = suggested.as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["birds", "cats"]);
    let featured = alice.post("/api/v1/featured_tags", json!({"name": "Birds"}));
    assert_eq!((&featured["name"], &featured["statuses_count"]), (&json!("Birds"), &json!("2")));
    assert_eq!(featured["last_status_at"].as_str().unwrap().len(), 10);
    assert_eq!(alice.get("/api/v1/tags/birds")["featuring"], true);
    assert_eq!(alice.get("/api/v1/featured_tags"), json!([featured]));
    let open = alice.send(&Request::get(&format!("/api/v1/accounts/{id}/featured_tags"))).expect(200).json();
    assert_eq!(open, json!([featured]));
    assert_eq!(alice.get("/api/v1/profile")["featured_tags"], json!([featured]));
    alice.api("POST", "/api/v1/featured_tags", json!({"name": "birds"})).expect(422);
    alice.api("POST", "/api/v1/featured_tags", json!({"name": "a b"})).expect(422);
    alice.api("POST", "/api/v1/featured_tags", json!({})).expect(400);
    let path = format!("/api/v1/featured_tags/{}", featured["id"].as_str().unwrap());
    assert_eq!(alice.api("DELETE", &path, json!(null)).expect(200).json(), json!({}));
    alice.api("DELETE", &path, json!(null)).expect(404);
    assert_eq!(alice.post("/api/v1/tags/cats/feature", json!({}))["featuring"], true);
    assert_eq!(alice.post("/api/v1/tags/cats/unfeature", json!({}))["featuring"], false);
    for n in 0..10 {
        alice.post(&format!("/api/v1/tags/t{n}/feature"), json!({}));
    }
    alice.api("POST", "/api/v1/tags/toomany/feature", json!({})).expect(422);
}

#[test]
fn the_profile_is_read_and_changed_as_it_was_written() {
    let alice = TestServer::start("alice");
    let change = json!({
        "display_name": "Alice", "note": "I like #birds", "locked": "true", "bot": 1, "discoverable": false,
        "fields_attributes": [{"name": "Site", "value": "https://a.example"}], "avatar_description": "me",
    });
    let changed = alice.api("PATCH", "/api/v1/profile", change).expect(200).json();
    assert_eq!(changed, alice.get("/api/v1/profile"));
    assert_eq!((&changed["display_name"], &changed["note"]), (&json!("Alice"), &json!("I like #birds")));
    assert_eq!(
        (&changed["locked"], &changed["bot"], &changed["discoverable"]),
        (&json!(true), &json!(true), &json!(false))
    );
    assert_eq!(changed["fields"], json!([{"name": "Site", "value": "https://a.example", "verified_at": null}]));
    assert_eq!((&changed["avatar"], &changed["avatar_description"]), (&json!(null), &json!("me")));
    let removed = alice.api("DELETE", "/api/v1/profile/avatar", json!({})).expect(200).json();
    assert_eq!(removed["avatar_description"], json!(""), "a description goes with its picture");
    alice.api("PATCH", "/api/v1/profile", json!({"hide_collections": false})).expect(422);
    alice.api("PATCH", "/api/v1/profile", json!({"hide_collections": true})).expect(200);
    for key in ["show_media", "show_media_replies", "show_featured"] {
        for (path, value) in [("/api/v1/profile", false), ("/api/v1/accounts/update_credentials", true)] {
            assert_eq!(alice.api("PATCH", path, json!({key: value})).expect(200).json()[key], value, "{key}");
            assert_eq!(alice.get("/api/v1/profile")[key], value, "{key}");
        }
        alice.api("PATCH", "/api/v1/profile", json!({key: "maybe"})).expect(422);
    }
    let mut keys: Vec<String> = changed.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    let wanted = "attribution_domains avatar avatar_description avatar_static bot discoverable display_name featured_tags \
                  fields header header_description header_static hide_collections id indexable locked note show_featured \
                  show_media show_media_replies";
    assert_eq!(keys.join(" "), wanted);
}

#[test]
fn anonymous_clients_see_no_remote_posts() {
    let alice = TestServer::start("alice");
    alice.posts("an #owl", "public");
    for (query, count) in [("", 1), ("?local=true", 1), ("?remote=true", 0)] {
        for path in ["public", "tag/owl"] {
            let found =
                alice.send(&crate::support::Request::get(&format!("/api/v1/timelines/{path}{query}"))).expect(200);
            assert_eq!(found.json().as_array().unwrap().len(), count, "{path}{query}");
        }
    }
}
