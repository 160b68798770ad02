//! Servers that hang, fail or flood: what they cost, and whom.

use std::sync::atomic::Ordering;

use dassie::limits;
use dassie::protocol::ids::{ActorId, FollowId};
use dassie::store::{Conn, follows};
use rusqlite::params;
use serde_json::json;

use super::world::PUBLIC;
use crate::support::broken::{Broken, Fault};
use crate::support::{Peer, TestServer, eventually};

fn host(base: &str) -> String {
    base.strip_prefix("http://").unwrap().to_owned()
}

/// A follower on a server that would never answer a follow itself.
fn add_follower(alice: &TestServer, base: &str) {
    let (owner, base) = (alice.app.domain.owner().unwrap().id, base.to_owned());
    let seed = move |c: &Conn| {
        let id: i64 = c.query_row("SELECT max(id) + 1 FROM actors", [], |r| r.get(0))?;
        c.execute(
            "INSERT INTO actors (id, uri, kind, username, domain, host, inbox, created_at, updated_at, fetched_at) \
             VALUES (?1, ?2, 0, 'fan', ?3, ?3, ?2 || '/inbox', 1, 1, 9000000000000)",
            params![id, format!("{base}/users/fan"), host(&base)],
        )?;
        follows::insert(c, FollowId(id), &base, ActorId(id), owner, true, dassie::domain::now()).map(|_| ())
    };
    alice.app.domain.store.write(seed).unwrap();
}

/// Changes rows behind the server's back.
fn sql(alice: &TestServer, sql: &'static str) {
    alice.app.domain.store.write(move |c| Ok(c.execute(sql, [])?)).unwrap();
    alice.app.domain.wake.delivery.ring();
}

fn count(alice: &TestServer, sql: &'static str) -> i64 {
    alice.app.domain.store.read(|c| Ok(c.query_row(sql, [], |r| r.get(0))?)).unwrap()
}

/// Somebody's answers, which we pass on, wait in a line of their own.
#[test]
fn what_is_forwarded_and_what_is_ours_do_not_hold_up_each_other() {
    let (alice, ana, fans) =
        (TestServer::start("alice"), Peer::start(), Broken::start(Fault::Says("503 Service Unavailable")));
    add_follower(&alice, &fans.base);
    let tried = |n: usize| eventually("it is tried", || fans.requests.load(Ordering::SeqCst) == n);
    let waits = |n: i64| {
        eventually("it is put off", || count(&alice, "SELECT count(*) FROM deliveries WHERE attempts > 0") == n);
    };
    let post = alice.posts("first", "public");
    tried(1);
    waits(1);
    let mut answer = ana.note("mallory", "one", "an answer", &[PUBLIC, &format!("{}/followers", alice.actor())]);
    answer["object"]["inReplyTo"] = post["uri"].clone();
    ana.delivers(&alice, "mallory", &answer).expect(202);
    tried(2);
    waits(2);
    alice.posts("second", "public");
    eventually("it waits for its turn", || count(&alice, "SELECT count(*) FROM deliveries") == 3);
    sql(&alice, "DELETE FROM deliveries WHERE id = (SELECT min(id) FROM deliveries)");
    tried(3);
}

/// A post that its receiver cannot bear.
#[test]
fn what_breaks_a_server_holds_back_only_what_is_about_itself() {
    let (alice, fans) = (TestServer::start("alice"), Broken::start(Fault::Says("500 Internal Server Error")));
    add_follower(&alice, &fans.base);
    let post = alice.posts("first", "public");
    let tried = |n: usize| eventually("it is tried", || fans.requests.load(Ordering::SeqCst) == n);
    tried(1);
    eventually("it is put off", || count(&alice, "SELECT max(faults) FROM deliveries") == 1);
    let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    alice.api("PUT", &path, json!({"status": "first, edited"})).expect(200);
    alice.posts("second", "public");
    eventually("all wait", || count(&alice, "SELECT count(*) FROM deliveries") == 3);
    sql(&alice, "UPDATE deliveries SET faults = 3 WHERE faults = 1");
    tried(2);
    let edit = "SELECT d.attempts FROM deliveries d JOIN outgoing o ON o.id = d.outgoing_id WHERE o.kind = 'Update'";
    eventually("the second was put off", || count(&alice, "SELECT count(*) FROM deliveries WHERE attempts = 1") == 2);
    assert_eq!(count(&alice, edit), 0, "the edit waits for its post");
}

