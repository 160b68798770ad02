use dassie::domain::outbox::relay;
use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::{Peer, TestServer, eventually};

#[test]
fn a_relay_receives_own_public_posts_and_announces_posts_of_others() {
    let (alice, relay, far) = (TestServer::start("alice"), Peer::start(), Peer::start());
    far.add_actor("fay");
    relay.add_actor("relay");
    let domain = &alice.app.domain;
    let inbox = format!("{}/inbox", relay.base);
    relay::subscribe(domain, "nonsense").unwrap_err();
    relay::subscribe(domain, &inbox).unwrap();
    relay::subscribe(domain, &inbox).unwrap_err();
    eventually("the relay gets a Follow", || relay.received().iter().any(|a| a["type"] == "Follow"));
    let follow = relay.received()[0].clone();
    assert_eq!((&follow["object"], &follow["actor"]), (&json!(PUBLIC), &json!(alice.url("/actor"))));

    let note = |id: &str| {
        let create = far.note("fay", id, &format!("said by fay in {id}"), &[PUBLIC]);
        far.serve(&format!("/notes/{id}"), create["object"].clone());
        create
    };
    let public = || alice.get("/api/v1/timelines/public").to_string();
    let announce = |n: u32, object: serde_json::Value| {
        let activity = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/announces/{n}", relay.base),
            "type": "Announce", "actor": relay.actor("relay"), "to": [PUBLIC], "object": object,
        });
        relay.delivers(&alice, "relay", &activity).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    announce(1, note("early")["object"]["id"].clone());
    assert!(!public().contains("early"), "it has not accepted yet");
    alice.posts("too early", "public");
    eventually("it is delivered", || alice.is_settled());
    assert!(!relay.received().iter().any(|a| a["type"] == "Create"));

    let accept = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/accept", relay.base), "type": "Accept",
        "actor": relay.actor("relay"), "object": {"id": follow["id"], "type": "Follow", "actor": follow["actor"], "object": PUBLIC},
    });
    let forged = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/accept", far.base), "type": "Accept",
        "actor": far.actor("fay"), "object": follow["id"],
    });
    far.delivers(&alice, "fay", &forged).expect(202);
    relay.delivers(&alice, "relay", &accept).expect(202);
    eventually("it counts", || alice.is_settled());
    announce(2, note("one")["object"]["id"].clone());
    announce(3, note("two"));
    assert!(public().contains("in one") && public().contains("in two"));
    assert!(alice.sees("in one").is_none(), "fay has no local followers");
    assert!(alice.notifications().is_empty());
    alice.posts("for all the world", "public");
    alice.posts("for fewer", "unlisted");
    eventually("the public one arrives", || relay.received().iter().any(|a| a["type"] == "Create"));
    eventually("the queues are empty", || alice.is_settled());
    assert_eq!(relay.received().iter().filter(|a| a["type"] == "Create").count(), 1);
    relay::unsubscribe(domain, &inbox).unwrap();
    eventually("the relay gets an Undo", || relay.received().iter().any(|a| a["type"] == "Undo"));
    let undo = relay.received().into_iter().find(|a| a["type"] == "Undo").unwrap();
    assert_eq!((&undo["object"]["id"], &undo["object"]["object"]), (&follow["id"], &json!(PUBLIC)));
    announce(4, note("late")["object"]["id"].clone());
    assert!(!public().contains("in late"));
}

/// A LitePub relay is followed by its actor id, follows back, and waits for our Accept.
#[test]
fn a_relay_that_follows_back_is_accepted_and_can_be_unsubscribed() {
    let (alice, relay, far) = (TestServer::start("alice"), Peer::start(), Peer::start());
    for name in ["relay", "other"] {
        relay.add_actor(name);
    }
    let server = alice.url("/actor");
    relay::subscribe(&alice.app.domain, &relay.actor("relay")).unwrap();
    let got = |kind: &str| relay.received().into_iter().find(|a| a["type"] == kind);
    eventually("the relay gets a Follow", || got("Follow").is_some());
    let requested = got("Follow").unwrap();
    assert_eq!((&requested["object"], &requested["actor"]), (&json!(relay.actor("relay")), &json!(server)));
    let back = |peer: &Peer, name: &str| {
        let follow = json!({"id": format!("{}/follows/{name}", peer.base), "type": "Follow", "actor": peer.actor(name),
            "object": server});
        peer.delivers(&alice, name, &follow).expect(202);
        eventually("it is processed", || alice.is_settled());
        follow
    };
    back(&far, "mallory");
    back(&relay, "other");
    assert!(got("Accept").is_none(), "only the relay may follow the server");
    let refused: Vec<Value> = far.received().iter().map(|a| a["type"].clone()).collect();
    assert_eq!(refused, [json!("Reject")]);
    let follow = back(&relay, "relay");
    let response = got("Accept").expect("an Accept");
    assert_eq!((&response["actor"], &response["object"]), (&json!(server), &follow));
    let accept = json!({"id": format!("{}/accept", relay.base), "type": "Accept", "actor": relay.actor("relay"),
        "object": requested["id"]});
    relay.delivers(&alice, "relay", &accept).expect(202);
    eventually("it counts", || alice.is_settled());
    alice.posts("for all the world", "public");
    eventually("it arrives", || got("Create").is_some());
    relay::unsubscribe(&alice.app.domain, &relay.actor("relay")).unwrap();
    eventually("the relay gets an Undo", || got("Undo").is_some());
    let undone = got("Undo").unwrap()["object"].clone();
    assert_eq!((&undone["id"], &undone["object"]), (&requested["id"], &requested["object"]));
}
