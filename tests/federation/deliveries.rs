//! Delivery order per server, delivery failures, and how they are reported to the owner.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::pressure::{add_follower, count, sql};
use crate::support::broken::{Broken, Fault};
use crate::support::{Peer, Request, TestServer, eventually};

/// The page of a post with the state of its deliveries.
fn report(alice: &TestServer, post: &Value) -> String {
    let (cookie, _) = alice.session();
    let path = format!("/x/{}", post["id"].as_str().unwrap());
    alice.send(&Request::get(&path).header("cookie", &cookie)).expect(200).text()
}

/// A follow, a block and a boost that fail at their receiver, and their Undos.
#[test]
fn an_undo_waits_for_the_activity_that_failed() {
    let begun_and_ended = [
        ("Follow", "accounts/FAN/follow", "accounts/FAN/unfollow"),
        ("Block", "accounts/FAN/block", "accounts/FAN/unblock"),
        ("Announce", "statuses/POST/reblog", "statuses/POST/unreblog"),
    ];
    for (kind, begins, ends) in begun_and_ended {
        let (alice, fans) = (TestServer::start("alice"), Broken::start(Fault::Status("500 Internal Server Error")));
        let post = alice.posts("first", "public");
        add_follower(&alice, &fans.base);
        let fan = count(&alice, "SELECT max(id) FROM actors").to_string();
        let does = |path: &str| {
            let path = path.replace("FAN", &fan).replace("POST", post["id"].as_str().unwrap());
            alice.post(&format!("/api/v1/{path}"), json!({}));
        };
        let tried = |n: usize| eventually(kind, || fans.requests.load(Ordering::SeqCst) == n);
        does(begins);
        tried(1);
        eventually("it is delayed", || count(&alice, "SELECT max(faults) FROM deliveries") == 1);
        sql(&alice, "UPDATE deliveries SET faults = 3 WHERE faults = 1");
        does(ends);
        // The blocked actor no longer follows; another actor of its server does.
        add_follower(&alice, &format!("{}/other", fans.base));
        alice.posts("second", "public");
        tried(2);
        eventually("the second was delayed", || {
            count(&alice, "SELECT count(*) FROM deliveries WHERE attempts = 1") == 2
        });
        let undo = "SELECT d.attempts FROM deliveries d JOIN outgoing o ON o.id = d.outgoing_id WHERE o.kind = 'Undo'";
        assert_eq!(count(&alice, undo), 0, "the Undo waits for the {kind}");
    }
}

/// An inbox that closes the connection on one activity at every attempt.
#[test]
fn an_activity_without_a_response_counts_as_a_fault_of_the_activity() {
    let (alice, fans) = (TestServer::start("alice"), Broken::start(Fault::CutsAtOnce));
    add_follower(&alice, &fans.base);
    alice.posts("first", "public");
    for n in 1..=3 {
        eventually("it is delayed", || count(&alice, "SELECT ifnull(max(faults), 0) FROM deliveries") == n);
        sql(&alice, "UPDATE deliveries SET due = CASE WHEN faults < 3 THEN 0 ELSE due END");
    }
    alice.posts("second", "public");
    eventually("the second is tried", || count(&alice, "SELECT min(attempts) FROM deliveries") == 1);
    assert_eq!(fans.requests.load(Ordering::SeqCst), 4);
    // An unreachable server gives no such information.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let bob = TestServer::start("bob");
    add_follower(&bob, &format!("http://{closed}"));
    bob.posts("first", "public");
    eventually("it is delayed", || count(&bob, "SELECT count(*) FROM deliveries WHERE attempts = 1") == 1);
    assert_eq!(count(&bob, "SELECT faults FROM deliveries"), 0);
}

/// A server that has not responded for a week, and a follower that is gone.
#[test]
fn dropped_deliveries_are_reported_to_the_owner() {
    let (alice, fans) = (TestServer::start("alice"), Broken::start(Fault::Status("503 Service Unavailable")));
    add_follower(&alice, &fans.base);
    let post = alice.posts("first", "public");
    eventually("it is delayed", || count(&alice, "SELECT count(*) FROM deliveries WHERE attempts = 1") == 1);
    sql(&alice, "UPDATE hosts SET failing_since = 1, retry_at = NULL");
    sql(&alice, "UPDATE deliveries SET due = 0");
    eventually("it is dropped", || count(&alice, "SELECT count(*) FROM deliveries") == 0);
    let page = report(&alice, &post);
    assert!(page.contains("the server has not responded for a week"), "{page}");

    let (bob, peer) = (TestServer::start("bob"), Peer::start());
    peer.delivers(&bob, "mallory", &peer.follow("mallory", &bob)).expect(202);
    eventually("mallory follows", || bob.is_settled() && bob.rows()[1] == 1);
    peer.responds("/users/mallory/inbox", "503 Service Unavailable");
    let post = bob.posts("first", "public");
    eventually("it is delayed", || count(&bob, "SELECT count(*) FROM deliveries WHERE attempts = 1") == 1);
    peer.responds("/users/mallory", "410 Gone");
    let (uri, now) = (peer.actor("mallory"), dassie::domain::now());
    let job = |uri| dassie::store::queues::jobs::Task::RefreshActor(uri);
    bob.app.domain.store.write(move |c| dassie::store::queues::jobs::enqueue(c, &job(uri), now)).unwrap();
    bob.app.domain.signals.jobs.notify();
    eventually("it is dropped", || count(&bob, "SELECT count(*) FROM deliveries") == 0);
    let page = report(&bob, &post);
    assert!(page.contains("the account is gone"), "{page}");
}
