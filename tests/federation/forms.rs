//! Variants of activities that only some servers send and that need a response.

use serde_json::{Value, json};

use super::meeting::{Meeting, follows, words};
use super::world::PUBLIC;
use crate::support::{Peer, TestServer, eventually};

fn following(alice: &TestServer, actor: &str) -> Value {
    let query: String = url::form_urlencoded::byte_serialize(actor.as_bytes()).collect();
    let id = alice.get(&format!("/api/v2/search?type=accounts&q={query}"))["accounts"][0]["id"].clone();
    alice.get(&format!("/api/v1/accounts/relationships?id[]={}", id.as_str().unwrap()))[0].clone()
}

#[test]
fn removal_from_followers_ends_the_follow() {
    let world = Meeting::new();
    let ana = world.good.actor("ana");
    let note = world.good.note("ana", "1", "words of ana", &[PUBLIC]);
    world.deliver(&world.good, "ana", &note);
    let remove = |who: &str, target: String| {
        let actor = world.good.actor(who);
        let remove = json!({"id": format!("{}/removes/{}", world.good.base, world.next()), "type": "Remove",
            "actor": actor, "object": world.alice.actor(), "target": target});
        world.deliver(&world.good, who, &remove);
    };
    world.good.add_actor("eve");
    remove("eve", format!("{ana}/followers"));
    assert_eq!(following(&world.alice, &ana)["following"], true, "only the actor itself removes its followers");
    remove("ana", format!("{ana}/followers"));
    assert_eq!(following(&world.alice, &ana)["following"], false);
    assert!(world.alice.sees("words of ana").is_none());
}

#[test]
fn a_follow_without_an_id_is_accepted_and_can_be_undone() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let mut follow = peer.follow("mallory", &alice);
    follow.as_object_mut().unwrap().remove("id");
    peer.delivers(&alice, "mallory", &follow).expect(202);
    eventually("it is accepted", || peer.received().iter().any(|a| a["type"] == "Accept"));
    let accept = peer.received().into_iter().find(|a| a["type"] == "Accept").unwrap();
    let expected = json!({"type": "Follow", "actor": peer.actor("mallory"), "object": alice.actor()});
    assert_eq!(accept["object"], expected);
    assert_eq!((alice.rows()[1], alice.notifications()), (1, vec!["follow".to_owned()]));
    let undo =
        json!({"id": format!("{}/undo", peer.base), "type": "Undo", "actor": peer.actor("mallory"), "object": follow});
    peer.delivers(&alice, "mallory", &undo).expect(202);
    eventually("it ends", || alice.rows()[1] == 0);
}

/// Mobilizon: a member of a group creates an event of the group.
#[test]
fn a_post_of_a_followed_group_may_be_sent_by_its_member() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for name in ["club", "member", "other"] {
        peer.add_actor(name);
    }
    for name in ["club", "other"] {
        let mut group = peer.document(&format!("/users/{name}"));
        group["type"] = json!("Group");
        peer.serve(&format!("/users/{name}"), group);
    }
    follows(&alice, &peer, "club");
    let event = |id: &str, group: &str, text: &str| {
        let mut event = words(&format!("{}/events/{id}", peer.base), &peer.actor(group), text);
        event["type"] = json!("Event");
        event["name"] = json!("Party");
        event
    };
    let send = |kind: &str, object: Value| {
        let activity = json!({"id": format!("{}/{kind}/{}", peer.base, peer.received().len()), "type": kind,
            "actor": peer.actor("member"), "to": [PUBLIC], "object": object});
        peer.delivers(&alice, "member", &activity).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    peer.serve("/events/1", event("1", "club", "as its server has it"));
    send("Create", event("1", "club", "as the member says"));
    let home = alice.home();
    assert_eq!((home.len(), &home[0]["account"]["username"]), (1, &json!("club")), "{home:?}");
    assert!(home[0]["content"].as_str().unwrap().contains("as its server has it"));
    let mut changed = event("1", "club", "changed there");
    changed["updated"] = json!(dassie::domain::now().plus(std::time::Duration::from_secs(5)).to_activity());
    peer.serve("/events/1", changed.clone());
    send("Update", changed);
    assert!(alice.sees("changed there").is_some());
    send("Create", event("2", "club", "not served"));
    peer.serve("/events/3", event("3", "other", "of another group"));
    send("Create", event("3", "other", "of another group"));
    assert_eq!(alice.home().len(), 1);
    peer.responds("/events/1", "410 Gone");
    send("Delete", json!(format!("{}/events/1", peer.base)));
    assert!(alice.home().is_empty());
}

