//! Deletion of the owner's account.

use std::path::Path;

use dassie::domain::account::deletion;
use dassie::protocol::signature::SignatureScheme;
use dassie::store::queues::{deliveries, jobs};
use serde_json::{Value, json};

use super::pressure::{add_follower, count};
use super::world::PUBLIC;
use crate::support::verifier::{KeyCache, Verifier};
use crate::support::{Peer, Request, TestServer, eventually};

fn files_below(dir: &Path) -> usize {
    let entries = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
    entries.map(|path| if path.is_dir() { files_below(&path) } else { 1 }).sum()
}

/// Nothing is left to send or to erase.
fn is_erased(alice: &TestServer) -> bool {
    let waiting = alice.app.domain.store.read(|c| Ok(deliveries::count(c)? + jobs::count(c)?)).unwrap();
    waiting == 0 && count(alice, "SELECT count(*) FROM media") == 0
}

/// Uploads a picture and returns its id.
fn uploads_picture(alice: &TestServer) -> Value {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(20, 10).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let mut body = b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.extend(png.into_inner());
    body.extend(b"\r\n--b--\r\n");
    let request = Request::new("POST", "/api/v2/media").bearer(&alice.token);
    alice.send(&request.body("multipart/form-data; boundary=b", body)).expect(200).json()["id"].clone()
}

#[test]
fn every_known_server_gets_a_delete_that_verifies_although_the_actor_is_gone() {
    let alice = TestServer::start("alice");
    let fan = TestServer::start("fan");
    fan.follows(&alice);
    // A server that keeps its cached key, one that would fetch it again, and one that only sent a single mention.
    let (keeper, fetcher) = (
        Verifier::start(KeyCache::Forever, &alice.authority),
        Verifier::start(KeyCache::UntilRefused, &alice.authority),
    );
    add_follower(&alice, &keeper.base);
    add_follower(&alice, &fetcher.base);
    let unfollowed = Peer::start();
    unfollowed
        .delivers(&alice, "mallory", &unfollowed.note("mallory", "1", "hello", &[PUBLIC, &alice.actor()]))
        .expect(202);
    alice.posts("the last post", "public");
    eventually("the post arrives", || {
        fan.sees("the last post").is_some() && keeper.has("the last post") && fetcher.has("the last post")
    });
    eventually("the mention arrives", || alice.notifications() == ["mention", "follow"]);
    let uri = alice.actor();

    deletion::delete(&alice.app.domain).unwrap();
    let is_deletion = |a: &Value| a["type"] == "Delete" && a["object"] == json!(uri) && a["actor"] == json!(uri);
    for server in [&keeper, &fetcher] {
        eventually("the deletion is verified", || server.taken("Delete").iter().any(is_deletion));
        assert_eq!(server.dropped(), 0);
    }
    eventually("the server that only sent a mention receives it too", || unfollowed.received().iter().any(is_deletion));
    // Another Dassie, which verifies signatures as it always does.
    eventually("the fan loses the account", || fan.home().is_empty());
    let find = format!("/api/v1/accounts/lookup?acct=alice@{}", alice.authority);
    eventually("and its row", || fan.api("GET", &find, Value::Null).status == 404);
    eventually("nothing is left to do", || is_erased(&alice));
}

#[test]
fn every_route_of_a_deleted_account_returns_410() {
    let alice = TestServer::start("alice");
    let (cookie, _) = alice.session();
    let status = alice.posts("hello", "public");
    let path = status["uri"].as_str().unwrap().replace(&alice.url(""), "");
    let token = alice.token.clone();
    let uri = alice.actor();
    deletion::delete(&alice.app.domain).unwrap();

    let actor = alice.send(&Request::get("/users/alice").activity()).expect(410).json();
    assert_eq!(
        (&actor["type"], &actor["id"], &actor["formerType"]),
        (&json!("Tombstone"), &json!(uri), &json!("Person"))
    );
    assert_eq!(actor.get("publicKey"), None);
    let handle = format!("/.well-known/webfinger?resource=acct:alice@{}", alice.authority);
    alice.send(&Request::get(&handle)).expect(410);
    alice.send(&Request::get(&handle.replace("alice@", "bob@"))).expect(404);
    for gone in [path.as_str(), "/users/alice/outbox", "/users/alice/followers", "/users/alice/collections/featured"] {
        alice.send(&Request::get(gone).activity()).expect(410);
    }
    let peer = Peer::start();
    let follow = peer.signed(&alice, "mallory", SignatureScheme::Cavage, &json!({"type": "Follow", "object": uri}));
    alice.send(&follow).expect(410);
    for page in ["/", "/@alice", "/about", "/login", "/setup", "/home"] {
        let html =
            alice.send(&Request::get(page).header("cookie", &cookie).header("accept", "text/html")).expect(410).text();
        assert!(html.contains("has deleted this account"), "{page}: {html}");
    }
    for route in ["/api/v1/instance", "/api/v1/timelines/public", "/api/v1/accounts/verify_credentials"] {
        let error = alice.send(&Request::get(route).bearer(&token)).expect(410).json();
        assert_eq!(error["error"], "This account has been deleted", "{route}");
    }
    // The server itself still responds, and states the number of its accounts.
    alice.send(&Request::get("/actor").activity()).expect(200);
    let nodeinfo = alice.send(&Request::get("/nodeinfo/2.1")).expect(200).json();
    assert_eq!(nodeinfo["usage"]["users"]["total"], 0);
}

#[test]
fn everything_that_the_server_has_stored_is_erased() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    alice.follows(&bob);
    bob.follows(&alice);
    let media = uploads_picture(&alice);
    let post = alice.post("/api/v1/statuses", json!({"status": "look #here", "media_ids": [media]}));
    let id = post["id"].as_str().unwrap();
    bob.posts("a reply of a kind", "public");
    eventually("the post arrives", || alice.sees("a reply of a kind").is_some());
    for path in [format!("/api/v1/statuses/{id}/bookmark"), format!("/api/v1/statuses/{id}/favourite")] {
        alice.post(&path, json!({}));
    }
    alice.post("/api/v1/lists", json!({"title": "friends"}));
    alice.post(
        "/api/v2/filters",
        json!({"title": "no", "context": ["home"], "keywords_attributes": [{"keyword": "x"}]}),
    );
    assert!(files_below(&alice.dir().join("media")) > 0);

    deletion::delete(&alice.app.domain).unwrap();
    eventually("everything is erased", || is_erased(&alice));
    let kept = ["settings", "actors", "actor_keys"];
    let tables: Vec<String> = alice
        .app
        .domain
        .store
        .read(|c| {
            let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
                       AND name NOT LIKE 'status_search%'";
            Ok(c.prepare(sql)?.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
        })
        .unwrap();
    let full = |name: &&String| {
        let sql = format!("SELECT * FROM {name} LIMIT 1");
        alice.app.domain.store.read(|c| Ok(c.prepare(&sql)?.exists([])?)).unwrap()
    };
    let full: Vec<&String> = tables.iter().filter(full).filter(|name| !kept.contains(&name.as_str())).collect();
    assert!(full.is_empty(), "{full:?}");
    assert_eq!(count(&alice, "SELECT count(*) FROM actors WHERE local = 0"), 0);
    assert_eq!(count(&alice, "SELECT count(*) FROM status_search WHERE status_search MATCH 'look'"), 0);
    assert_eq!(count(&alice, "SELECT count(*) FROM settings WHERE key IN ('password', 'vapid_key', 'device_key')"), 0);
    eventually("the files are removed", || files_below(&alice.dir().join("media")) == 0);
}
