//! `cargo bench`: the numbers that we steer by, measured in one run beside a bare hyper server that answers the same
//! number of bytes. Load and server share the machine, so only ratios travel from one machine to another.
//!
//! `cargo bench -- --quick` measures for a second each and leaves out the large database.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used)]

mod child;
mod load;
mod peers;
mod seed;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use child::Child;
use load::{Load, Measured};
use serde_json::json;

struct Run {
    seconds: Duration,
    quick: bool,
}

fn main() {
    let quick = std::env::args().any(|a| a == "--quick");
    let run = Run { seconds: Duration::from_secs(if quick { 1 } else { 4 }), quick };
    println!("| measure | requests/s | p50 ms | p99 ms | to bare hyper |\n|---|---|---|---|---|");
    let bare = bare_hyper(&run);
    let small = seed::data(10_000);
    let thread = seed::add_thread(small.path(), 60);
    let child = Child::start(small.path(), &seed::domain());
    let idle = child.memory();
    pages(&run, &child, bare);
    let home_small = home(&run, &child, "10 k", bare);
    reads(&run, &child, bare, &thread);
    posts(&run, &child, bare);
    let after = child.memory();
    inbox(&run, &child);
    drop(child);
    if !run.quick {
        let large = seed::data(1_000_000);
        let child = Child::start(large.path(), &seed::domain());
        println!("| start to first answer, 1 M statuses | {:.0} ms | | | |", child.started_in.as_secs_f64() * 1e3);
        let home_large = home(&run, &child, "1 M", bare);
        println!("| home at 1 M to home at 10 k | {:.2} | | | |", home_large / home_small);
        println!("| resident memory, 1 M statuses, after load | {} MB | | | |", child.memory());
        let bytes = std::fs::metadata(large.path().join("dassie.db")).unwrap().len();
        println!("| database per status | {} bytes | | | |", bytes / 1_000_000);
    }
    fan_out();
    println!("| resident memory, idle / after load | {idle} / {after} MB | | | |");
    let binary = std::fs::metadata(env!("CARGO_BIN_EXE_dassie")).unwrap().len();
    println!("| binary | {:.1} MB | | | |", binary as f64 / 1e6);
}

fn row(what: &str, m: &Measured, bare: f64) {
    let ratio = if bare > 0.0 { format!("{:.2}", m.rate / bare) } else { "1".into() };
    println!("| {what} | {:.0} | {:.2} | {:.2} | {ratio} |", m.rate, m.p50, m.p99);
}

/// hyper answering 1.5 KB: what the machine gives at the most.
fn bare_hyper(run: &Run) -> f64 {
    let authority = load::bare_server();
    let m = Load::get(&authority, "/").run(16, run.seconds);
    row("bare hyper, 1.5 KB, 16 connections", &m, 0.0);
    m.rate
}

fn pages(run: &Run, child: &Child, bare: f64) {
    let activity = ("accept", "application/activity+json".to_owned());
    let resource = format!("/.well-known/webfinger?resource=acct:alice@{}", child.authority);
    let status = child.newest_status();
    for (what, load) in [
        ("profile page", Load::get(&child.authority, "/@alice")),
        ("status page", Load::get(&child.authority, &format!("/@alice/{status}"))),
        ("actor", Load::get(&child.authority, "/users/alice").header(activity.clone())),
        ("status object", Load::get(&child.authority, &format!("/users/alice/statuses/{status}")).header(activity)),
        ("WebFinger", Load::get(&child.authority, &resource)),
    ] {
        row(what, &load.run(16, run.seconds), bare);
    }
}

fn home(run: &Run, child: &Child, size: &str, bare: f64) -> f64 {
    let load = Load::get(&child.authority, "/api/v1/timelines/home").header(child.bearer());
    row(&format!("home timeline, 20 statuses, JSON, {size}, nothing new"), &load.run(16, run.seconds), bare);
    let m = load.always_new().run(16, run.seconds);
    row(&format!("home timeline, 20 statuses, JSON, {size}, made anew (goal 12,000/s)"), &m, bare);
    m.rate
}

