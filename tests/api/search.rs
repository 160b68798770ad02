//! Search parameters and their results.

use dassie::protocol::ids::{StatusId, first_id_at};
use dassie::protocol::time::Timestamp;
use dassie::protocol::visibility::Visibility;
use dassie::store::statuses::{self, NewStatus};
use dassie::store::{Conn, search};
use serde_json::{Value, json};

use crate::support::{Graph, Request, TestServer, eventually};

#[test]
fn a_search_by_an_unknown_author_finds_nothing() {
    let alice = TestServer::start("alice");
    let post = alice.posts("rock hyrax on a warm stone", "public");
    let found = |by: &str| {
        let found = alice.get(&format!("/api/v2/search?q=hyrax&type=statuses{by}"));
        found["statuses"].as_array().unwrap().iter().map(|s| s["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(found(""), [post["id"].clone()]);
    let own = post["account"]["id"].as_str().unwrap();
    assert_eq!(found(&format!("&account_id={own}")), [post["id"].clone()]);
    for unknown in ["1", "nobody", "-1", "9999999999999999999999"] {
        assert_eq!(found(&format!("&account_id={unknown}")), [] as [serde_json::Value; 0], "{unknown}");
    }
}

#[test]
fn a_search_by_url_has_no_second_page() {
    let alice = TestServer::start("alice");
    let post = alice.posts("one of its kind", "public");
    let handle = format!("@alice@{}", alice.app.domain.site.handle_domain());
    for (kind, text) in [("statuses", post["url"].as_str().unwrap()), ("accounts", handle.as_str())] {
        let page = |offset| {
            let found = alice.get(&format!("/api/v2/search?q={text}&resolve=true&offset={offset}"));
            found[kind].as_array().unwrap().len()
        };
        assert_eq!((page(0), page(1), page(20)), (1, 0, 0), "{text}");
    }
}

const NONE: [usize; 0] = [];

/// The posts that a query finds, newest first, by their position among `posts`.
fn found(alice: &TestServer, posts: &[Value], query: &str) -> Vec<usize> {
    found_with(alice, posts, query, "")
}

fn found_with(alice: &TestServer, posts: &[Value], query: &str, more: &str) -> Vec<usize> {
    let text: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let response = alice.get(&format!("/api/v2/search?type=statuses&q={text}{more}"));
    let position = |s: &Value| posts.iter().position(|p| p["id"] == s["id"]).unwrap_or(usize::MAX);
    response["statuses"].as_array().unwrap().iter().map(position).collect()
}

/// Puts a post of another author into database and index.
fn store(alice: &TestServer, post: NewStatus) -> Value {
    let id = post.id;
    let write = move |c: &Conn| {
        statuses::insert(c, &post)?.unwrap();
        search::refresh(c, id)
    };
    alice.app.domain.store.write(write).unwrap();
    json!({"id": id.to_string()})
}

fn at(day: &str, post: NewStatus) -> NewStatus {
    let created_at = Timestamp::parse(day).unwrap();
    NewStatus { id: StatusId(first_id_at(created_at)), created_at, ..post }
}

#[test]
fn words_are_found_in_every_script_and_case() {
    let alice = TestServer::start("alice");
    let texts =
        ["Das Café in STRASSBURG", "今日は日本語で書きます", "Наш Ёж 🦔", "the quick brown fox isn't here", "quickly"];
    let posts: Vec<Value> = texts.iter().map(|text| alice.posts(text, "public")).collect();
    for (query, expected) in [
        ("cafe", vec![0]),
        ("straßburg", vec![0]),
        ("日本", vec![1]),
        ("本", vec![1]),
        ("す", vec![1]),
        ("日語", vec![]),
        ("еж", vec![2]),
        ("🦔", vec![2]),
        ("QUICK", vec![3]),
        ("quick*", vec![4, 3]),
        ("\"brown fox\"", vec![3]),
        ("\"fox brown\"", vec![]),
        ("fox brown", vec![3]),
        ("quick -fox", vec![]),
        ("quick* -fox", vec![4]),
        ("isn't", vec![3]),
        ("-quick -cafe -🦔", vec![4, 1]),
        ("…", vec![]),
        ("the AND OR NOT NEAR(", vec![]),
        ("\"", vec![]),
    ] {
        assert_eq!(found(&alice, &posts, query), expected, "{query}");
    }
}

#[test]
fn operators_select_matching_posts() {
    let alice = TestServer::start("alice");
    let ana = Graph::new(&alice, "ana");
    let first = store(
        &alice,
        at("2024-03-05T12:00:00Z", NewStatus { language: Some("pt-BR".into()), ..ana.draft(1, None, false) }),
    );
    let reply =
        json!({"in_reply_to_id": first["id"], "status": "a reply", "language": "de", "spoiler_text": "careful"});
    let reply = alice.post("/api/v1/statuses", reply);
    let poll = json!({"status": "choose #Wisely", "poll": {"options": ["cats", "dogs"], "expires_in": 600}, "visibility": "unlisted"});
    let posts = [
        first,
        reply,
        alice.post("/api/v1/statuses", poll),
        alice.posts("see https://a.example/ @ana@peer.example", "public"),
    ];
    for (query, expected) in [
        ("from:me", vec![3, 2, 1]),
        ("from:@ana@peer.example", vec![0]),
        ("from:alice post", vec![]),
        ("from:@nobody@peer.example", vec![]),
        ("from:me from:ana@peer.example", vec![3, 2, 1, 0]),
        ("-from:me", vec![0]),
        ("to:ana@peer.example", vec![3, 1]),
        ("is:reply", vec![1]),
        ("is:sensitive", vec![1]),
        ("careful", vec![1]),
        ("has:poll", vec![2]),
        ("dogs", vec![2]),
        ("#wisely", vec![2]),
        ("#wise", vec![]),
        ("has:link", vec![3]),
        ("has:media", vec![]),
        ("language:de", vec![1]),
        ("language:pt", vec![0]),
        ("language:pt-br", vec![0]),
        ("in:public -is:reply", vec![3, 0]),
        ("in:library", vec![3, 2, 1]),
        ("before:2024-03-05", vec![]),
        ("during:2024-03-05", vec![0]),
        ("during:2024", vec![0]),
        ("-during:2024", vec![3, 2, 1]),
        ("after:2024-03", vec![3, 2, 1]),
        ("after:2024-03-04 before:2024-03-06 post", vec![0]),
        ("has:nothing", vec![]),
    ] {
        assert_eq!(found(&alice, &posts, query), expected, "{query}");
    }
}

#[test]
fn in_library_matches_posts_that_the_owner_interacted_with() {
    let alice = TestServer::start("alice");
    let ana = Graph::new(&alice, "ana");
    let posts = [store(&alice, ana.draft(1, None, false))];
    let id = posts[0]["id"].as_str().unwrap();
    assert_eq!(found(&alice, &posts, "post in:library"), NONE);
    for (on, off) in [("favourite", "unfavourite"), ("bookmark", "unbookmark"), ("reblog", "unreblog")] {
        alice.post(&format!("/api/v1/statuses/{id}/{on}"), json!({}));
        assert_eq!(found(&alice, &posts, "post in:library"), [0], "{on}");
        alice.post(&format!("/api/v1/statuses/{id}/{off}"), json!({}));
        assert_eq!(found(&alice, &posts, "post in:library"), NONE, "{off}");
    }
}

#[test]
fn edits_and_deletions_update_the_search_index() {
    let alice = TestServer::start("alice");
    let posts = [alice.posts("about hyraxes", "public")];
    let path = format!("/api/v1/statuses/{}", posts[0]["id"].as_str().unwrap());
    alice.api("PUT", &path, json!({"status": "about badgers", "language": "fr"})).expect(200);
    assert_eq!((found(&alice, &posts, "hyraxes"), found(&alice, &posts, "badgers language:fr")), (vec![], vec![0]));
    alice.api("DELETE", &path, Value::Null).expect(200);
    assert_eq!(found(&alice, &posts, "badgers"), NONE);
    assert_eq!(found(&alice, &posts, "from:me"), NONE);
}

#[test]
fn pages_follow_each_other_without_gaps() {
    let alice = TestServer::start("alice");
    let posts: Vec<Value> = (0..5).map(|n| alice.posts(&format!("hyrax {n}"), "public")).collect();
    let id = |n: usize| posts[n]["id"].as_str().unwrap();
    for (more, expected) in [
        ("&limit=2".to_owned(), vec![4, 3]),
        ("&limit=2&offset=2".to_owned(), vec![2, 1]),
        ("&limit=2&offset=4".to_owned(), vec![0]),
        (format!("&limit=2&max_id={}", id(3)), vec![2, 1]),
        (format!("&limit=2&min_id={}", id(0)), vec![2, 1]),
        (format!("&min_id={}&max_id={}", id(0), id(3)), vec![2, 1]),
        (format!("&limit=2&since_id={}", id(0)), vec![4, 3]),
        ("&max_id=nonsense&limit=1".to_owned(), vec![4]),
    ] {
        assert_eq!(found_with(&alice, &posts, "hyrax", &more), expected, "{more}");
    }
}

#[test]
fn other_clients_find_no_posts_and_cause_no_lookups() {
    let alice = TestServer::start("alice");
    alice.posts("hyrax", "public");
    let request = |query: &str| alice.send(&Request::get(&format!("/api/v2/search?q=hyrax{query}")));
    assert_eq!(request("").expect(200).json()["statuses"], json!([]));
    assert!(request("&resolve=true").expect(401).json()["error"].as_str().unwrap().contains("authentication"));
    request("&offset=20").expect(401);
    let text = "x ".repeat(200);
    alice.api("GET", &format!("/api/v2/search?q={}", text.replace(' ', "+")), Value::Null).expect(422);
}

#[test]
fn posts_that_the_owner_may_not_see_are_not_found() {
    let alice = TestServer::start("alice");
    let ana = Graph::new(&alice, "ana");
    let hidden = NewStatus { visibility: Visibility::Private, ..ana.draft(1, None, false) };
    let posts = [store(&alice, hidden), store(&alice, ana.draft(2, None, false))];
    assert_eq!(found(&alice, &posts, "post"), [1]);
    alice.post(&format!("/api/v1/accounts/{}/mute", ana.author), json!({}));
    assert_eq!(found(&alice, &posts, "post"), NONE);
}

#[test]
fn the_index_of_an_older_version_is_rebuilt() {
    let alice = TestServer::start("alice");
    let posts: Vec<Value> = (0..3).map(|n| alice.posts(&format!("hyrax {n}"), "public")).collect();
    let store = &alice.app.domain.store;
    let forget = |c: &Conn| {
        for post in [
            "DELETE FROM status_search WHERE rowid IN (SELECT id FROM statuses)",
            "DELETE FROM settings WHERE key = 'search_version'",
        ] {
            c.execute(post, [])?;
        }
        search::begin_rebuild_if_outdated(c)
    };
    store.write(forget).unwrap();
    eventually("the index is rebuilt", || !store.read(search::is_rebuilding).unwrap());
    assert_eq!(found(&alice, &posts, "hyrax from:me"), [2, 1, 0]);
}
