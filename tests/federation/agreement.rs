use dassie::domain::account::key_rotation;
use dassie::domain::now;
use dassie::protocol::followers_sync;
use dassie::protocol::signature::SignatureScheme;
use dassie::store::relationships::follows;
use dassie::store::{self, Conn, actors};
use serde_json::{Value, json};

use crate::support::{Peer, Request, TestServer, eventually};

/// Each of two servers loses a follow, and learns of it from the digest of the next private post.
#[test]
fn differing_follower_lists_are_reconciled() {
    let (alice, bob, carol) = (TestServer::start("alice"), TestServer::start("bob"), TestServer::start("carol"));
    alice.follows(&bob);
    carol.follows(&bob);
    let (hers, his) = (bob.finds(&alice), alice.finds(&bob));
    let forget = |server: &TestServer, other: &str, hers: bool| {
        let (me, other) =
            (server.app.domain.owner().unwrap().id, dassie::protocol::ids::ActorId(other.parse().unwrap()));
        let drop = move |c: &Conn| {
            let (a, b) = if hers { (me, other) } else { (other, me) };
            follows::remove(c, &follows::between(c, a, b)?.unwrap())
        };
        server.app.domain.store.write(drop).unwrap();
    };
    let following = || alice.get(&format!("/api/v1/accounts/relationships?id[]={his}"))[0]["following"] == true;
    // Alice's server loses the follow: Bob's server still counts Alice, and hers responds that she does not follow.
    forget(&alice, &his, true);
    assert!(!following());
    bob.posts("for followers, one", "private");
    eventually("bob's server forgets her too", || bob.rows()[1] == 1);
    // Bob's server forgets: Alice mentions him, so that his next private post comes to her all the same.
    alice.follows(&bob);
    forget(&bob, &hers, false);
    bob.posts(&format!("@alice@{} for followers, two", alice.authority), "private");
    eventually("alice's server learns that she does not follow", || !following());
    // Only its own server learns who follows from it.
    let path = "/users/bob/followers_synchronization";
    bob.send(&Request::get(path).activity()).expect(401);
    let digest = followers_sync::digest([carol.actor().as_str()]);
    assert_eq!(digest.len(), 64);
}

#[test]
fn keys_are_rotated_without_interrupting_federation() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    bob.follows(&alice);
    let before = alice.app.domain.owner().unwrap();
    alice.posts("with the old key", "public");
    eventually("it arrives", || bob.sees("with the old key").is_some());
    key_rotation::rotate(&alice.app.domain).unwrap();
    let after = alice.app.domain.owner().unwrap();
    assert!(before.key_id != after.key_id && before.proof_key_id != after.proof_key_id);
    let document = alice.send(&Request::get("/users/alice").activity()).json();
    assert_eq!(document["publicKey"]["id"], json!(after.key_id));
    let listed: Vec<&str> =
        document["assertionMethod"].as_array().unwrap().iter().map(|k| k["id"].as_str().unwrap()).collect();
    assert_eq!(listed.len(), 3, "the new proof key and both old keys: {listed:?}");
    alice.posts("with the new key", "public");
    eventually("it arrives", || bob.sees("with the new key").is_some());
    bob.posts(&format!("@alice@{} fine", alice.authority), "public");
    eventually("and the other way", || alice.notifications().contains(&"mention".to_owned()));
    let purge = move |c: &Conn| store::actors::keys::purge_retired(c, now().plus(std::time::Duration::from_secs(1)));
    alice.app.domain.store.write(purge).unwrap();
    let document = alice.app.domain.store.read(|c| {
        let owner = actors::get(c, after.id)?.unwrap();
        dassie::domain::outbox::builders::actor_document(c, &alice.app.domain.site, &owner)
    });
    assert_eq!(document.unwrap()["assertionMethod"].as_array().unwrap().len(), 1);
}

/// Each Update has its own id: a server that has already processed an id ignores it the second time.
#[test]
fn each_key_rotation_is_announced_under_a_new_id() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let follow = json!({"id": format!("{}/f", peer.base), "type": "Follow", "actor": peer.actor("mallory"),
        "object": alice.actor()});
    peer.delivers(&alice, "mallory", &follow).expect(202);
    eventually("it is accepted", || alice.is_settled());
    alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"display_name": "Alice"})).expect(200);
    key_rotation::rotate(&alice.app.domain).unwrap();
    key_rotation::rotate(&alice.app.domain).unwrap();
    let updates = || peer.received().into_iter().filter(|a| a["type"] == "Update").collect::<Vec<_>>();
    eventually("all arrive", || updates().len() == 3);
    let ids: std::collections::BTreeSet<String> = updates().iter().map(|u| u["id"].to_string()).collect();
    assert_eq!(ids.len(), 3, "{ids:?}");
}

