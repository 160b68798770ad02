//! Signatures with nonexistent keys: the number of key lookups that they cause is limited.

use dassie::limits;
use dassie::protocol::signature::SignatureScheme;
use serde_json::json;

use crate::federation::pressure::sql;
use crate::support::{Peer, Request, TestServer, eventually};

/// A signed activity whose key is on a server that does not exist.
fn junk(alice: &TestServer, peer: &Peer, port: usize) -> Request {
    let actor = format!("http://127.0.0.1:{port}/users/nobody");
    let like = json!({"id": format!("{actor}/likes/{port}"), "type": "Like", "actor": actor, "object": alice.actor()});
    peer.signed_with(&Peer::other_key(), &format!("{actor}#main-key"), alice, SignatureScheme::Cavage, &like)
}

#[test]
fn lookups_of_nonexistent_keys_are_charged_to_their_client_and_do_not_block_known_servers() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.delivers(&alice, "mallory", &peer.follow("mallory", &alice)).expect(202);
    eventually("the follow gets a response", || alice.is_settled());
    for n in 0..=limits::KEY_FAILURES_PER_CLIENT_PER_MINUTE {
        let response = alice.send(&junk(&alice, &peer, 10 + n).header("x-forwarded-for", "203.0.113.1"));
        assert!(matches!(response.status, 401 | 503), "{}", response.status);
    }
    let new = Peer::start();
    let like = |from: &Peer, n: u8| json!({"id": format!("{}/likes/{n}", from.base), "type": "Like", "actor": from.actor("mallory"), "object": alice.actor()});
    let from = |client: &str, like| {
        let request = new.signed(&alice, "mallory", SignatureScheme::Cavage, &like);
        alice.send(&request.header("x-forwarded-for", client)).status
    };
    assert_eq!(from("203.0.113.1", like(&new, 1)), 503, "the client has used up its failures");
    assert_eq!(from("203.0.113.2", like(&new, 2)), 202, "another has not");
    for n in 0..limits::KEY_FETCHES_PER_MINUTE {
        assert!(matches!(alice.send(&junk(&alice, &peer, 100 + n)).status, 401 | 503));
    }
    peer.add_actor("ana");
    sql(&alice, "DELETE FROM actor_keys WHERE private_key IS NULL");
    peer.delivers(&alice, "mallory", &like(&peer, 3)).expect(202);
    peer.delivers(&alice, "ana", &peer.follow("ana", &alice)).expect(202);
}
