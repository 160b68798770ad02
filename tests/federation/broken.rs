use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use dassie::store::{Conn, follows};
use serde_json::json;

use super::world::PUBLIC;
use crate::support::broken::{Broken, Fault, QUICK, SLOW};
use crate::support::{Ask, Peer, TestServer, eventually};

/// Megabytes that this process holds.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() / 1024
}

/// Every kind of fetch from a server with a fault. Each must end with an error.
fn fetch_everything(alice: &TestServer, fault: Fault) {
    let remote = alice.app.domain.remote().unwrap().clone();
    let fails = |what: &str, failed: bool| assert!(failed, "{fault:?}: {what} did not fail");
    let start = || Broken::start(fault);
    let server = start();
    let host = server.base.strip_prefix("http://").unwrap().to_owned();
    // A whole document is a good actor, however much follows it: the head said how long it is.
    let whole = fault == Fault::Trailing;
    fails("an actor", remote.actor_by_uri(&format!("{}/users/a", server.base)).is_err() != whole);
    fails("a name", remote.actor_by_handle("nobody", &host).is_err());
    fails("a key", remote.key(&format!("{}/users/b#main-key", start().base), false).is_err());
    fails("a post", remote.at_url(&format!("{}/notes/1", server.base)).is_err() != whole);
    fails("a look", remote.examine(&format!("{}/notes/2", server.base)).is_err() != whole);
}

#[test]
fn whatever_a_server_does_a_fetch_ends_and_nothing_is_half_there() {
    let alice = TestServer::start("alice");
    let before = resident();
    let began = Instant::now();
    for fault in QUICK {
        fetch_everything(&alice, *fault);
    }
    assert!(began.elapsed() < Duration::from_secs(60), "{:?} for faults that end at once", began.elapsed());
    assert!(resident() < before + 64, "{} MB before, {} MB after", before, resident());
    alice.send(&Ask::get("/@alice")).expect(200);
    assert_eq!(alice.rows()[3], 0);
}

#[test]
fn a_server_that_says_nothing_costs_its_deadline_and_nobody_else_anything() {
    let alice = TestServer::start("alice");
    let began = Instant::now();
    std::thread::scope(|scope| {
        for fault in SLOW {
            let alice = &alice;
            scope.spawn(move || {
                let remote = alice.app.domain.remote().unwrap().clone();
                let server = Broken::start(*fault);
                assert!(remote.actor_by_uri(&format!("{}/users/a", server.base)).is_err(), "{fault:?}");
            });
        }
        // Meanwhile everything goes on.
        let peer = Peer::start();
        peer.delivers(&alice, "mallory", &peer.note("mallory", "1", "hello", &[PUBLIC, &alice.actor()])).expect(202);
        eventually("a mention arrives", || alice.notifications() == ["mention"]);
    });
    assert!(began.elapsed() < Duration::from_secs(45), "{:?}", began.elapsed());
}

/// A follower on every broken server, and one that is well.
#[test]
fn deliveries_to_broken_servers_end_or_wait() {
    let alice = TestServer::start("alice");
    let well = Peer::start();
    let servers: Vec<(Fault, Broken)> = QUICK.iter().map(|f| (*f, Broken::start(*f))).collect();
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
            let number = dassie::protocol::ids::FollowId(id);
            follows::insert(c, number, base, dassie::protocol::ids::ActorId(id), owner, true, dassie::domain::now())?;
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
            Fault::Says(status) => !status.starts_with("401") && !status.starts_with("429") && !status.starts_with('5'),
            Fault::RedirectLoop | Fault::RedirectAway | Fault::RedirectInside => true,
            _ => false,
        };
        let is_done = !matches!(fault, Fault::CutsHead | Fault::CutsAtOnce | Fault::Says(_)) && !is_final;
        eventually("it is settled", || {
            let rows = state(&server.base).unwrap();
            if is_final || is_done { rows.is_empty() } else { rows.len() == 1 && rows[0].0 == 1 }
        });
        if let Some((_, due)) = state(&server.base).unwrap().first() {
            let wait = (due - now) / 1_000;
            assert!((30..=86_500).contains(&wait), "{fault:?} waits {wait} s");
            if matches!(fault, Fault::Says(s) if s.ends_with(": 120")) {
                assert!(wait >= 100, "{fault:?} waits {wait} s");
            }
        }
    }
    let report = json!(alice.home()[0]["id"]);
    assert!(report.is_string());
}