/// What apps read, made anew each time, with the number of answers that is the goal on two cores.
fn reads(run: &Run, child: &Child, bare: f64, thread: &seed::Thread) {
    let context = |id| format!("/api/v1/statuses/{id}/context");
    let many = [
        ("context without replies (goal 30,000/s)", context(thread.last)),
        ("context of 60 replies (goal 3,000/s)", context(thread.first)),
        ("notifications of 20 (goal 10,000/s)", "/api/v1/notifications".to_owned()),
        ("account statuses (goal 10,000/s)", format!("/api/v1/accounts/{}/statuses", thread.author)),
    ];
    for (what, path) in many {
        let load = Load::get(&child.authority, &path).header(child.bearer()).always_new();
        row(what, &load.run(16, run.seconds), bare);
    }
    for (what, path) in [
        ("verify_credentials (goal 15,000/s)", "/api/v1/accounts/verify_credentials".to_owned()),
        ("instance (goal 15,000/s)", "/api/v2/instance".to_owned()),
        ("relationships (goal 15,000/s)", format!("/api/v1/accounts/relationships?id[]={}", thread.author)),
    ] {
        let load = Load::get(&child.authority, &path).header(child.bearer());
        row(&format!("{what}, one connection"), &load.run(1, run.seconds), bare);
    }
}

fn posts(run: &Run, child: &Child, bare: f64) {
    let body = json!({"status": "A post of a usual length, with a #hashtag and nothing else."}).to_string();
    let post = Load::post(&child.authority, "/api/v1/statuses", body).header(child.bearer());
    row("posts, one at a time", &post.run(1, run.seconds), bare);
    row("posts, 16 connections", &post.run(16, run.seconds), bare);
}

/// Signed activities: how many are taken, and how many have had their effect when the last is answered.
fn inbox(run: &Run, child: &Child) {
    let signer = peers::Signer::start();
    let count = if run.quick { 500 } else { 4_000 };
    let requests = signer.notes(&child.authority, &child.actor(), count);
    let before = child.notifications();
    load::send_all(&child.authority, &[signer.follow(&child.authority, &child.actor())], 1);
    while child.notifications() == before {
        std::thread::sleep(Duration::from_millis(5));
    }
    let before = child.notifications();
    let began = Instant::now();
    load::send_all(&child.authority, &requests, 8);
    let accepted = count as f64 / began.elapsed().as_secs_f64();
    while child.notifications() < before + count {
        std::thread::sleep(Duration::from_millis(5));
        assert!(
            began.elapsed() < Duration::from_secs(120),
            "{} of {count} had their effect",
            child.notifications() - before
        );
    }
    let processed = count as f64 / began.elapsed().as_secs_f64();
    println!("| signed inbox activities accepted / processed, per second | {accepted:.0} / {processed:.0} | | | |");
}

/// One post to 300 followers on as many TLS hosts.
fn fan_out() {
    const HOSTS: usize = 300;
    let tls = peers::TlsHosts::start(HOSTS);
    let data = seed::data(10);
    tls.follow(data.path());
    let child = Child::start(data.path(), &seed::domain());
    for round in ["new connections", "connections kept"] {
        let before = tls.received.load(Ordering::SeqCst);
        let began = Instant::now();
        child.post("to everybody");
        while tls.received.load(Ordering::SeqCst) < before + HOSTS {
            std::thread::sleep(Duration::from_millis(1));
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "only {} arrived",
                tls.received.load(Ordering::SeqCst) - before
            );
        }
        let took = began.elapsed().as_secs_f64();
        println!(
            "| fan-out to {HOSTS} TLS hosts, {round} | {:.0} deliveries/s, last after {:.2} s | | | |",
            HOSTS as f64 / took,
            took
        );
    }
}
