//! Who can see a poll and vote in it: its options are as private as its text.

use dassie::http::Verb;
use serde_json::{Value, json};

use super::moving::follow;
use super::visibility::fetch;
use super::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

const CLOSED: [&str; 3] = ["canaryprivate", "canarydirect", "canaryremote"];

/// A poll by Alice, with a canary in its options and text.
fn poll(alice: &TestServer, word: &str, to: &str, visibility: &str) -> Value {
    let poll = json!({"options": [format!("{word}one"), format!("{word}two")], "expires_in": 600});
    alice.post("/api/v1/statuses", json!({"status": format!("{word} {to}"), "visibility": visibility, "poll": poll}))
}

/// A followers-only poll by an actor that Alice follows.
fn remote_poll(alice: &TestServer, peer: &Peer) -> String {
    peer.add_actor("ana");
    follow(alice, peer, "ana");
    let followers = format!("{}/followers", peer.actor("ana"));
    let mut create = peer.note("ana", "poll", "canaryremote", &[&followers]);
    create["object"]["type"] = json!("Question");
    create["object"]["oneOf"] = json!([{"type": "Note", "name": "canaryremoteone"}, {"type": "Note", "name": "two"}]);
    peer.delivers(alice, "ana", &create).expect(202);
    eventually("their poll is on the timeline", || alice.sees("canaryremote").is_some());
    alice.sees("canaryremote").unwrap()["id"].as_str().unwrap().to_owned()
}

/// Every document and page, with every id in each route parameter.
fn paths(alice: &TestServer, ids: &[String]) -> Vec<String> {
    let routes = alice.routes.iter().filter(|r| r.method == Verb::Get);
    let named = |path: &str| path.replace("@{name}", "@alice").replace("{name}", "alice").replace("{handle}", "alice");
    let all = routes.flat_map(|route| ids.iter().map(|id| named(route.path).replace("{id}", id)));
    all.map(|path| format!("{path}?page=true&q=canary&limit=40")).collect()
}

#[test]
fn a_poll_is_visible_to_its_audience_only() {
    let (alice, bob, carol) = (TestServer::start("alice"), TestServer::start("bob"), TestServer::start("carol"));
    let near = Peer::start();
    bob.follows(&alice);
    let polls = [
        poll(&alice, "canarypublic", "", "public"),
        poll(&alice, "canaryprivate", "", "private"),
        poll(&alice, "canarydirect", &format!("@bob@{}", bob.authority), "direct"),
    ];
    let mut ids: Vec<String> = polls.iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect();
    ids.push(remote_poll(&alice, &near));
    eventually("bob has them", || bob.sees("canarypublic").is_some() && bob.sees("canaryprivate").is_some());
    let (mut as_visitor, mut as_unrelated, mut as_bob) = (String::new(), String::new(), String::new());
    for path in paths(&alice, &ids) {
        for accept in ["text/html", "application/activity+json", "application/json"] {
            as_visitor += &alice.send(&Request::get(&path).header("accept", accept)).text();
        }
        as_unrelated += &fetch(&alice, &carol, &path).text();
        as_bob += &fetch(&alice, &bob, &path).text();
    }
    for word in CLOSED {
        assert!(!as_visitor.contains(word) && !as_unrelated.contains(word), "{word} is seen by others");
        assert_eq!(as_bob.contains(word), word != "canaryremote", "{word}");
    }
    for seen in [&as_visitor, &as_unrelated, &as_bob] {
        assert!(seen.contains("canarypublicone") && seen.contains("canarypublictwo"), "what is open is read");
    }
}

/// An actor votes in polls that it cannot see; its server does not receive the counts.
#[test]
fn an_actor_outside_the_audience_cannot_vote_in_a_poll() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let polls = [("public", 1), ("private", 0), ("direct", 0)];
    for (visibility, counted) in polls {
        let poll = poll(&alice, &format!("canary{visibility}"), "", visibility);
        let (id, uri) = (poll["poll"]["id"].as_str().unwrap(), poll["uri"].as_str().unwrap());
        let mut vote = peer.note("mallory", &format!("vote-{visibility}"), "", &[&alice.actor()]);
        vote["object"]["name"] = json!(format!("canary{visibility}one"));
        vote["object"]["inReplyTo"] = json!(uri);
        vote["object"].as_object_mut().unwrap().remove("content");
        peer.delivers(&alice, "mallory", &vote).expect(202);
        eventually("it is processed", || alice.is_settled_but_for_polls());
        let counts = alice.get(&format!("/api/v1/polls/{id}"))["options"].clone();
        assert_eq!(counts[0]["votes_count"], json!(counted), "{visibility}: {counts}");
    }
    assert!(!peer.received().iter().any(|a| a.to_string().contains("canaryprivate")), "{:?}", peer.received());
    let noted = peer.note("mallory", "end", "done", &[PUBLIC, &alice.actor()]);
    peer.delivers(&alice, "mallory", &noted).expect(202);
    eventually("a vote tells the owner nothing", || alice.notifications() == ["mention"]);
}
