//! Cached responses and tokens show the last change, and only to their reader.

use dassie::domain::account::oauth::{self, Holder, Scopes};
use dassie::domain::account::password;
use serde_json::{Value, json};

use crate::support::{Graph, Request, TestServer};

#[test]
fn a_token_in_memory_ends_with_its_revocation() {
    let alice = TestServer::start("alice");
    let token = alice.token_with("read");
    let request = Request::get("/api/v1/accounts/verify_credentials").bearer(&token);
    for _ in 0..3 {
        alice.send(&request).expect(200);
    }
    password::set(&alice.app.domain, "a new password").unwrap();
    alice.send(&request).expect(401);
}

#[test]
fn the_use_of_a_token_in_memory_is_noted_once() {
    let alice = TestServer::start("alice");
    let token = alice.token_with("read");
    let used = || {
        let sql = "SELECT count(*) FROM tokens WHERE used_at IS NOT NULL AND scopes = 'read'";
        alice.app.domain.store.read(|c| Ok(c.query_row(sql, [], |r| r.get::<_, i64>(0))?)).unwrap()
    };
    let before = used();
    for _ in 0..3 {
        alice.send(&Request::get("/api/v1/timelines/home").bearer(&token)).expect(200);
    }
    assert_eq!(used(), before + 1);
}

#[test]
fn the_own_account_shows_the_last_change() {
    let alice = TestServer::start("alice");
    let path = "/api/v1/accounts/verify_credentials";
    for name in ["One", "Two", "Three"] {
        alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"display_name": name})).expect(200);
        assert_eq!(alice.get(path)["display_name"], name);
        assert_eq!(alice.get(path)["display_name"], name);
    }
}

#[test]
fn relationships_show_the_last_change() {
    let alice = TestServer::start("alice");
    let author = Graph::new(&alice, "ana").author;
    let path = format!("/api/v1/accounts/relationships?id[]={}", author.0);
    for (action, blocking) in [("block", true), ("unblock", false), ("block", true)] {
        alice.post(&format!("/api/v1/accounts/{}/{action}", author.0), json!({}));
        assert_eq!(alice.get(&path)[0]["blocking"], blocking);
        assert_eq!(alice.get(&path)[0]["blocking"], blocking);
    }
}

#[test]
fn the_instance_shows_the_last_change_with_and_without_a_token() {
    let alice = TestServer::start("alice");
    for name in ["One", "Two"] {
        alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"display_name": name})).expect(200);
        assert_eq!(alice.get("/api/v2/instance")["contact"]["account"]["display_name"], name);
        let open = alice.send(&Request::get("/api/v2/instance")).expect(200).json();
        assert_eq!(open["contact"]["account"]["display_name"], name);
    }
}

#[test]
fn cached_statuses_of_the_owner_are_not_shown_to_others() {
    let alice = TestServer::start("alice");
    alice.posts("for followers", "private");
    let owner = alice.app.domain.owner().unwrap().id;
    let path = format!("/api/v1/accounts/{}/statuses", owner.0);
    let app = alice.post("/api/v1/apps", json!({"client_name": "x", "redirect_uris": oauth::OOB}));
    let app = oauth::app(&alice.app.domain, app["client_id"].as_str().unwrap()).unwrap();
    let scopes = Scopes::parse("read").unwrap();
    let of_app = oauth::issue(&alice.app.domain, Some(app.id), Holder::App, &scopes).unwrap().secret;
    for _ in 0..2 {
        assert_eq!(alice.get(&path).as_array().unwrap().len(), 1);
        for request in [Request::get(&path), Request::get(&path).bearer(&of_app)] {
            assert_eq!(alice.send(&request).expect(200).json(), json!([]));
        }
    }
    alice.send(&Request::get("/api/v1/timelines/home").bearer(&of_app)).expect(403);
}

