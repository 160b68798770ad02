//! Ids and times in what we send.

use serde_json::{Value, json};

use super::moving::follow;
use super::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

/// Every id of an activity or object of ours in a document.
fn own_ids(value: &Value, ours: &str, ids: &mut Vec<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|v| own_ids(v, ours, ids)),
        Value::Object(members) => {
            let is_key = ["publicKeyPem", "publicKeyMultibase"].iter().any(|m| members.contains_key(*m));
            let id = members.get("id").and_then(Value::as_str).filter(|id| !is_key && id.contains(ours));
            ids.extend(id.map(str::to_owned));
            members.values().for_each(|v| own_ids(v, ours, ids));
        }
        _ => {}
    }
}

/// Alice does everything that is sent to Ana.
fn everything(alice: &TestServer, peer: &Peer) {
    let ana = follow(alice, peer, "ana");
    let activity = peer.follow("ana", alice);
    peer.delivers(alice, "ana", &activity).expect(202);
    let mut create = peer.note("ana", "1", "said by ana", &[PUBLIC]);
    create["object"]["type"] = json!("Question");
    create["object"]["oneOf"] = json!([{"type": "Note", "name": "yes"}, {"type": "Note", "name": "no"}]);
    peer.delivers(alice, "ana", &create).expect(202);
    eventually("her poll is stored", || alice.sees("said by ana").is_some());
    let poll = alice.sees("said by ana").unwrap()["id"].as_str().unwrap().to_owned();
    let does = |path: String, body: Value| drop(alice.post(&path, body));
    for action in ["favourite", "unfavourite", "reblog", "unreblog", "react/%F0%9F%8E%89", "unreact/%F0%9F%8E%89"] {
        does(format!("/api/v1/statuses/{poll}/{action}"), json!({}));
    }
    does(format!("/api/v1/polls/{poll}/votes"), json!({"choices": [0]}));
    let post = alice.posts("a post of alice", "public")["id"].as_str().unwrap().to_owned();
    for action in ["pin", "unpin"] {
        does(format!("/api/v1/statuses/{post}/{action}"), json!({}));
    }
    alice.api("PUT", &format!("/api/v1/statuses/{post}"), json!({"status": "changed"})).expect(200);
    alice.api("DELETE", &format!("/api/v1/statuses/{post}"), json!({})).expect(200);
    alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"display_name": "Al"})).expect(200);
    does("/api/v1/reports".into(), json!({"account_id": ana, "comment": "x", "forward": true}));
    does(format!("/api/v1/accounts/{ana}/block"), json!({}));
    does(format!("/api/v1/accounts/{ana}/unblock"), json!({}));
}

const KINDS: [&str; 12] =
    ["Follow", "Accept", "Reject", "Undo", "Like", "Create", "Update", "Delete", "Add", "Remove", "Announce", "Flag"];

#[test]
fn sent_ids_have_no_fragment_and_times_have_milliseconds() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    everything(&alice, &peer);
    for kind in KINDS.iter().chain(&["Block"]) {
        eventually(kind, || peer.received().iter().any(|a| a["type"] == *kind));
    }
    for activity in peer.received() {
        let mut ids = Vec::new();
        own_ids(&activity, &alice.authority, &mut ids);
        assert!(!ids.is_empty(), "{activity}");
        assert_eq!(ids.iter().find(|id| id.contains('#')), None, "{activity}");
        for doc in [&activity, &activity["object"]] {
            for time in ["published", "updated"] {
                if let Some(time) = doc[time].as_str() {
                    assert!(time.len() == 24 && time.as_bytes()[19] == b'.', "{time}");
                }
            }
        }
    }
}

/// An activity that we have sent can be fetched by the server of its object, and by no other.
#[test]
fn likes_and_reactions_resolve_for_the_server_of_the_author() {
    let (alice, peer, other) = (TestServer::start("alice"), Peer::start(), Peer::start());
    peer.add_actor("ana");
    follow(&alice, &peer, "ana");
    peer.delivers(&alice, "ana", &peer.note("ana", "1", "said by ana", &[PUBLIC])).expect(202);
    eventually("her note is stored", || alice.sees("said by ana").is_some());
    let note = alice.sees("said by ana").unwrap()["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/statuses/{note}/favourite"), json!({}));
    alice.post(&format!("/api/v1/statuses/{note}/react/%F0%9F%8E%89"), json!({}));
    eventually("both arrive", || peer.received().iter().filter(|a| a["type"] == "Like").count() == 2);
    for mut like in peer.received().into_iter().filter(|a| a["type"] == "Like") {
        let path =
            like["id"].as_str().unwrap().strip_prefix(&format!("http://{}", alice.authority)).unwrap().to_owned();
        let fetched = alice.send(&peer.signs_get(&alice, "ana", &path).activity()).expect(200).json();
        like.as_object_mut().unwrap().remove("proof");
        assert_eq!(fetched, like);
        alice.send(&Request::get(&path).activity()).expect(404);
        alice.send(&other.signs_get(&alice, "mallory", &path).activity()).expect(404);
        alice.send(&peer.signs_get(&alice, "ana", &format!("{path}0")).activity()).expect(404);
    }
    alice.post(&format!("/api/v1/statuses/{note}/unfavourite"), json!({}));
    eventually("the undo arrives", || peer.received().iter().any(|a| a["type"] == "Undo"));
    let undo = peer.received().into_iter().find(|a| a["type"] == "Undo").unwrap();
    let path = undo["object"]["id"].as_str().unwrap().split(&alice.authority).nth(1).unwrap().to_owned();
    alice.send(&peer.signs_get(&alice, "ana", &path).activity()).expect(404);
}

