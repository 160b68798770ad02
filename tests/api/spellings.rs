//! Parameters and paths in every spelling that apps use, pages of people, and timelines of several hashtags.

use serde_json::{Value, json};

use crate::support::http::Response;
use crate::support::{Peer, Request, TestServer};

fn ids(page: &Value) -> Vec<String> {
    page.as_array().unwrap().iter().map(|x| x["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn members_of_a_list_are_named_in_every_spelling() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("bea");
    let (ana, bea) = (alice.follows_actor(&peer, "mallory"), alice.follows_actor(&peer, "bea"));
    let list = alice.post("/api/v1/lists", json!({"title": "x"}))["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/lists/{list}/accounts");
    let send = |method: &str, path: &str, kind: &str, body: String| {
        let request = Request::new(method, path).bearer(&alice.token);
        alice.send(&if body.is_empty() { request } else { request.body(kind, body) }).expect(200)
    };
    let form = "application/x-www-form-urlencoded";
    let multipart = "multipart/form-data; boundary=b";
    let part =
        |key: &str, value: &str| format!("--b\r\ncontent-disposition: form-data; name=\"{key}\"\r\n\r\n{value}\r\n");
    let bodies = [
        (form, format!("account_ids[]={ana}&account_ids[]={bea}")),
        (form, format!("account_ids%5B0%5D={ana}&account_ids%5B1%5D={bea}")),
        (form, format!("account_ids={ana}&account_ids={bea}")),
        ("text/plain", format!("account_ids[]={ana}&account_ids[]={bea}")),
        ("application/json", json!({"account_ids": [ana.parse::<i64>().unwrap(), bea], "x": null}).to_string()),
        (multipart, part("account_ids[]", &ana) + &part("account_ids[]", &bea) + "--b--\r\n"),
    ];
    for (kind, body) in bodies {
        send("POST", &path, kind, body.clone());
        assert_eq!(ids(&alice.get(&path)).len(), 2, "{kind} {body}");
        send("DELETE", &path, kind, body);
        assert_eq!(alice.get(&path), json!([]), "{kind}");
    }
    send("POST", &format!("{path}?account_ids[]={ana}&account_ids[]={bea}"), "", String::new());
    send("DELETE", &format!("/api//v1/lists//{list}/accounts/?account_ids[]={ana}"), "", String::new());
    assert_eq!(ids(&alice.get(&path)), [bea]);
}

#[test]
fn booleans_are_read_in_every_spelling() {
    let alice = TestServer::start("alice");
    let list = alice.post("/api/v1/lists", json!({"title": "x"}))["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/lists/{list}");
    for (spelling, value) in [
        (json!(true), true),
        (json!("false"), false),
        (json!(1), true),
        (json!("0"), false),
        (json!("on"), true),
        (json!("off"), false),
        (json!("True"), true),
        (json!(0), false),
    ] {
        let changed = alice.api("PUT", &path, json!({"exclusive": spelling})).expect(200).json();
        assert_eq!(changed["exclusive"], value, "{spelling}");
    }
}

#[test]
fn new_routes_support_head_options_and_cors() {
    let alice = TestServer::start("alice");
    for path in
        ["/api/v1/lists", "/api/v1/mutes", "/api/v1/followed_tags", "/api/v1/scheduled_statuses", "/api/v1/profile"]
    {
        let head = alice.send(&Request::new("HEAD", path).bearer(&alice.token)).expect(200);
        assert!(head.body.is_empty(), "{path}");
        let preflight = alice.send(&Request::new("OPTIONS", path).header("origin", "https://app.example"));
        assert!(preflight.status < 300, "{path}: {}", preflight.status);
        assert_eq!(preflight.header("access-control-allow-origin"), Some("*"), "{path}");
        let refused = alice.send(&Request::get(path).header("origin", "https://app.example")).expect(401);
        assert_eq!(refused.header("access-control-allow-origin"), Some("*"), "{path}");
        assert!(refused.json()["error"].is_string());
        // Loopback has no limits; this is a client behind a proxy.
        let request = Request::get(path).bearer(&alice.token).header("x-forwarded-for", "203.0.113.7");
        let response = alice.send(&request).expect(200);
        for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            assert!(response.header(name).is_some(), "{path} {name}");
        }
    }
}

/// The path of a link of a page.
fn link(alice: &TestServer, page: &Response, rel: &str) -> Option<String> {
    let all = page.header("link")?.to_owned();
    let part = all.split(", ").find(|part| part.contains(&format!("rel=\"{rel}\"")))?;
    let url = part.split('>').next().unwrap().trim_start_matches('<');
    Some(url.strip_prefix(&alice.url("")).unwrap().to_owned())
}

#[test]
fn pages_of_accounts_retain_the_other_parameters() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let post = alice.posts("likeable", "public");
    for name in ["ana", "bea", "carl"] {
        peer.add_actor(name);
        let actor = peer.actor(name);
        for kind in ["Like", "Announce"] {
            let public = "https://www.w3.org/ns/activitystreams#Public";
            let act = json!({
                "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{actor}/{kind}"), "type": kind,
                "actor": actor, "object": post["uri"], "to": [public],
            });
            peer.delivers(&alice, name, &act).expect(202);
        }
        let counts = || alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()));
        let before = ["ana", "bea", "carl"].iter().position(|n| *n == name).unwrap() as i64;
        crate::support::eventually("both arrive", || {
            counts()["favourites_count"] == before + 1 && counts()["reblogs_count"] == before + 1
        });
    }
    for list in ["favourited_by", "reblogged_by"] {
        let path = format!("/api/v1/statuses/{}/{list}?limit=1&x=a%26b", post["id"].as_str().unwrap());
        let (mut next, mut names, mut last) = (Some(path), Vec::new(), None);
        while let Some(path) = next {
            assert!(path.contains("x=a%26b") && path.contains("limit=1"), "{path}");
            let page = alice.api("GET", &path, json!(null)).expect(200);
            names.extend(page.json()[0]["username"].as_str().map(str::to_owned));
            next = link(&alice, &page, "next");
            last = link(&alice, &page, "prev").or(last);
        }
        assert_eq!(names, ["carl", "bea", "ana"], "{list}");
        let back = alice.api("GET", &last.unwrap(), json!(null)).expect(200).json();
        assert_eq!(back[0]["username"], "bea", "{list}: min_id is the page next to the cursor");
    }
}

