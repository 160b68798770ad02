//! Load limits: the cost of servers that hang, fail or flood, and who bears it.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use dassie::limits;
use dassie::protocol::ids::{ActorId, FollowId};
use dassie::protocol::signature::SignatureScheme;
use dassie::store::Conn;
use dassie::store::queues::jobs;
use dassie::store::relationships::follows;
use rusqlite::params;
use serde_json::json;

use super::world::PUBLIC;
use crate::support::broken::{Broken, Fault};
use crate::support::{Peer, Request, TestServer, eventually};

fn host(base: &str) -> String {
    base.strip_prefix("http://").unwrap().to_owned()
}

/// A follower on a server that sends no Follow itself.
pub fn add_follower(alice: &TestServer, base: &str) {
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
pub fn sql(alice: &TestServer, sql: &'static str) {
    alice.app.domain.store.write(move |c| Ok(c.execute(sql, [])?)).unwrap();
    alice.app.domain.signals.delivery.notify();
}

pub fn count(alice: &TestServer, sql: &'static str) -> i64 {
    alice.app.domain.store.read(|c| Ok(c.query_row(sql, [], |r| r.get(0))?)).unwrap()
}

/// Forwarded replies by other actors have a delivery queue of their own.
#[test]
fn forwarded_and_own_activities_do_not_delay_each_other() {
    let (alice, ana, fans) =
        (TestServer::start("alice"), Peer::start(), Broken::start(Fault::Status("503 Service Unavailable")));
    add_follower(&alice, &fans.base);
    let tried = |n: usize| eventually("it is tried", || fans.requests.load(Ordering::SeqCst) == n);
    let waits = |n: i64| {
        eventually("it is delayed", || count(&alice, "SELECT count(*) FROM deliveries WHERE attempts > 0") == n);
    };
    let post = alice.posts("first", "public");
    tried(1);
    waits(1);
    let mut reply = ana.note("mallory", "one", "a reply", &[PUBLIC, &format!("{}/followers", alice.actor())]);
    reply["object"]["inReplyTo"] = post["uri"].clone();
    ana.delivers(&alice, "mallory", &reply).expect(202);
    tried(2);
    waits(2);
    alice.posts("second", "public");
    eventually("it waits for its turn", || count(&alice, "SELECT count(*) FROM deliveries") == 3);
    sql(&alice, "DELETE FROM deliveries WHERE id = (SELECT min(id) FROM deliveries)");
    tried(3);
}

/// A post that fails at its receiver.
#[test]
fn a_failing_activity_delays_only_activities_about_the_same_object() {
    let (alice, fans) = (TestServer::start("alice"), Broken::start(Fault::Status("500 Internal Server Error")));
    add_follower(&alice, &fans.base);
    let post = alice.posts("first", "public");
    let tried = |n: usize| eventually("it is tried", || fans.requests.load(Ordering::SeqCst) == n);
    tried(1);
    eventually("it is delayed", || count(&alice, "SELECT max(faults) FROM deliveries") == 1);
    let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    alice.api("PUT", &path, json!({"status": "first, edited"})).expect(200);
    alice.posts("second", "public");
    eventually("all wait", || count(&alice, "SELECT count(*) FROM deliveries") == 3);
    sql(&alice, "UPDATE deliveries SET faults = 3 WHERE faults = 1");
    tried(2);
    let edit = "SELECT d.attempts FROM deliveries d JOIN outgoing o ON o.id = d.outgoing_id WHERE o.kind = 'Update'";
    eventually("the second was delayed", || count(&alice, "SELECT count(*) FROM deliveries WHERE attempts = 1") == 2);
    assert_eq!(count(&alice, edit), 0, "the edit waits for its post");
}

/// A peer that could not fetch our key responds with 401; earlier failures of another kind are not refusals.
#[test]
fn only_401_responses_count_as_refusals() {
    let (alice, fans) = (TestServer::start("alice"), Broken::start(Fault::Status("401 Unauthorized")));
    add_follower(&alice, &fans.base);
    alice.posts("first", "public");
    for n in 1..=limits::DELIVERY_REFUSALS {
        eventually("it is delayed", || {
            count(&alice, "SELECT count(*) FROM deliveries") == 1 && {
                count(&alice, "SELECT refusals FROM deliveries") == n
            }
        });
        sql(&alice, "UPDATE deliveries SET due = 0, attempts = 5");
    }
    eventually("it is given up", || count(&alice, "SELECT count(*) FROM deliveries") == 0);
}

/// A server that was down for long sends an activity.
#[test]
fn delayed_deliveries_are_sent_when_their_server_contacts_us() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.delivers(&alice, "mallory", &peer.follow("mallory", &alice)).expect(202);
    eventually("the follow gets a response", || alice.is_settled() && !peer.received().is_empty());
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
fn a_follower_is_only_removed_if_its_server_confirms_that_it_is_gone() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let uri = peer.actor("ana");
    peer.delivers(&alice, "ana", &peer.follow("ana", &alice)).expect(202);
    eventually("the follow gets a response", || alice.is_settled() && !peer.received().is_empty());
    let refresh = || {
        let (uri, now) = (uri.clone(), dassie::domain::now());
        let job = move |c: &Conn| jobs::enqueue(c, &jobs::Task::RefreshActor(uri), now);
        alice.app.domain.store.write(job).unwrap();
        alice.app.domain.signals.jobs.notify();
        eventually("it was fetched", || count(&alice, "SELECT count(*) FROM jobs WHERE kind = 'refresh_actor'") == 0);
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
    let respond = |status: &'static str| peer.responds("/users/ana", status);
    respond("404 Not Found");
    refresh();
    posts("after one 404", true);
    sql(&alice, "UPDATE jobs SET due = 0 WHERE kind = 'confirm_gone'");
    alice.app.domain.signals.jobs.notify();
    eventually("it is confirmed", || count(&alice, "SELECT count(*) FROM jobs") == 0);
    posts("after the second", false);
    // It sends an activity, so it exists.
    peer.delivers(&alice, "ana", &peer.note("ana", "1", "I am here", &[&alice.actor()])).expect(202);
    eventually("the mention arrives", || alice.is_settled());
    posts("after it spoke", true);
    respond("410 Gone");
    refresh();
    posts("after the end", false);
    let accepts = || peer.received().iter().filter(|a| a["type"] == "Accept").count();
    let before = accepts();
    let mut again = peer.follow("ana", &alice);
    again["id"] = json!(format!("{uri}/follow/2"));
    peer.delivers(&alice, "ana", &again).expect(202);
    eventually("the follow gets a response", || accepts() == before + 1);
}

/// Forty deliveries whose key is on a server that accepts connections and never responds.
#[test]
fn a_key_server_that_never_responds_does_not_delay_others() {
    let (alice, peer, mute) = (TestServer::start("alice"), Peer::start(), Broken::start(Fault::Hangs));
    let key_id = format!("{}/users/mute#main-key", mute.base);
    let post = |n: usize| {
        let note = json!({
            "id": format!("{}/notes/{n}", mute.base), "type": "Create", "actor": format!("{}/users/mute", mute.base),
            "object": {"id": format!("{}/notes/{n}/object", mute.base), "type": "Note", "content": "hello"},
        });
        alice.send(&peer.signed_with(&peer.key(), &key_id, &alice, SignatureScheme::Cavage, &note)).status
    };
    std::thread::scope(|scope| {
        let posts: Vec<_> = (0..40).map(|n| scope.spawn(move || post(n))).collect();
        eventually("the key is requested", || mute.requests.load(Ordering::SeqCst) > 0);
        for path in ["/livez", "/@alice", "/livez"] {
            let began = Instant::now();
            alice.send(&Request::get(path)).expect(200);
            // A request that waits for the mute host takes longer.
            assert!(began.elapsed() < Duration::from_secs(5), "{path} took {:?}", began.elapsed());
        }
        let note = peer.note("mallory", "1", "hello", &[PUBLIC, &alice.actor()]);
        peer.delivers(&alice, "mallory", &note).expect(202);
        assert!(posts.into_iter().all(|p| p.join().unwrap() == 503));
    });
    // The host is not contacted again immediately.
    assert_eq!(post(99), 503);
    assert_eq!(mute.requests.load(Ordering::SeqCst), 1, "the key is requested once");
}

/// Eve, who follows Alice, names post after post of Ana's server, none of which exists.
#[test]
fn references_to_missing_posts_by_unfollowed_actors_do_not_delay_others() {
    let (alice, far, near) = (TestServer::start("alice"), Peer::start(), Peer::start());
    for (peer, name) in [(&far, "eve"), (&near, "ana"), (&near, "new")] {
        peer.add_actor(name);
    }
    far.delivers(&alice, "eve", &far.follow("eve", &alice)).expect(202);
    eventually("she follows", || alice.rows()[1] == 1);
    let most = limits::UNKNOWN_ACTOR_FETCHES_PER_HOST_PER_HOUR + limits::JOBS_FOR_UNKNOWN_ACTORS_PER_HOST as usize;
    for n in 0..most + 50 {
        let hint = near.note("ana", &format!("never{n}"), "nothing", &[PUBLIC, &alice.actor()]);
        far.delivers(&alice, "eve", &hint).expect(202);
    }
    eventually("all are processed", || count(&alice, "SELECT count(*) FROM inbox_queue") == 0);
    let waiting = count(&alice, "SELECT count(*) FROM jobs");
    assert!(waiting <= limits::JOBS_FOR_UNKNOWN_ACTORS_PER_HOST, "{waiting} jobs");
    assert!(near.requests.load(Ordering::SeqCst) <= limits::UNKNOWN_ACTOR_FETCHES_PER_HOST_PER_HOUR);
    // This reduces neither the owner's budget nor that of a new signer of that server.
    let post = near.note("ana", "real", "a real post", &[PUBLIC]);
    near.serve("/users/ana/outbox", json!({"type": "OrderedCollection", "totalItems": 1, "orderedItems": [post]}));
    let id = super::moving::follow(&alice, &near, "ana");
    let posts = || alice.get(&format!("/api/v1/accounts/{id}/statuses")).to_string();
    eventually("the profile is filled", || posts().contains("a real post"));
    near.delivers(&alice, "new", &near.note("new", "1", "hello", &[PUBLIC, &alice.actor()])).expect(202);
}

/// Parked activities that could not be applied do not block others.
#[test]
fn parked_activities_do_not_fill_the_queue() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let hello = |n: usize| peer.note("mallory", &n.to_string(), &format!("hello {n}"), &[PUBLIC, &alice.actor()]);
    peer.delivers(&alice, "mallory", &hello(1)).expect(202);
    eventually("the mention arrives", || alice.notifications().len() == 1);
    let park = |c: &Conn| {
        let (host, id): (String, i64) =
            c.query_row("SELECT host, id FROM actors WHERE username = 'mallory'", [], |r| Ok((r.get(0)?, r.get(1)?)))?;
        let mut insert = c.prepare(
            "INSERT INTO inbox_queue (host, signer_id, body, received_at, due, parked) VALUES (?1, ?2, x'', 1, 1, 1)",
        )?;
        for _ in 0..limits::INBOX_QUEUE_PER_DOMAIN {
            insert.execute(params![host, id])?;
        }
        Ok(())
    };
    alice.app.domain.store.write(park).unwrap();
    peer.delivers(&alice, "mallory", &hello(2)).expect(202);
    eventually("the mention arrives", || alice.notifications().len() == 2);
}

