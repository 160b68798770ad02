//! Retention of unfollowed actors: what is stored about them is limited and expires.

use std::time::Duration;

use dassie::domain::now;
use dassie::limits;
use dassie::protocol::ids::ActorId;
use dassie::store::Conn;
use dassie::store::actors::actor_gc;
use serde_json::{Value, json};

use super::pressure::{add_follower, count, sql};
use super::world::PUBLIC;
use crate::support::broken::{Broken, Fault};
use crate::support::{Peer, TestServer, eventually};

fn likes(peer: &Peer, who: &str, object: &Value, n: usize) -> Value {
    json!({"id": format!("{}/likes/{who}/{n}", peer.base), "type": "Like", "actor": peer.actor(who), "object": object})
}

/// An actor that only liked an unknown post, and others that are referenced by stored data.
#[test]
fn unreferenced_actors_are_removed_after_their_retention_period() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let names = ["ana", "eve", "fay", "gus", "ida"];
    names.iter().for_each(|name| peer.add_actor(name));
    let post = alice.posts("hello", "public");
    let deliver = |who: &str, activity: &Value| {
        peer.delivers(&alice, who, activity).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    deliver("ana", &peer.follow("ana", &alice));
    deliver("eve", &likes(&peer, "eve", &post["uri"], 1));
    deliver("fay", &peer.note("fay", "1", "hello", &[PUBLIC, &alice.actor()]));
    for name in ["gus", "ida"] {
        deliver(name, &likes(&peer, name, &json!("https://elsewhere.example/notes/1"), 1));
    }
    let known = || -> Vec<String> {
        let sql = "SELECT username FROM actors WHERE local = 0 ORDER BY username";
        let read = |c: &Conn| {
            let mut query = c.prepare(sql)?;
            let names = query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
            Ok(names)
        };
        alice.app.domain.store.read(read).unwrap()
    };
    assert_eq!(known(), names);
    let before = now().minus(limits::UNREFERENCED_ACTOR_AGE);
    let tidy = || {
        let store = &alice.app.domain.store;
        let (found, last) = store.read(|c| actor_gc::unreferenced_after(c, ActorId(0), before)).unwrap();
        store
            .write(move |c| found.into_iter().try_for_each(|actor| actor_gc::delete_unreferenced(c, actor, before)))
            .unwrap();
        last
    };
    let last = tidy().unwrap();
    assert_eq!(known(), names, "all came just now");
    let ends = alice.app.domain.store.read(|c| actor_gc::unreferenced_after(c, last, before)).unwrap();
    assert_eq!(ends, (Vec::new(), None), "there are no more");
    sql(&alice, "UPDATE actors SET fetched_at = 1 WHERE username <> 'ida'");
    tidy();
    assert_eq!(known(), ["ana", "eve", "fay", "ida"]);
}

/// One server whose actors send activities continuously.
#[test]
fn activities_of_unfollowed_actors_are_limited_per_server() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    super::moving::follow(&alice, &peer, "ana");
    let nothing = json!("https://elsewhere.example/notes/1");
    peer.delivers(&alice, "mallory", &likes(&peer, "mallory", &nothing, 0)).expect(202);
    let host = peer.base.strip_prefix("http://").unwrap().to_owned();
    let limit = &alice.app.domain.remote_activities;
    let most = limits::UNFOLLOWED_ACTIVITIES_PER_DOMAIN_PER_HOUR;
    assert_eq!((0..most).filter(|_| limit.take(&host, most, now())).count(), most - 1, "the first activity is counted");
    let late = peer.delivers(&alice, "mallory", &likes(&peer, "mallory", &nothing, 1)).expect(429);
    assert_eq!(late.header("retry-after").map(str::to_owned), Some(limits::UNFOLLOWED_RETRY_AFTER.to_string()));
    // Activities that store nothing do not count towards the limit, and neither do those of actors that Alice follows.
    let gone = json!({
        "id": format!("{}#delete", peer.actor("gus")), "type": "Delete", "actor": peer.actor("gus"),
        "object": peer.actor("gus"),
    });
    peer.delivers(&alice, "gus", &gone).expect(202);
    peer.delivers(&alice, "ana", &peer.note("ana", "1", "still here", &[PUBLIC])).expect(202);
    eventually("it arrives", || alice.sees("still here").is_some());
    let other = Peer::start();
    other.delivers(&alice, "mallory", &likes(&other, "mallory", &nothing, 0)).expect(202);
}

