//! Rotation of our keys, and servers that keep the old ones.

use dassie::domain::account::key_rotation;
use dassie::protocol::signature::SignatureScheme;
use serde_json::json;

use super::pressure::{add_follower, count, sql};
use crate::support::verifier::{KeyCache, Verifier};
use crate::support::{Peer, Request, TestServer, eventually};

/// A follower on a server that keeps keys so, which has Alice's first post.
fn with_follower(cache: KeyCache) -> (TestServer, Verifier) {
    let alice = TestServer::start("alice");
    let server = Verifier::start(cache, &alice.authority);
    add_follower(&alice, &server.base);
    alice.posts("before the rotation", "public");
    eventually("the first post arrives", || server.has("before the rotation"));
    (alice, server)
}

fn rotate(alice: &TestServer) {
    key_rotation::rotate(&alice.app.domain).unwrap();
}

/// Hosts need not be given time to read an announcement in a test.
fn hasten(alice: &TestServer) {
    sql(alice, "UPDATE hosts SET retry_at = NULL");
}

fn arrives(alice: &TestServer, server: &Verifier, text: &str) {
    alice.posts(text, "public");
    eventually(text, || {
        hasten(alice);
        server.has(text)
    });
}

#[test]
fn a_server_that_fetches_no_key_again_learns_the_new_one_from_an_update_signed_with_the_old() {
    let (alice, misskey) = with_follower(KeyCache::Forever);
    rotate(&alice);
    eventually("the announcement is verified with the old key", || misskey.taken("Update").len() == 1);
    assert_eq!(
        misskey.taken("Update")[0]["object"]["publicKey"]["id"],
        json!(alice.app.domain.owner().unwrap().key_id)
    );
    arrives(&alice, &misskey, "after the rotation");
    rotate(&alice);
    arrives(&alice, &misskey, "after another");
    assert_eq!(misskey.dropped(), 0);
}

/// Two rotations before the first was announced: each announcement is signed with the key that it replaces.
#[test]
fn a_server_that_was_away_for_two_rotations_verifies_both_announcements() {
    let (alice, misskey) = with_follower(KeyCache::Forever);
    sql(&alice, "UPDATE hosts SET retry_at = 9000000000000");
    rotate(&alice);
    rotate(&alice);
    arrives(&alice, &misskey, "after two rotations");
    assert_eq!((misskey.taken("Update").len(), misskey.dropped()), (2, 0));
}

#[test]
fn nothing_is_sent_while_a_server_reads_the_announcement() {
    let (alice, misskey) = with_follower(KeyCache::Forever);
    rotate(&alice);
    eventually("the announcement arrives", || misskey.taken("Update").len() == 1);
    eventually("the host rests", || count(&alice, "SELECT count(*) FROM hosts WHERE retry_at IS NOT NULL") == 1);
}

#[test]
fn a_server_that_fetches_the_key_again_gets_the_next_post() {
    let (alice, mastodon) = with_follower(KeyCache::UntilRefused);
    rotate(&alice);
    arrives(&alice, &mastodon, "after the rotation");
}

/// Lemmy: 400, and it reads no Update of an actor.
#[test]
fn a_server_that_caches_a_key_for_a_day_gets_signatures_of_the_old_key_until_then() {
    let (alice, lemmy) = with_follower(KeyCache::ADay);
    rotate(&alice);
    arrives(&alice, &lemmy, "on the same day");
    let dropped = lemmy.dropped();
    arrives(&alice, &lemmy, "an hour later");
    assert_eq!(lemmy.dropped(), dropped, "the key that it took last is tried first");
    lemmy.forgets_key();
    arrives(&alice, &lemmy, "on the next day");
    let dropped = lemmy.dropped();
    arrives(&alice, &lemmy, "and later");
    assert_eq!(lemmy.dropped(), dropped);
}