/// Ana boosts many posts of a server that never responds, and one of another.
#[test]
fn a_server_that_never_responds_delays_only_activities_that_need_it() {
    let (alice, near, far, mute) =
        (TestServer::start("alice"), Peer::start(), Peer::start(), Broken::start(Fault::Hangs));
    super::moving::follow(&alice, &near, "mallory");
    let boost = |n: usize, object: String| {
        let boost = json!({
            "id": format!("{}/boosts/{n}", near.base), "type": "Announce", "actor": near.actor("mallory"),
            "object": object, "to": [PUBLIC],
        });
        near.delivers(&alice, "mallory", &boost).expect(202);
    };
    let began = Instant::now();
    (0..8).for_each(|n| boost(n, format!("{}/notes/{n}", mute.base)));
    eventually("the hanging server gets a request", || mute.requests.load(Ordering::SeqCst) > 0);
    let note = far.note("mallory", "well", "a post of another server", &[PUBLIC])["object"].clone();
    far.serve("/notes/well", note.clone());
    boost(99, note["id"].as_str().unwrap().to_owned());
    let boosted = || alice.home().iter().any(|s| s["reblog"]["content"].to_string().contains("another server"));
    eventually("the boost is there", boosted);
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    assert_eq!(mute.requests.load(Ordering::SeqCst), 1, "one thing at a time");
}

