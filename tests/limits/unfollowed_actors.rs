//! Limits on what accounts that the owner does not follow can store.

use dassie::config::Config;
use dassie::domain::now;
use dassie::limits;
use dassie::store::quota;
use serde_json::json;

use crate::federation::moving::follow;
use crate::federation::pressure::add_follower;
use crate::federation::world::PUBLIC;
use crate::support::{Peer, TestServer, eventually};

#[test]
fn a_follower_has_the_same_quota_as_any_unfollowed_actor() {
    let (alice, peer, friend) = (TestServer::start("alice"), Peer::start(), Peer::start());
    follow(&alice, &friend, "mallory");
    peer.delivers(&alice, "mallory", &peer.follow("mallory", &alice)).expect(202);
    eventually("the follow gets a response", || alice.is_settled());
    let long = "汉".repeat(20_000);
    let post = |from: &Peer, n: usize| {
        let text = format!("{n} {long}");
        from.delivers(&alice, "mallory", &from.note("mallory", &n.to_string(), &text, &[PUBLIC, &alice.actor()])).status
    };
    assert_eq!(post(&peer, 1), 202);
    let host = peer.base.strip_prefix("http://").unwrap();
    let left = limits::UNFOLLOWED_BYTES_PER_DOMAIN_PER_HOUR - 200_000;
    assert!(alice.app.domain.remote_bytes.take_many(host, left, limits::UNFOLLOWED_BYTES_PER_DOMAIN_PER_HOUR, now()));
    let taken = (2..10).filter(|n| post(&peer, *n) == 202).count();
    assert!((1..4).contains(&taken), "{taken}");
    assert_eq!(post(&peer, 20), 429);
    let friends = friend.base.strip_prefix("http://").unwrap();
    while alice.app.domain.remote_bytes.take_many(friends, left, limits::UNFOLLOWED_BYTES_PER_DOMAIN_PER_HOUR, now()) {}
    assert_eq!(post(&friend, 21), 202, "followed actors are exempt");
}

#[test]
fn hosts_below_one_domain_share_a_quota_except_followed_hosts() {
    let alice = TestServer::start("alice");
    add_follower(&alice, "http://fan.many.example");
    let key = |host: &'static str| alice.app.domain.store.read(|c| quota::key(c, host)).unwrap();
    assert_eq!(key("a1.many.example"), "many.example");
    assert_eq!(key("fan.many.example"), "many.example", "to follow the owner is open to everyone");
    let turned = "UPDATE follows SET follower_id = target_id, target_id = follower_id";
    crate::federation::pressure::sql(&alice, turned);
    assert_eq!(key("fan.many.example"), "fan.many.example");
    assert_eq!(key("a2.many.example"), "many.example");
}

#[test]
fn on_a_nearly_full_disk_remote_posts_wait_and_the_owner_still_posts() {
    let full = Config { min_free_disk_mb: u64::MAX, ..Config::default() };
    let (alice, peer) = (TestServer::start_with("alice", full), Peer::start());
    let response = peer.delivers(&alice, "mallory", &peer.follow("mallory", &alice)).expect(503);
    assert_eq!(response.header("retry-after").map(str::to_owned), Some(limits::DISK_RETRY_AFTER.to_string()));
    assert_eq!(peer.requests_for("/users/mallory"), 0, "it is refused before its key is fetched");
    alice.post("/api/v1/statuses", json!({"status": "still here"}));
}
