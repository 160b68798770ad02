use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::{Peer, TestServer, eventually};

pub fn follow(alice: &TestServer, peer: &Peer, name: &str) -> String {
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={}", peer.actor(name)));
    let id = found["accounts"][0]["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    eventually("the follow arrives", || {
        peer.received().iter().any(|a| a["type"] == "Follow" && a["object"] == json!(peer.actor(name)))
    });
    let follow = peer.received().into_iter().rfind(|a| a["type"] == "Follow" && a["object"] == json!(peer.actor(name)));
    let accept = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/accepts/{name}", peer.base),
        "type": "Accept", "actor": peer.actor(name), "object": follow.unwrap(),
    });
    peer.delivers(alice, name, &accept).expect(202);
    eventually("it is accepted", || following(alice, &id));
    id
}

fn following(alice: &TestServer, id: &str) -> bool {
    alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0]["following"] == true
}

fn movement(peer: &Peer, by: &str, old: &str, new: &str) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/moves/{by}{old}{new}", peer.base),
        "type": "Move", "actor": peer.actor(by), "object": peer.actor(old), "target": peer.actor(new),
    })
}

/// Serves an actor again, with additional members.
fn change(peer: &Peer, name: &str, members: Value) {
    let path = format!("/users/{name}");
    let mut document = peer.document(&path);
    document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    peer.serve(&path, document);
}

#[test]
fn a_move_is_only_accepted_if_both_accounts_confirm_it() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for name in ["ana", "new", "thief", "pull"] {
        peer.add_actor(name);
    }
    let ana = follow(&alice, &peer, "ana");
    let send = |by: &str, activity: &Value| {
        peer.delivers(&alice, by, activity).expect(202);
        eventually("it is processed", || {
            check_again(&alice);
            alice.is_settled()
        });
    };
    // Without confirmation by the target; by an unrelated actor; to a target that the old account does not name.
    send("ana", &movement(&peer, "ana", "ana", "new"));
    change(&peer, "thief", json!({"alsoKnownAs": peer.actor("ana")}));
    send("thief", &movement(&peer, "thief", "ana", "thief"));
    send("mallory", &movement(&peer, "mallory", "ana", "thief"));
    assert!(following(&alice, &ana));
    let requested = |name: &str| {
        let wanted = json!(peer.actor(name));
        peer.received().iter().any(|a| a["type"] == "Follow" && a["object"] == wanted)
    };
    assert!(!requested("new") && !requested("thief"));

    // Confirmed by the new account, and by the old one in its document (FEP-7628).
    change(&peer, "pull", json!({"alsoKnownAs": [peer.actor("ana")]}));
    change(&peer, "ana", json!({"movedTo": peer.actor("pull")}));
    let age = |c: &dassie::store::Conn| {
        c.execute("UPDATE actors SET fetched_at = 1 WHERE local = 0", [])?;
        Ok(())
    };
    alice.app.domain.store.write(age).unwrap();
    send("pull", &movement(&peer, "pull", "ana", "pull"));
    eventually("the new account gets the follow request", || requested("pull"));
    assert!(!following(&alice, &ana));
    eventually("the old one is left", || {
        peer.received().iter().any(|a| a["type"] == "Undo" && a["object"]["object"] == json!(peer.actor("ana")))
    });
}

/// Makes deferred activities due and their actors old enough to be fetched again.
fn check_again(alice: &TestServer) {
    super::pressure::sql(alice, "UPDATE inbox_queue SET due = 0 WHERE error IS NOT NULL");
    super::pressure::sql(
        alice,
        "UPDATE actors SET fetched_at = fetched_at - 60000 WHERE local = 0 AND EXISTS (SELECT 1 FROM inbox_queue WHERE error IS NOT NULL)",
    );
    alice.app.domain.signals.inbox.notify();
}

/// The owner opened the new account just before it listed the old one as an alias.
#[test]
fn a_move_to_a_recently_fetched_account_is_checked_again_later() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    peer.add_actor("new");
    let ana = follow(&alice, &peer, "ana");
    alice.get(&format!("/api/v2/search?resolve=true&q={}", peer.actor("new")));
    change(&peer, "new", json!({"alsoKnownAs": peer.actor("ana")}));
    peer.delivers(&alice, "ana", &movement(&peer, "ana", "ana", "new")).expect(202);
    let waiting = "SELECT count(*) FROM inbox_queue WHERE error IS NOT NULL AND attempts = 1";
    eventually("it waits", || super::pressure::count(&alice, waiting) == 1);
    assert!(following(&alice, &ana));
    check_again(&alice);
    eventually("the new account gets the follow request", || {
        peer.received().iter().any(|a| a["type"] == "Follow" && a["object"] == json!(peer.actor("new")))
    });
    // Apps see where the account went, whole.
    change(&peer, "ana", json!({"movedTo": peer.actor("new")}));
    alice.app.domain.remote().unwrap().fresh_actor(&peer.actor("ana")).unwrap();
    let account = alice.get(&format!("/api/v1/accounts/{ana}"));
    assert_eq!((&account["moved"]["uri"], &account["moved"]["username"]), (&json!(peer.actor("new")), &json!("new")));
    assert_eq!(account["moved"].get("moved"), None);
}

