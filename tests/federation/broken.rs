use std::collections::VecDeque;
use std::process::Command;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dassie::domain::Remote;
use dassie::protocol::ids::{ActorId, FollowId};
use dassie::remote::Fetcher;
use dassie::remote::{HttpClient, HttpClientConfig, Origin, Reach};
use dassie::store::Conn;
use dassie::store::relationships::follows;
use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::broken::{Broken, Fault, LARGE, QUICK, SLOW};
use crate::support::{Peer, Request, TestServer, eventually};

/// The kinds of documents that are fetched from a broken server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Actor,
    Handle,
    Key,
    Post,
    Look,
    Outbox,
    Pins,
    Replies,
    Context,
    Followers,
}

const KINDS: [Kind; 10] = [
    Kind::Actor,
    Kind::Handle,
    Kind::Key,
    Kind::Post,
    Kind::Look,
    Kind::Outbox,
    Kind::Pins,
    Kind::Replies,
    Kind::Context,
    Kind::Followers,
];

/// A fetcher of Alice's server with a separate budget: a fetch that is refused for lack of budget never reaches a fault.
fn fetcher(alice: &TestServer) -> Fetcher {
    let (host, port) = alice.authority.split_once(':').unwrap();
    let client = HttpClient::new(HttpClientConfig {
        own_origin: Origin { scheme: "http".into(), host: host.into(), port: port.parse().unwrap() },
        allow_addresses: Vec::new(),
        ca_pem: None,
        user_agent: "Dassie/test".into(),
        reach: Reach::Internet,
    });
    Fetcher::new(Arc::new(client.unwrap()), alice.app.domain.clone())
}

/// What a server with broken collections has whole: an actor and a post.
fn whole_pages(own: &str) -> Vec<(&'static str, Value)> {
    let actor = format!("{own}/users/a");
    let context = "https://www.w3.org/ns/activitystreams";
    let jrd = json!({
        "subject": format!("acct:a@{}", own.strip_prefix("http://").unwrap()),
        "links": [{"rel": "self", "type": "application/activity+json", "href": actor}],
    });
    let note = |id: &str, member: &str| {
        let id = format!("{own}/notes/{id}");
        let mut note = json!({
            "@context": context, "id": id, "type": "Note", "attributedTo": actor, "content": "whole", "to": [PUBLIC],
        });
        note[member] = json!(format!("{own}/{member}"));
        note
    };
    let person = json!({
        "@context": context, "id": actor, "type": "Person", "preferredUsername": "a", "inbox": format!("{own}/inbox"),
        "outbox": format!("{own}/outbox"), "featured": format!("{own}/featured"),
    });
    let empty = json!({"@context": context, "type": "OrderedCollection", "totalItems": 0, "orderedItems": []});
    vec![
        ("/.well-known/webfinger", jrd),
        ("/users/a", person),
        ("/notes/replies", note("replies", "replies")),
        ("/notes/context", note("context", "context")),
        ("/whole", empty),
    ]
}

/// The same, with only one of its collections broken.
fn but_for(broken: &'static str) -> impl Fn(&str) -> Vec<(&'static str, Value)> {
    move |own| {
        let mut pages = whole_pages(own);
        let empty = pages.pop().unwrap().1;
        let others = ["/outbox", "/featured", "/replies", "/context"].into_iter().filter(|p| *p != broken);
        pages.extend(others.map(|path| (path, empty.clone())));
        pages
    }
}

