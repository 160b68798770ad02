use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::{Peer, TestServer, eventually};

#[test]
fn a_block_ends_all_relationships_and_can_be_undone() {
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
fn a_block_is_undone_by_its_id_and_a_ban_from_a_community_is_not_a_block() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let ana = peer.actor("ana");
    let act = |id: &str, kind: &str, object: Value, target: Value| {
        let activity = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{ana}/{id}"), "type": kind, "actor": ana,
            "object": object, "target": target,
        });
        peer.delivers(&alice, "ana", &activity).expect(202);
        eventually("it is applied", || alice.is_settled());
        let query: String = url::form_urlencoded::byte_serialize(ana.as_bytes()).collect();
        let id = alice.get(&format!("/api/v2/search?resolve=true&q={query}"))["accounts"][0]["id"].clone();
        let relation = alice.get(&format!("/api/v1/accounts/relationships?id[]={}", id.as_str().unwrap()));
        (relation[0]["blocked_by"] == true, relation[0]["followed_by"] == true)
    };
    let me = alice.actor();
    assert_eq!(act("follow", "Follow", json!(me), Value::Null), (false, true));
    let community = format!("{}/c/main", peer.base);
    assert_eq!(act("ban", "Block", json!(me), json!(community)), (false, true), "a ban, as Lemmy sends it");
    assert_eq!(act("block", "Block", json!(me), Value::Null), (true, false));
    let ban = json!({"id": format!("{ana}/ban"), "type": "Block", "actor": ana, "object": me, "target": community});
    assert_eq!(act("undo-ban", "Undo", ban, Value::Null), (true, false));
    assert_eq!(act("undo-block", "Undo", json!(format!("{ana}/block")), Value::Null), (false, false));
}

#[test]
fn incoming_reports_are_stored_for_the_owner() {
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
        store.read(|c| dassie::store::relationships::reports::incoming(c, 100)).unwrap()
    };
    flag(1, json!(["https://elsewhere.example/u/1", "https://elsewhere.example/p/1"]));
    assert!(count().is_empty(), "it is not about the owner");
    flag(2, json!([alice.actor(), post["uri"], "https://elsewhere.example/p/1"]));
    flag(3, json!(alice.actor()));
    let reports = count();
    assert_eq!(reports.len(), 2);
    assert_eq!((reports[1].comment.as_str(), reports[1].objects.len()), ("this is rude", 1));
    let (cookie, _) = alice.session();
    let html = alice.send(&crate::support::Request::get("/notifications").header("cookie", &cookie)).text();
    assert_eq!(alice.notifications(), ["admin.report", "admin.report"], "each report is listed");
    assert!(
        html.contains("reported you") && html.contains("this is rude") && html.contains("something rude"),
        "{html}"
    );
    let notified = alice.get("/api/v1/notifications");
    let report = &notified[1]["report"];
    assert_eq!((&report["comment"], &report["status_ids"]), (&json!("this is rude"), &json!([post["id"]])));
    assert_eq!(report["target_account"]["username"], "alice");
}

/// Lemmy: the reason is the summary, and the object is a bare id.
#[test]
fn the_reason_of_a_report_is_its_content_or_its_summary_and_each_is_listed() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let post = alice.posts("something rude", "public");
    for (n, reason) in ["first reason", "second reason"].into_iter().enumerate() {
        let activity = json!({
            "id": format!("{}/flags/{n}", peer.base), "type": "Flag", "actor": peer.actor("mallory"), "summary": reason,
            "object": post["uri"],
        });
        peer.delivers(&alice, "mallory", &activity).expect(202);
        eventually("it is applied", || alice.is_settled());
    }
    let notified = alice.get("/api/v1/notifications");
    let reasons: Vec<&str> =
        notified.as_array().unwrap().iter().map(|n| n["report"]["comment"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["second reason", "first reason"]);
    let excluded = alice.get("/api/v1/notifications?exclude_types[]=admin.report");
    assert_eq!(excluded, json!([]));
}

#[test]
fn reports_by_the_owner_are_sent_by_the_instance_actor() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let create = peer.note("ana", "rude", "rude words", &[PUBLIC, &alice.actor()]);
    peer.delivers(&alice, "ana", &create).expect(202);
    eventually("it is there", || alice.notifications().contains(&"mention".to_owned()));
    let status = alice.get("/api/v1/notifications")[0]["status"].clone();
    let report = |forward: bool| json!({"account_id": status["account"]["id"], "status_ids": [status["id"]], "comment": "rude", "forward": forward});
    let token = alice.token_with("read");
    let request = crate::support::Request::new("POST", "/api/v1/reports").bearer(&token);
    alice.send(&request.body("application/json", report(true).to_string())).expect(403);
    alice.post("/api/v1/reports", report(false));
    let sent = alice.post("/api/v1/reports", report(true));
    assert_eq!((&sent["comment"], &sent["forwarded"]), (&json!("rude"), &json!(true)));
    eventually("it arrives", || peer.received().iter().any(|a| a["type"] == "Flag"));
    let flags: Vec<Value> = peer.received().into_iter().filter(|a| a["type"] == "Flag").collect();
    assert_eq!(flags.len(), 1, "only when it shall be forwarded");
    assert_eq!(flags[0]["actor"], alice.url("/actor"));
    assert_eq!(flags[0]["object"], json!([peer.actor("ana"), create["object"]["id"]]));
    assert!(!flags[0].to_string().contains("/users/alice"), "a report must not name its author");
}

