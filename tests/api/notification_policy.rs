//! The notification policy, and the notification requests that it creates.

use serde_json::{Value, json};

use crate::support::{Peer, TestServer, eventually};

fn count(alice: &TestServer, query: &str) -> usize {
    alice.get(&format!("/api/v1/notifications?limit=80&{query}")).as_array().unwrap().len()
}

/// Delivers a mention by an actor, and waits until it is stored or was dropped.
fn mention(alice: &TestServer, peer: &Peer, name: &str, direct: bool) {
    let id = alice.app.domain.next_id().to_string();
    let mut note = peer.note(name, &id, &format!("<p>by {name}</p>"), &[&alice.actor()]);
    note["object"]["tag"] = json!([{"type": "Mention", "href": alice.actor()}]);
    if !direct {
        note["object"]["cc"] = json!(["https://www.w3.org/ns/activitystreams#Public"]);
        note["cc"] = note["object"]["cc"].clone();
    }
    peer.delivers(alice, name, &note).expect(202);
    eventually("it is applied", || alice.is_settled());
}

fn set(alice: &TestServer, fields: Value) -> Value {
    alice.api("PATCH", "/api/v2/notifications/policy", fields).expect(200).json()
}

const PATH: &str = "/api/v2/notifications/policy";
const REQUESTS: &str = "/api/v1/notifications/requests";

#[test]
fn the_policy_is_read_and_changed_in_part() {
    let alice = TestServer::start("alice");
    let policy = alice.get(PATH);
    for (key, value) in [
        ("for_not_following", "accept"),
        ("for_not_followers", "accept"),
        ("for_new_accounts", "accept"),
        ("for_private_mentions", "accept"),
        ("for_limited_accounts", "filter"),
        ("for_bots", "accept"),
    ] {
        assert_eq!(policy[key], value, "{key}");
    }
    assert_eq!(policy["summary"], json!({"pending_requests_count": 0, "pending_notifications_count": 0}));
    let changed = set(&alice, json!({"for_not_following": "filter", "for_new_accounts": "drop"}));
    assert_eq!(alice.get(PATH), changed);
    assert_eq!(
        (changed["for_not_following"].as_str(), changed["for_new_accounts"].as_str()),
        (Some("filter"), Some("drop"))
    );
    alice.api("PATCH", PATH, json!({"for_not_following": "sometimes"})).expect(422);
    let old = alice.get("/api/v1/notifications/policy");
    assert_eq!((&old["filter_not_following"], &old["filter_not_followers"]), (&json!(true), &json!(false)));
    let fields = json!({"filter_not_following": "false", "filter_private_mentions": true, "filter_new_accounts": true});
    let old = alice.api("PUT", "/api/v1/notifications/policy", fields).expect(200).json();
    assert_eq!((&old["filter_not_following"], &old["filter_private_mentions"]), (&json!(false), &json!(true)));
    let after = alice.get(PATH);
    assert_eq!(
        (after["for_private_mentions"].as_str(), after["for_new_accounts"].as_str()),
        (Some("filter"), Some("drop"))
    );
}

#[test]
fn both_versions_read_the_parameters_of_both() {
    let alice = TestServer::start("alice");
    let changed = set(&alice, json!({"filter_not_following": true, "filter_bots": "1"}));
    assert_eq!((&changed["for_not_following"], &changed["for_bots"]), (&json!("filter"), &json!("filter")));
    let old = alice.api("PATCH", "/api/v1/notifications/policy", json!({"for_bots": "drop"})).expect(200).json();
    assert_eq!((&old["filter_bots"], &old["filter_not_following"]), (&json!(true), &json!(true)));
    assert_eq!(alice.get(PATH)["for_bots"], "drop");
    alice.api("PATCH", PATH, json!({"filter_bots": "sometimes"})).expect(422);
    alice.api("PATCH", PATH, json!({"for_bots": ["drop"]})).expect(422);
    assert_eq!(set(&alice, json!({"filter_bots": true}))["for_bots"], "drop", "what was dropped stays so");
}

#[test]
fn automated_accounts_are_a_group_of_their_own() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let mut robot = peer.person("robot", &peer.key());
    robot["type"] = json!("Service");
    peer.serve("/users/robot", robot);
    for (treatment, expected) in [("drop", (0, 0)), ("filter", (0, 1)), ("accept", (1, 2))] {
        set(&alice, json!({"for_bots": treatment}));
        mention(&alice, &peer, "robot", false);
        assert_eq!((count(&alice, ""), count(&alice, "include_filtered=true")), expected, "{treatment}");
    }
    set(&alice, json!({"for_bots": "drop"}));
    mention(&alice, &peer, "mallory", false);
    assert_eq!(count(&alice, ""), 2, "a person");
    alice.follows_actor(&peer, "robot");
    mention(&alice, &peer, "robot", false);
    assert_eq!(count(&alice, ""), 3, "one that the owner follows");
}

