//! Every document that we serve, compared with a golden file. `DASSIE_BLESS=1` rewrites the files; reviewers read the
//! diff. For documents that we send, see `golden_sent`.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Request, TestServer};

/// URLs, and the placeholders for them in the files.
pub type Names<'a> = &'a [(&'a str, &'a str)];

/// Replaces what differs from run to run: addresses, ids, times, keys, signatures.
fn steady(value: &mut Value, names: Names) {
    match value {
        Value::String(text) => {
            let named = names.iter().fold(text.clone(), |text, (authority, name)| text.replace(authority, name));
            let mut plain = without_ids(&named);
            if matches!(plain.len(), 20 | 24) && plain.starts_with("20") && plain.ends_with('Z') {
                plain = "TIME".into();
            }
            if plain.starts_with("-----BEGIN PUBLIC KEY-----\n") && plain.ends_with("-----END PUBLIC KEY-----\n") {
                plain = "PEM".into();
            }
            if plain.starts_with("z6Mk") {
                plain = "z6Mk".into();
            } else if plain.starts_with('z') && plain.len() > 80 {
                plain = "SIGNATURE".into();
            }
            *text = plain;
        }
        Value::Array(items) => items.iter_mut().for_each(|i| steady(i, names)),
        Value::Object(members) => members.iter_mut().for_each(|(_, m)| steady(m, names)),
        _ => {}
    }
}

/// Our ids, and times in milliseconds, are the only runs of so many digits.
fn without_ids(text: &str) -> String {
    let mut plain = String::new();
    for run in text.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let digits = run.trim_end_matches(|c: char| !c.is_ascii_digit());
        plain.push_str(if digits.len() < 13 { digits } else { "ID" });
        plain.push_str(&run[digits.len()..]);
    }
    plain
}

#[test]
fn ids_of_every_year_are_masked() {
    for (text, plain) in [
        ("https://a.example/statuses/117699999999999999", "https://a.example/statuses/ID"),
        ("https://a.example/statuses/117700000000000001/activity", "https://a.example/statuses/ID/activity"),
        ("2000000000000000000#1177", "ID#1177"),
        ("#updates/1795952229123 123456789012", "#updates/ID 123456789012"),
        ("é117700000000000001é 2026-11-29 13:37", "éIDé 2026-11-29 13:37"),
    ] {
        assert_eq!(without_ids(text), plain);
    }
}

/// Compares a document with its file.
pub fn compare(name: &str, mut value: Value, names: Names) {
    steady(&mut value, names);
    let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/golden/{name}.json"));
    if std::env::var_os("DASSIE_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == text, "{name} differs from its golden file:\n{text}");
}

#[test]
fn documents_match_their_golden_files() {
    let alice = TestServer::start("alice");
    let get = |path: &str| alice.send(&Request::get(path).activity());
    alice
        .api("PATCH", "/api/v1/accounts/update_credentials", json!({"display_name": "Alice", "note": "words", "fields_attributes": [{"name": "web", "value": "https://example.org"}]}))
        .expect(200);
    let post = alice.post(
        "/api/v1/statuses",
        json!({"status": "Hello #World & <all> of https://example.org", "spoiler_text": "greeting", "language": "en"}),
    );
    let id = post["id"].as_str().unwrap().to_owned();
    let reply = alice.post(
        "/api/v1/statuses",
        json!({"status": "@alice to myself", "in_reply_to_id": id, "visibility": "unlisted"}),
    );
    alice.post(&format!("/api/v1/statuses/{id}/pin"), json!({}));
    let boost = alice.post(&format!("/api/v1/statuses/{id}/reblog"), json!({}));
    let boost = boost["id"].as_str().unwrap();
    let status = format!("/users/alice/statuses/{id}");
    let names: Names = &[(&alice.authority, "dassie.example")];
    for (name, path) in [
        ("actor", "/users/alice".to_owned()),
        ("instance_actor", "/actor".to_owned()),
        ("note", status.clone()),
        ("create", format!("{status}/activity")),
        ("reply", format!("/users/alice/statuses/{}", reply["id"].as_str().unwrap())),
        ("announce", format!("/users/alice/statuses/{boost}/activity")),
        ("replies", format!("{status}/replies")),
        ("replies_page", format!("{status}/replies?page=true")),
        ("likes", format!("{status}/likes")),
        ("shares", format!("{status}/shares")),
        ("context", format!("{status}/context")),
        ("outbox", "/users/alice/outbox".to_owned()),
        ("outbox_page", "/users/alice/outbox?page=true".to_owned()),
        ("followers", "/users/alice/followers".to_owned()),
        ("following", "/users/alice/following".to_owned()),
        ("featured", "/users/alice/collections/featured".to_owned()),
        ("webfinger", format!("/.well-known/webfinger?resource=acct:alice@{}", alice.authority)),
        ("nodeinfo", "/.well-known/nodeinfo".to_owned()),
        ("nodeinfo_20", "/nodeinfo/2.0".to_owned()),
        ("nodeinfo_21", "/nodeinfo/2.1".to_owned()),
        ("host_meta", "/.well-known/host-meta.json".to_owned()),
    ] {
        compare(name, get(&path).expect(200).json(), names);
    }
    alice.api("DELETE", &format!("/api/v1/statuses/{}", reply["id"].as_str().unwrap()), json!(null)).expect(200);
    let gone = get(&format!("/users/alice/statuses/{}", reply["id"].as_str().unwrap())).expect(410);
    compare("tombstone", gone.json(), names);
}
