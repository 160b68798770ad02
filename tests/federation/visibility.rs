//! Visibility: one post of each kind, read on every route by every kind of requester.

use std::collections::BTreeSet;
use std::time::Duration;

use dassie::domain::account::oauth::{self, Holder, Scopes};
use dassie::domain::now;
use dassie::http::{Surface, Verb};
use dassie::protocol::signature::{RequestToSign, SignatureScheme, sign};
use dassie::protocol::time::Timestamp;
use serde_json::json;

use super::world::PUBLIC;
use crate::support::http::Response;
use crate::support::{Peer, Request, TestServer, eventually};

const OPEN: [&str; 4] = ["canarypublic", "canaryunlisted", "canaryroot", "canaryleaf"];
/// The last one was sent as public, but replies to a followers-only post.
const FOR_FOLLOWERS: [&str; 3] = ["canaryprivate", "canarymiddle", "canaryanswer"];
const FOR_THE_NAMED: &str = "canarydirect";
/// For followers, and for Dave, who is named in it.
const FOR_BOTH: &str = "canaryboth";

/// Alice posts; Bob follows her; Dave is mentioned in two posts; Carol has no relationship to her.
struct World {
    alice: TestServer,
    bob: TestServer,
    carol: TestServer,
    dave: TestServer,
    ids: Vec<(&'static str, String)>,
}

impl World {
    fn new() -> Self {
        let alice = TestServer::start("alice");
        let (bob, carol, dave) = (TestServer::start("bob"), TestServer::start("carol"), TestServer::start("dave"));
        bob.follows(&alice);
        let mut world = Self { alice, bob, carol, dave, ids: Vec::new() };
        let dave = format!("@dave@{}", world.dave.authority);
        world.post("canarypublic", "", "public", None);
        world.post("canaryunlisted", "", "unlisted", None);
        world.post("canaryprivate", "", "private", None);
        world.post(FOR_THE_NAMED, &dave, "direct", None);
        world.post(FOR_BOTH, &dave, "private", None);
        world.post("canaryroot", "", "public", None);
        world.post("canarymiddle", "", "private", Some("canaryroot"));
        world.post("canaryanswer", "", "private", Some("canarymiddle"));
        world.add_remote_reply("canaryleaf", "canarymiddle");
        world
    }

    fn post(&mut self, word: &'static str, to: &str, visibility: &str, parent: Option<&str>) {
        let text = format!("{word} #canary {to}");
        let mut fields = json!({"status": text, "visibility": visibility});
        if let Some(word) = parent {
            fields["in_reply_to_id"] = json!(self.id(word));
        }
        let id = self.alice.post("/api/v1/statuses", fields)["id"].as_str().unwrap().to_owned();
        self.ids.push((word, id));
    }

    /// A public reply of another server to a private post.
    fn add_remote_reply(&mut self, word: &'static str, to: &str) {
        let (peer, me) = (Peer::start(), self.alice.actor());
        let mut note = peer.note("mallory", "leaf", word, &[PUBLIC, &me]);
        note["object"]["inReplyTo"] = json!(format!("{me}/statuses/{}", self.id(to)));
        peer.delivers(&self.alice, "mallory", &note).expect(202);
        let notified = || {
            let list = self.alice.get("/api/v1/notifications?types[]=mention");
            list.as_array().unwrap().iter().find(|n| n["type"] == "mention").cloned()
        };
        eventually("the response arrives", || notified().is_some());
        self.ids.push((word, notified().unwrap()["status"]["id"].as_str().unwrap().to_owned()));
    }

    fn id(&self, word: &str) -> &str {
        &self.ids.iter().find(|(w, _)| *w == word).unwrap().1
    }