#[test]
fn an_activity_with_an_id_of_another_server_is_refused() {
    let world = Meeting::new();
    let post = world.alice.posts("like me", "public");
    let mallory = world.evil.actor("mallory");
    for kind in ["Follow", "Like", "Announce", "Create", "Undo", "Flag", "Block", "Add"] {
        let object = match kind {
            "Follow" | "Block" | "Flag" => json!(world.alice.actor()),
            "Create" => words(&format!("{}/n/1", world.evil.base), &mallory, "words"),
            _ => post["uri"].clone(),
        };
        for base in [&world.good.base, &world.alice.url("")] {
            let activity = json!({"id": format!("{base}/acts/{kind}"), "type": kind, "actor": mallory, "object": object, "to": [PUBLIC]});
            world.evil.delivers(&world.alice, "mallory", &activity).expect(400);
        }
    }
    assert!(world.alice.notifications().is_empty() && world.alice.rows()[1] == 0);
}

#[test]
fn a_follow_of_the_server_itself_is_rejected() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let mut follow = peer.follow("mallory", &alice);
    follow["object"] = json!(alice.url("/actor"));
    peer.delivers(&alice, "mallory", &follow).expect(202);
    eventually("a response is sent", || peer.received().iter().any(|a| a["type"] == "Reject"));
    let response = peer.received().into_iter().find(|a| a["type"] == "Reject").unwrap();
    assert_eq!((&response["actor"], &response["object"]["id"]), (&json!(alice.url("/actor")), &follow["id"]));
}

/// By the API, with the Block that is sent, and by one who followed before.
#[test]
fn a_follow_by_a_blocked_actor_is_rejected_in_every_case() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let follow = peer.follow("mallory", &alice);
    peer.delivers(&alice, "mallory", &follow).expect(202);
    eventually("it is accepted", || peer.received().iter().any(|a| a["type"] == "Accept"));
    let query: String = url::form_urlencoded::byte_serialize(peer.actor("mallory").as_bytes()).collect();
    let id = alice.get(&format!("/api/v2/search?type=accounts&q={query}"))["accounts"][0]["id"].clone();
    alice.post(&format!("/api/v1/accounts/{}/block", id.as_str().unwrap()), json!({}));
    let rejects = || peer.received().iter().filter(|a| a["type"] == "Reject").count();
    eventually("the follow ends", || rejects() == 1);
    for n in 2..4 {
        let mut follow = follow.clone();
        follow["id"] = json!(format!("{}/follows/{n}", peer.base));
        peer.delivers(&alice, "mallory", &follow).expect(202);
        eventually("it is rejected again", || rejects() == n);
    }
    assert_eq!(alice.rows()[1], 0);
}

/// Alice boosts a post by Ana; followers of Alice that do not know Ana receive the deletion from Alice.
#[test]
fn a_boost_is_removed_with_its_post() {
    for whole_account in [false, true] {
        let world = Meeting::new();
        let fan = Peer::start();
        fan.delivers(&world.alice, "mallory", &fan.follow("mallory", &world.alice)).expect(202);
        eventually("there is a follower", || world.alice.rows()[1] == 1);
        let note = world.good.note("ana", "1", "words of ana", &[PUBLIC]);
        world.deliver(&world.good, "ana", &note);
        let id = world.alice.sees("words of ana").unwrap()["id"].as_str().unwrap().to_owned();
        world.alice.post(&format!("/api/v1/statuses/{id}/reblog"), json!({}));
        let got = |kind: &str| fan.received().into_iter().find(|a| a["type"] == kind);
        eventually("the boost arrives", || got("Announce").is_some());
        let ana = world.good.actor("ana");
        let object = if whole_account { json!(ana) } else { note["object"]["id"].clone() };
        let delete =
            json!({"id": format!("{}/delete", world.good.base), "type": "Delete", "actor": ana, "object": object});
        world.deliver(&world.good, "ana", &delete);
        eventually("its end arrives", || got("Undo").is_some());
        assert_eq!(got("Undo").unwrap()["object"]["id"], got("Announce").unwrap()["id"]);
        assert!(world.alice.home().is_empty());
    }
}
