//! Handles: each actor has exactly one handle, however it is spelt, and no two actors share one.

use dassie::domain::federation_policy;
use dassie::store::peers::domain_policies::Severity;
use serde_json::{Value, json};

use super::meeting::Meeting;
use crate::support::Peer;

fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The ids of the accounts that are found by a handle.
fn found(world: &Meeting, handle: &str) -> Vec<String> {
    let response = world.alice.api(
        "GET",
        &format!("/api/v2/search?resolve=true&type=accounts&q={}", escaped(handle)),
        Value::Null,
    );
    assert!([200, 400, 422].contains(&response.status), "{handle:?}: {}", response.status);
    let list = response.json()["accounts"].as_array().cloned().unwrap_or_default();
    list.iter().map(|a| a["uri"].as_str().unwrap().to_owned()).collect()
}

fn count_actors(world: &Meeting) -> i64 {
    let count = |c: &dassie::store::Conn| Ok(c.query_row("SELECT count(*) FROM actors", [], |r| r.get(0))?);
    world.alice.app.domain.store.read(count).unwrap()
}

/// A WebFinger response: the subject that it claims, and the actor that it resolves to.
fn finger(peer: &Peer, subject: &str, actor: &str) {
    let link = json!({"rel": "self", "type": "application/activity+json", "href": actor});
    peer.serve_as("/.well-known/webfinger", "application/jrd+json", json!({"subject": subject, "links": [link]}));
}

/// Handles that are equal or similar to the one of Ana at an address of this machine.
fn spellings(host: &str) -> Vec<String> {
    let (ip, port) = host.split_once(':').unwrap();
    let number = u32::from(ip.parse::<std::net::Ipv4Addr>().unwrap());
    vec![
        format!("ana@{host}"),
        format!("@@ana@{host}"),
        format!("@ANA@{host}"),
        format!("acct:ana@{host}"),
        format!("ACCT:ana@{host}"),
        format!("ana@{ip}.:{port}"),
        format!("ana@{ip}:0{port}"),
        format!("ana@{host}/"),
        format!("ana@{host}/x"),
        format!("ana@{host}?x"),
        format!("ana@{host}#x"),
        format!("ana@{host}%00"),
        format!("ana@{host}%2Fx"),
        format!("ana@{host}\\x"),
        format!("ana@{host}@127.0.0.1:1"),
        format!("ana@127.0.0.1:1@{host}"),
        format!("ana@x:y@{host}"),
        format!("ana%40{host}"),
        format!("a%6Ea@{host}"),
        format!("ana@{}", host.replace("127", "%3127")),
        format!("ana@{number}:{port}"),
        format!("ana@0x7f000001:{port}"),
        format!("ana@127.1:{port}"),
        format!("ana@0177.0.0.1:{port}"),
        format!("ana@１２７.0.0.1:{port}"),
        format!("ana@127。0。0。1:{port}"),
        format!("ana@①②⑦.0.0.1:{port}"),
        format!("ana@localhost:{port}"),
        format!("ana@LOCALHOST:{port}"),
        format!("ana@ｌocalhost:{port}"),
        format!("ana@localhost.:{port}"),
        format!("ana@xn--localhost-:{port}"),
        format!("ana@xn--127-:{port}"),
        format!("ana@{host}\u{200b}"),
        format!("ana\u{200b}@{host}"),
        format!("ana\u{202e}@{host}"),
        format!("ａna@{host}"),
        format!("ana@{host}\u{0}"),
        format!("ana@{host}\n"),
        format!(" ana@{host} "),
        format!("../ana@{host}"),
        format!("ana&resource=acct:eve@{host}"),
        format!("@{host}"),
        "ana@".to_owned(),
    ]
}

#[test]
fn every_spelling_of_a_handle_resolves_to_at_most_one_account() {
    let world = Meeting::new();
    let host = world.good.base.trim_start_matches("http://").to_owned();
    let ana = world.good.actor("ana");
    finger(&world.good, &format!("acct:ana@{host}"), &ana);
    assert_eq!(found(&world, &format!("@ana@{host}")), std::slice::from_ref(&ana));
    let before = count_actors(&world);
    let mut known = 0;
    for handle in spellings(&host) {
        let uris = found(&world, &handle);
        assert!(uris.iter().all(|uri| *uri == ana), "{handle:?} is {uris:?}");
        assert_eq!(count_actors(&world), before, "{handle:?}");
        known += uris.len();
    }
    assert!(known >= 5, "only {known} spellings were understood");
}