/// A peer that could not fetch our key says 401; failures of another kind before that are no refusals.
#[test]
fn only_refusals_count_as_refusals() {
    let (alice, fans) = (TestServer::start("alice"), Broken::start(Fault::Says("401 Unauthorized")));
    add_follower(&alice, &fans.base);
    alice.posts("first", "public");
    for n in 1..=limits::DELIVERY_REFUSALS {
        eventually("it is put off", || {
            count(&alice, "SELECT count(*) FROM deliveries") == 1 && {
                count(&alice, "SELECT refusals FROM deliveries") == n
            }
        });
        sql(&alice, "UPDATE deliveries SET due = 0, attempts = 5");
    }
    eventually("it is given up", || count(&alice, "SELECT count(*) FROM deliveries") == 0);
}

/// A server that was down for long speaks again.
#[test]
fn what_waits_for_a_server_goes_out_when_it_is_heard_again() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.delivers(&alice, "mallory", &peer.follow("mallory", &alice)).expect(202);
    eventually("the follow is answered", || alice.is_settled() && !peer.received().is_empty());
    sql(&alice, "UPDATE hosts SET failures = 5, failing_since = first_seen - 9000000, retry_at = 9000000000000");
    alice.posts("after the night", "public");
    eventually("it waits", || count(&alice, "SELECT count(*) FROM deliveries") == 1);
    sql(&alice, "UPDATE deliveries SET attempts = 5, due = 9000000000000");
    let post = || peer.received().iter().any(|a| a["type"] == "Create");
    assert!(!post());
    peer.delivers(&alice, "mallory", &peer.note("mallory", "1", "good morning", &[&alice.actor()])).expect(202);
    eventually("it goes out", post);
}

/// A document that is not found may be a mistake of its server for an hour; one that is gone is gone.
#[test]
fn a_follower_is_lost_for_good_only_when_its_server_says_so() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let uri = peer.actor("ana");
    peer.delivers(&alice, "ana", &peer.follow("ana", &alice)).expect(202);
    eventually("the follow is answered", || alice.is_settled() && !peer.received().is_empty());
    let refresh = || {
        let (uri, now) = (uri.clone(), dassie::domain::now());
        let job = move |c: &Conn| dassie::store::jobs::enqueue(c, dassie::store::jobs::Kind::RefreshActor, &uri, now);
        alice.app.domain.store.write(job).unwrap();
        alice.app.domain.wake.jobs.ring();
        eventually("it was asked for", || count(&alice, "SELECT count(*) FROM jobs WHERE kind = 'refresh_actor'") == 0);
    };
    let posts = |text: &str, arrives: bool| {
        alice.posts(text, "public");
        eventually("all is sent", || count(&alice, "SELECT count(*) FROM outgoing") == 0);
        assert_eq!(
            peer.received().iter().any(|a| a["object"]["content"].to_string().contains(text)),
            arrives,
            "{text}"
        );
    };
    let answer = |status: &'static str| peer.answer("/users/ana", status);
    answer("404 Not Found");
    refresh();
    posts("after one 404", true);
    sql(&alice, "UPDATE jobs SET due = 0 WHERE kind = 'confirm_gone'");
    alice.app.domain.wake.jobs.ring();
    eventually("it is confirmed", || count(&alice, "SELECT count(*) FROM jobs") == 0);
    posts("after the second", false);
    // It speaks: so it is there.
    peer.delivers(&alice, "ana", &peer.note("ana", "1", "I am here", &[&alice.actor()])).expect(202);
    eventually("it is heard", || alice.is_settled());
    posts("after it spoke", true);
    answer("410 Gone");
    refresh();
    posts("after the end", false);
    let accepts = || peer.received().iter().filter(|a| a["type"] == "Accept").count();
    let before = accepts();
    let mut again = peer.follow("ana", &alice);
    again["id"] = json!(format!("{uri}/follow/2"));
    peer.delivers(&alice, "ana", &again).expect(202);
    eventually("the follow is answered", || accepts() == before + 1);
}
