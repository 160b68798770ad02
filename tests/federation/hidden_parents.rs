//! Anyone can send a reply to any id. What others see of it does not depend on what is or was stored under that id.

use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

/// What anonymous clients see of a public reply of Mallory to this id, without what is always different, such as the number of
/// posts in the account.
fn reply_to(alice: &TestServer, peer: &Peer, name: &str, parent: &str) -> Value {
    let me = alice.actor();
    let mut create = peer.note("mallory", name, "guess", &[PUBLIC, &me]);
    create["object"]["inReplyTo"] = json!(parent);
    peer.delivers(alice, "mallory", &create).expect(202);
    eventually("the reply is processed", || alice.is_settled());
    let uri = create["object"]["id"].as_str().unwrap();
    let stored = alice.app.domain.store.read(|c| dassie::store::statuses::by_uri(c, uri)).unwrap().unwrap();
    let path = format!("/api/v1/statuses/{}", stored.id);
    let mut seen = alice.send(&Request::get(&path)).expect(200).json();
    for member in ["id", "uri", "url", "created_at", "account"] {
        seen[member] = Value::Null;
    }
    seen["context"] = alice.send(&Request::get(&format!("{path}/context"))).expect(200).json();
    seen
}

#[test]
fn a_reply_reveals_no_hidden_or_deleted_parent() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let open = alice.posts("for all", "public");
    let private = alice.posts("for followers", "private");
    let direct = alice.posts("for nobody", "direct");
    let deleted = alice.posts("for followers, and deleted", "private");
    alice.api("DELETE", &format!("/api/v1/statuses/{}", deleted["id"].as_str().unwrap()), Value::Null).expect(200);
    let missing = reply_to(&alice, &peer, "missing", &format!("{}/statuses/7", alice.actor()));
    for (name, post) in [("private", &private), ("direct", &direct), ("deleted", &deleted)] {
        let seen = reply_to(&alice, &peer, name, post["uri"].as_str().unwrap());
        assert_eq!(seen, missing, "{name}");
    }
    let seen = reply_to(&alice, &peer, "open", open["uri"].as_str().unwrap());
    assert_eq!((&seen["in_reply_to_id"], &seen["in_reply_to_account_id"]), (&open["id"], &open["account"]["id"]));
    assert_eq!(seen["context"]["ancestors"][0]["id"], open["id"]);
}