/// The handle of an actor as it is shown, after it was met for the first time.
fn acct(world: &Meeting, uri: &str) -> String {
    let list = world.alice.get(&format!("/api/v2/search?resolve=true&type=accounts&q={}", escaped(uri)));
    list["accounts"][0]["acct"].as_str().unwrap_or_else(|| panic!("{uri}: {list}")).to_owned()
}

#[test]
fn a_handle_on_another_domain_requires_confirmation_by_that_domain() {
    let world = Meeting::new();
    let host = |peer: &Peer| peer.base.trim_start_matches("http://").to_owned();
    let (good, evil) = (host(&world.good), host(&world.evil));
    finger(&world.good, &format!("acct:ana@{good}"), &world.good.actor("ana"));
    for subject in [
        format!("acct:ana@{good}"),
        format!("ana@{good}"),
        format!("acct:ANA@{good}"),
        format!("acct:@ana@{good}"),
        format!("acct:ana@{good}."),
        format!("acct:mallory@{good}"),
        format!("acct:alice@{}", world.alice.authority),
        format!("acct:alice@{}", world.alice.authority.to_uppercase()),
        format!("acct:ana@{good}@{evil}"),
        format!("acct:ana@{evil}@{good}"),
        "acct:ana@127.0.0.1:1".to_owned(),
        "acct:".to_owned(),
        world.good.actor("ana"),
    ] {
        let name = format!("m{}", world.next());
        world.evil.add_actor(&name);
        finger(&world.evil, &subject, &world.evil.actor(&name));
        assert_eq!(acct(&world, &world.evil.actor(&name)), format!("{name}@{evil}"), "{subject}");
    }
    // With that domain's word it has the handle.
    world.evil.add_actor("guest");
    finger(&world.evil, &format!("acct:guest@{good}"), &world.evil.actor("guest"));
    finger(&world.good, &format!("acct:guest@{good}"), &world.evil.actor("guest"));
    assert_eq!(acct(&world, &world.evil.actor("guest")), format!("guest@{good}"));
}

#[test]
fn a_name_that_is_invalid_in_a_handle_is_not_shown() {
    let world = Meeting::new();
    let good = world.good.base.trim_start_matches("http://").to_owned();
    let evil = world.evil.base.trim_start_matches("http://").to_owned();
    for name in [
        format!("ana@{good}"),
        format!("@ana@{good}"),
        format!("ana@{good} "),
        "ana ana".to_owned(),
        "ana\u{202e}evil".to_owned(),
        "ana\u{200b}".to_owned(),
        "ana\u{0}".to_owned(),
        "ana/x".to_owned(),
        "ana%40x".to_owned(),
        "<b>ana</b>".to_owned(),
        "a".repeat(200),
        String::new(),
    ] {
        let path = format!("p{}", world.next());
        let mut person = world.evil.person(&path, &Peer::other_key());
        person["preferredUsername"] = json!(name);
        world.evil.serve(&format!("/users/{path}"), person);
        assert_eq!(acct(&world, &world.evil.actor(&path)), format!("{path}@{evil}"), "{name:?}");
    }
}

/// Ana's handle is on another domain, which confirms it.
#[test]
fn a_handle_is_retained_after_a_failure_and_dropped_if_its_domain_is_suspended() {
    let world = Meeting::new();
    let host = |peer: &Peer| peer.base.trim_start_matches("http://").to_owned();
    let (good, evil) = (host(&world.good), host(&world.evil));
    world.good.add_actor("eva");
    let eva = world.good.actor("eva");
    for peer in [&world.good, &world.evil] {
        finger(peer, &format!("acct:eva@{evil}"), &eva);
    }
    assert_eq!(acct(&world, &eva), format!("eva@{evil}"));
    let again = || world.alice.app.domain.remote().unwrap().fresh_actor(&eva);
    world.good.responds("/.well-known/webfinger", "503 Service Unavailable");
    again().unwrap();
    assert_eq!(acct(&world, &eva), format!("eva@{evil}"), "the WebFinger request failed");
    world.good.responds("/.well-known/webfinger", "404 Not Found");
    again().unwrap();
    assert_eq!(acct(&world, &eva), format!("eva@{good}"), "its response does not name her");
    finger(&world.good, &format!("acct:eva@{evil}"), &eva);
    let decision = federation_policy::Decision { severity: Severity::Suspend, ..Default::default() };
    federation_policy::decide(&world.alice.app.domain, &evil, decision).unwrap();
    let requested = world.evil.requests_for("/.well-known/webfinger");
    assert!(again().is_err(), "who is named by a suspended domain is not taken");
    assert_eq!(world.evil.requests_for("/.well-known/webfinger"), requested);
}