/// Makes an actor of a peer known to Alice: it sends a note that mentions her.
fn meets(alice: &TestServer, peer: &Peer, name: &str) -> Value {
    let create = peer.note(name, &format!("hello-{name}"), &format!("hello from {name}"), &[PUBLIC, &alice.actor()]);
    peer.serve(&format!("/notes/hello-{name}"), create["object"].clone());
    peer.delivers(alice, name, &create).expect(202);
    eventually("it is processed", || alice.is_settled());
    let notified = alice.get("/api/v1/notifications");
    let of = |n: &&Value| n["status"]["uri"] == create["object"]["id"];
    notified.as_array().unwrap().iter().find(of).expect("a notification")["status"].clone()
}

/// An actor that blocks the owner receives no more activities, except the deletion of posts that it already has.
#[test]
fn an_actor_that_blocks_the_owner_receives_only_deletions() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let hello = meets(&alice, &peer, "mallory");
    let hello = hello["id"].as_str().unwrap();
    let act = |action: &str| alice.post(&format!("/api/v1/statuses/{hello}/{action}"), json!({}));
    let at = format!("@mallory@{}", peer.base.strip_prefix("http://").unwrap());
    act("favourite");
    let post = alice.posts(&format!("dear {at}"), "public");
    let post = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    let kinds = || {
        eventually("it is delivered", || alice.is_settled());
        let received = peer.received();
        received.iter().map(|a| a["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(), ["Like", "Create"]);
    let block = json!({"id": format!("{}/blocks/1", peer.base), "type": "Block", "actor": peer.actor("mallory"),
        "object": alice.actor()});
    peer.delivers(&alice, "mallory", &block).expect(202);
    eventually("it is processed", || alice.is_settled());
    act("reblog");
    alice.post(&format!("/api/v1/statuses/{hello}/react/%F0%9F%8E%89"), json!({}));
    alice.post("/api/v1/statuses", json!({"status": format!("answer to {at}"), "in_reply_to_id": hello}));
    alice.api("PUT", &post, json!({"status": format!("changed {at}")})).expect(200);
    assert_eq!(kinds(), ["Like", "Create"], "{:?}", peer.received().last());
    act("unfavourite");
    act("unreblog");
    alice.api("DELETE", &post, json!(null)).expect(200);
    let mut ends = kinds()[2..].to_vec();
    ends.sort();
    assert_eq!(ends, ["Delete", "Undo", "Undo"]);

    // The end of the block may name it by its id alone.
    let undo = json!({"id": format!("{}/undo/1", peer.base), "type": "Undo", "actor": peer.actor("mallory"),
        "object": block["id"]});
    peer.delivers(&alice, "mallory", &undo).expect(202);
    eventually("it is processed", || alice.is_settled());
    act("favourite");
    assert_eq!(kinds().last().unwrap(), "Like");
}

/// Posts by a blocked actor do not reach the home timeline, neither as boosts nor forwarded.
#[test]
fn boosts_of_blocked_actors_are_not_shown() {
    let (alice, peer, far) = (TestServer::start("alice"), Peer::start(), Peer::start());
    far.add_actor("ban");
    super::moving::follow(&alice, &peer, "mallory");
    let ban = meets(&alice, &far, "ban");
    let boost = |n: u32, id: &Value| {
        let announce = json!({"id": format!("{}/boosts/{n}", peer.base), "type": "Announce", "to": [PUBLIC],
            "actor": peer.actor("mallory"), "object": id});
        peer.delivers(&alice, "mallory", &announce).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    boost(1, &ban["uri"]);
    assert_eq!(alice.home().len(), 1);
    alice.post(&format!("/api/v1/accounts/{}/block", ban["account"]["id"].as_str().unwrap()), json!({}));
    assert!(alice.home().is_empty(), "{:?}", alice.home());
    let later = far.note("ban", "later", "said later", &[PUBLIC]);
    far.serve("/notes/later", later["object"].clone());
    boost(2, &later["object"]["id"]);
    assert!(alice.home().is_empty(), "{:?}", alice.home());
}

#[test]
fn the_deletion_of_an_actor_removes_its_posts_and_counts() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let post = alice.posts("count me", "public");
    let id = post["id"].as_str().unwrap();
    for name in ["ana", "eve"] {
        peer.add_actor(name);
        let mut reply = peer.note(name, name, &format!("unforgettable words of {name}"), &[PUBLIC, &alice.actor()]);
        reply["object"]["inReplyTo"] = post["uri"].clone();
        peer.delivers(&alice, name, &reply).expect(202);
        for kind in ["Like", "Announce"] {
            let act = json!({"id": format!("{}/{name}/{kind}", peer.base), "type": kind, "actor": peer.actor(name),
                "object": post["uri"], "to": [PUBLIC]});
            peer.delivers(&alice, name, &act).expect(202);
        }
    }
    eventually("all is processed", || alice.is_settled());
    let counts = || {
        let status = alice.get(&format!("/api/v1/statuses/{id}"));
        ["replies_count", "favourites_count", "reblogs_count"].map(|c| status[c].as_i64().unwrap())
    };
    let indexed = || {
        let sql = "SELECT count(*) FROM status_search WHERE status_search MATCH 'unforgettable'";
        alice.app.domain.store.read(|c| Ok(c.query_row(sql, [], |r| r.get::<_, i64>(0))?)).unwrap()
    };
    assert_eq!((counts(), indexed()), ([2, 2, 2], 2));
    let delete = json!({"id": format!("{}/ana/delete", peer.base), "type": "Delete", "actor": peer.actor("ana"),
        "object": peer.actor("ana")});
    peer.delivers(&alice, "ana", &delete).expect(202);
    eventually("it is processed", || alice.is_settled());
    assert_eq!((counts(), indexed()), ([1, 1, 1], 1));
}