/// Deletes of posts that were never stored.
#[test]
fn deletions_of_unknown_posts_by_unknown_actors_store_no_tombstone() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for name in ["ana", "eve"] {
        peer.add_actor(name);
    }
    super::moving::follow(&alice, &peer, "ana");
    let deliver = |who: &str, activity: &Value| {
        peer.delivers(&alice, who, activity).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    deliver("eve", &peer.note("eve", "1", "hello", &[PUBLIC, &alice.actor()]));
    // Mallory is known, and no post by her is stored.
    deliver("mallory", &likes(&peer, "mallory", &json!("https://elsewhere.example/notes/1"), 1));
    for who in ["mallory", "eve", "ana"] {
        let object = format!("{}/notes/never-by-{who}", peer.base);
        let id = format!("{object}#delete");
        deliver(who, &json!({"id": id, "type": "Delete", "actor": peer.actor(who), "object": object}));
    }
    assert_eq!(count(&alice, "SELECT count(*) FROM tombstones"), 2);
    assert_eq!(count(&alice, "SELECT count(*) FROM tombstones WHERE uri LIKE '%never-by-mallory%'"), 0);
}

/// A post that is edited endlessly.
#[test]
fn only_the_newest_edits_of_a_post_are_stored() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let mut note = peer.note("mallory", "1", "state 0", &[PUBLIC, &alice.actor()]);
    // An hour ago: times to come count as now, and many of them would be one.
    let (began, most) = (now().minus(Duration::from_secs(3_600)), limits::STORED_EDITS as usize + 5);
    note["object"]["published"] = json!(began.to_seconds());
    peer.delivers(&alice, "mallory", &note).expect(202);
    eventually("it arrives", || alice.notifications().len() == 1);
    note["type"] = json!("Update");
    for n in 1..=most {
        note["id"] = json!(format!("{}/updates/{n}", peer.base));
        note["object"]["content"] = json!(format!("state {n}"));
        note["object"]["updated"] = json!(began.plus(Duration::from_secs(n as u64)).to_seconds());
        peer.delivers(&alice, "mallory", &note).expect(202);
    }
    eventually("all are processed", || alice.is_settled());
    assert_eq!(count(&alice, "SELECT count(*) FROM status_edits"), limits::STORED_EDITS);
    assert_eq!(count(&alice, "SELECT count(*) FROM status_edits WHERE content LIKE '%state 0%'"), 0);
    let newest = format!("%state {}%", most - 1);
    let read = |c: &Conn| {
        let sql = "SELECT count(*) FROM status_edits WHERE content LIKE ?1";
        Ok(c.query_row(sql, [&newest], |r| r.get::<_, i64>(0))?)
    };
    assert_eq!(alice.app.domain.store.read(read).unwrap(), 1);
}

/// An actor on an unreachable server sends follow requests repeatedly.
#[test]
fn repeated_follow_requests_queue_one_response() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let mute = Broken::start(Fault::Status("503 Service Unavailable"));
    add_follower(&alice, &mute.base);
    for name in ["mallory", "ana"] {
        let mut document = peer.person(name, &peer.key());
        document["inbox"] = json!(format!("{}/inbox", mute.base));
        peer.serve(&format!("/users/{name}"), document);
    }
    let follow = |who: &str, n: usize| {
        let mut follow = peer.follow(who, &alice);
        follow["id"] = json!(format!("{}/follows/{who}/{n}", peer.base));
        peer.delivers(&alice, who, &follow).expect(202);
    };
    for n in 0..5 {
        follow("mallory", n);
        follow("ana", n);
        eventually("a response is sent", || count(&alice, "SELECT count(*) FROM inbox_queue") == 0);
    }
    // One in progress may be queued again; otherwise only the last response for each actor is queued.
    assert_eq!(count(&alice, "SELECT count(*) FROM deliveries"), 2);
    let last = "SELECT count(*) FROM outgoing WHERE CAST(body AS TEXT) LIKE '%/follows/mallory/4%'";
    assert_eq!((count(&alice, last), count(&alice, "SELECT count(*) FROM outgoing")), (1, 2));
}