/// Followers whose inbox has moved or does not exist: their documents contain the new URL.
#[test]
fn a_moved_or_missing_inbox_is_found_again() {
    for (shared, status) in
        [(false, "301 Moved Permanently"), (false, "308 Permanent Redirect"), (true, "404 Not Found")]
    {
        let (alice, peer) = (TestServer::start("alice"), Peer::start());
        let names = ["ana", "eve"];
        let document = |name: &str, inbox: &str| {
            let mut document = peer.person(name, &peer.key());
            match shared {
                true => document["endpoints"] = json!({"sharedInbox": format!("{}{inbox}", peer.base)}),
                false => document["inbox"] = json!(format!("{}{inbox}", peer.base)),
            }
            peer.serve(&format!("/users/{name}"), document);
        };
        for name in names {
            document(name, "/old");
            peer.delivers(&alice, name, &peer.follow(name, &alice)).expect(202);
        }
        eventually("they follow", || alice.is_settled() && alice.rows()[1] == 2);
        peer.responds("/old", status);
        names.iter().for_each(|name| document(name, "/new"));
        alice.posts("hello", "public");
        eventually("both actors were fetched", || {
            count(&alice, "SELECT count(*) FROM actors WHERE ifnull(shared_inbox, inbox) LIKE '%/new'") == 2
        });
    }
}