/// The owner opened the new account a minute before it listed the old one as an alias.
#[test]
fn a_document_that_contradicts_a_move_is_fetched_once_more() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    peer.add_actor("new");
    let ana = follow(&alice, &peer, "ana");
    alice.get(&format!("/api/v2/search?resolve=true&q={}", peer.actor("new")));
    let age = |c: &dassie::store::Conn| {
        c.execute("UPDATE actors SET fetched_at = fetched_at - 60000 WHERE local = 0", [])?;
        Ok(())
    };
    alice.app.domain.store.write(age).unwrap();
    change(&peer, "new", json!({"alsoKnownAs": peer.actor("ana")}));
    peer.delivers(&alice, "ana", &movement(&peer, "ana", "ana", "new")).expect(202);
    eventually("the new account gets the follow request", || {
        peer.received().iter().any(|a| a["type"] == "Follow" && a["object"] == json!(peer.actor("new")))
    });
    assert!(!following(&alice, &ana));
}

#[test]
fn pins_are_only_changed_by_their_actor() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let featured = json!(format!("{}/featured", peer.actor("ana")));
    change(&peer, "ana", json!({"featured": featured}));
    let ana = follow(&alice, &peer, "ana");
    eventually("the backfill is done", || alice.is_settled());
    for id in ["one", "two"] {
        peer.delivers(&alice, "ana", &peer.note("ana", id, &format!("note {id}"), &[PUBLIC])).expect(202);
    }
    eventually("they are there", || alice.home().len() == 2);
    let pinned = || {
        let list = alice.get(&format!("/api/v1/accounts/{ana}/statuses?pinned=true"));
        list.as_array().unwrap().iter().map(|s| s["uri"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let note = |id: &str| format!("{}/notes/{id}", peer.base);
    let act = |by: &str, kind: &str, id: &str, target: &Value| {
        let activity = json!({"type": kind, "actor": peer.actor(by), "object": note(id), "target": target});
        peer.delivers(&alice, by, &activity).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    act("mallory", "Add", "one", &featured);
    act("ana", "Add", "one", &json!(format!("{}/moderators", peer.base)));
    assert!(pinned().is_empty());
    act("ana", "Add", "one", &featured);
    act("ana", "Add", "two", &featured);
    assert_eq!(pinned().len(), 2);
    act("mallory", "Remove", "one", &featured);
    act("ana", "Remove", "two", &featured);
    assert_eq!(pinned(), [note("one")]);

    // A pin of something that was never here has the list fetched, if its actor is followed.
    peer.add_actor("eve");
    let hers = json!(format!("{}/featured", peer.actor("eve")));
    change(&peer, "eve", json!({"featured": hers}));
    act("eve", "Add", "three", &hers);
    assert_eq!(peer.requests_for("/users/eve/featured"), 0, "an unknown actor causes no fetch");
    follow(&alice, &peer, "eve");
    eventually("the backfill is done", || alice.is_settled());
    let before = peer.requests_for("/users/eve/featured");
    act("eve", "Add", "four", &hers);
    assert!(peer.requests_for("/users/eve/featured") > before);
}

/// A cycle of moves is followed one step at a time, as each account confirms it; a blocked account is not followed.
#[test]
fn each_move_is_followed_one_step_and_never_to_a_blocked_actor() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for name in ["a", "b", "c", "ban"] {
        peer.add_actor(name);
    }
    for (old, new) in [("a", "b"), ("b", "c"), ("c", "a")] {
        change(&peer, new, json!({"alsoKnownAs": [peer.actor(old)]}));
        change(&peer, old, json!({"movedTo": peer.actor(new)}));
    }
    follow(&alice, &peer, "a");
    let send = |old: &str, new: &str| {
        peer.delivers(&alice, old, &movement(&peer, old, old, new)).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    let requested = |name: &str| {
        let wanted = json!(peer.actor(name));
        peer.received().iter().filter(|a| a["type"] == "Follow" && a["object"] == wanted).count()
    };
    send("a", "b");
    assert_eq!((requested("a"), requested("b"), requested("c")), (1, 1, 0));
    assert!(peer.requests_for("/users/b") <= 2 && peer.requests_for("/users/c") == 0);
    send("b", "c");
    send("c", "a");
    assert_eq!((requested("a"), requested("b"), requested("c")), (2, 1, 1));
    send("a", "b");
    send("a", "b");
    assert_eq!(requested("b"), 1, "it moved recently, and moves must not form a loop");

    change(&peer, "ban", json!({"alsoKnownAs": [peer.actor("mallory")]}));
    let mallory = follow(&alice, &peer, "mallory");
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={}", peer.actor("ban")));
    alice.post(&format!("/api/v1/accounts/{}/block", found["accounts"][0]["id"].as_str().unwrap()), json!({}));
    send("mallory", "ban");
    assert_eq!(requested("ban"), 0);
    assert!(following(&alice, &mallory), "nothing has changed");
}