    /// Everything that makes a post turn up in one more place.
    fn use_everything(&self) {
        for (word, id) in &self.ids {
            for action in ["bookmark", "favourite"] {
                self.alice.post(&format!("/api/v1/statuses/{id}/{action}"), json!({}));
            }
            let edited = json!({"status": format!("{word} #canary edited @dave@{}", self.dave.authority)});
            if [FOR_THE_NAMED, FOR_BOTH].contains(word) {
                self.alice.api("PUT", &format!("/api/v1/statuses/{id}"), edited).expect(200);
            }
        }
        for word in ["canarypublic", "canaryprivate", "canarymiddle"] {
            let id = self.id(word);
            self.alice.api("POST", &format!("/api/v1/statuses/{id}/pin"), json!({}));
            self.alice.api("POST", &format!("/api/v1/statuses/{id}/reblog"), json!({}));
        }
        // Bob likes the posts that he may see, so that Alice gets notifications.
        for word in ["canarypublic", "canaryprivate"] {
            eventually("a post arrives", || self.bob.sees(word).is_some());
            let seen = self.bob.sees(word).unwrap();
            self.bob.post(&format!("/api/v1/statuses/{}/favourite", seen["id"].as_str().unwrap()), json!({}));
        }
        eventually("the likes arrive", || self.alice.notifications().iter().filter(|n| *n == "favourite").count() == 2);
        eventually("all is settled", || self.alice.is_settled());
    }

    /// Every URL of the server: each route with all possible parameters.
    fn paths(&self) -> Vec<(&'static str, String)> {
        let alice = &self.alice;
        let me = alice.get("/api/v1/accounts/verify_credentials")["id"].as_str().unwrap().to_owned();
        let notified = alice.get("/api/v1/notifications");
        let mut ids: Vec<String> = self.ids.iter().map(|(_, id)| id.clone()).collect();
        ids.extend(notified.as_array().unwrap().iter().map(|n| n["id"].as_str().unwrap().to_owned()));
        ids.extend(alice.home().iter().map(|s| s["id"].as_str().unwrap().to_owned()));
        ids.push(me);
        ids.sort();
        ids.dedup();
        let listed: String = ids.iter().map(|id| format!("&id[]={id}")).collect();
        let query =
            format!("page=true&limit=40&q=canary&acct=alice&uri=x&resource=acct:alice@{}{listed}", alice.authority);
        let mut paths = Vec::new();
        for route in alice.routes.iter().filter(|r| r.method == Verb::Get) {
            let path = route.path.replace("@{name}", "@alice").replace("{name}", "alice").replace("{tag}", "canary");
            let path =
                path.replace("{handle}", &format!("bob@{}", self.bob.authority)).replace("{*file}", "dassie.css");
            let with = if path.contains("{id}") { &ids[..] } else { &ids[..1] };
            paths.extend(with.iter().map(|id| (route.path, format!("{}?{query}", path.replace("{id}", id)))));
        }
        paths
    }
}

fn words() -> impl Iterator<Item = &'static str> {
    OPEN.into_iter().chain(FOR_FOLLOWERS).chain([FOR_THE_NAMED, FOR_BOTH])
}

/// A GET signed by the owner of another server, with this time and path.
fn signed(who: &TestServer, alice: &TestServer, path: &str, at: Timestamp) -> Vec<(&'static str, String)> {
    let owner = who.app.domain.owner().unwrap();
    let url = url::Url::parse(&alice.url(path)).unwrap();
    let outgoing = RequestToSign { method: "GET", url: &url, body: None, content_type: None };
    sign(SignatureScheme::Cavage, &outgoing, &owner.key_id, &owner.key, at)
}

