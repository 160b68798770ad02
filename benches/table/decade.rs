//! Every page and API call with ten years of data of one person: no response should take long.

use std::path::Path;
use std::time::{Duration, Instant};

use dassie::app::Route;
use dassie::domain::account::login;
use dassie::http::{Surface, Verb};

use crate::child::Child;
use crate::load::Connection;
use crate::{Run, at_most, seed};

const STATUSES: i64 = 1_000_000;
const ACTORS: i64 = 50_000;
/// No response should take longer at the 99th percentile, in milliseconds.
const GOAL: f64 = 20.0;

/// The values of the variable parts of paths.
struct Names {
    statuses: Vec<String>,
    polls: Vec<String>,
    own: Vec<String>,
    notifications: Vec<String>,
    groups: Vec<String>,
}

pub fn decade(run: &Run) {
    let data = seed::data(10);
    let began = Instant::now();
    let statuses = if run.quick { STATUSES / 20 } else { STATUSES };
    fill(data.path(), statuses);
    println!(
        "| storing {statuses} statuses and what belongs to them | {:.0} s | | | | | |",
        began.elapsed().as_secs_f64()
    );
    let names = Names::read(data.path());
    let cookie = session(data.path());
    let child = Child::start(data.path(), &seed::domain());
    let mut slow = 0;
    let routes: Vec<_> =
        dassie::api::ROUTES.iter().chain(dassie::web::ROUTES).chain(dassie::federation::ROUTES).collect();
    let (mut times, mut skipped) = (Vec::new(), Vec::new());
    for route in routes.into_iter().filter(|route| route.method == Verb::Get) {
        // These never end.
        if route.path.contains("streaming") || route.path == "/live" {
            continue;
        }
        let Some(p) = measure(&child, route, &names.paths(route), &cookie, run.seconds) else {
            skipped.push(route.path);
            continue;
        };
        slow += usize::from(p.p99 > GOAL);
        times.push((p, route));
    }
    times.sort_by(|a, b| b.0.p99.total_cmp(&a.0.p99));
    for (p, route) in times.iter().take(12) {
        println!("| {:?} {} | {:.0} | {:.2} | {:.2} | | | |", route.surface, route.path, 1e3 / p.p50, p.p50, p.p99);
    }
    at_most("pages and calls of ten years above 20 ms at p99", &format!("of {}", times.len()), slow as f64, 0.0);
    println!("| without an entry to request: {} | | | | | | |", skipped.join(" "));
}

fn fill(data: &Path, statuses: i64) {
    let tools = seed::open(data);
    let (me, now) = (tools.domain.owner().unwrap().id, tools.domain.now().millis());
    let origin = format!("http://{}", seed::domain());
    let write = move |c: &dassie::store::Conn| {
        c.execute_batch("CREATE TEMP TABLE size (statuses, actors, me, now, origin)")?;
        c.execute("INSERT INTO size VALUES (?1, ?2, ?3, ?4, ?5)", (statuses, ACTORS, me, now, origin))?;
        c.execute_batch(include_str!("decade.sql"))?;
        Ok(())
    };
    tools.domain.store.write(write).unwrap();
}

/// The cookie of a session of the owner.
fn session(data: &Path) -> String {
    let tools = seed::open(data);
    format!("dassie={}", login::start_session(&tools.domain, "bench").unwrap().0)
}