/// One kind of fetch from a server with a fault: it ends, as it should.
fn meets(alice: &TestServer, fault: Fault, kind: Kind) {
    let remote = fetcher(alice);
    let server = match kind {
        Kind::Outbox => Broken::but_for(fault, but_for("/outbox")),
        Kind::Pins => Broken::but_for(fault, but_for("/featured")),
        Kind::Replies => Broken::but_for(fault, but_for("/replies")),
        Kind::Context => Broken::but_for(fault, but_for("/context")),
        Kind::Followers => Broken::but_for(fault, but_for("/followers")),
        _ => Broken::start(fault),
    };
    let base = &server.base;
    let actor = || remote.actor_by_uri(&format!("{base}/users/a")).unwrap();
    let thread = |note: &str| remote.thread(remote.object(&format!("{base}/notes/{note}")).unwrap()).is_err();
    // A complete document is a valid actor, whatever follows it: its head states the length.
    let whole = fault == Fault::Trailing;
    let (failed, expected) = match kind {
        Kind::Actor => (remote.actor_by_uri(&format!("{base}/users/a")).is_err(), !whole),
        Kind::Handle => (remote.actor_by_handle("nobody", base.strip_prefix("http://").unwrap()).is_err(), true),
        Kind::Key => (remote.keys(&format!("{base}/users/b#main-key"), false, None).is_err(), true),
        Kind::Post => (remote.at_url(&format!("{base}/notes/1")).is_err(), !whole),
        Kind::Look => {
            let examined = remote.examine(&format!("{base}/notes/2"));
            (!examined.is_ok_and(|found| found.document.is_ok()), !whole)
        }
        Kind::Outbox => {
            actor();
            // What may be better later is an error and tried again; what will not be is an outbox without a post.
            (remote.backfill(&format!("{base}/users/a")).is_ok_and(|found| found > 0), false)
        }
        Kind::Pins => {
            actor();
            (remote.backfill(&format!("{base}/users/a")).is_err(), false)
        }
        Kind::Replies => (thread("replies"), false),
        Kind::Context => (thread("context"), false),
        Kind::Followers => {
            let (owner, other) = (alice.app.domain.owner().unwrap().id, actor());
            let follow = move |c: &Conn| {
                follows::insert(c, FollowId(other.0), &other.0.to_string(), owner, other, true, dassie::domain::now())
            };
            alice.app.domain.store.write(follow).unwrap();
            let failed = remote.sync_followers(other, &format!("{base}/followers")).is_err();
            let still = alice.app.domain.store.read(|c| follows::between(c, owner, other)).unwrap();
            // An array without anything around it is a list too.
            let is_list = fault == Fault::Body(b"[]");
            assert_eq!(still.is_none(), is_list, "{fault:?}: an unreadable list ends no follow");
            (failed, !is_list)
        }
    };
    assert_eq!(failed, expected, "{fault:?}: {kind:?}");
    let requested = server.requests.load(Ordering::SeqCst);
    assert!((1..=12).contains(&requested), "{fault:?}: {requested} requests for {kind:?}");
}

/// Every fault meets every kind of fetch, side by side, so that those that cost a deadline cost it once.
#[test]
fn fetches_from_faulty_servers_end_and_store_nothing_partial() {
    let alice = TestServer::start("alice");
    let began = Instant::now();
    let slow_first = SLOW.iter().chain(QUICK).flat_map(|fault| KINDS.map(|kind| (*fault, kind)));
    let cells: Mutex<VecDeque<(Fault, Kind)>> = Mutex::new(slow_first.collect());
    std::thread::scope(|scope| {
        for _ in 0..SLOW.len() * KINDS.len() + 6 {
            scope.spawn(|| {
                loop {
                    let Some((fault, kind)) = cells.lock().unwrap().pop_front() else { return };
                    let began = Instant::now();
                    meets(&alice, fault, kind);
                    assert!(began.elapsed() < Duration::from_secs(50), "{fault:?}: {kind:?}: {:?}", began.elapsed());
                }
            });
        }
        // Everything else continues to work.
        let peer = Peer::start();
        peer.delivers(&alice, "mallory", &peer.note("mallory", "1", "hello", &[PUBLIC, &alice.actor()])).expect(202);
        eventually("a mention arrives", || alice.notifications() == ["mention"]);
    });
    assert!(began.elapsed() < Duration::from_secs(90), "{:?} for all of it", began.elapsed());
    alice.send(&Request::get("/@alice")).expect(200);
    let stored = alice.app.domain.store.read(|c| {
        Ok(c.query_row("SELECT count(*) FROM statuses WHERE content NOT LIKE '%whole%'", [], |r| r.get::<_, i64>(0))?)
    });
    assert_eq!(stored.unwrap(), 1, "the mention and what was whole are all there is");
}

/// A number of kilobytes from the status of this process.
fn kilobytes(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn endless_responses_are_not_held_in_memory() {
    // Other tests of this process use memory too, so it is measured in a separate process: the next test.
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "federation::broken::child_measures_its_memory", "--ignored", "--nocapture"]);
    let output = child.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[ignore = "run by endless_responses_are_not_held_in_memory in a process of its own"]