fn with_headers(request: Request, headers: Vec<(&'static str, String)>) -> Request {
    headers.into_iter().fold(request, |request, (name, value)| request.header(name, &value))
}

/// Asks for a document with the signature of another server's owner.
pub fn fetch(alice: &TestServer, who: &TestServer, path: &str) -> Response {
    alice.send(&with_headers(Request::get(path).activity(), signed(who, alice, path, now())))
}

/// Reads every route and lists which texts appear where. Responses with non-public texts must not be cacheable.
fn walk(
    world: &World,
    paths: &[(&'static str, String)],
    request: impl Fn(&str) -> Vec<Request>,
) -> BTreeSet<(&'static str, &'static str)> {
    let mut seen = BTreeSet::new();
    for (route, path) in paths {
        for request in request(path) {
            let response = world.alice.send(&request);
            assert_ne!(response.status, 500, "{path}: {}", response.text());
            let text = response.text();
            for word in words().filter(|w| text.contains(w)) {
                seen.insert((*route, word));
                if !OPEN.contains(&word) {
                    assert_eq!(response.header("cache-control"), Some("private, no-store"), "{path} shows {word}");
                }
            }
        }
    }
    seen
}

const ACCEPTS: [&str; 3] = ["text/html", "application/activity+json", "*/*"];

fn words_of(seen: &BTreeSet<(&'static str, &'static str)>) -> BTreeSet<&'static str> {
    seen.iter().map(|(_, word)| *word).collect()
}

#[test]
fn peers_and_visitors_see_only_posts_addressed_to_them_on_every_route() {
    let world = World::new();
    world.use_everything();
    let paths = world.paths();
    let open: BTreeSet<&str> = OPEN.into_iter().collect();
    let anonymous = |path: &str| ACCEPTS.iter().map(|a| Request::get(path).header("accept", a)).collect::<Vec<_>>();
    let before = walk(&world, &paths, anonymous);
    assert_eq!(words_of(&before), open, "{before:#?}");
    for (name, who, more) in [
        ("an unrelated actor", &world.carol, vec![]),
        ("a follower", &world.bob, [&FOR_FOLLOWERS[..], &[FOR_BOTH]].concat()),
        ("a mentioned actor", &world.dave, vec![FOR_THE_NAMED, FOR_BOTH]),
    ] {
        let by = |path: &str| {
            let headers = || signed(who, &world.alice, path, now());
            let request = |a: &&str| with_headers(Request::get(path).header("accept", a), headers());
            ACCEPTS.iter().take(2).map(request).collect()
        };
        let seen = walk(&world, &paths, by);
        let allowed: BTreeSet<&str> = open.iter().copied().chain(more.iter().copied()).collect();
        assert_eq!(words_of(&seen), allowed, "{name} sees {seen:#?}");
        let closed: BTreeSet<&str> = seen.iter().filter(|(_, w)| !open.contains(w)).map(|(route, _)| *route).collect();
        let objects = ["/@{name}/{id}", "/users/{name}/statuses/{id}", "/users/{name}/statuses/{id}/activity"];
        let expected = if more.is_empty() { BTreeSet::new() } else { objects.into_iter().collect() };
        assert_eq!(closed, expected, "{name} reads non-public posts on these routes");
        // Nothing of it was cached for later requests.
        assert_eq!(walk(&world, &paths, anonymous), before, "after {name}");
    }
}

/// The routes on which a token with this scope can read non-public posts.
const BY_SCOPE: &[(&str, &[&str])] = &[
    (
        "read:statuses",
        &[
            "/api/v1/accounts/{id}/statuses",
            "/api/v1/conversations",
            "/api/v1/statuses",
            "/api/v1/statuses/{id}",
            "/api/v1/statuses/{id}/context",
            "/api/v1/statuses/{id}/history",
            "/api/v1/statuses/{id}/source",
            "/api/v1/timelines/home",
        ],
    ),
    ("read:notifications", &["/api/v1/notifications", "/api/v1/notifications/{id}", "/api/v2/notifications"]),
    ("read:search", &["/api/v2/search"]),
    ("read:favourites", &["/api/v1/favourites"]),
    ("read:bookmarks", &["/api/v1/bookmarks"]),
    ("read:accounts", &[]),
    ("read:follows", &[]),
    ("read:lists", &[]),
    ("write", &[]),
    ("follow", &[]),
    ("push", &[]),
    ("profile", &[]),
];

#[test]
fn tokens_read_what_their_scopes_permit() {
    let world = World::new();
    world.use_everything();
    let paths = world.paths();
    let closed_routes = |token: &str| -> BTreeSet<&'static str> {
        let seen = walk(&world, &paths, |path| vec![Request::get(path).bearer(token)]);
        assert!(OPEN.iter().all(|w| words_of(&seen).contains(w)), "{seen:?}");
        seen.iter().filter(|(_, w)| !OPEN.contains(w)).map(|(route, _)| *route).collect()
    };
    for (scope, routes) in BY_SCOPE {
        let expected: BTreeSet<&str> = routes.iter().copied().collect();
        assert_eq!(closed_routes(&world.alice.token_with(scope)), expected, "{scope}");
    }
    let all: BTreeSet<&str> = BY_SCOPE.iter().flat_map(|(_, routes)| routes.iter().copied()).collect();
    assert_eq!(closed_routes(&world.alice.token_with("read")), all, "read");
    // An app token without a user has no access to an account.
    let scopes = Scopes::parse("read").unwrap();
    let app = oauth::issue(&world.alice.app.domain, None, Holder::App, &scopes).unwrap().secret;
    assert_eq!(closed_routes(&app), BTreeSet::new(), "an app without an owner");
    let seen = walk(&world, &paths, |path| {
        vec![Request::get(path).bearer("nonsense"), Request::get(path).header("cookie", "dassie=nonsense")]
    });
    assert!(seen.iter().all(|(_, w)| OPEN.contains(w)), "{seen:?}");
}

/// Hidden objects get the same response as nonexistent ones: on every route with an id, in every form and language.
#[test]
fn hidden_and_nonexistent_objects_get_the_same_response() {
    let world = World::new();
    let alice = &world.alice;
    let hidden = ["canaryprivate", FOR_THE_NAMED, "canarymiddle"].map(|w| world.id(w).to_owned());
    let missing = (hidden[0].parse::<i64>().unwrap() + 7).to_string();
    let (mut compared, mut missed) = (0, 0);
    for route in alice.routes.iter().filter(|r| r.method == Verb::Get && r.path.contains("{id}")) {
        let pattern = route.path.replace("@{name}", "@alice").replace("{name}", "alice");
        for accept in ACCEPTS {
            for language in ["en", "de-DE, de;q=0.9", "ja"] {
                for by in [None, Some(&world.carol)] {
                    let response = |id: &str| {
                        let path = pattern.replace("{id}", id);
                        let request = Request::get(&path).header("accept", accept).header("accept-language", language);
                        let headers = by.map(|who| signed(who, alice, &path, now())).unwrap_or_default();
                        let response = alice.send(&with_headers(request, headers));
                        let steady = |text: String| text.replace(id, "ID");
                        let headers: Vec<_> = response
                            .headers
                            .iter()
                            .filter(|(n, _)| n != "date")
                            .map(|(n, v)| (n.clone(), steady(v.clone())))
                            .collect();
                        (response.status, headers, steady(response.text()))
                    };
                    let as_missing = response(&missing);
                    missed += usize::from(as_missing.0 == 404);
                    for id in &hidden {
                        assert_eq!(response(id), as_missing, "{pattern} as {accept} in {language}");
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(compared >= 1_000 && missed >= 200, "{compared} compared, {missed} not found");
}

#[test]
fn responses_do_not_depend_on_the_order_of_requesters() {
    let world = World::new();
    let alice = &world.alice;
    let federation = alice.routes.iter().filter(|r| r.surface == Surface::Federation && r.method == Verb::Get);
    let patterns: Vec<String> = federation
        .filter(|r| r.path.contains("/statuses/{id}") || r.path.contains("@{name}/{id}"))
        .map(|r| r.path.replace("@{name}", "@alice").replace("{name}", "alice"))
        .collect();
    assert!(patterns.len() >= 7);
    for (n, pattern) in patterns.iter().enumerate() {
        for follower_first in [true, false] {
            let post = alice.posts(&format!("only for followers {n}"), "private");
            let path = pattern.replace("{id}", post["id"].as_str().unwrap());
            let anonymous = || alice.send(&Request::get(&path).activity()).expect(404);
            let follower = || {
                let response = fetch(alice, &world.bob, &path);
                assert_eq!(response.status, 200, "{path}");
                assert_eq!(response.header("cache-control"), Some("private, no-store"), "{path}");
            };
            if follower_first {
                follower();
            }
            for _ in 0..2 {
                anonymous();
                follower();
            }
            anonymous();
        }
        let path = pattern.replace("{id}", world.id("canarypublic"));
        let first = fetch(alice, &world.carol, &path).expect(200);
        let second = alice.send(&Request::get(&path).activity()).expect(200);
        let third = fetch(alice, &world.bob, &path).expect(200);
        assert!(first.body == second.body && second.body == third.body, "{path}");
        assert!(second.header("cache-control").unwrap().starts_with("public"), "{path}");
        assert!(second.header("vary").unwrap().contains("Accept"), "{path}");
    }
}

#[test]
fn a_private_post_requires_a_valid_signature_of_its_audience() {
    let world = World::new();
    let (alice, bob, carol, dave) = (&world.alice, &world.bob, &world.carol, &world.dave);
    let hour = Duration::from_secs(3_700);
    let as_bob = |path: &str, headers: Vec<(&'static str, String)>| {
        alice.send(&with_headers(Request::get(path).activity(), headers)).status
    };
    let forged = |path: &str| {
        let key_id = |who: &TestServer| who.app.domain.owner().unwrap().key_id;
        let headers = signed(carol, alice, path, now());
        headers.into_iter().map(|(n, v)| (n, v.replace(&key_id(carol), &key_id(bob)))).collect()
    };
    for (word, for_bob, for_dave) in
        [("canaryprivate", 200, 404), (FOR_BOTH, 200, 200), (FOR_THE_NAMED, 404, 200), ("canarypublic", 200, 200)]
    {
        let path = format!("/users/alice/statuses/{}", world.id(word));
        let other = format!("/users/alice/statuses/{}", world.id("canaryroot"));
        let without = if word == "canarypublic" { 200 } else { 404 };
        assert_eq!(alice.send(&Request::get(&path).activity()).status, without, "{word} unsigned");
        for (what, status, expected) in [
            ("by an unrelated actor", fetch(alice, carol, &path).status, without),
            ("by a follower", fetch(alice, bob, &path).status, for_bob),
            ("by a mentioned actor", fetch(alice, dave, &path).status, for_dave),
            ("signed too long ago", as_bob(&path, signed(bob, alice, &path, now().minus(hour))), without),
            ("signed for later", as_bob(&path, signed(bob, alice, &path, now().plus(hour))), without),
            ("signed for another post", as_bob(&path, signed(bob, alice, &other, now())), without),
            ("signed for another server", as_bob(&path, signed(bob, carol, &path, now())), without),
            ("signed by another actor in the follower's name", as_bob(&path, forged(&path)), without),
        ] {
            assert_eq!(status, expected, "{word} {what}");
        }
    }
    // Former followers can no longer read.
    let id = bob.finds(alice);
    bob.post(&format!("/api/v1/accounts/{id}/unfollow"), json!({}));
    eventually("the follower is gone", || alice.rows()[1] == 0);
    fetch(alice, bob, &format!("/users/alice/statuses/{}", world.id("canaryprivate"))).expect(404);
}

/// An actor that knows the id of a non-public post can reply to it, quote it or like it, but receives no updates of it.
#[test]
fn updates_of_a_private_post_are_sent_to_its_audience_only() {
    let (alice, bob, peer) = (TestServer::start("alice"), TestServer::start("bob"), Peer::start());
    bob.follows(&alice);
    for visibility in ["private", "direct", "public"] {
        let post = alice.posts("canary of the first day", visibility);
        let (uri, id) = (post["uri"].clone(), post["id"].as_str().unwrap());
        let mut reply = peer.note("mallory", &format!("answer-{visibility}"), "an answer", &[PUBLIC]);
        reply["object"]["inReplyTo"] = uri.clone();
        let mut quote = peer.note("mallory", &format!("quote-{visibility}"), "a quote", &[PUBLIC, &alice.actor()]);
        quote["object"]["quoteUrl"] = uri.clone();
        let like = json!({"id": format!("{}/likes/{visibility}", peer.base), "type": "EmojiReact", "content": "🎉",
            "actor": peer.actor("mallory"), "object": uri});
        for activity in [reply, quote, like] {
            peer.delivers(&alice, "mallory", &activity).expect(202);
        }
        eventually("it is processed", || alice.is_settled());
        let edit = json!({"status": "canary of the second day"});
        alice.api("PUT", &format!("/api/v1/statuses/{id}"), edit).expect(200);
        alice.api("DELETE", &format!("/api/v1/statuses/{id}"), json!(null)).expect(200);
        eventually("it is delivered", || alice.is_settled());
        let received = json!(peer.received()).to_string();
        assert_eq!(received.contains("canary"), visibility == "public", "{visibility}: {received}");
        assert_eq!(received.contains("/delete\""), visibility == "public", "{visibility}: {received}");
    }
}

/// Each kind of interaction with a post is enough to receive its updates.
#[test]
fn updates_of_a_public_post_are_sent_to_all_actors_that_interacted_with_it() {
    let alice = TestServer::start("alice");
    for kind in ["Like", "EmojiReact", "Announce", "answer", "quote"] {
        let peer = Peer::start();
        let post = alice.posts(&format!("a post for {kind}"), "public");
        let activity = if ["answer", "quote"].contains(&kind) {
            let mut note = peer.note("mallory", kind, "words", &[PUBLIC, &alice.actor()]);
            note["object"][if kind == "quote" { "quoteUrl" } else { "inReplyTo" }] = post["uri"].clone();
            note
        } else {
            json!({"id": format!("{}/acts/{kind}", peer.base), "type": kind, "content": "🎉", "to": [PUBLIC],
                "actor": peer.actor("mallory"), "object": post["uri"]})
        };
        peer.delivers(&alice, "mallory", &activity).expect(202);
        eventually("it is processed", || alice.is_settled());
        let id = post["id"].as_str().unwrap();
        alice.api("PUT", &format!("/api/v1/statuses/{id}"), json!({"status": "changed"})).expect(200);
        eventually("they receive the Update", || peer.received().iter().any(|a| a["type"] == "Update"));
    }
}

/// Private replies are not included in public reply counts.
#[test]
fn public_reply_counts_exclude_private_replies() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let post = alice.posts("answer me", "public");
    let id = post["id"].as_str().unwrap();
    for (name, to) in [("open", vec![PUBLIC]), ("closed", vec![])] {
        let me = alice.actor();
        let to: Vec<&str> = to.into_iter().chain([me.as_str()]).collect();
        let mut reply = peer.note("mallory", name, name, &to);
        reply["object"]["inReplyTo"] = post["uri"].clone();
        peer.delivers(&alice, "mallory", &reply).expect(202);
    }
    eventually("both are there", || {
        alice.get(&format!("/api/v1/statuses/{id}/context"))["descendants"].as_array().unwrap().len() == 2
    });
    assert_eq!(alice.get(&format!("/api/v1/statuses/{id}"))["replies_count"], 1);
    let replies = alice.send(&Request::get(&format!("/users/alice/statuses/{id}/replies")).activity()).json();
    assert_eq!(replies["totalItems"], 1);
}