impl Names {
    fn read(data: &Path) -> Self {
        let tools = seed::open(data);
        let read = |sql: &'static str| {
            let rows = tools.domain.store.read(move |c| {
                let mut found = c.prepare(sql)?;
                let rows = found.query_map([], |r| r.get::<_, String>(0))?;
                Ok(rows.collect::<Result<Vec<_>, _>>()?)
            });
            rows.unwrap()
        };
        Self {
            statuses: read(
                "SELECT CAST(id AS TEXT) FROM (SELECT id FROM (SELECT status_id AS id FROM timelines WHERE timeline = 0 ORDER BY status_id DESC LIMIT 20)
                 UNION ALL SELECT thread_id FROM (SELECT thread_id FROM statuses GROUP BY thread_id ORDER BY count(*) DESC LIMIT 2))",
            ),
            polls: read("SELECT CAST(status_id AS TEXT) FROM polls ORDER BY status_id DESC LIMIT 20"),
            own: read(
                "SELECT CAST(id AS TEXT) FROM statuses WHERE local = 1 AND boost_of_id IS NULL AND visibility = 0 ORDER BY id DESC LIMIT 20",
            ),
            notifications: read("SELECT CAST(id AS TEXT) FROM notifications WHERE filtered = 0 ORDER BY id DESC LIMIT 20"),
            groups: read("SELECT DISTINCT group_key FROM notifications WHERE group_key IS NOT NULL ORDER BY id DESC LIMIT 20"),
        }
    }

    /// The addresses to request of a route: its path with each of some values, and pages far down.
    fn paths(&self, route: &Route) -> Vec<String> {
        let path = route.path.replace("{name}", "alice");
        let (start, rest) = match path.find('{') {
            Some(at) => (&path[..at], path[at..].split_once('}').map_or("", |(_, rest)| rest)),
            None => return vec![path.clone() + query(&path), self.far_down(&path)],
        };
        let fixed = |values: &[&str]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
        let values = match start {
            "/@alice/" | "/users/alice/statuses/" => self.own.clone(),
            "/api/v1/statuses/" | "/t/" | "/posts/" => [&self.statuses[..], &self.own].concat(),
            "/api/v1/accounts/" | "/accounts/" => (1000..1020).map(|id| id.to_string()).collect(),
            "/api/v1/polls/" => self.polls.clone(),
            "/api/v1/notifications/" => self.notifications.clone(),
            "/api/v2/notifications/" | "/notifications/groups/" => self.groups.clone(),
            "/tags/" | "/@alice/tagged/" | "/api/v1/timelines/tag/" => fixed(&["busy", "tag8", "tag16"]),
            "/lists/" | "/api/v1/lists/" | "/api/v1/timelines/list/" => fixed(&["1", "2", "3"]),
            "/filters/" | "/api/v1/filters/" | "/api/v2/filters/" => fixed(&["1", "2", "3"]),
            "/u/" => (0..20).map(|n| format!("u{n}@h{n}.example")).collect(),
            "/people/" => fixed(&["followers", "following", "requests", "blocked", "muted"]),
            "/notifications/" => fixed(&["mentions"]),
            _ => vec![],
        };
        let paths = values.iter().map(|value| format!("{start}{value}{rest}"));
        let paths: Vec<_> = paths.map(|path| path.replace("{tag}", "busy").replace("{tab}", "with_replies")).collect();
        let far = paths.first().map(|path| self.far_down(path));
        paths.into_iter().chain(far).collect()
    }

    /// A page of old entries, where the path has pages.
    fn far_down(&self, path: &str) -> String {
        let newest: i64 = self.own[0].parse().unwrap();
        // Nine years before.
        let old = newest - ((9 * 365 * 86_400_000_i64) << 16);
        let query = query(path);
        format!("{path}{query}{}max_id={old}", if query.is_empty() { '?' } else { '&' })
    }
}

/// The parameters that a path needs.
fn query(path: &str) -> &'static str {
    match path {
        "/api/v2/search" | "/search" | "/api/v1/accounts/search" => "?q=person",
        "/api/v1/accounts/lookup" => "?acct=u5@h5.example",
        "/api/v1/accounts/relationships" | "/api/v1/accounts/familiar_followers" => "?id[]=1000&id[]=1001&id[]=2500",
        "/api/v1/statuses" | "/api/v1/accounts" => "?id[]=1000",
        _ => "",
    }
}

struct Measured {
    p50: f64,
    p99: f64,
}

/// Requests the paths in turn at one connection, each with an address of its own. `None` if none of them is found.
fn measure(child: &Child, route: &Route, paths: &[String], cookie: &str, time: Duration) -> Option<Measured> {
    let header = match route.surface {
        Surface::Web => format!("cookie: {cookie}"),
        Surface::Federation => "accept: application/activity+json".into(),
        _ => format!("authorization: {}", child.bearer().1),
    };
    let mut connection = Connection::open(&child.authority);
    let mut found = Vec::new();
    for path in paths {
        if connection.request(&message(path, 0, &child.authority, &header)) == 200 {
            found.push(path);
        }
    }
    let (began, mut times) = (Instant::now(), Vec::new());
    for (n, path) in found.iter().cycle().enumerate() {
        let sent = Instant::now();
        connection.request(&message(path, n + 1, &child.authority, &header));
        times.push(sent.elapsed().as_secs_f64() * 1e3);
        if times.len() >= 100 && began.elapsed() > time / 8 {
            break;
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    (!times.is_empty()).then(|| Measured { p50: at(0.5), p99: at(0.99) })
}

/// A request that no kept response serves.
fn message(path: &str, n: usize, authority: &str, header: &str) -> Vec<u8> {
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("GET {path}{mark}n={n} HTTP/1.1\r\nhost: {authority}\r\n{header}\r\n\r\n").into_bytes()
}
