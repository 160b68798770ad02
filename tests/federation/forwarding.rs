use std::time::Duration;

use dassie::domain::now;
use dassie::limits;
use dassie::protocol::signature::{ProofKey, proof};
use dassie::protocol::time::Timestamp;
use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::{Peer, TestServer, eventually};

/// Bob wrote a post; Ana, on another server, replies to it for Bob's followers; Carol is one of them.
#[test]
fn a_reply_for_local_followers_is_forwarded_to_them() {
    let (bob, carol, peer) = (TestServer::start("bob"), TestServer::start("carol"), Peer::start());
    peer.add_actor("ana");
    carol.follows(&bob);
    let post = bob.posts("what do you think?", "public");
    eventually("carol has it", || carol.sees("what do you think?").is_some());
    let followers = format!("{}/followers", bob.actor());
    let reply = |id: &str, to: &[&str]| {
        let mut create = peer.note("ana", id, &format!("reply {id}"), to);
        create["object"]["inReplyTo"] = post["uri"].clone();
        peer.serve(&format!("/notes/{id}"), create["object"].clone());
        peer.delivers(&bob, "ana", &create).expect(202);
        create
    };
    let context = || {
        let id = carol.sees("what do you think?").unwrap()["id"].as_str().unwrap().to_owned();
        carol.get(&format!("/api/v1/statuses/{id}/context"))["descendants"].to_string()
    };
    reply("open", &[PUBLIC, &followers, &bob.actor()]);
    reply("unaddressed", &[PUBLIC, &bob.actor()]);
    reply("closed", &[&followers, &bob.actor()]);
    eventually("it reaches carol", || context().contains("reply open"));
    eventually("all is done", || bob.is_settled() && carol.is_settled());
    assert!(!context().contains("closed") && !context().contains("unaddressed"), "{}", context());
    let delete = json!({
        "id": format!("{}/notes/open/delete", peer.base), "type": "Delete", "actor": peer.actor("ana"),
        "object": {"type": "Tombstone", "id": format!("{}/notes/open", peer.base)}, "to": [PUBLIC, followers],
    });
    peer.serve("/notes/open", json!({"id": format!("{}/notes/open", peer.base), "type": "Tombstone"}));
    peer.delivers(&bob, "ana", &delete).expect(202);
    eventually("its end does too", || !context().contains("reply open"));
}

/// Ana, who proves what she writes.
struct Prover {
    key: ProofKey,
    key_id: String,
}

impl Prover {
    fn new(peer: &Peer) -> Self {
        let key = ProofKey::generate().unwrap();
        peer.add_actor("ana");
        let key_id = format!("{}#ed25519-key", peer.actor("ana"));
        let mut document = peer.document("/users/ana");
        document["assertionMethod"] = json!([{
            "id": key_id, "type": "Multikey", "controller": peer.actor("ana"),
            "publicKeyMultibase": key.public_multibase(),
        }]);
        peer.serve("/users/ana", document);
        Self { key, key_id }
    }

    fn proves(&self, activity: &Value, created: Timestamp) -> Value {
        let mut whole = activity.clone();
        whole["@context"] = json!(["https://www.w3.org/ns/activitystreams"]);
        proof::attach(whole, &self.key, &self.key_id, created)
    }
}