#[test]
fn a_cached_response_still_needs_its_scope() {
    let alice = TestServer::start("alice");
    let narrow = alice.token_with("read:accounts");
    for _ in 0..2 {
        alice.get("/api/v1/timelines/home");
        alice.send(&Request::get("/api/v1/timelines/home").bearer(&narrow)).expect(403);
    }
}

#[test]
fn a_cached_timeline_ends_with_a_block() {
    let alice = TestServer::start("alice");
    let ana = Graph::new(&alice, "ana");
    ana.replies([(1, None)]);
    let path = "/api/v1/timelines/public";
    let shown = || alice.get(path).as_array().unwrap().len();
    assert_eq!((shown(), shown()), (1, 1));
    alice.post(&format!("/api/v1/accounts/{}/block", ana.author.0), json!({}));
    assert_eq!((shown(), shown()), (0, 0));
    alice.post(&format!("/api/v1/accounts/{}/unblock", ana.author.0), json!({}));
    assert_eq!((shown(), shown()), (1, 1));
}

/// Where a post of the owner is shown to its author.
fn places(alice: &TestServer, id: &str) -> [String; 3] {
    let owner = alice.app.domain.owner().unwrap().id;
    [
        "/api/v1/timelines/home".to_owned(),
        format!("/api/v1/accounts/{}/statuses", owner.0),
        format!("/api/v1/statuses?id[]={id}"),
    ]
}

#[test]
fn statuses_in_memory_show_each_change() {
    let alice = TestServer::start("alice");
    let post = alice.posts("the first words", "public");
    let id = post["id"].as_str().unwrap();
    let check = |change: &str, member: &str, expected: Value| {
        // Each page has its own URL, so that none is a cached response.
        for (n, place) in places(&alice, id).iter().enumerate() {
            let mark = if place.contains('?') { '&' } else { '?' };
            for _ in 0..2 {
                let shown = alice.get(&format!("{place}{mark}n={change}{n}"));
                assert_eq!(shown[0][member], expected, "{place} after {change}");
            }
        }
    };
    check("post", "favourited", json!(false));
    let actions = [("favourite", "favourited"), ("bookmark", "bookmarked"), ("reblog", "reblogged"), ("pin", "pinned")];
    for (action, mark) in actions {
        alice.post(&format!("/api/v1/statuses/{id}/{action}"), json!({}));
        if action != "reblog" {
            check(action, mark, json!(true));
        }
        alice.post(&format!("/api/v1/statuses/{id}/un{action}"), json!({}));
        check(&format!("un{action}"), mark, json!(false));
    }
    alice.api("PUT", &format!("/api/v1/statuses/{id}"), json!({"status": "other words"})).expect(200);
    check("edit", "content", json!("<p>other words</p>"));
    alice.api("PATCH", "/api/v1/accounts/update_credentials", json!({"display_name": "Another"})).expect(200);
    for place in places(&alice, id) {
        assert_eq!(alice.get(&place)[0]["account"]["display_name"], "Another");
    }
    alice.api("DELETE", &format!("/api/v1/statuses/{id}"), Value::Null).expect(200);
    for place in places(&alice, id) {
        assert_eq!(alice.get(&place), json!([]), "{place} after the deletion");
    }
}

#[test]
fn statuses_in_memory_are_for_the_owner_only() {
    let alice = TestServer::start("alice");
    let post = alice.posts("for followers", "private");
    let id = post["id"].as_str().unwrap();
    let path = format!("/api/v1/statuses/{id}");
    for _ in 0..2 {
        alice.get("/api/v1/timelines/home");
        alice.get(&path);
        alice.send(&Request::get(&path)).expect(404);
    }
    let public = alice.posts("for everybody", "public");
    let path = format!("/api/v1/statuses/{}", public["id"].as_str().unwrap());
    assert_eq!(alice.get(&path)["favourited"], false);
    assert_eq!(alice.send(&Request::get(&path)).expect(200).json().get("favourited"), None);
}
