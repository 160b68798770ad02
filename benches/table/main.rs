//! `cargo bench`: the numbers that we steer by, measured in one run beside a bare hyper server that answers the same
//! number of bytes. Load and server share the machine, so only ratios travel from one machine to another.
//!
//! `cargo bench -- --quick` measures for a second each and leaves out the large database; `cargo bench -- posts inbox`
//! measures only these parts: pages, home, reads, posts, inbox, likes, large, decade, search, fan-out, uploads, streams,
//! proxy.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used)]

mod child;
mod decade;
mod load;
mod peers;
mod proxy;
mod search;
mod seed;
mod streams;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use child::Child;
use load::{Load, Measured};
use peers::Senders;
use serde_json::json;

struct Run {
    seconds: Duration,
    quick: bool,
    /// The parts to measure; empty for all.
    parts: Vec<String>,
}

impl Run {
    fn has(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|p| p == part)
    }
}

fn main() {
    let quick = std::env::args().any(|a| a == "--quick");
    let parts = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let run = Run { seconds: Duration::from_secs(if quick { 1 } else { 4 }), quick, parts };
    println!(
        "| measure | requests/s | p50 ms | p99 ms | to bare hyper | server CPU µs | goal |\n|---|---|---|---|---|---|---|"
    );
    let bare = Bare::measure(&run);
    small_database(&run, bare);
    if !run.quick && run.has("large") {
        large_database(&run, bare);
    }
    if run.has("decade") {
        decade::decade(&run);
    }
    if run.has("search") {
        search::search(run.quick);
    }
    if run.has("fan-out") {
        fan_out(&run);
    }
    if run.has("uploads") {
        uploads();
    }
    if run.has("streams") {
        streams::streams();
    }
    if run.has("proxy") {
        proxy::proxy(&run, bare);
    }
    let binary = std::fs::metadata(child::program()).unwrap().len();
    at_most("binary", "MB", binary as f64 / 1e6, 14.0);
}

/// 10,000 statuses.
fn small_database(run: &Run, bare: Bare) {
    let data = seed::data(10_000);
    let thread = seed::add_thread(data.path(), 60);
    let senders = Senders::add(data.path(), 16);
    let child = Child::start(data.path(), &seed::domain());
    let idle = child.memory();
    at_most("resident memory, idle", "MB", idle.resident, 14.0);
    at_most("anonymous memory, idle", "MB", idle.anonymous, 4.0);
    if run.has("pages") {
        pages(run, &child, bare);
    }
    if run.has("home") {
        home(run, &child, "10 k", bare);
    }
    if run.has("reads") {
        reads(run, &child, bare, &thread);
    }
    if run.has("posts") {
        posts(run, &child, bare);
    }
    at_most("resident memory, after load", "MB", child.memory().resident, 40.0);
    if run.has("inbox") {
        inbox(run, &child, &senders);
    }
    if run.has("likes") {
        liked_page(run, &child, &senders);
    }
}

fn large_database(run: &Run, bare: Bare) {
    let data = seed::data(1_000_000);
    let child = Child::start(data.path(), &seed::domain());
    println!("| start to first answer, 1 M statuses | {:.0} ms | | | | | |", child.started_in.as_secs_f64() * 1e3);
    home(run, &child, "1 M", bare);
    println!("| resident memory, 1 M statuses, after load | {:.1} MB | | | | | |", child.memory().resident);
    let bytes = std::fs::metadata(data.path().join("dassie.db")).unwrap().len();
    println!("| database per status | {} bytes | | | | | |", bytes / 1_000_000);
}

/// A load on the server, and the number of responses per second that is its goal on two cores.
struct Measure<'a> {
    what: String,
    load: &'a Load,
    connections: usize,
    goal: Option<f64>,
}

impl Measure<'_> {
    fn run(&self, run: &Run, child: &Child, bare: Bare) -> Measured {
        let before = child.cpu();
        let m = self.load.run(self.connections, run.seconds);
        let cpu = (child.cpu() - before) / (m.rate * m.seconds);
        println!(
            "| {} | {:.0} | {:.2} | {:.2} | {:.2} | {cpu:.0} | {} |",
            self.what,
            m.rate,
            m.p50,
            m.p99,
            m.rate / bare.rate(self.connections),
            judged(m.rate, self.goal)
        );
        m
    }
}