/// Mallory, who follows Alice, has kept an old proven activity by Ana and sends it again.
#[test]
fn an_old_proof_does_not_restore_an_object() {
    let (alice, near, far) = (TestServer::start("alice"), Peer::start(), Peer::start());
    let prover = Prover::new(&near);
    let ana = super::moving::follow(&alice, &near, "ana");
    far.delivers(&alice, "mallory", &far.follow("mallory", &alice)).expect(202);
    eventually("mallory follows", || alice.is_settled() && alice.rows()[1] == 1);
    let forward = |activity: &Value| {
        far.delivers(&alice, "mallory", activity).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    let post = |id: &str| near.note("ana", id, &format!("a {id} post"), &[PUBLIC]);
    // A post that Ana's server no longer has, with a proof of last year, of tomorrow, and of now.
    forward(&prover.proves(&post("past"), now().minus(Duration::from_secs(365 * 86_400))));
    forward(&prover.proves(&post("future"), now().plus(Duration::from_secs(86_400))));
    forward(&prover.proves(&post("late"), now().minus(Duration::from_secs(1_800))));
    let seen = ["past", "future", "late"].map(|id| alice.sees(&format!("a {id} post")).is_some());
    assert_eq!(seen, [false, false, true]);
    // An old copy of her profile, however recent its proof: her own server is queried, and serves a different one.
    let mut stale = near.document("/users/ana");
    stale["name"] = json!("Ana of old");
    stale["inbox"] = json!(format!("{}/gone/inbox", far.base));
    let mut present = near.document("/users/ana");
    present["name"] = json!("Ana of today");
    near.serve("/users/ana", present);
    forward(&prover.proves(
        &json!({
            "id": format!("{}/updates/1", near.base), "type": "Update", "actor": near.actor("ana"), "object": stale,
            "to": [PUBLIC],
        }),
        now(),
    ));
    assert_eq!(alice.get(&format!("/api/v1/accounts/{ana}"))["display_name"], "Ana of today");
}

/// Alice follows Ana, who writes, and Eve, who forwards Ana's posts.
#[test]
fn forwarded_activities_are_verified_by_proof_or_fetched() {
    let (alice, near, far) = (TestServer::start("alice"), Peer::start(), Peer::start());
    let prover = Prover::new(&near);
    far.add_actor("eve");
    for (peer, name) in [(&near, "ana"), (&far, "eve")] {
        super::moving::follow(&alice, peer, name);
    }
    let proven = |create: &Value| prover.proves(create, now());
    let forward = |by: &str, activity: &Value, status: u16| {
        far.delivers(&alice, by, activity).expect(status);
        eventually("it is processed", || alice.is_settled());
    };
    // With a valid proof no request is necessary: the post is not served anywhere.
    forward("eve", &proven(&near.note("ana", "proven", "a proven post", &[PUBLIC])), 202);
    assert!(alice.sees("a proven post").is_some());
    // With an invalid proof or none, the origin is queried, which has no such post.
    let mut tampered = proven(&near.note("ana", "tampered", "an honest post", &[PUBLIC]));
    tampered["object"]["content"] = json!("a tampered post");
    forward("eve", &tampered, 202);
    forward("eve", &near.note("ana", "forged", "a forged post", &[PUBLIC]), 202);
    assert!(alice.sees("tampered post").is_none() && alice.sees("forged post").is_none());
    // What its server serves is taken from there.
    let real = near.note("ana", "real", "the real text", &[PUBLIC]);
    near.serve("/notes/real", real["object"].clone());
    let mut changed = real.clone();
    changed["object"]["content"] = json!("other words");
    forward("eve", &changed, 202);
    assert!(alice.sees("the real text").is_some() && alice.sees("other words").is_none());
    // Actors that Alice does not follow cannot forward anything, with or without a proof.
    forward("mallory", &near.note("ana", "late", "brought by a stranger", &[PUBLIC]), 401);
    // An end is believed only of who wrote it, or when it is really gone.
    let delete = json!({
        "id": format!("{}/deletes/real", near.base), "type": "Delete", "actor": near.actor("ana"), "object": real["object"]["id"],
    });
    forward("eve", &delete, 202);
    assert!(alice.sees("the real text").is_some());
}

/// Eve forwards an invalid Delete, and a reply that only Ana's followers may read. Neither blocks Ana's own activities.
#[test]
fn a_forwarded_activity_does_not_block_the_one_by_its_author() {
    let (alice, near, far) = (TestServer::start("alice"), Peer::start(), Peer::start());
    near.add_actor("ana");
    far.add_actor("eve");
    for (peer, name) in [(&near, "ana"), (&far, "eve")] {
        super::moving::follow(&alice, peer, name);
    }
    let deliver = |peer: &Peer, by: &str, activity: &Value| {
        peer.delivers(&alice, by, activity).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    let post = near.note("ana", "post", "a post of ana", &[PUBLIC]);
    near.serve("/notes/post", post["object"].clone());
    deliver(&near, "ana", &post);
    let id = post["object"]["id"].as_str().unwrap();
    let delete = json!({
        "id": format!("{id}#delete"), "type": "Delete", "actor": near.actor("ana"), "object": id, "to": [PUBLIC],
    });
    deliver(&far, "eve", &delete);
    assert!(alice.sees("a post of ana").is_some());
    deliver(&near, "ana", &delete);
    assert!(alice.sees("a post of ana").is_none());
    let closed = near.note("ana", "closed", "for followers of ana", &[&format!("{}/followers", near.actor("ana"))]);
    deliver(&far, "eve", &closed);
    assert!(alice.sees("for followers of ana").is_none());
    deliver(&near, "ana", &closed);
    assert!(alice.sees("for followers of ana").is_some());
}

/// Bob has a follower on another server, which counts what is forwarded to it.
#[test]
fn only_new_authentic_activities_are_forwarded_within_a_limit() {
    let (bob, near, far, fans) = (TestServer::start("bob"), Peer::start(), Peer::start(), Peer::start());
    near.add_actor("ana");
    for (peer, name) in [(&far, "eve"), (&fans, "fay")] {
        peer.add_actor(name);
        peer.delivers(&bob, name, &peer.follow(name, &bob)).expect(202);
    }
    let post = bob.posts("what do you think?", "public");
    let followers = format!("{}/followers", bob.actor());
    let reply = |id: &str| {
        let mut create = near.note("ana", id, &format!("reply {id}"), &[PUBLIC, &followers]);
        create["object"]["inReplyTo"] = post["uri"].clone();
        near.serve(&format!("/notes/{id}"), create["object"].clone());
        create
    };
    let deliver = |peer: &Peer, by: &str, activity: &Value| {
        peer.delivers(&bob, by, activity).expect(202);
        eventually("it is processed", || bob.is_settled());
    };
    let passed_on = || fans.received().iter().filter(|a| a["actor"] == json!(near.actor("ana"))).count();
    let first = reply("first");
    deliver(&near, "ana", &first);
    assert_eq!(passed_on(), 1);
    for n in 0..3 {
        let mut again = first.clone();
        again["id"] = json!(format!("{}/again/{n}", near.base));
        deliver(&near, "ana", &again);
        again["id"] = json!(format!("{}/update/{n}", near.base));
        again["type"] = json!("Update");
        deliver(&far, "eve", &again);
    }
    assert_eq!(passed_on(), 1, "neither the same again, nor what others bring");
    for n in 0..limits::FORWARDS_PER_ACTOR_PER_HOUR + 3 {
        near.delivers(&bob, "ana", &reply(&n.to_string())).expect(202);
    }
    eventually("all are processed", || bob.is_settled());
    assert_eq!(passed_on(), limits::FORWARDS_PER_ACTOR_PER_HOUR);
}