#[test]
fn blocked_domains_are_paged() {
    let alice = TestServer::start("alice");
    for name in ["a", "b", "c"] {
        alice.post("/api/v1/domain_blocks", json!({"domain": format!("{name}.example")}));
        // Each decision has its own millisecond.
        let now = dassie::domain::now();
        crate::support::eventually("time passes", || dassie::domain::now() > now);
    }
    let first = alice.api("GET", "/api/v1/domain_blocks?limit=2", json!(null)).expect(200);
    assert_eq!(first.json(), json!(["c.example", "b.example"]));
    let second = alice.api("GET", &link(&alice, &first, "next").unwrap(), json!(null)).expect(200);
    assert_eq!((second.json(), link(&alice, &second, "next")), (json!(["a.example"]), None));
    let back = alice.api("GET", &link(&alice, &second, "prev").unwrap(), json!(null)).expect(200);
    assert_eq!(back.json(), json!(["c.example", "b.example"]));
}

#[test]
fn a_timeline_may_be_about_several_hashtags() {
    let alice = TestServer::start("alice");
    for text in ["#birds", "#cats", "#birds #cats", "#birds #dogs", "#fish"] {
        alice.posts(text, "public");
    }
    let count = |query: &str| alice.get(&format!("/api/v1/timelines/tag/{query}")).as_array().unwrap().len();
    for (query, wanted) in [
        ("birds", 3),
        ("BIRDS?local=true", 3),
        ("birds?remote=true", 0),
        ("birds?only_media=true", 0),
        ("birds?any[]=cats", 4),
        ("birds?any[]=cats&any[]=fish", 5),
        ("birds?all[]=cats", 1),
        ("birds?none[]=cats&none[]=dogs", 1),
        ("birds?any[]=fish&none[]=dogs", 3),
        ("birds?limit=2", 2),
        ("unknown", 0),
    ] {
        assert_eq!(count(query), wanted, "{query}");
    }
}