fn child_measures_its_memory() {
    let alice = TestServer::start("alice");
    // The first fetch of each kind starts threads and loads database pages.
    for kind in KINDS {
        meets(&alice, Fault::Body(b"null"), kind);
    }
    let before = kilobytes("VmRSS");
    for fault in LARGE {
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        for kind in KINDS {
            meets(&alice, *fault, kind);
        }
        // An endless response sends 512 MB if it is not stopped. Here too, the server keeps the long ones in memory.
        let most = kilobytes("VmHWM");
        assert!(most < before + 40 * 1024, "{fault:?}: {before} kB before, {most} kB at most");
    }
}

/// A follower on every broken server, and one that is well.
#[test]
fn deliveries_to_faulty_servers_are_dropped_or_delayed() {
    let alice = TestServer::start("alice");
    let well = Peer::start();
    let servers: Vec<(Fault, Broken)> = QUICK.iter().chain(SLOW).map(|f| (*f, Broken::start(*f))).collect();
    let bases: Vec<String> = servers.iter().map(|(_, s)| s.base.clone()).chain([well.base.clone()]).collect();
    let owner = alice.app.domain.owner().unwrap().id;
    let seed = move |c: &Conn| {
        for (n, base) in bases.iter().enumerate() {
            let (id, host) = (900 + n as i64, base.strip_prefix("http://").unwrap());
            c.execute(
                "INSERT INTO actors (id, uri, kind, username, domain, host, inbox, created_at, updated_at, fetched_at) \
                 VALUES (?1, ?2, 0, 'fan', ?3, ?3, ?2 || '/inbox', 1, 1, 9000000000000)",
                rusqlite::params![id, format!("{base}/users/fan"), host],
            )?;
            follows::insert(c, FollowId(id), base, ActorId(id), owner, true, dassie::domain::now())?;
        }
        Ok(())
    };
    alice.app.domain.store.write(seed).unwrap();
    alice.posts("to all of you", "public");
    eventually("the one that is well has it", || well.received().iter().any(|a| a["type"] == "Create"));
    eventually("each was tried", || servers.iter().all(|(_, s)| s.requests.load(Ordering::SeqCst) > 0));
    let state = |base: &str| {
        let host = base.strip_prefix("http://").unwrap().to_owned();
        alice.app.domain.store.read(|c| {
            let sql = "SELECT attempts, due FROM deliveries WHERE host = ?1";
            let rows: Vec<(i64, i64)> =
                c.prepare(sql)?.query_map([host], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
            Ok(rows)
        })
    };
    let now = dassie::domain::now().millis();
    for (fault, server) in &servers {
        let is_final = match fault {
            Fault::Status(status) => {
                !status.starts_with("401") && !status.starts_with("429") && !status.starts_with('5')
            }
            Fault::RedirectLoop | Fault::RedirectAway | Fault::RedirectInside => true,
            _ => false,
        };
        let no_response = matches!(fault, Fault::CutsHead | Fault::CutsAtOnce | Fault::Hangs | Fault::DripsHead);
        let is_done = !no_response && !matches!(fault, Fault::Status(_) | Fault::Resets(_)) && !is_final;
        // A reset may come before or after the head that went ahead of it was read.
        let is_either = matches!(fault, Fault::Resets(part) if part.contains("{"));
        eventually("it is settled", || {
            let rows = state(&server.base).unwrap();
            let waits = rows.len() == 1 && rows[0].0 == 1;
            if is_either {
                return waits || rows.is_empty();
            }
            if is_final || is_done { rows.is_empty() } else { waits }
        });
        if let Some((_, due)) = state(&server.base).unwrap().first() {
            let wait = (due - now) / 1_000;
            assert!((30..=86_500).contains(&wait), "{fault:?} waits {wait} s");
            if matches!(fault, Fault::Status(s) if s.ends_with(": 120")) {
                assert!(wait >= 100, "{fault:?} waits {wait} s");
            }
        }
    }
    let (cookie, _) = alice.session();
    let path = format!("/x/{}", alice.home()[0]["id"].as_str().unwrap());
    let page = alice.send(&Request::get(&path).header("cookie", &cookie)).expect(200).text();
    for (fault, server) in &servers {
        assert!(page.contains(server.base.strip_prefix("http://").unwrap()), "{fault:?} is not reported");
    }
}
