//! Reply cycles: replies link to arbitrary posts, and every page and route responds whatever graph they form.

use std::time::{Duration, Instant};

use dassie::protocol::ids::StatusId;
use dassie::store::statuses;
use dassie::store::visibility::Viewer;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::{Graph, Peer, Request, TestServer, eventually};

/// A note to Alice in reply to something.
fn reply(peer: &Peer, alice: &TestServer, id: &str, to: &str) -> Value {
    let mut create = peer.note("mallory", id, &format!("reply {id}"), &[PUBLIC, &alice.actor()]);
    create["object"]["inReplyTo"] = json!(to);
    create
}

/// Our id of a stored post.
fn id_of(alice: &TestServer, uri: &str) -> StatusId {
    alice.app.domain.store.read(|c| statuses::by_uri(c, uri)).unwrap().unwrap_or_else(|| panic!("{uri}")).id
}

fn context_ids(alice: &TestServer, id: StatusId) -> (usize, usize) {
    let context = alice.send(&Request::get(&format!("/api/v1/statuses/{id}/context"))).expect(200).json();
    let count = |part: &str| context[part].as_array().unwrap().len();
    (count("ancestors"), count("descendants"))
}

#[test]
fn a_post_that_replies_to_itself_has_no_parent() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let uri = format!("{}/notes/self", peer.base);
    peer.delivers(&alice, "mallory", &reply(&peer, &alice, "self", &uri)).expect(202);
    eventually("it arrives", || alice.notifications().len() == 1);
    let id = id_of(&alice, &uri);
    assert_eq!(context_ids(&alice, id), (0, 0));
    assert_eq!(alice.get(&format!("/api/v1/statuses/{id}"))["in_reply_to_id"], Value::Null);
    let (cookie, _) = alice.session();
    alice.send(&Request::get(&format!("/t/{id}")).header("cookie", &cookie)).expect(200);
}

#[test]
fn two_posts_that_reply_to_each_other_are_a_thread_with_a_root() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let uri = |id: &str| format!("{}/notes/{id}", peer.base);
    for (id, to) in [("a", "b"), ("b", "a")] {
        peer.delivers(&alice, "mallory", &reply(&peer, &alice, id, &uri(to))).expect(202);
    }
    eventually("both arrive", || alice.notifications().len() == 2);
    let (a, b) = (id_of(&alice, &uri("a")), id_of(&alice, &uri("b")));
    assert_eq!((context_ids(&alice, a), context_ids(&alice, b)), ((0, 1), (1, 0)));
}

/// Mallory replies to a post that is missing, Alice replies to that, and then the missing post replies to Alice.
#[test]
fn a_reply_cycle_through_a_post_of_the_owner_is_broken() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let uri = |id: &str| format!("{}/notes/{id}", peer.base);
    peer.delivers(&alice, "mallory", &reply(&peer, &alice, "a", &uri("b"))).expect(202);
    eventually("it arrives", || alice.notifications().len() == 1);
    let a = id_of(&alice, &uri("a"));
    let own = alice.post("/api/v1/statuses", json!({"status": "mine", "in_reply_to_id": a}));
    peer.delivers(&alice, "mallory", &reply(&peer, &alice, "b", own["uri"].as_str().unwrap())).expect(202);
    eventually("the ring arrives", || alice.notifications().len() == 2);
    let own: StatusId = own["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(context_ids(&alice, own), (1, 1));
    alice.send(&Request::get(&format!("/@alice/{own}"))).expect(200);
    alice.send(&Request::get(&format!("/users/alice/statuses/{own}/replies?page=true")).activity()).expect(200);
}

/// A link of a random graph: post `n` replies to post `parent` of the same graph.
type Links = Vec<Option<usize>>;

fn graphs() -> impl Strategy<Value = (Links, Links)> {
    (2..24_usize).prop_flat_map(|size| {
        let links = || prop::collection::vec(prop::option::weighted(0.85, 0..size), size);
        (links(), links())
    })
}

