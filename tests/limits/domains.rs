//! Hosts below one registrable domain share each limit; a wildcard DNS record can create any number of them.

use std::sync::atomic::Ordering;
use std::time::Instant;

use dassie::domain::now;
use dassie::limits;
use dassie::protocol::signature::SignatureScheme;
use dassie::store::Conn;
use rusqlite::params;
use serde_json::{Value, json};

use crate::federation::pressure::{add_follower, count};
use crate::federation::world::PUBLIC;
use crate::support::broken::{Broken, Fault};
use crate::support::{Peer, TestServer, eventually};

/// A server that counts as many hosts: each of its actors is stored with a different host.
struct Hosts {
    alice: TestServer,
    peer: Peer,
}

impl Hosts {
    /// Adds an actor on each of these hosts, with the name of the host.
    fn new(hosts: &[&'static str]) -> Self {
        let (alice, peer) = (TestServer::start("alice"), Peer::start());
        for host in hosts {
            peer.add_actor(host);
            peer.delivers(&alice, host, &peer.follow(host, &alice)).expect(202);
            eventually("the actor is stored", || alice.is_settled());
            let (uri, key, host) = (peer.actor(host), key_of(host), *host);
            let moves = move |c: &Conn| {
                c.execute("UPDATE actors SET host = ?2, domain = ?2 WHERE uri = ?1", params![uri, host])?;
                let of_actor =
                    "UPDATE actor_keys SET key_id = ?2 WHERE actor_id = (SELECT id FROM actors WHERE uri = ?1)";
                Ok(c.execute(of_actor, params![uri, key])?)
            };
            assert_eq!(alice.app.domain.store.write(moves).unwrap(), 1);
        }
        Self { alice, peer }
    }

    fn delivers(&self, host: &str, activity: &Value) -> u16 {
        let key = self.peer.key();
        let request = self.peer.signed_with(&key, &key_of(host), &self.alice, SignatureScheme::Cavage, activity);
        let status = self.alice.send(&request).status;
        eventually("it is processed", || self.alice.is_settled());
        status
    }

    fn act(&self, host: &str, id: &str, kind: &str, object: Value) -> Value {
        let actor = self.peer.actor(host);
        json!({"id": format!("{actor}/{id}"), "type": kind, "actor": actor, "object": object})
    }

    fn writes(&self, sql: &'static str) {
        self.alice.app.domain.store.write(move |c| Ok(c.execute(sql, [])?)).unwrap();
    }
}

fn key_of(host: &str) -> String {
    format!("http://{host}/key")
}

#[test]
fn activities_are_counted_by_domain() {
    let world = Hosts::new(&["a1.many.example", "a2.many.example", "b1.other.example"]);
    let taken = |most| world.alice.app.domain.remote_activities.take("many.example", most, now());
    while taken(limits::UNFOLLOWED_ACTIVITIES_PER_DOMAIN_PER_HOUR) {}
    let like = |host: &str| world.act(host, "like", "Like", json!(world.alice.actor()));
    assert_eq!(world.delivers("a1.many.example", &like("a1.many.example")), 429);
    assert_eq!(world.delivers("a2.many.example", &like("a2.many.example")), 429);
    assert_eq!(world.delivers("b1.other.example", &like("b1.other.example")), 202);
}

#[test]
fn the_inbox_queue_is_divided_by_domain() {
    let world = Hosts::new(&["a1.many.example", "a2.many.example", "b1.other.example"]);
    world.delivers("a1.many.example", &world.act("a1.many.example", "first", "Like", json!(world.alice.actor())));
    // Activities that wait until the year 2255, with an error, as those do that are tried again later.
    world.writes(
        "INSERT INTO inbox_queue (host, signer_id, body, received_at, due, error) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
         SELECT 'many.example', (SELECT id FROM actors WHERE host = 'a1.many.example'), x'7b7d', 1, 9000000000000, 'x' FROM n",
    );
    assert_eq!(count(&world.alice, "SELECT count(*) FROM inbox_queue"), limits::INBOX_QUEUE_PER_DOMAIN);
    let like = |host: &str| world.act(host, "like", "Like", json!(world.alice.actor()));
    assert_eq!(world.delivers("a2.many.example", &like("a2.many.example")), 503);
    assert_eq!(world.delivers("b1.other.example", &like("b1.other.example")), 202);
}

#[test]
fn reports_are_counted_by_domain() {
    let world = Hosts::new(&["a1.many.example", "a2.many.example", "b1.other.example"]);
    let reports = || count(&world.alice, "SELECT count(*) FROM reports");
    let flag = |host: &str| world.delivers(host, &world.act(host, "flag", "Flag", json!([world.alice.actor()])));
    assert_eq!((flag("a1.many.example"), reports()), (202, 1));
    world.writes(
        "INSERT INTO reports (id, actor_id, target_id, created_at) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99) \
         SELECT i, r.actor_id, r.target_id, 1 FROM n, reports r",
    );
    assert_eq!(reports(), limits::REPORTS_PER_HOST);
    assert_eq!((flag("a2.many.example"), reports()), (202, limits::REPORTS_PER_HOST));
    assert_eq!((flag("b1.other.example"), reports()), (202, limits::REPORTS_PER_HOST + 1));
}

#[test]
fn forwarded_replies_are_counted_by_domain() {
    let world = Hosts::new(&["a1.many.example", "b1.other.example"]);
    let alice = &world.alice;
    add_follower(alice, "http://127.0.0.1:9");
    let post = alice.posts("what do you think?", "public");
    let domain = &alice.app.domain;
    while domain.forwards.take("many.example", limits::FORWARDS_PER_HOST_PER_HOUR, now()) {}
    let forwarded = |host: &str| {
        let followers = format!("{}/followers", alice.actor());
        let mut reply = world.peer.note(host, host, "a reply", &[PUBLIC, &followers]);
        reply["object"]["inReplyTo"] = post["uri"].clone();
        let key = world.peer.key();
        alice.send(&world.peer.signed_with(&key, &key_of(host), alice, SignatureScheme::Cavage, &reply)).expect(202);
        let stored = format!("{}/notes/{host}", world.peer.base);
        let is_stored = || alice.app.domain.store.read(|c| dassie::store::statuses::by_uri(c, &stored)).unwrap();
        eventually("the reply is stored", || is_stored().is_some());
        count(alice, "SELECT count(DISTINCT outgoing_id) FROM deliveries WHERE lane = 2")
    };
    assert_eq!(forwarded("a1.many.example"), 0);
    assert_eq!(forwarded("b1.other.example"), 1);
}

/// A follower with a thousand hosts that accept connections and never respond.
#[test]
fn deliveries_to_slow_hosts_of_one_domain_leave_threads_for_others() {
    let (alice, friend, slow) = (TestServer::start("alice"), Peer::start(), Broken::start(Fault::Hangs));
    friend.delivers(&alice, "mallory", &friend.follow("mallory", &alice)).expect(202);
    eventually("the follow gets a response", || alice.is_settled());
    alice.posts("first", "public");
    eventually("it arrives", || friend.received().iter().any(|a| a["type"] == "Create"));
    let (inbox, now) = (format!("{}/inbox", slow.base), now());
    let fill = move |c: &Conn| {
        c.execute(
            "INSERT INTO outgoing (id, actor_id, uri, kind, body, fan_out, created_at) \
             SELECT 1000, id, 'http://127.0.0.1/x', 'Create', x'7b7d', 0, ?1 FROM actors WHERE local = 1 LIMIT 1",
            [now],
        )?;
        let hosts = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) \
                     INSERT INTO deliveries (outgoing_id, inbox, host, lane, due) \
                     SELECT 1000, ?1 || i, 'a' || i || '.many.example', 0, 1 FROM n";
        Ok(c.execute(hosts, [inbox])?)
    };
    alice.app.domain.store.write(fill).unwrap();
    let began = Instant::now();
    alice.app.domain.signals.delivery.notify();
    let requested = || slow.requests.load(Ordering::SeqCst);
    eventually("the slow hosts are contacted", || requested() >= limits::DELIVERIES_PER_DOMAIN);
    for n in 0..3 {
        let text = format!("another {n}");
        alice.posts(&text, "public");
        let came =
            || friend.received().iter().any(|a| a["object"]["content"].as_str().is_some_and(|c| c.contains(&text)));
        eventually("it arrives meanwhile", came);
    }
    // On a busy machine some may have timed out meanwhile, and others take their places.
    let rounds = 1 + (began.elapsed().as_secs() / limits::DELIVERY_TIMEOUT.as_secs()) as usize;
    assert!(requested() <= limits::DELIVERIES_PER_DOMAIN * rounds, "{} in {rounds} rounds", requested());
}
