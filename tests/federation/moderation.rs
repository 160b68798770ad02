use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::{Peer, TestServer, eventually};

#[test]
fn a_block_ends_everything_and_can_be_taken_back() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    alice.follows(&bob);
    bob.follows(&alice);
    let his = alice.finds(&bob);
    let hers = bob.finds(&alice);
    let relation = |s: &TestServer, id: &str| s.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0].clone();
    let blocked = alice.post(&format!("/api/v1/accounts/{his}/block"), json!({}));
    assert_eq!(
        (&blocked["blocking"], &blocked["following"], &blocked["followed_by"]),
        (&json!(true), &json!(false), &json!(false))
    );
    eventually("bob's server knows", || {
        let r = relation(&bob, &hers);
        r["blocked_by"] == true && r["following"] == false && r["followed_by"] == false
    });
    assert_eq!(alice.get("/api/v1/blocks")[0]["id"], json!(his));
    bob.api("POST", &format!("/api/v1/accounts/{hers}/follow"), json!({})).expect(403);
    bob.posts(&format!("hello @alice@{}", alice.authority), "public");
    eventually("it is delivered", || bob.is_settled() && alice.is_settled());
    assert!(!alice.notifications().contains(&"mention".to_owned()));
    alice.post(&format!("/api/v1/accounts/{his}/unblock"), json!({}));
    eventually("bob's server knows", || relation(&bob, &hers)["blocked_by"] == false);
    bob.follows(&alice);
}

#[test]
fn complaints_come_from_a_server_and_are_kept_for_the_owner() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("server");
    let post = alice.posts("something rude", "public");
    let flag = |n: u32, objects: Value| {
        let activity = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/flags/{n}", peer.base), "type": "Flag",
            "actor": peer.actor("server"), "content": "this is rude", "object": objects,
        });
        peer.delivers(&alice, "server", &activity).expect(202);
        eventually("it is applied", || alice.is_settled());
    };
    let count = || {
        let store = &alice.app.domain.store;
        store.read(|c| dassie::store::reports::incoming(c, 100)).unwrap()
    };
    flag(1, json!(["https://elsewhere.example/u/1", "https://elsewhere.example/p/1"]));
    assert!(count().is_empty(), "it is not about the owner");
    flag(2, json!([alice.actor(), post["uri"], "https://elsewhere.example/p/1"]));
    flag(3, json!(alice.actor()));
    let reports = count();
    assert_eq!(reports.len(), 2);
    assert_eq!((reports[1].comment.as_str(), reports[1].objects.len()), ("this is rude", 1));
    let (cookie, _) = alice.session();
    let html = alice.send(&crate::support::Ask::get("/notifications").header("cookie", &cookie)).text();
    assert!(alice.notifications().is_empty());
    assert!(html.contains("sent a complaint"), "{html}");
}

#[test]
fn the_owner_complains_in_the_name_of_the_server() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let create = peer.note("ana", "rude", "rude words", &[PUBLIC, &alice.actor()]);
    peer.delivers(&alice, "ana", &create).expect(202);
    eventually("it is there", || alice.notifications().contains(&"mention".to_owned()));
    let status = alice.get("/api/v1/notifications")[0]["status"].clone();
    let report = |forward: bool| json!({"account_id": status["account"]["id"], "status_ids": [status["id"]], "comment": "rude", "forward": forward});
    let token = alice.token_with("read");
    let ask = crate::support::Ask::new("POST", "/api/v1/reports").bearer(&token);
    alice.send(&ask.body("application/json", report(true).to_string())).expect(403);
    alice.post("/api/v1/reports", report(false));
    let sent = alice.post("/api/v1/reports", report(true));
    assert_eq!((&sent["comment"], &sent["forwarded"]), (&json!("rude"), &json!(true)));
    eventually("it arrives", || peer.received().iter().any(|a| a["type"] == "Flag"));
    let flags: Vec<Value> = peer.received().into_iter().filter(|a| a["type"] == "Flag").collect();
    assert_eq!(flags.len(), 1, "only when it shall be forwarded");
    assert_eq!(flags[0]["actor"], alice.url("/actor"));
    assert_eq!(flags[0]["object"], json!([peer.actor("ana"), create["object"]["id"]]));
    assert!(!flags[0].to_string().contains("/users/alice"), "nobody need know who complains");
}
