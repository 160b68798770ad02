//! `docs/openapi.json`, the description of the client API.

use std::collections::BTreeSet;

use dassie::http::Surface;

use crate::support::TestServer;
use crate::support::openapi::{document, tables};

const DOCUMENT: &str = "docs/openapi.json";

#[test]
fn every_route_of_the_api_is_described() {
    let alice = TestServer::start("alice");
    let named = |method: &str, path: &str| format!("{method} {path}");
    let api = alice.routes.iter().filter(|route| route.surface == Surface::Api);
    let routes: BTreeSet<String> =
        api.map(|route| named(&format!("{:?}", route.method).to_uppercase(), route.path)).collect();
    let described: BTreeSet<String> = tables::operations().iter().map(|o| named(&o.method, &o.path)).collect();
    let missing: Vec<_> = routes.difference(&described).collect();
    let gone: Vec<_> = described.difference(&routes).collect();
    let table = "tests/fixtures/openapi/operations.txt";
    assert!(missing.is_empty() && gone.is_empty(), "{table}: missing {missing:#?}, not served {gone:#?}");
}

#[test]
fn every_entity_is_used() {
    let mut used = String::new();
    tables::operations().iter().for_each(|o| used.push_str(&format!(" {} ", o.response)));
    tables::entities().iter().flat_map(|e| &e.members).for_each(|m| used.push_str(&format!(" {} ", m.kind)));
    let names: BTreeSet<&str> = used.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let unused: Vec<&str> = tables::entities().iter().map(|e| e.name.as_str()).filter(|n| !names.contains(n)).collect();
    // Errors have no operation of their own, and the members of `ConfigurationV1` are in its successor.
    assert_eq!(unused, ["Error"]);
}

/// The document is renewed with `DASSIE_BLESS=1`.
#[test]
fn the_document_is_current() {
    let alice = TestServer::start("alice");
    let text = document::to_text(&document::build(&alice.routes));
    if std::env::var_os("DASSIE_BLESS").is_some() {
        std::fs::write(DOCUMENT, &text).unwrap();
    }
    let is_current = std::fs::read_to_string(DOCUMENT).unwrap_or_default() == text;
    assert!(is_current, "renew {DOCUMENT}: DASSIE_BLESS=1 cargo test --test suite openapi");
}
