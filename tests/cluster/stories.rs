use serde_json::json;

use crate::support::{Request, TestServer, eventually};

#[test]
fn two_accounts_follow_each_other_and_exchange_posts() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    bob.posts("written before", "public");
    alice.follows(&bob);
    bob.follows(&alice);
    eventually("the last posts come with the follow", || alice.sees("written before").is_some());
    assert_eq!(alice.notifications(), ["follow"], "old posts create no notification");

    let handle = format!("@alice@{}", alice.authority);
    let question = bob.posts(&format!("{handle} how are the rocks?"), "public");
    eventually("a mention arrives", || alice.notifications().contains(&"mention".into()));
    let seen = alice.sees("how are the rocks").unwrap();
    assert_eq!(seen["mentions"][0]["acct"], "alice");
    alice.post("/api/v1/statuses", json!({"status": "warm", "in_reply_to_id": seen["id"]}));
    let id = question["id"].as_str().unwrap();
    eventually("the reply is in the thread", || {
        let thread = bob.get(&format!("/api/v1/statuses/{id}/context"));
        thread["descendants"][0]["content"].as_str().is_some_and(|c| c.contains("warm"))
    });
    assert_eq!(bob.get(&format!("/api/v1/statuses/{id}"))["replies_count"], 1);
}

#[test]
fn interactions_with_a_post_are_notified_and_can_be_undone() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    alice.follows(&bob);
    let post = bob.posts("react to this", "public");
    let mine = post["id"].as_str().unwrap();
    eventually("it arrives", || alice.sees("react to this").is_some());
    let theirs = alice.sees("react to this").unwrap()["id"].as_str().unwrap().to_owned();
    for (action, undo, count) in
        [("favourite", "unfavourite", "favourites_count"), ("reblog", "unreblog", "reblogs_count")]
    {
        let count_of = || bob.get(&format!("/api/v1/statuses/{mine}"))[count].as_i64().unwrap();
        alice.post(&format!("/api/v1/statuses/{theirs}/{action}"), json!({}));
        eventually(action, || count_of() == 1);
        assert!(bob.notifications().contains(&action.to_owned()));
        alice.post(&format!("/api/v1/statuses/{theirs}/{undo}"), json!({}));
        eventually(undo, || count_of() == 0);
        assert!(!bob.notifications().contains(&action.to_owned()), "an undone {action} still has a notification");
    }
}

#[test]
fn edits_and_deletions_reach_all_servers() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    alice.follows(&bob);
    let post = bob.posts("first version", "public");
    let id = post["id"].as_str().unwrap();
    eventually("it arrives", || alice.sees("first version").is_some());
    bob.api("PUT", &format!("/api/v1/statuses/{id}"), json!({"status": "second version"})).expect(200);
    eventually("the edit arrives", || alice.sees("second version").is_some());
    let here = alice.sees("second version").unwrap()["id"].as_str().unwrap().to_owned();
    let history = alice.get(&format!("/api/v1/statuses/{here}/history"));
    assert_eq!(history.as_array().unwrap().len(), 2);
    bob.api("DELETE", &format!("/api/v1/statuses/{id}"), json!(null)).expect(200);
    eventually("the delete arrives", || alice.sees("second version").is_none());
    alice.api("GET", &format!("/api/v1/statuses/{here}"), json!(null)).expect(404);
    let path = format!("/users/bob/statuses/{id}");
    let gone = bob.send(&Request::get(&path).activity()).expect(410);
    assert_eq!(gone.json()["type"], "Tombstone");
}

#[test]
fn a_boosted_post_of_an_unfollowed_actor_is_fetched_from_its_own_server() {
    let (alice, bob, carol) = (TestServer::start("alice"), TestServer::start("bob"), TestServer::start("carol"));
    alice.follows(&bob);
    bob.follows(&carol);
    carol.posts("something worth sharing", "public");
    eventually("bob has it", || bob.sees("worth sharing").is_some());
    let id = bob.sees("worth sharing").unwrap()["id"].as_str().unwrap().to_owned();
    bob.post(&format!("/api/v1/statuses/{id}/reblog"), json!({}));
    eventually("alice sees the boost with what it boosts", || {
        alice.home().iter().any(|s| {
            s["account"]["username"] == "bob"
                && s["reblog"]["content"].as_str().is_some_and(|c| c.contains("worth sharing"))
        })
    });
    assert_eq!(alice.home()[0]["reblog"]["account"]["username"], "carol");
}

#[test]
fn a_locked_account_approves_followers() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    bob.api("PATCH", "/api/v1/accounts/update_credentials", json!({"locked": true})).expect(200);
    let id = alice.finds(&bob);
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    eventually("bob gets the follow request", || bob.notifications() == ["follow_request"]);
    let relation = || alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0].clone();
    assert_eq!((relation()["requested"].clone(), relation()["following"].clone()), (json!(true), json!(false)));
    let requester = bob.get("/api/v1/follow_requests")[0]["id"].as_str().unwrap().to_owned();
    bob.post(&format!("/api/v1/follow_requests/{requester}/authorize"), json!({}));
    eventually("alice follows", || relation()["following"] == true);
    bob.post(&format!("/api/v1/accounts/{requester}/remove_from_followers"), json!({}));
    eventually("alice is removed", || relation()["following"] == false && relation()["requested"] == false);
}

#[test]
fn profile_changes_are_federated() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    alice.follows(&bob);
    let change = json!({"display_name": "Bob the Builder", "note": "new words", "fields_attributes": [{"name": "web", "value": "https://example.org"}]});
    bob.api("PATCH", "/api/v1/accounts/update_credentials", change).expect(200);
    let id = alice.finds(&bob);
    eventually("the new name arrives", || {
        alice.get(&format!("/api/v1/accounts/{id}"))["display_name"] == "Bob the Builder"
    });
    let account = alice.get(&format!("/api/v1/accounts/{id}"));
    assert_eq!(account["fields"][0]["name"], "web");
    assert!(account["note"].as_str().unwrap().contains("new words"));
}

#[test]
fn a_server_that_was_away_gets_everything_in_order() {
    let alice = TestServer::start("alice");
    let bob = TestServer::start("bob");
    alice.follows(&bob);
    for i in 0..20 {
        bob.posts(&format!("number {i}"), "public");
    }
    eventually("all are there", || alice.home().len() >= 20);
    let texts: Vec<String> = alice.home().iter().map(|s| s["content"].as_str().unwrap().to_owned()).collect();
    let expected: Vec<String> = (0..20).rev().map(|i| format!("<p>number {i}</p>")).collect();
    assert_eq!(texts, expected);
    eventually("and the queues are empty", || bob.is_settled() && alice.is_settled());
}
