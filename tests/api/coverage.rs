//! The endpoints of the Mastodon API that are served, and the access that each of our routes requires.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use dassie::app::Route;
use dassie::http::{Access, Surface};

use crate::support::TestServer;

const ENDPOINTS: &str = include_str!("../fixtures/endpoints.tsv");
const ACCESS: &str = "tests/fixtures/routes.tsv";

/// Endpoints of tier 1 and 2 that are not served, each with the reason. They return 404 in JSON.
const UNSERVED: &[(&str, &str)] =
    &[("POST /api/v1/announcements/{}/dismiss", "there are no announcements, so no id is known")];

/// A path with its parameters unnamed.
fn shape(path: &str) -> String {
    let part = |p: &str| if p.starts_with('{') { "{}".to_owned() } else { p.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn verb(route: &Route) -> String {
    format!("{:?}", route.method).to_uppercase()
}

#[test]
fn every_common_endpoint_is_served() {
    let alice = TestServer::start("alice");
    let served: BTreeSet<String> = alice.routes.iter().map(|r| format!("{} {}", verb(r), shape(r.path))).collect();
    let mut table = String::new();
    let mut missing = Vec::new();
    let mut counts = [[0; 2]; 3];
    for line in ENDPOINTS.lines().filter(|line| !line.starts_with('#')) {
        let [tier, method, path] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let name = format!("{method} {}", shape(path));
        let is_served = served.contains(&name);
        counts[tier[1..].parse::<usize>().unwrap() - 1][usize::from(is_served)] += 1;
        if !is_served {
            writeln!(table, "{tier} {name}").unwrap();
        }
        let is_known = UNSERVED.iter().any(|(known, _)| name.contains(known));
        if !is_served && tier != "T3" && !is_known {
            missing.push(name);
        }
    }
    for (tier, [not, yes]) in counts.iter().enumerate() {
        println!("tier {}: {yes} served, {not} not", tier + 1);
    }
    println!("{table}");
    assert!(missing.is_empty(), "not served: {missing:#?}");
}

#[test]
fn unknown_routes_return_a_json_error() {
    let alice = TestServer::start("alice");
    for line in ENDPOINTS.lines().filter(|line| !line.starts_with('#')) {
        let [_, method, path] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let served = alice.routes.iter().any(|r| verb(r) == method && shape(r.path) == shape(path));
        if served || !path.starts_with("/api/") {
            continue;
        }
        let response = alice.api(method, &path.replace(['{', '}'], ""), serde_json::json!(null));
        assert!([404, 405].contains(&response.status), "{method} {path}: {}", response.status);
        assert!(response.json()["error"].is_string(), "{method} {path}");
    }
}

/// The table of routes and their access, renewed with `DASSIE_BLESS=1`.
#[test]
fn the_access_of_each_route_is_reviewed() {
    let alice = TestServer::start("alice");
    let mut lines: Vec<String> = alice
        .routes
        .iter()
        .filter(|route| route.surface == Surface::Api)
        .map(|route| {
            let access = match route.access {
                Access::Token(scopes) => format!("token {scopes}"),
                Access::Optional(scope) => format!("open, more with {scope}"),
                other => format!("{other:?}").to_lowercase(),
            };
            format!("{}\t{}\t{access}", route.path, verb(route))
        })
        .collect();
    lines.sort();
    let text = lines.join("\n") + "\n";
    if std::env::var_os("DASSIE_BLESS").is_some() {
        std::fs::write(ACCESS, &text).unwrap();
    }
    let kept = std::fs::read_to_string(ACCESS).unwrap_or_default();
    let new: Vec<&str> = text.lines().filter(|line| !kept.lines().any(|k| k == *line)).collect();
    let gone: Vec<&str> = kept.lines().filter(|line| !text.lines().any(|l| l == *line)).collect();
    assert!(new.is_empty() && gone.is_empty(), "review, then DASSIE_BLESS=1: new {new:#?}, gone {gone:#?}");
}

#[test]
fn each_route_refuses_a_token_without_its_scope() {
    let alice = TestServer::start("alice");
    let all = "read write follow push profile";
    for route in alice.routes.iter().filter(|r| r.surface == Surface::Api) {
        let Access::Token(scopes) = route.access else { continue };
        // A scope that no route accepts beside its own: the one of the other kind.
        let other = if scopes.contains("write") || scopes == "push" { "read" } else { "write" };
        let token = alice.token_with(other);
        let request = crate::support::Request::new(&verb(route), &route.path.replace(['{', '}'], "")).bearer(&token);
        let response = alice.send(&request);
        assert_eq!(response.status, 403, "{} {} with {other} of {all}: {}", verb(route), route.path, response.text());
        assert!(response.json()["error"].is_string(), "{}", route.path);
    }
}
