//! HTTP responses with a locked database and a full disk.

use serde_json::{Value, json};

use crate::support::{Request, TestServer};

fn db(server: &TestServer) -> std::path::PathBuf {
    let path = server.app.domain.store.read(|c| Ok(c.path().unwrap().to_owned())).unwrap();
    path.into()
}

#[test]
fn a_locked_database_is_a_503_with_a_short_retry_after() {
    let alice = TestServer::start("alice");
    let mut other = rusqlite::Connection::open(db(&alice)).unwrap();
    let lock = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let response = alice.api("POST", "/api/v1/statuses", json!({"status": "one"})).expect(503);
    assert!(response.header("retry-after").is_some());
    assert!(response.json()["error"].as_str().unwrap().contains("locked by another process"), "{}", response.json());
    alice.api("GET", "/api/v1/timelines/home", Value::Null).expect(200);
    drop(lock);
    alice.posts("two", "public");
}

#[test]
fn a_full_disk_is_a_507_with_the_cause_until_there_is_space() {
    let alice = TestServer::start("alice");
    let (cookie, csrf) = alice.session();
    let pages = |c: &dassie::store::Conn| Ok(c.query_row("PRAGMA page_count", [], |r| r.get::<_, i64>(0))?);
    let limit = |n: i64| {
        alice.app.domain.store.write(move |c| Ok(c.query_row(&format!("PRAGMA max_page_count = {n}"), [], |_| Ok(()))?))
    };
    limit(alice.app.domain.store.read(pages).unwrap()).unwrap();
    let long = "word ".repeat(900);
    let full = |_| alice.api("POST", "/api/v1/statuses", json!({"status": long}));
    let response = (0..40).map(full).find(|a| a.status != 200).expect("the disk becomes full").expect(507);
    assert!(response.header("retry-after").is_some());
    assert!(response.json()["error"].as_str().unwrap().contains("full"), "{}", response.json());
    let fields = [("csrf", csrf.as_str()), ("text", &long), ("visibility", "public")];
    let page = alice.send(&Request::new("POST", "/posts").header("cookie", &cookie).form(&fields));
    assert!(
        page.status == 507 && page.text().contains("disk of this server is full"),
        "{}: {}",
        page.status,
        page.text()
    );
    limit(1_000_000_000).unwrap();
    alice.posts(&long, "public");
}
