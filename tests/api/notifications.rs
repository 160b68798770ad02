//! Notifications: single ones, filters of the owner, edits of quoted posts, and suspended servers.

use serde_json::{Value, json};

use crate::support::{Peer, TestServer, eventually};

fn list(alice: &TestServer, query: &str) -> Vec<Value> {
    alice.get(&format!("/api/v1/notifications?{query}")).as_array().unwrap().clone()
}

fn mentions(alice: &TestServer, peer: &Peer, name: &str, texts: &[&str]) {
    let before = list(alice, "include_filtered=true").len();
    for text in texts {
        let id = alice.app.domain.next_id().to_string();
        let mut note = peer.note(name, &id, &format!("<p>{text}</p>"), &[&alice.actor()]);
        note["object"]["tag"] = json!([{"type": "Mention", "href": alice.actor()}]);
        peer.delivers(alice, name, &note).expect(202);
    }
    eventually("they arrive", || list(alice, "include_filtered=true&limit=80").len() == before + texts.len());
}

#[test]
fn a_notification_is_read_and_dismissed_by_its_id() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    mentions(&alice, &peer, "mallory", &["one", "two", "three", "four"]);
    let all = list(&alice, "");
    let id = |n: usize| all[n]["id"].as_str().unwrap().to_owned();
    assert_eq!(alice.get(&format!("/api/v1/notifications/{}", id(1))), all[1]);
    alice.post(&format!("/api/v1/notifications/{}/dismiss", id(0)), json!({}));
    alice.post("/api/v1/notifications/dismiss", json!({"id": id(1)}));
    alice.api("GET", &format!("/api/v1/notifications/{}", id(1)), json!(null)).expect(404);
    alice.api("POST", &format!("/api/v1/notifications/{}/dismiss", id(1)), json!({})).expect(404);
    alice.api("POST", "/api/v1/notifications/dismiss", json!({"id": id(1)})).expect(404);
    let ids = format!("/api/v1/notifications/destroy_multiple?ids[]={}&ids[]=12", id(2));
    alice.api("DELETE", &ids, json!(null)).expect(200);
    assert_eq!(list(&alice, ""), [all[3].clone()]);
    let actor = all[3]["account"]["id"].as_str().unwrap();
    assert_eq!(list(&alice, &format!("account_id={actor}")).len(), 1);
    assert_eq!(list(&alice, "account_id=12").len(), 0);
}

#[test]
fn filters_hide_notifications_and_their_counts() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    mentions(&alice, &peer, "mallory", &["good", "bad", "good", "bad", "bad", "good", "bad"]);
    let count = |version: &str| alice.get(&format!("/api/{version}/notifications/unread_count"))["count"].as_i64();
    assert_eq!((count("v1"), count("v2")), (Some(7), Some(7)));
    let filter = json!({
        "title": "x", "context": ["notifications"], "filter_action": "hide", "keywords_attributes": [{"keyword": "bad"}],
    });
    alice.post("/api/v2/filters", filter);
    assert_eq!((count("v1"), count("v2")), (Some(3), Some(3)));
    let first = alice.api("GET", "/api/v1/notifications?limit=2", json!(null)).expect(200);
    let texts = |list: &Value| -> Vec<String> {
        let text = |n: &Value| n["status"]["content"].as_str().unwrap().to_owned();
        list.as_array().unwrap().iter().map(text).collect()
    };
    assert_eq!(texts(&first.json()), ["<p>good</p>", "<p>good</p>"], "the page is filled up");
    let next = first.header("link").unwrap().split(['<', '>']).nth(1).unwrap().to_owned();
    assert_eq!(texts(&alice.get(next.strip_prefix(&alice.url("")).unwrap())), ["<p>good</p>"]);
    let groups = alice.get("/api/v2/notifications")["notification_groups"].as_array().unwrap().len();
    assert_eq!(groups, 3);
}

#[test]
fn the_edit_of_a_quoted_post_is_notified() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    alice.follows(&bob);
    let post = bob.posts("first version", "public");
    eventually("it arrives", || alice.sees("first version").is_some());
    let id = alice.sees("first version").unwrap()["id"].clone();
    let quote = alice.post("/api/v1/statuses", json!({"status": "look", "quoted_status_id": id}));
    let path = format!("/api/v1/statuses/{}", quote["id"].as_str().unwrap());
    eventually("the quote is accepted", || alice.get(&path)["quote"]["state"] == "accepted");
    let of = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    bob.api("PUT", &of, json!({"status": "second version"})).expect(200);
    eventually("the edit is notified", || alice.notifications() == ["quoted_update"]);
    let notified = list(&alice, "types[]=quoted_update")[0].clone();
    assert_eq!(notified["account"]["username"], "bob");
    assert_eq!(notified["status"]["id"], quote["id"]);
}

#[test]
fn a_suspended_server_severs_relationships() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    alice.follows(&bob);
    bob.follows(&alice);
    alice.post("/api/v1/notifications/clear", json!({}));
    alice.post("/api/v1/domain_blocks", json!({"domain": bob.authority}));
    let notified = list(&alice, "")[0].clone();
    assert_eq!(
        (notified["type"].as_str(), notified["account"]["username"].as_str()),
        (Some("severed_relationships"), Some("alice"))
    );
    let event = &notified["event"];
    assert_eq!(event["target_name"], json!(bob.authority));
    assert_eq!((&event["followers_count"], &event["following_count"]), (&json!(1), &json!(1)));
    assert_eq!((event["type"].as_str(), event["purged"].as_bool()), (Some("user_domain_block"), Some(false)));
    assert!(event["id"].is_string() && event["created_at"].is_string());
    let group = alice.get("/api/v2/notifications")["notification_groups"][0].clone();
    assert_eq!((&group["event"], group["status_id"].is_null()), (event, true));
    alice.post("/api/v1/domain_blocks", json!({"domain": "empty.example"}));
    assert_eq!(list(&alice, "").len(), 1, "a server without relationships severs none");
}