/// The goal, and whether a rate missed it.
fn judged(rate: f64, goal: Option<f64>) -> String {
    goal.map_or_else(String::new, |goal| format!("{goal:.0}: {}", if rate >= goal { "reached" } else { "missed" }))
}

/// A row with a figure that should not exceed a limit.
fn at_most(what: &str, unit: &str, figure: f64, limit: f64) {
    let verdict = if figure <= limit { "reached" } else { "missed" };
    println!("| {what} | {figure:.1} {unit} | | | | | {limit:.0} {unit}: {verdict} |");
}

fn measure(run: &Run, child: &Child, bare: Bare, what: &str, load: &Load) {
    Measure { what: what.to_owned(), load, connections: 16, goal: None }.run(run, child, bare);
}

/// Responses per second of hyper answering 1.5 KB: what the machine gives at the most.
#[derive(Clone, Copy)]
struct Bare {
    one_connection: f64,
    many_connections: f64,
}

impl Bare {
    fn measure(run: &Run) -> Self {
        let authority = load::bare_server();
        let load = Load::get(&authority, "/");
        let rate = |connections| {
            let m = load.run(connections, run.seconds);
            let what = format!("bare hyper, 1.5 KB, {connections} connections");
            println!("| {what} | {:.0} | {:.2} | {:.2} | | | |", m.rate, m.p50, m.p99);
            m.rate
        };
        Self { one_connection: rate(1), many_connections: rate(16) }
    }

    /// The rate with as many connections as the measure has that is compared with it.
    fn rate(self, connections: usize) -> f64 {
        if connections == 1 { self.one_connection } else { self.many_connections }
    }
}

fn pages(run: &Run, child: &Child, bare: Bare) {
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
        measure(run, child, bare, what, &load);
    }
}

fn home(run: &Run, child: &Child, size: &str, bare: Bare) {
    let load = Load::get(&child.authority, "/api/v1/timelines/home").header(child.bearer());
    measure(run, child, bare, &format!("home timeline, 20 statuses, JSON, {size}, from memory"), &load);
    let what = format!("home timeline, 20 statuses, JSON, {size}, uncached");
    let load = load.always_new();
    Measure { what, load: &load, connections: 16, goal: Some(12_000.0) }.run(run, child, bare);
}

/// What apps read, uncached, and small responses at one connection.
fn reads(run: &Run, child: &Child, bare: Bare, thread: &seed::Thread) {
    let context = |id| format!("/api/v1/statuses/{id}/context");
    let many = [
        ("context without replies", 30_000.0, context(thread.last)),
        ("context of 60 replies", 3_000.0, context(thread.first)),
        ("notifications of 20", 10_000.0, "/api/v1/notifications?limit=20".to_owned()),
        ("account statuses", 10_000.0, format!("/api/v1/accounts/{}/statuses", thread.author)),
    ];
    for (what, goal, path) in many {
        let load = Load::get(&child.authority, &path).header(child.bearer()).always_new();
        Measure { what: what.into(), load: &load, connections: 16, goal: Some(goal) }.run(run, child, bare);
    }
    for (what, path) in [
        ("verify_credentials", "/api/v1/accounts/verify_credentials".to_owned()),
        ("instance", "/api/v2/instance".to_owned()),
        ("relationships", format!("/api/v1/accounts/relationships?id[]={}", thread.author)),
    ] {
        let load = Load::get(&child.authority, &path).header(child.bearer());
        let one =
            Measure { what: format!("{what}, one connection"), load: &load, connections: 1, goal: Some(15_000.0) };
        one.run(run, child, bare);
        let load = load.always_new();
        let what = format!("{what}, one connection, uncached");
        Measure { what, load: &load, connections: 1, goal: None }.run(run, child, bare);
    }
}