/// Likes from before have ids with a fragment: their Undo names them so, under an id without one.
#[test]
fn the_undo_of_an_old_like_references_its_old_id() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    follow(&alice, &peer, "ana");
    peer.delivers(&alice, "ana", &peer.note("ana", "1", "said by ana", &[PUBLIC])).expect(202);
    eventually("her note is stored", || alice.sees("said by ana").is_some());
    let note = alice.sees("said by ana").unwrap()["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/statuses/{note}/favourite"), json!({}));
    let old = format!("{}#likes/7", alice.actor());
    let id = old.clone();
    let age = move |c: &dassie::store::Conn| Ok(c.execute("UPDATE favourites SET uri = ?1", [id])?);
    alice.app.domain.store.write(age).unwrap();
    alice.post(&format!("/api/v1/statuses/{note}/unfavourite"), json!({}));
    eventually("the undo arrives", || peer.received().iter().any(|a| a["type"] == "Undo"));
    let undo = peer.received().into_iter().find(|a| a["type"] == "Undo").unwrap();
    assert_eq!(undo["object"]["id"], json!(old));
    assert_eq!(undo["id"], json!(format!("{}/likes/7/undo", alice.actor())));
}

/// Accept of a relay subscription that was requested under an id with a fragment.
#[test]
fn an_accept_of_an_old_follow_of_a_relay_matches() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let old = format!("{}#follows/5", alice.url("/actor"));
    let (id, inbox) = (old.clone(), format!("{}/inbox", peer.base));
    let seed = move |c: &dassie::store::Conn| {
        dassie::store::peers::relays::insert(c, 5, &inbox, None, (&id, PUBLIC), dassie::domain::now())
    };
    assert!(alice.app.domain.store.write(seed).unwrap());
    let accept = json!({
        "id": format!("{}/accepts/1", peer.base), "type": "Accept", "actor": peer.actor("mallory"),
        "object": {"id": old, "type": "Follow", "actor": alice.url("/actor"), "object": PUBLIC},
    });
    peer.delivers(&alice, "mallory", &accept).expect(202);
    eventually("it counts", || {
        alice.app.domain.store.read(dassie::store::peers::relays::list).unwrap().iter().all(|r| r.accepted)
    });
}

#[test]
fn a_boost_and_a_reply_are_never_dated_before_the_post() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    follow(&alice, &peer, "ana");
    let mut create = peer.note("ana", "1", "said by ana", &[PUBLIC]);
    // Ana's clock is half a minute ahead.
    let written = dassie::domain::now().plus(std::time::Duration::from_secs(30));
    create["object"]["published"] = json!(written.to_api());
    peer.delivers(&alice, "ana", &create).expect(202);
    eventually("her note is stored", || alice.sees("said by ana").is_some());
    let note = alice.sees("said by ana").unwrap()["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/statuses/{note}/reblog"), json!({}));
    alice.post("/api/v1/statuses", json!({"status": "yes", "in_reply_to_id": note}));
    let find = |kind: &str| peer.received().into_iter().find(|a| a["type"] == kind);
    for kind in ["Announce", "Create"] {
        eventually(kind, || find(kind).is_some());
        let at = find(kind).unwrap()["published"].as_str().unwrap().to_owned();
        assert!(at >= written.to_api(), "{kind} at {at}, the post at {}", written.to_api());
    }
}

#[test]
fn a_quote_sends_misskey_the_text_without_the_fallback() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    follow(&alice, &peer, "ana");
    peer.delivers(&alice, "ana", &peer.follow("ana", &alice)).expect(202);
    peer.delivers(&alice, "ana", &peer.note("ana", "1", "said by ana", &[PUBLIC])).expect(202);
    eventually("her note is stored", || alice.sees("said by ana").is_some());
    let note = alice.sees("said by ana").unwrap()["id"].as_str().unwrap().to_owned();
    alice.post("/api/v1/statuses", json!({"status": "look at & that", "quoted_status_id": note}));
    alice.posts("no quote", "public");
    let sent = |text: &str| {
        let contains_text = |a: &Value| a["object"]["content"].as_str().is_some_and(|c| c.contains(text));
        peer.received().into_iter().find(contains_text).map(|a| a["object"].clone())
    };
    eventually("both arrive", || sent("look at").is_some() && sent("no quote").is_some());
    assert_eq!(sent("look at").unwrap()["_misskey_content"], "look at & that");
    assert_eq!(sent("no quote").unwrap().get("_misskey_content"), None);
}
