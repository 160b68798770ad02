//! Lists: their members, their timelines, and their effect on the home timeline.

use serde_json::{Value, json};

use crate::support::{Peer, Request, TestServer, eventually};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// A server that follows two actors of a peer.
struct Scene {
    alice: TestServer,
    peer: Peer,
    ana: String,
    bea: String,
}

impl Scene {
    fn new() -> Self {
        let (alice, peer) = (TestServer::start("alice"), Peer::start());
        peer.add_actor("ana");
        peer.add_actor("bea");
        let (ana, bea) = (alice.follows_actor(&peer, "ana"), alice.follows_actor(&peer, "bea"));
        Self { alice, peer, ana, bea }
    }

    fn list(&self, fields: Value) -> String {
        self.alice.post("/api/v1/lists", fields)["id"].as_str().unwrap().to_owned()
    }

    fn add(&self, list: &str, members: &[&str]) {
        self.alice.post(&format!("/api/v1/lists/{list}/accounts"), json!({"account_ids": members}));
    }

    /// Delivers a post, and a reply if it names another post, and waits for it.
    fn posts(&self, author: &str, id: &str, parent: Option<&str>) {
        let mut note = self.peer.note(author, id, &format!("<p>{id}</p>"), &[PUBLIC]);
        if let Some(parent) = parent {
            note["object"]["inReplyTo"] = json!(format!("{}/notes/{parent}", self.peer.base));
        }
        self.peer.delivers(&self.alice, author, &note).expect(202);
        let uri = format!("{}/notes/{id}", self.peer.base);
        let store = &self.alice.app.domain.store;
        eventually("a post arrives", || store.read(|c| dassie::store::statuses::by_uri(c, &uri)).unwrap().is_some());
    }

    fn timeline(&self, list: &str) -> Vec<String> {
        texts(&self.alice.get(&format!("/api/v1/timelines/list/{list}")))
    }

    fn home(&self) -> Vec<String> {
        texts(&self.alice.get("/api/v1/timelines/home"))
    }
}

fn texts(page: &Value) -> Vec<String> {
    let text = |s: &Value| s["content"].as_str().unwrap().replace("<p>", "").replace("</p>", "");
    page.as_array().unwrap().iter().map(text).collect()
}

#[test]
fn lists_are_created_changed_and_deleted() {
    let alice = TestServer::start("alice");
    assert_eq!(alice.get("/api/v1/lists"), json!([]));
    let list = alice.post("/api/v1/lists", json!({"title": " Friends "}));
    let id = list["id"].as_str().unwrap().to_owned();
    assert_eq!(list, json!({"id": id, "title": "Friends", "replies_policy": "list", "exclusive": false}));
    let path = format!("/api/v1/lists/{id}");
    let put = |fields: Value| alice.api("PUT", &path, fields).expect(200).json();
    assert_eq!(put(json!({"replies_policy": "none"}))["title"], "Friends");
    let changed = put(json!({"title": "Birds", "exclusive": "1"}));
    assert_eq!(changed, json!({"id": id, "title": "Birds", "replies_policy": "none", "exclusive": true}));
    assert_eq!(alice.get(&path), changed);
    assert_eq!(alice.get("/api/v1/lists"), json!([changed]));
    assert_eq!(alice.api("DELETE", &path, json!(null)).expect(200).json(), json!({}));
    for method in ["GET", "DELETE"] {
        alice.api(method, &path, json!(null)).expect(404);
    }
    alice.api("PUT", &path, json!({"title": "x"})).expect(404);
    alice.api("GET", &format!("/api/v1/timelines/list/{id}"), json!(null)).expect(404);
    alice.api("GET", "/api/v1/lists/birds", json!(null)).expect(404);
}

#[test]
fn invalid_lists_are_refused_with_the_field() {
    let alice = TestServer::start("alice");
    for (fields, word) in [
        (json!({}), "Title can't be blank"),
        (json!({"title": " "}), "Title can't be blank"),
        (json!({"title": "x".repeat(257)}), "Title is too long"),
        (json!({"title": "x", "replies_policy": "some"}), "replies_policy"),
        (json!({"title": "x", "exclusive": "perhaps"}), "exclusive"),
    ] {
        let error = alice.api("POST", "/api/v1/lists", fields).expect(422).json()["error"].clone();
        assert!(error.as_str().unwrap().contains(word), "{error}");
    }
    assert_eq!(alice.get("/api/v1/lists"), json!([]));
    for n in 0..50 {
        alice.post("/api/v1/lists", json!({"title": format!("{n}")}));
    }
    alice.api("POST", "/api/v1/lists", json!({"title": "too many"})).expect(422);
}

