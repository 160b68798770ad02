//! Activities sent to Lemmy, in the forms that it accepts.

use serde_json::{Value, json};

use crate::support::lemmy::{self, act, add_community, announce, finds, joins, page, states_software};
use crate::support::{Peer, Request, TestServer, eventually};

fn of_kind(peer: &Peer, kind: &str) -> Vec<Value> {
    peer.received().into_iter().filter(|a| a["type"] == kind).collect()
}

fn settled(alice: &TestServer) {
    eventually("the queues are empty", || alice.is_settled());
}

/// Alice is in the community birds, which has this post by Ana, and replies to its id here.
fn with_post(alice: &TestServer, peer: &Peer, post: &Value) -> String {
    joins(alice, peer, "birds");
    let create = act(peer, "ana", "create", "Create", post.clone());
    peer.delivers(alice, "birds", &announce(peer, "birds", "1", create)).expect(202);
    eventually("the post is on the timeline", || alice.home().iter().any(|s| s["uri"] == post["id"]));
    let found = alice.home().into_iter().find(|s| s["uri"] == post["id"]).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

fn a_community() -> (TestServer, Peer, String) {
    let (alice, peer) = (TestServer::start("alice"), lemmy::start());
    peer.add_actor("ana");
    let birds = add_community(&peer, "birds");
    (alice, peer, birds)
}

#[test]
fn a_report_of_a_post_in_a_community_is_sent_in_the_form_that_lemmy_reads() {
    let (alice, peer, birds) = a_community();
    let post = page(&peer, "ana", "owls", &birds);
    let id = with_post(&alice, &peer, &post);
    let ana = finds(&alice, &peer.actor("ana"));
    let report = json!({"account_id": ana, "status_ids": [id], "comment": "not a bird", "forward": true});
    assert_eq!(alice.post("/api/v1/reports", report)["forwarded"], true);
    eventually("the report arrives", || !of_kind(&peer, "Flag").is_empty());
    let flag = of_kind(&peer, "Flag").remove(0);
    assert_eq!(
        (&flag["actor"], &flag["to"], &flag["object"], &flag["summary"]),
        (&json!(alice.actor()), &json!([birds]), &post["id"], &json!("not a bird"))
    );
    settled(&alice);
    assert_eq!((of_kind(&peer, "Flag").len(), peer.rejected()), (1, Vec::new()));

    // Each post is reported by itself, also without a comment; an account alone is nothing that Lemmy could take.
    let report = json!({"account_id": ana, "status_ids": [id], "forward": true});
    alice.post("/api/v1/reports", report);
    let alone = json!({"account_id": ana, "comment": "a fox", "forward": true});
    assert_eq!(alice.post("/api/v1/reports", alone)["forwarded"], false);
    settled(&alice);
    assert_eq!((of_kind(&peer, "Flag").len(), peer.rejected()), (2, Vec::new()));
}

#[test]
fn a_report_to_other_software_stays_as_mastodon_sends_it() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    states_software(&peer, "mastodon");
    peer.add_actor("ana");
    let ana = finds(&alice, &peer.actor("ana"));
    let report = json!({"account_id": ana, "comment": "spam", "forward": true});
    assert_eq!(alice.post("/api/v1/reports", report)["forwarded"], true);
    eventually("the report arrives", || !of_kind(&peer, "Flag").is_empty());
    let flag = of_kind(&peer, "Flag").remove(0);
    assert_eq!((&flag["actor"], &flag["object"]), (&json!(alice.url("/actor")), &json!([peer.actor("ana")])));
}

#[test]
fn a_direct_message_to_lemmy_is_a_chat_message_and_so_are_its_edit_and_deletion() {
    let (alice, peer, _) = a_community();
    finds(&alice, &peer.actor("ana"));
    let handle = format!("@ana@{}", peer.base.trim_start_matches("http://"));
    let message = json!({"status": format!("hello {handle}"), "visibility": "direct", "spoiler_text": "a <secret>"});
    let id = alice.post("/api/v1/statuses", message)["id"].as_str().unwrap().to_owned();
    eventually("it arrives", || !of_kind(&peer, "Create").is_empty());
    let object = of_kind(&peer, "Create")[0]["object"].clone();
    assert_eq!((&object["type"], &object["to"]), (&json!("ChatMessage"), &json!([peer.actor("ana")])));
    let content = object["content"].as_str().unwrap();
    assert!(content.contains("hello") && content.contains("a &lt;secret&gt;"), "{content}");
    alice.api("PUT", &format!("/api/v1/statuses/{id}"), json!({"status": format!("bye {handle}")})).expect(200);
    alice.api("DELETE", &format!("/api/v1/statuses/{id}"), Value::Null).expect(200);
    eventually("its end arrives", || !of_kind(&peer, "Delete").is_empty());
    settled(&alice);
    assert_eq!(of_kind(&peer, "Update")[0]["object"]["type"], "ChatMessage");
    assert_eq!((&of_kind(&peer, "Delete")[0]["object"], peer.rejected()), (&object["id"], Vec::new()));
}