fn posts(run: &Run, child: &Child, bare: Bare) {
    let body = json!({"status": "A post of a usual length, with a #hashtag and nothing else."}).to_string();
    let post = Load::post(&child.authority, "/api/v1/statuses", body).header(child.bearer());
    for (connections, goal) in [(1, 1_000.0), (16, 5_000.0)] {
        let what = format!("posts, {connections} connections");
        Measure { what, load: &post, connections, goal: Some(goal) }.run(run, child, bare);
    }
}

/// Signed activities of 16 senders: how many are accepted, and how many have had their effect at the end.
fn inbox(run: &Run, child: &Child, senders: &Senders) {
    let posts = child.posts(if run.quick { 10 } else { 40 });
    let requests = senders.mixed(&child.authority, &child.actor(), &posts);
    let (count, began, cpu) = (requests.len() as f64, Instant::now(), child.cpu());
    load::send_all(&child.authority, &requests, 16);
    let accepted = count / began.elapsed().as_secs_f64();
    child.settle();
    let processed = count / began.elapsed().as_secs_f64();
    println!(
        "| inbox, 16 senders, mixed: accepted / processed | {accepted:.0} / {processed:.0} | | | | {:.0} | {} |",
        (child.cpu() - cpu) / count,
        judged(processed, Some(4_000.0))
    );
}

/// A post that many favourite while its page is read.
fn liked_page(run: &Run, child: &Child, senders: &Senders) {
    let post = child.posts(1).remove(0);
    let page = format!("/@alice/{}", post.rsplit('/').next().unwrap());
    let requests: Vec<_> = (0..(200.0 * run.seconds.as_secs_f64()) as usize)
        .map(|n| senders.like(&child.authority, &child.actor(), n, &post))
        .collect();
    let m = std::thread::scope(|scope| {
        scope.spawn(|| {
            let began = Instant::now();
            for (n, request) in requests.chunks(10).enumerate() {
                load::send_all(&child.authority, request, 1);
                let due = Duration::from_millis(50) * (n as u32 + 1);
                std::thread::sleep(due.saturating_sub(began.elapsed()));
            }
        });
        Load::get(&child.authority, &page).run(16, run.seconds)
    });
    at_most("page of a post with 200 Likes a second, p99", "ms", m.p99, 20.0);
}

/// Four images of 32 megapixels at once.
fn uploads() {
    let mut jpeg = Vec::new();
    let picture = image::RgbImage::from_fn(8_000, 4_000, |x, y| image::Rgb([x as u8, y as u8, (x / 32) as u8]));
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg).encode_image(&picture).unwrap();
    drop(picture);
    let data = seed::data(10);
    let child = Child::start(data.path(), &seed::domain());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| child.upload(&jpeg));
        }
    });
    at_most("peak memory, four JPEG uploads of 32 megapixels at once", "MB", child.memory().peak, 128.0);
}

/// One post to many followers, each on its own TLS host. The hosts run in this process; what counts is the CPU time of
/// the server, beside the rate at which one core signs.
fn fan_out(run: &Run) {
    let hosts = if run.quick { 300 } else { 1_000 };
    let tls = peers::TlsHosts::start(hosts);
    let data = seed::data(10);
    tls.follow(data.path());
    let signing = Senders::add(data.path(), 1).signing_rate();
    let child = Child::start(data.path(), &seed::domain());
    for round in ["new connections", "connections kept"] {
        let before = tls.received.load(Ordering::SeqCst);
        let (began, cpu) = (Instant::now(), child.cpu());
        child.post("to everybody");
        while tls.received.load(Ordering::SeqCst) < before + hosts {
            std::thread::sleep(Duration::from_millis(1));
            let arrived = tls.received.load(Ordering::SeqCst);
            assert!(began.elapsed() < Duration::from_secs(60), "only {arrived} arrived");
        }
        let took = began.elapsed().as_secs_f64();
        let each = (child.cpu() - cpu) / hosts as f64;
        let rate = 1e6 / each;
        println!(
            "| fan-out to {hosts} TLS hosts, {round}: {:.0}/s in all, per second of server CPU: | {rate:.0} | | | | {each:.0} | {} |",
            hosts as f64 / took,
            judged(rate, Some(signing * 0.8))
        );
    }
}