/// WordPress: 401 until its cache expires.
#[test]
fn a_server_that_returns_401_until_its_cache_expires_misses_nothing() {
    let (alice, wordpress) = with_follower(KeyCache::UntilExpiry);
    rotate(&alice);
    arrives(&alice, &wordpress, "in the same week");
    wordpress.forgets_key();
    arrives(&alice, &wordpress, "in the next week");
    assert_eq!(count(&alice, "SELECT count(*) FROM delivery_report WHERE error IS NOT NULL"), 0);
}

/// The command line changes the keys of a running server.
#[test]
fn a_running_server_signs_with_keys_created_by_another_process() {
    let (alice, mastodon) = with_follower(KeyCache::UntilRefused);
    let before = alice.app.domain.owner().unwrap().key_id;
    rotate(&alice);
    // As if this process had not read them yet.
    let key_id = alice.app.domain.owner().unwrap().key_id;
    assert_ne!(before, key_id);
    arrives(&alice, &mastodon, "with the new key");
}

#[test]
fn a_server_that_never_knew_the_old_key_gets_signatures_of_the_new_one() {
    let (alice, _) = with_follower(KeyCache::UntilRefused);
    rotate(&alice);
    let late = Verifier::start(KeyCache::Forever, &alice.authority);
    add_follower(&alice, &late.base);
    arrives(&alice, &late, "the first that it gets");
    assert_eq!(late.dropped(), 0);
}

/// The keys of before are gone, and Lemmy does not know the present one: the post waits. The announcement, which Lemmy
/// cannot read, does not.
#[test]
fn a_400_about_the_signature_is_retried_and_any_other_400_is_final() {
    let (alice, lemmy) = with_follower(KeyCache::ADay);
    rotate(&alice);
    sql(&alice, "DELETE FROM actor_keys WHERE retired_at IS NOT NULL");
    alice.posts("after the rotation", "public");
    let waiting = "SELECT count(*) FROM deliveries WHERE refusals = 1";
    eventually("the post waits", || count(&alice, waiting) == 1);
    assert_eq!(count(&alice, "SELECT count(*) FROM outgoing WHERE kind = 'Update'"), 0);
    lemmy.forgets_key();
    sql(&alice, "UPDATE deliveries SET due = 0");
    eventually("it arrives", || lemmy.has("after the rotation"));
}

/// The owner's actor is fetched with a signature: its host has the new key.
#[test]
fn a_host_that_fetches_the_actor_after_a_rotation_knows_the_new_key() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.delivers(&alice, "mallory", &peer.follow("mallory", &alice)).expect(202);
    eventually("mallory follows", || alice.is_settled() && alice.rows()[1] == 1);
    rotate(&alice);
    eventually("the announcement is sent", || peer.received().iter().any(|a| a["type"] == "Update"));
    let known = "SELECT count(*) FROM hosts WHERE knows_key >= (SELECT max(fetched_at) FROM actor_keys)";
    eventually("the announcement counts", || count(&alice, known) == 1);
    sql(&alice, "UPDATE hosts SET knows_key = 1");
    alice.send(&peer.signed_with(
        &Peer::other_key(),
        "http://nobody.example/k",
        &alice,
        SignatureScheme::Cavage,
        &json!({}),
    ));
    alice.send(&Request::get("/users/alice").activity()).expect(200);
    assert_eq!(count(&alice, known), 0, "an unsigned request has no effect");
    alice.send(&peer.signs_get(&alice, "mallory", "/users/alice").activity()).expect(200);
    assert_eq!(count(&alice, known), 1);
}

/// The key of this server's own actor is announced too, in its own name.
#[test]
fn the_new_key_of_the_instance_actor_is_announced_to_every_known_host() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    // Not followed, and not a follower.
    peer.delivers(&alice, "mallory", &peer.note("mallory", "1", "hello", &[&alice.actor()])).expect(202);
    eventually("it is read", || alice.notifications() == ["mention"]);
    rotate(&alice);
    let announced = |id: String| peer.received().iter().any(|a| a["type"] == "Update" && a["actor"] == json!(id));
    eventually("both are announced", || {
        hasten(&alice);
        announced(alice.actor()) && announced(alice.url("/actor"))
    });
}