/// A server without NodeInfo is recognised by the activities of its actors; the reply is sent to the author of its parent.
#[test]
fn a_chat_message_is_a_direct_post_and_its_reply_is_a_chat_message() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let object = json!({
        "type": "ChatMessage", "id": format!("{}/private_message/1", peer.base), "attributedTo": peer.actor("ana"),
        "to": [alice.actor()], "content": "<p>psst</p>", "mediaType": "text/html",
    });
    let mut create = act(&peer, "ana", "1", "Create", object);
    create["to"] = json!([alice.actor()]);
    peer.delivers(&alice, "ana", &create).expect(202);
    eventually("the owner is notified", || alice.notifications() == ["mention"]);
    let status = alice.get("/api/v1/notifications")[0]["status"].clone();
    assert_eq!(status["visibility"], "direct");
    alice.post("/api/v1/statuses", json!({"status": "what?", "visibility": "direct", "in_reply_to_id": status["id"]}));
    eventually("the reply arrives", || !of_kind(&peer, "Create").is_empty());
    let reply = of_kind(&peer, "Create").remove(0);
    assert_eq!((&reply["object"]["type"], &reply["to"]), (&json!("ChatMessage"), &json!([peer.actor("ana")])));
}

#[test]
fn a_direct_message_to_other_software_stays_a_note() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    states_software(&peer, "mastodon");
    peer.add_actor("ana");
    finds(&alice, &peer.actor("ana"));
    alice.posts(&format!("hello @ana@{}", peer.base.trim_start_matches("http://")), "direct");
    eventually("it arrives", || !of_kind(&peer, "Create").is_empty());
    assert_eq!(of_kind(&peer, "Create")[0]["object"]["type"], "Note");
}

#[test]
fn lemmy_gets_no_boosts_blocks_and_profiles() {
    let (alice, peer, birds) = a_community();
    let post = page(&peer, "ana", "owls", &birds);
    let id = with_post(&alice, &peer, &post);
    alice.post(&format!("/api/v1/statuses/{id}/reblog"), json!({}));
    alice.post(&format!("/api/v1/statuses/{id}/unreblog"), json!({}));
    for who in ["ana", "birds"] {
        let account = finds(&alice, &peer.actor(who));
        alice.post(&format!("/api/v1/accounts/{account}/block"), json!({}));
        alice.post(&format!("/api/v1/accounts/{account}/unblock"), json!({}));
    }
    settled(&alice);
    joins(&alice, &peer, "birds");
    alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"display_name": "Alice"})).expect(200);
    settled(&alice);
    assert_eq!(peer.rejected(), Vec::<Value>::new());
    let kinds: Vec<String> = peer.received().iter().map(|a| a["type"].as_str().unwrap().to_owned()).collect();
    // The block of the community ends its follow, which Lemmy reads.
    assert_eq!(kinds, ["Follow", "Undo", "Follow"]);
}

#[test]
fn boosts_and_blocks_reach_other_software() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    states_software(&peer, "piefed");
    peer.add_actor("ana");
    let note = peer.note("ana", "1", "<p>hi</p>", &["https://www.w3.org/ns/activitystreams#Public"]);
    peer.serve("/notes/1", note["object"].clone());
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={}/notes/1", peer.base));
    let id = found["statuses"][0]["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/statuses/{id}/reblog"), json!({}));
    let ana = finds(&alice, &peer.actor("ana"));
    alice.post(&format!("/api/v1/accounts/{ana}/block"), json!({}));
    eventually("both arrive", || of_kind(&peer, "Announce").len() + of_kind(&peer, "Block").len() == 2);
}