#[test]
fn each_part_of_the_policy_has_its_effect() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let mut expected = 0;
    for (part, direct) in [
        ("for_not_following", false),
        ("for_not_followers", false),
        ("for_new_accounts", false),
        ("for_private_mentions", true),
    ] {
        set(&alice, json!({part: "drop"}));
        mention(&alice, &peer, "mallory", direct);
        assert_eq!(count(&alice, "include_filtered=true"), expected, "{part}: dropped");
        set(&alice, json!({part: "filter"}));
        mention(&alice, &peer, "mallory", direct);
        expected += 1;
        assert_eq!((count(&alice, ""), count(&alice, "include_filtered=true")), (0, expected), "{part}: filtered");
        set(&alice, json!({part: "accept"}));
    }
    assert_eq!(alice.get("/api/v1/notifications/unread_count")["count"], 0);
    assert_eq!(alice.get("/api/v2/notifications")["notification_groups"], json!([]));
    assert_eq!(
        alice.get("/api/v2/notifications?include_filtered=true")["notification_groups"].as_array().unwrap().len(),
        4
    );
    set(&alice, json!({"for_private_mentions": "drop"}));
    mention(&alice, &peer, "mallory", false);
    assert_eq!(count(&alice, ""), 1, "a public mention is not a private one");
}

#[test]
fn followed_accounts_are_not_filtered_as_unfollowed() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    set(&alice, json!({"for_not_following": "drop", "for_new_accounts": "drop", "for_private_mentions": "drop"}));
    bob.posts(&format!("@alice@{} one", alice.authority), "public");
    eventually("it is delivered", || bob.is_settled() && alice.is_settled());
    assert_eq!(alice.notifications(), Vec::<String>::new());
    alice.follows(&bob);
    bob.posts(&format!("@alice@{} two", alice.authority), "direct");
    eventually("it is notified", || alice.notifications() == ["mention"]);
}

#[test]
fn requests_collect_filtered_notifications_by_account() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    set(&alice, json!({"for_not_following": "filter"}));
    mention(&alice, &peer, "mallory", false);
    mention(&alice, &peer, "ana", false);
    mention(&alice, &peer, "mallory", false);
    let found = alice.get(REQUESTS);
    let marked = |query: &str| {
        let all = alice.get(&format!("/api/v1/notifications?{query}"));
        all.as_array().unwrap().iter().filter(|n| n["filtered"] == true).count()
    };
    assert_eq!((marked("include_filtered=true"), marked("")), (3, 0));
    let names: Vec<_> = found.as_array().unwrap().iter().map(|r| r["account"]["username"].clone()).collect();
    assert_eq!(names, ["mallory", "ana"]);
    assert_eq!(found[0]["notifications_count"], "2");
    assert_eq!(found[0]["last_status"]["content"], "<p>by mallory</p>");
    assert!(found[0]["created_at"].as_str() < found[0]["updated_at"].as_str());
    assert_eq!(alice.get(PATH)["summary"], json!({"pending_requests_count": 2, "pending_notifications_count": 3}));
    let page = alice.api("GET", &format!("{REQUESTS}?limit=1"), json!(null)).expect(200);
    let next = page.header("link").unwrap().split(['<', '>']).nth(1).unwrap().to_owned();
    assert_eq!(alice.get(next.strip_prefix(&alice.url("")).unwrap()), json!([found[1]]));
    let id = |n: usize| found[n]["id"].as_str().unwrap();
    assert_eq!(alice.get(&format!("{REQUESTS}/{}", id(0))), found[0]);
    alice.post(&format!("{REQUESTS}/{}/accept", id(0)), json!({}));
    assert_eq!(alice.get(&format!("{REQUESTS}/merged")), json!({"merged": true}));
    assert_eq!(count(&alice, ""), 2, "they join the others");
    alice.api("GET", &format!("{REQUESTS}/{}", id(0)), json!(null)).expect(404);
    alice.api("POST", &format!("{REQUESTS}/{}/accept", id(0)), json!({})).expect(404);
    mention(&alice, &peer, "mallory", false);
    assert_eq!(count(&alice, ""), 3, "later ones are not filtered");
    alice.post(&format!("{REQUESTS}/{}/dismiss", id(1)), json!({}));
    assert_eq!((alice.get(REQUESTS), count(&alice, "include_filtered=true")), (json!([]), 3));
    mention(&alice, &peer, "ana", false);
    assert_eq!(alice.get(REQUESTS)[0]["notifications_count"], "1", "it is a request again");
}

#[test]
fn several_requests_are_decided_together() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let names = ["ana", "bea", "cleo", "dora"];
    set(&alice, json!({"for_not_following": "filter"}));
    for name in names {
        peer.add_actor(name);
        mention(&alice, &peer, name, false);
    }
    let ids: Vec<String> =
        alice.get(REQUESTS).as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
    alice.post(&format!("{REQUESTS}/accept"), json!({"id": [ids[0], ids[1], "12"]}));
    alice.post(&format!("{REQUESTS}/dismiss?id[]={}", ids[2]), json!({}));
    assert_eq!((count(&alice, ""), count(&alice, "include_filtered=true")), (2, 3));
    assert_eq!(alice.get(REQUESTS)[0]["id"], json!(ids[3]));
}

#[test]
fn notifications_of_silenced_servers_become_requests() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    use dassie::domain::federation_policy::{Decision, decide};
    use dassie::store::peers::domain_policies::Severity;
    alice.finds(&bob);
    let silence = Decision { severity: Severity::Silence, ..Decision::default() };
    decide(&alice.app.domain, &bob.authority, silence).unwrap();
    bob.posts(&format!("@alice@{} one", alice.authority), "public");
    eventually("the mention waits in a request", || alice.get(REQUESTS).as_array().unwrap().len() == 1);
    assert_eq!(alice.notifications(), Vec::<String>::new());
}