/// Ana boosts a post that is unavailable, and undoes the boost before it is available.
#[test]
fn a_boost_that_was_undone_while_deferred_does_not_appear() {
    let (alice, near, far) = (TestServer::start("alice"), Peer::start(), Peer::start());
    super::moving::follow(&alice, &near, "mallory");
    let note = far.note("mallory", "late", "a late post", &[PUBLIC])["object"].clone();
    far.responds("/notes/late", "503 Service Unavailable");
    let boost = json!({
        "id": format!("{}/boosts/1", near.base), "type": "Announce", "actor": near.actor("mallory"),
        "object": note["id"], "to": [PUBLIC],
    });
    near.delivers(&alice, "mallory", &boost).expect(202);
    eventually("it waits", || count(&alice, "SELECT count(*) FROM inbox_queue WHERE attempts = 1") == 1);
    let undo = json!({
        "id": format!("{}/boosts/1/undo", near.base), "type": "Undo", "actor": near.actor("mallory"), "object": boost,
    });
    near.delivers(&alice, "mallory", &undo).expect(202);
    eventually("that is processed", || count(&alice, "SELECT count(*) FROM inbox_queue") == 1);
    far.serve("/notes/late", note);
    sql(&alice, "UPDATE inbox_queue SET due = 0");
    eventually("the boost is processed", || alice.is_settled());
    assert!(alice.home().is_empty(), "{:?}", alice.home());
}

/// A known actor deletes its own account together with its key.
#[test]
fn a_deletion_of_a_known_actor_without_a_key_is_verified_by_fetching() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let actor = peer.actor("mallory");
    peer.delivers(&alice, "mallory", &peer.follow("mallory", &alice)).expect(202);
    eventually("the follow gets a response", || alice.is_settled() && alice.rows()[1] == 1);
    sql(&alice, "UPDATE actor_keys SET fetched_at = 1 WHERE private_key IS NULL");
    peer.responds("/users/mallory", "410 Gone");
    let delete = json!({"id": format!("{actor}#delete"), "type": "Delete", "actor": actor, "object": actor});
    let key_id = format!("{actor}#main-key");
    alice.send(&peer.signed_with(&Peer::other_key(), &key_id, &alice, SignatureScheme::Cavage, &delete)).expect(202);
    eventually("it is gone", || count(&alice, "SELECT count(*) FROM actors WHERE gone_at IS NOT NULL") == 1);
}