/// The community counts it and passes it on to its members only if it gets it.
#[test]
fn a_favourite_of_a_post_from_a_third_server_is_sent_to_the_community_too() {
    let (alice, peer, birds) = a_community();
    let third = Peer::start();
    third.add_actor("bob");
    let mut post = page(&third, "bob", "owls", &birds);
    post["attributedTo"] = json!(third.actor("bob"));
    third.serve("/post/owls", post.clone());
    joins(&alice, &peer, "birds");
    let create = act(&third, "bob", "create", "Create", post.clone());
    peer.delivers(&alice, "birds", &announce(&peer, "birds", "1", create)).expect(202);
    eventually("the post is on the timeline", || !alice.home().is_empty());
    let id = alice.home()[0]["id"].as_str().unwrap().to_owned();
    let does = |action: &str| drop(alice.post(&format!("/api/v1/statuses/{id}/{action}"), json!({})));
    does("favourite");
    does("unfavourite");
    let likes = |peer: &Peer| (of_kind(peer, "Like").len(), of_kind(peer, "Undo").len());
    eventually("both arrive", || likes(&peer) == (1, 1) && likes(&third) == (1, 1));
    let like = of_kind(&peer, "Like").remove(0);
    assert_eq!((&like["audience"], &like["object"]), (&json!(birds), &post["id"]));
    assert_eq!(peer.rejected(), Vec::<Value>::new());

    // A comment that names no community belongs to that of its thread.
    let comment = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/comment/1", third.base), "type": "Note",
        "attributedTo": third.actor("bob"), "content": "<p>hoo</p>", "inReplyTo": post["id"],
        "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [],
    });
    third.serve("/comment/1", comment.clone());
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={}/comment/1", third.base));
    let id = found["statuses"][0]["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/statuses/{id}/favourite"), json!({}));
    eventually("it arrives", || of_kind(&peer, "Like").iter().any(|l| l["object"] == comment["id"]));
}

#[test]
fn a_refused_follow_is_not_pending_and_can_be_sent_again() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    add_community(&peer, "birds");
    peer.rejects(std::sync::Arc::new(|a| {
        (a["type"] == "Follow").then(|| json!({"error": "private_community"}).to_string())
    }));
    let id = finds(&alice, &peer.actor("birds"));
    let relation = || alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0].clone();
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    eventually("it is refused", || relation()["requested"] == false);
    let (cookie, _) = alice.session();
    let path = format!("/u/birds@{}", peer.base.trim_start_matches("http://"));
    let html = || alice.send(&Request::get(&path).header("cookie", &cookie)).expect(200).text();
    assert!(html().contains("private_community"), "{}", html());
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({"reblogs": true}));
    eventually("it is sent again", || peer.rejected().len() == 2);
    assert_ne!(peer.rejected()[0]["id"], peer.rejected()[1]["id"], "Lemmy ignores an id that it has seen");
    eventually("it is refused again", || relation()["requested"] == false);
    peer.rejects(std::sync::Arc::new(|_| None));
    joins(&alice, &peer, "birds");
    assert_eq!((&relation()["following"], html().contains("private_community")), (&json!(true), false));
}

/// The community may have lost it.
#[test]
fn following_again_sends_a_follow_and_an_option_does_not() {
    let (alice, peer, _) = a_community();
    let id = joins(&alice, &peer, "birds");
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({"notify": true}));
    settled(&alice);
    assert_eq!(of_kind(&peer, "Follow").len(), 1);
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    eventually("it is sent again", || of_kind(&peer, "Follow").len() == 2);
    assert_eq!(alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0]["following"], true);
}

#[test]
fn the_page_of_a_post_names_the_server_that_refused_it_and_the_reason() {
    let (alice, peer, _) = a_community();
    joins(&alice, &peer, "birds");
    peer.rejects(std::sync::Arc::new(|a| (a["type"] == "Create").then(|| json!({"error": "locked <b>"}).to_string())));
    let post = alice.posts(&format!("look @birds@{}", peer.base.trim_start_matches("http://")), "public");
    eventually("it is refused", || peer.rejected().len() == 1 && alice.is_settled());
    let (cookie, _) = alice.session();
    let of = |path: &str| alice.send(&Request::get(path).header("cookie", &cookie)).expect(200).text();
    let id = post["id"].as_str().unwrap();
    let host = peer.base.trim_start_matches("http://");
    for path in [format!("/@alice/{id}"), format!("/x/{id}")] {
        let html = of(&path);
        assert!(html.contains(host) && html.contains("400: locked &lt;b&gt;"), "{html}");
    }
    let anonymous = alice.send(&Request::get(&format!("/@alice/{id}"))).expect(200).text();
    assert!(!anonymous.contains("locked"), "only the owner sees it");
}