/// Every page and document that walks over the links of a post.
fn read_everything(alice: &TestServer, cookie: &str, id: StatusId, own: bool) {
    let mut requests = vec![
        Request::get(&format!("/api/v1/statuses/{id}/context")),
        Request::get(&format!("/api/v1/statuses/{id}/context")).bearer(&alice.token),
        Request::get(&format!("/t/{id}")).header("cookie", cookie),
    ];
    if own {
        for path in ["", "/replies?page=true", "/context"] {
            requests.push(Request::get(&format!("/users/alice/statuses/{id}{path}")).activity());
        }
        requests.push(Request::get(&format!("/@alice/{id}")));
    }
    for request in requests {
        let began = Instant::now();
        let response = request.send(&alice.authority).expect(200);
        assert!(began.elapsed() < Duration::from_secs(5), "{} took {:?}", request.path, began.elapsed());
        assert!(response.body.len() < 2 * 1024 * 1024, "{}: {} bytes", request.path, response.body.len());
    }
}

/// Walks up from a post as a reader without memory would.
fn ends(alice: &TestServer, id: StatusId, most: usize) -> bool {
    let mut next = Some(id);
    for _ in 0..=most {
        let Some(id) = next else { return true };
        next = alice.app.domain.store.read(|c| statuses::get(c, id)).unwrap().unwrap().in_reply_to;
    }
    false
}

#[test]
fn random_reply_graphs_are_read_within_bounds() {
    let alice = TestServer::start("alice");
    let (cookie, _) = alice.session();
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let case = std::cell::Cell::new(0);
    let outcome = runner.run(&graphs(), |(written, forced)| {
        case.set(case.get() + 1);
        let graph = Graph::new(&alice, &format!("graph{}", case.get()));
        // Every third post is the owner's.
        let drafts = written.iter().enumerate().map(|(n, parent)| graph.draft(n, *parent, n % 3 == 0)).collect();
        let posts = graph.insert(drafts);
        prop_assert!(posts.iter().all(|post| ends(&alice, post.id, posts.len())), "a cycle was written: {written:?}");
        for (child, parent) in forced.iter().enumerate() {
            parent.iter().for_each(|parent| graph.force(posts[child].id, posts[*parent].id));
        }
        for (n, post) in posts.iter().enumerate().take(6) {
            read_everything(&alice, &cookie, post.id, n % 3 == 0);
        }
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn a_star_and_a_chain_of_five_thousand_are_read_within_bounds() {
    let alice = TestServer::start("alice");
    let (cookie, _) = alice.session();
    let graph = Graph::new(&alice, "long");
    let chain = graph.replies((0..5_000).map(|n: usize| (n, n.checked_sub(1))));
    let star = graph.replies((5_000..10_000).map(|n| (n, (n > 5_000).then_some(5_000))));
    for post in [&chain[0], &chain[2_500], &chain[4_999], &star[0], &star[4_999]] {
        read_everything_of_owner(&alice, &cookie, post.id);
    }
    let above = |id| alice.app.domain.store.read(|c| statuses::ancestors(c, Viewer::Anonymous, id)).unwrap().len();
    assert_eq!(above(chain[4_999].id), 4_999);
    assert_eq!(context_ids(&alice, chain[0].id), (0, 20), "anonymous clients see a depth of 20");
    assert_eq!(context_ids(&alice, star[0].id), (0, 60));
    assert_eq!(context_ids(&alice, chain[4_999].id), (40, 0));
}

/// The owner's context may be large, so only its time is bounded here.
fn read_everything_of_owner(alice: &TestServer, cookie: &str, id: StatusId) {
    let began = Instant::now();
    let context = alice.get(&format!("/api/v1/statuses/{id}/context"));
    for part in ["ancestors", "descendants"] {
        assert!(context[part].as_array().unwrap().len() <= 4_096);
    }
    for path in [format!("/t/{id}"), format!("/t/{id}?page=7"), format!("/t/{id}?above=3&page=999999")] {
        let page = alice.send(&Request::get(&path).header("cookie", cookie)).expect(200);
        assert!(page.body.len() < 1024 * 1024, "{path}: {}", page.body.len());
    }
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

/// Children that arrive before their parents, the newest first.
#[test]
fn a_chain_that_arrives_backwards_is_one_thread() {
    let alice = TestServer::start("alice");
    let graph = Graph::new(&alice, "backwards");
    let posts = graph.replies((0..200).rev().map(|n: usize| (n, n.checked_sub(1))));
    let get = |id| alice.app.domain.store.read(|c| statuses::get(c, id)).unwrap().unwrap();
    let first = posts.last().unwrap().id;
    assert!(posts.iter().all(|post| get(post.id).thread == first && ends(&alice, post.id, 200)));
}