#[test]
fn only_followed_accounts_are_members() {
    let s = Scene::new();
    let id = s.list(json!({"title": "Friends"}));
    let path = format!("/api/v1/lists/{id}/accounts");
    let add = |ids: Value| s.alice.api("POST", &path, json!({"account_ids": ids}));
    s.add(&id, &[&s.ana]);
    add(json!([&s.bea, &s.ana])).expect(422);
    add(json!(["1"])).expect(404);
    add(json!(["x"])).expect(404);
    add(json!([])).expect(400);
    s.peer.add_actor("carl");
    let carl = s.alice.get(&format!("/api/v2/search?resolve=true&q={}/users/carl", s.peer.base));
    add(json!([carl["accounts"][0]["id"]])).expect(404);
    let ids = |page: Value| -> Vec<String> {
        page.as_array().unwrap().iter().map(|a| a["username"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(s.alice.get(&path)), ["ana"], "a request that fails adds no one");
    add(json!([&s.bea])).expect(200);
    assert_eq!(ids(s.alice.get(&format!("{path}?limit=1"))), ["bea"]);
    assert_eq!(ids(s.alice.get(&format!("{path}?limit=0"))), ["bea", "ana"]);
    let of = |id: &str| s.alice.get(&format!("/api/v1/accounts/{id}/lists"));
    assert_eq!(of(&s.ana)[0]["title"], "Friends");
    s.alice.api("GET", "/api/v1/accounts/1/lists", json!(null)).expect(404);
    let request = Request::new("DELETE", &format!("{path}?account_ids[]={}", s.bea)).bearer(&s.alice.token);
    s.alice.send(&request).expect(200);
    assert_eq!(of(&s.bea), json!([]));
    s.alice.post(&format!("/api/v1/accounts/{}/unfollow", s.ana), json!({}));
    assert_eq!((s.alice.get(&path), of(&s.ana)), (json!([]), json!([])), "the membership ends with the follow");
}

#[test]
fn a_list_shows_the_posts_of_its_members() {
    let s = Scene::new();
    s.posts("ana", "before", None);
    let id = s.list(json!({"title": "Ana"}));
    s.add(&id, &[&s.ana]);
    assert_eq!(s.timeline(&id), ["before"]);
    for n in 1..=3 {
        s.posts("ana", &format!("a{n}"), None);
        s.posts("bea", &format!("b{n}"), None);
    }
    assert_eq!(s.timeline(&id), ["a3", "a2", "a1", "before"]);
    assert_eq!(s.home().len(), 7);
    let first = s.alice.api("GET", &format!("/api/v1/timelines/list/{id}?limit=2"), json!(null)).expect(200);
    let link = first.header("link").unwrap().to_owned();
    let next = link.split('>').next().unwrap().trim_start_matches('<').to_owned();
    assert_eq!(texts(&s.alice.get(next.strip_prefix(&s.alice.url("")).unwrap())), ["a1", "before"]);
    s.alice.api("DELETE", &format!("/api/v1/lists/{id}/accounts"), json!({"account_ids": [s.ana]})).expect(200);
    assert_eq!(s.timeline(&id), Vec::<String>::new());
    assert_eq!(s.home().len(), 7);
    s.add(&id, &[&s.ana]);
    s.alice.post(&format!("/api/v1/accounts/{}/unfollow", s.ana), json!({}));
    assert_eq!(s.timeline(&id), Vec::<String>::new());
}

#[test]
fn the_replies_policy_decides_which_replies_a_list_shows() {
    let s = Scene::new();
    let lists = ["followed", "list", "none"].map(|policy| {
        let id = s.list(json!({"title": policy, "replies_policy": policy}));
        s.add(&id, &[&s.ana]);
        id
    });
    s.posts("ana", "own", None);
    s.posts("bea", "other", None);
    s.posts("ana", "to-self", Some("own"));
    s.posts("ana", "to-bea", Some("other"));
    let shown = |list: &str| s.timeline(list);
    assert_eq!(shown(&lists[0]), ["to-bea", "to-self", "own"]);
    assert_eq!(shown(&lists[1]), ["to-self", "own"]);
    assert_eq!(shown(&lists[2]), ["to-self", "own"]);
    s.add(&lists[1], &[&s.bea]);
    s.posts("ana", "again", Some("other"));
    assert!(shown(&lists[1]).contains(&"again".to_owned()), "a reply to a member");
    assert!(!shown(&lists[2]).contains(&"again".to_owned()));
    let path = format!("/api/v1/lists/{}", lists[2]);
    s.alice.api("PUT", &path, json!({"replies_policy": "followed"})).expect(200);
    assert_eq!(shown(&lists[2]), ["again", "to-bea", "to-self", "own"]);
    s.alice.api("PUT", &path, json!({"replies_policy": "none"})).expect(200);
    assert_eq!(shown(&lists[2]), ["to-self", "own"]);
}

#[test]
fn posts_of_an_exclusive_list_are_not_in_the_home_timeline() {
    let s = Scene::new();
    s.posts("ana", "a1", None);
    s.posts("bea", "b1", None);
    let id = s.list(json!({"title": "Loud", "exclusive": true}));
    s.add(&id, &[&s.ana]);
    assert_eq!(s.home(), ["b1"]);
    s.posts("ana", "a2", None);
    assert_eq!((s.home(), s.timeline(&id)), (vec!["b1".to_owned()], vec!["a2".to_owned(), "a1".to_owned()]));
    let path = format!("/api/v1/lists/{id}");
    s.alice.api("PUT", &path, json!({"exclusive": false})).expect(200);
    assert_eq!(s.home(), ["a2", "b1", "a1"]);
    s.alice.api("PUT", &path, json!({"exclusive": true})).expect(200);
    assert_eq!(s.home(), ["b1"]);
    s.alice.api("DELETE", &format!("{path}/accounts"), json!({"account_ids": [s.ana]})).expect(200);
    assert_eq!(s.home(), ["a2", "b1", "a1"]);
    s.add(&id, &[&s.ana]);
    s.alice.api("DELETE", &path, json!(null)).expect(200);
    assert_eq!(s.home(), ["a2", "b1", "a1"]);
}