/// A peer that accepts only one signature scheme gets that one from then on.
#[test]
fn the_signature_scheme_that_a_server_accepts_is_stored() {
    for wants in [SignatureScheme::Cavage, SignatureScheme::Rfc9421] {
        let (alice, peer) = (TestServer::start("alice"), Peer::start());
        peer.takes_only(wants);
        let found = alice.get(&format!("/api/v2/search?resolve=true&q={}", peer.actor("mallory")));
        let id = found["accounts"][0]["id"].as_str().expect("found whatever form it takes").to_owned();
        alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
        eventually("it arrives", || peer.received().iter().any(|a| a["type"] == "Follow"));
        alice.post(&format!("/api/v1/accounts/{id}/unfollow"), json!({}));
        eventually("that too", || peer.received().iter().any(|a| a["type"] == "Undo"));
        let refused = peer.refused();
        assert_eq!(
            refused,
            usize::from(wants == SignatureScheme::Rfc9421),
            "{wants:?}: only the first request is refused"
        );
    }
}

/// The Accept was lost; the follower digest of the next private post confirms the follow.
#[test]
fn a_follow_that_the_remote_follower_list_contains_is_accepted() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let (actor, path) = (peer.actor("mallory"), "/users/mallory/followers_synchronization");
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={actor}"));
    let id = found["accounts"][0]["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    eventually("the follow is requested", || peer.received().iter().any(|a| a["type"] == "Follow"));
    peer.serve(path, json!({"type": "OrderedCollection", "orderedItems": [alice.actor()]}));
    let followers = format!("{actor}/followers");
    let header = followers_sync::write(&followers_sync::Synchronization {
        collection: followers.clone(),
        url: format!("{}{path}", peer.base),
        digest: followers_sync::digest([alice.actor().as_str()]),
    });
    let post = peer.note("mallory", "one", "for followers", &[&followers]);
    let request =
        peer.signed(&alice, "mallory", SignatureScheme::Cavage, &post).header(followers_sync::HEADER, &header);
    alice.send(&request).expect(202);
    eventually("it is accepted", || {
        alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0]["following"] == true
    });
    eventually("all is done", || alice.is_settled());
    assert!(!peer.received().iter().any(|a| a["type"] == "Undo"), "{:?}", peer.received());
}

/// Mallory's server lists other followers on this server than this one does. Only a complete list ends Alice's follow, which
/// is then undone.
#[test]
fn a_follow_missing_from_a_complete_remote_follower_list_is_undone() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let (actor, path) = (peer.actor("mallory"), "/users/mallory/followers_synchronization");
    let id = super::moving::follow(&alice, &peer, "mallory");
    let following = || alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0]["following"] == true;
    let followers = format!("{actor}/followers");
    let synchronizes = |n: usize, list: Value| {
        peer.serve(path, list);
        let header = followers_sync::write(&followers_sync::Synchronization {
            collection: followers.clone(),
            url: format!("{}{path}", peer.base),
            digest: followers_sync::digest(["https://elsewhere.example/users/eve"]),
        });
        let post = peer.note("mallory", &n.to_string(), "for followers", &[&followers]);
        let request =
            peer.signed(&alice, "mallory", SignatureScheme::Cavage, &post).header(followers_sync::HEADER, &header);
        alice.send(&request).expect(202);
        eventually("all is done", || alice.is_settled());
    };
    let undone = || peer.received().iter().any(|a| a["type"] == "Undo" && a["object"]["object"] == json!(actor));
    let incomplete = [
        json!({"type": "OrderedCollection"}),
        json!({"type": "OrderedCollection", "totalItems": 1}),
        json!({"type": "OrderedCollection", "totalItems": 1, "orderedItems": []}),
        json!({}),
    ];
    for (n, list) in incomplete.into_iter().enumerate() {
        synchronizes(n, list.clone());
        assert!(following() && !undone(), "{list}");
    }
    // Items may be embedded, Links or pages.
    let (me, page) = (alice.actor(), alice.url("/@alice"));
    for (n, item) in
        [json!({"id": me, "type": "Person"}), json!({"type": "Link", "href": me}), json!(page)].iter().enumerate()
    {
        synchronizes(5 + n, json!({"type": "OrderedCollection", "totalItems": 1, "orderedItems": [item]}));
        assert!(following() && !undone(), "{item}");
    }
    synchronizes(9, json!({"type": "OrderedCollection", "totalItems": 0, "orderedItems": []}));
    assert!(!following() && undone());
}
