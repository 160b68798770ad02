//! Boosts in the home timeline: a post near the top of the timeline is not shown again.

use serde_json::{Value, json};

use crate::support::{Peer, TestServer, eventually};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

struct World {
    alice: TestServer,
    peer: Peer,
}

impl World {
    /// Alice follows Ana and Bea, and has stored a post of Cem, whose account she does not follow.
    fn new() -> (Self, Value) {
        let (alice, peer) = (TestServer::start("alice"), Peer::start());
        for name in ["ana", "bea", "cem"] {
            peer.add_actor(name);
        }
        alice.follows_actor(&peer, "ana");
        alice.follows_actor(&peer, "bea");
        let note = peer.note("cem", "of-cem", "by Cem", &[PUBLIC])["object"].clone();
        peer.serve("/notes/of-cem", note.clone());
        (Self { alice, peer }, note["id"].clone())
    }

    fn delivers(&self, by: &str, activity: &Value) {
        self.peer.delivers(&self.alice, by, activity).expect(202);
        eventually("it is processed", || self.alice.is_settled());
    }

    fn boost(&self, by: &str, post: &Value) -> Value {
        let id = format!("{}/boosts/of-{by}", self.peer.base);
        json!({"id": id, "type": "Announce", "actor": self.peer.actor(by), "to": [PUBLIC], "object": post})
    }

    fn undoes(&self, by: &str, boost: &Value) {
        let id = format!("{}/undo", boost["id"].as_str().unwrap());
        self.delivers(by, &json!({"id": id, "type": "Undo", "actor": self.peer.actor(by), "object": boost}));
    }

    /// The authors of what the home timeline shows, newest first.
    fn home(&self) -> Vec<String> {
        self.alice.home().iter().map(|s| s["account"]["username"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn a_post_near_the_top_is_not_shown_again_as_a_boost() {
    let (world, _) = World::new();
    let note = world.peer.note("ana", "first", "first", &[PUBLIC]);
    world.delivers("ana", &note);
    let boost = world.boost("bea", &note["object"]["id"]);
    world.delivers("bea", &boost);
    assert_eq!(world.home(), ["ana"]);
    world.undoes("bea", &boost);
    for n in 0..40 {
        world.delivers("ana", &world.peer.note("ana", &format!("{n}"), "more", &[PUBLIC]));
    }
    let mut again = boost;
    again["id"] = json!(format!("{}/boosts/again", world.peer.base));
    world.delivers("bea", &again);
    assert_eq!(world.home()[..2], ["bea", "ana"]);
}

#[test]
fn the_next_boost_is_shown_when_the_first_is_undone() {
    let (world, post) = World::new();
    let [first, second] = ["ana", "bea"].map(|by| world.boost(by, &post));
    world.delivers("ana", &first);
    world.delivers("bea", &second);
    assert_eq!(world.home(), ["ana"]);
    world.undoes("ana", &first);
    assert_eq!(world.home(), ["bea"]);
    world.undoes("bea", &second);
    assert!(world.home().is_empty());
}

#[test]
fn the_rule_also_applies_to_boosts_by_the_owner() {
    let (world, post) = World::new();
    world.delivers("ana", &world.boost("ana", &post));
    let id = world.alice.home()[0]["reblog"]["id"].as_str().unwrap().to_owned();
    world.alice.post(&format!("/api/v1/statuses/{id}/reblog"), json!({}));
    assert_eq!(world.home(), ["ana"]);
    world.undoes("ana", &world.boost("ana", &post));
    assert_eq!(world.home(), ["alice"]);
    world.alice.post(&format!("/api/v1/statuses/{id}/unreblog"), json!({}));
    assert!(world.home().is_empty());
}
