//! Polls of the owner: edits and hidden counts.

use serde_json::{Value, json};

use crate::federation::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

/// A poll by Alice with one vote for its first option, cast from another server.
fn voted(alice: &TestServer, more: Value) -> Value {
    let mut poll = json!({"options": ["a", "b"], "expires_in": 600});
    for (key, value) in more.as_object().unwrap() {
        poll[key] = value.clone();
    }
    let post = alice.post("/api/v1/statuses", json!({"status": "which", "poll": poll}));
    let peer = Peer::start();
    let actor = peer.actor("mallory");
    let vote = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/votes/1/activity", peer.base),
        "type": "Create", "actor": actor, "to": [alice.actor()], "object": {
            "id": format!("{}/votes/1", peer.base), "type": "Note", "name": "a", "attributedTo": actor,
            "inReplyTo": post["uri"], "to": [alice.actor()],
        },
    });
    assert_eq!(peer.delivers(alice, "mallory", &vote).status, 202);
    eventually("the vote is counted", || current(alice, &post)["voters_count"] == 1);
    post
}

fn current(alice: &TestServer, post: &Value) -> Value {
    alice.get(&format!("/api/v1/polls/{}", post["id"].as_str().unwrap()))
}

fn edit(alice: &TestServer, post: &Value, fields: Value) -> Value {
    alice.api("PUT", &format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()), fields).expect(200).json()
}

fn counts(poll: &Value) -> Vec<Value> {
    poll["options"].as_array().unwrap().iter().map(|o| o["votes_count"].clone()).collect()
}

#[test]
fn an_edit_with_the_same_poll_retains_its_votes() {
    let alice = TestServer::start("alice");
    let post = voted(&alice, json!({}));
    let same = json!({"options": ["a", "b"], "expires_in": 1_200, "multiple": false});
    let edited = edit(&alice, &post, json!({"status": "which one", "poll": same}));
    assert_eq!(edited["content"], "<p>which one</p>");
    assert_eq!(counts(&edited["poll"]), [json!(1), json!(0)]);
    assert!(edited["poll"]["expires_at"].as_str() > post["poll"]["expires_at"].as_str(), "it has the new end");
}

#[test]
fn an_edit_with_another_poll_restarts_it() {
    let alice = TestServer::start("alice");
    for poll in [
        json!({"options": ["a", "c"], "expires_in": 600}),
        json!({"options": ["b", "a"], "expires_in": 600}),
        json!({"options": ["a", "b"], "expires_in": 600, "multiple": true}),
    ] {
        let post = voted(&alice, json!({}));
        let edited = edit(&alice, &post, json!({"status": "x", "poll": poll}));
        assert_eq!(counts(&edited["poll"]), [json!(0), json!(0)], "{poll}");
        assert_eq!(edited["poll"]["voters_count"], 0);
    }
    let post = voted(&alice, json!({}));
    assert_eq!(edit(&alice, &post, json!({"status": "x", "poll": {"options": []}}))["poll"], Value::Null);
    let edited = edit(&alice, &post, json!({"status": "x", "poll": {"options": ["c", "d"], "expires_in": 600}}));
    assert_eq!(counts(&edited["poll"]), [json!(0), json!(0)], "a poll may come with an edit");
    let id = post["id"].as_str().unwrap();
    let wrong = json!({"status": "x", "poll": {"options": ["c"], "expires_in": 600}});
    alice.api("PUT", &format!("/api/v1/statuses/{id}"), wrong).expect(422);
    assert_eq!(counts(&current(&alice, &post)).len(), 2, "a refused edit changes nothing");
}

#[test]
fn hidden_counts_are_shown_when_the_poll_is_over() {
    let alice = TestServer::start("alice");
    let post = voted(&alice, json!({"hide_totals": true}));
    let note = |alice: &TestServer| {
        let path = post["uri"].as_str().unwrap().strip_prefix(&alice.url("")).unwrap().to_owned();
        alice.send(&Request::get(&path).activity()).expect(200).json()
    };
    let page = |alice: &TestServer| {
        let path = format!("/@alice/{}", post["id"].as_str().unwrap());
        alice.send(&Request::get(&path)).expect(200).text()
    };
    assert_eq!(counts(&current(&alice, &post)), [Value::Null, Value::Null]);
    let document = note(&alice);
    assert_eq!(document["to"], json!([PUBLIC]));
    assert_eq!(document["oneOf"][0]["name"], "a");
    assert!(document["oneOf"][0]["replies"].get("totalItems").is_none(), "{document}");
    assert!(!page(&alice).contains("100%"));
    let id = post["id"].as_str().unwrap().to_owned();
    alice
        .app
        .domain
        .store
        .write(move |c| Ok(c.execute("UPDATE polls SET closed = 1 WHERE status_id = ?1", [id])?))
        .unwrap();
    assert_eq!(counts(&current(&alice, &post)), [json!(1), json!(0)]);
    assert_eq!(note(&alice)["oneOf"][0]["replies"]["totalItems"], 1);
    assert!(page(&alice).contains("100%"));
}

#[test]
fn the_history_shows_the_options_of_each_version() {
    let alice = TestServer::start("alice");
    let poll = |options: &[&str]| json!({"options": options, "expires_in": 600});
    let post = alice.post("/api/v1/statuses", json!({"status": "which", "poll": poll(&["tea", "coffee"])}));
    let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    alice.api("PUT", &path, json!({"status": "which", "poll": poll(&["red", "blue", "green"])})).expect(200);
    alice.api("PUT", &path, json!({"status": "none", "poll": {"options": []}})).expect(200);
    let history = alice.get(&format!("{path}/history"));
    let titles = |n: usize| -> Vec<String> {
        let options = history[n]["poll"]["options"].as_array().cloned().unwrap_or_default();
        options.iter().map(|o| o["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (titles(0), titles(1)),
        (vec!["tea".into(), "coffee".into()], vec!["red".into(), "blue".into(), "green".into()])
    );
    assert_eq!(history[2]["poll"], json!(null));
}