/// A boost of a post that its server never serves, regardless of the number of attempts.
#[test]
fn a_boost_of_a_post_that_is_never_served_is_dropped_and_not_parked() {
    let (alice, near, far) = (TestServer::start("alice"), Peer::start(), Peer::start());
    super::moving::follow(&alice, &near, "mallory");
    far.responds("/notes/never", "503 Service Unavailable");
    let boost = json!({
        "id": format!("{}/boosts/1", near.base), "type": "Announce", "actor": near.actor("mallory"),
        "object": format!("{}/notes/never", far.base), "to": [PUBLIC],
    });
    near.delivers(&alice, "mallory", &boost).expect(202);
    eventually("it waits", || count(&alice, "SELECT count(*) FROM inbox_queue WHERE attempts = 1") == 1);
    sql(&alice, "UPDATE inbox_queue SET due = 0, attempts = 7");
    eventually("it is given up", || count(&alice, "SELECT count(*) FROM inbox_queue") == 0);
}

/// The owner opens a profile for which a job of an unfollowed actor is already queued.
#[test]
fn a_delayed_job_of_an_unfollowed_actor_does_not_delay_the_owner() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let post = peer.note("mallory", "one", "a post", &[PUBLIC]);
    peer.serve("/users/mallory/outbox", json!({"type": "OrderedCollection", "orderedItems": [post]}));
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={}", peer.actor("mallory")));
    let (uri, due) = (peer.actor("mallory"), dassie::domain::now().plus(Duration::from_secs(3_600)));
    let job = move |c: &Conn| jobs::enqueue_for(c, &jobs::Task::Backfill(uri), jobs::Cause::Stranger, due);
    alice.app.domain.store.write(job).unwrap();
    let posts = format!("/api/v1/accounts/{}/statuses", found["accounts"][0]["id"].as_str().unwrap());
    eventually("the profile is filled", || alice.get(&posts).to_string().contains("a post"));
}

/// The deletion of a bot with many posts must not delay the owner.
#[test]
fn an_account_with_many_posts_is_deleted_in_steps() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let id = alice.follows_actor(&peer, "mallory");
    let post = alice.posts("first", "public");
    let like = json!({"id": format!("{}/like", peer.base), "type": "Like", "actor": peer.actor("mallory"), "object": post["uri"]});
    peer.delivers(&alice, "mallory", &like).expect(202);
    let note = peer.note("mallory", "1", "of a bot", &[PUBLIC]);
    peer.delivers(&alice, "mallory", &note).expect(202);
    eventually("they are stored", || alice.is_settled());
    sql(
        &alice,
        "INSERT INTO statuses (id, uri, actor_id, thread_id, visibility, content, created_at) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) \
         SELECT s.id + i, s.uri || i, s.actor_id, s.id + i, 0, '<p>another</p>', s.created_at FROM n, statuses s WHERE s.local = 0",
    );
    let of_bot = "SELECT count(*) FROM statuses WHERE local = 0";
    assert_eq!(count(&alice, of_bot), 6_001);
    let delete = json!({"id": format!("{}/delete", peer.base), "type": "Delete", "actor": peer.actor("mallory"),
        "object": peer.actor("mallory"), "to": [PUBLIC]});
    peer.delivers(&alice, "mallory", &delete).expect(202);
    let mut between = 0;
    eventually("all posts are removed", || {
        alice.posts("meanwhile", "public");
        let left = count(&alice, of_bot);
        between += usize::from((1..6_001).contains(&left));
        assert!(left == 6_001 || left == 0 || alice.sees("of a bot").is_none(), "the rest is hidden");
        left == 0
    });
    assert!(between >= 4, "the owner wrote {between} times in between");
    eventually("the queues are empty", || alice.is_settled());
    alice.api("GET", &format!("/api/v1/accounts/{id}"), serde_json::Value::Null).expect(404);
    let first = alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()));
    assert_eq!(first["favourites_count"], 0);
}
