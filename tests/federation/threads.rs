use dassie::domain::backfill;
use dassie::limits;
use dassie::protocol::ids::{ActorId, StatusId};
use dassie::store::peers::fetch_reports::FetchReport;
use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

/// Serves a post, optionally a reply to another, with its replies.
fn serve(peer: &Peer, author: &str, id: &str, parent: Option<&str>, replies: &[String]) -> String {
    let create = peer.note(author, id, &format!("post {id}"), &[PUBLIC]);
    let mut note = create["object"].clone();
    let uri = note["id"].as_str().unwrap().to_owned();
    note["inReplyTo"] = json!(parent);
    note["published"] = json!("2026-01-02T03:04:05Z");
    note["replies"] = json!({
        "id": format!("{uri}/replies"), "type": "Collection",
        "first": {"type": "CollectionPage", "partOf": format!("{uri}/replies"), "items": replies},
    });
    let mut collection = note["replies"].clone();
    collection["@context"] = json!("https://www.w3.org/ns/activitystreams");
    peer.serve(&format!("/notes/{id}/replies"), collection);
    peer.serve(&format!("/notes/{id}"), note);
    uri
}

fn find(alice: &TestServer, url: &str) -> String {
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={url}"));
    found["statuses"][0]["id"].as_str().unwrap_or_else(|| panic!("{url} is not found: {found}")).to_owned()
}

fn context(alice: &TestServer, id: &str) -> (usize, usize) {
    let context = alice.get(&format!("/api/v1/statuses/{id}/context"));
    (context["ancestors"].as_array().unwrap().len(), context["descendants"].as_array().unwrap().len())
}

/// A thread of sixty replies on five servers, three levels deep; one server is unreachable.
#[test]
fn a_thread_is_completed_or_reports_missing_replies() {
    let alice = TestServer::start("alice");
    let peers: Vec<Peer> = (0..5).map(|_| Peer::start()).collect();
    let gone = "http://127.0.0.1:9/notes/never".to_owned();
    let uri = |n: usize| format!("{}/notes/r{n}", peers[n % 5].base);
    let root = format!("{}/notes/root", peers[0].base);
    // The first twenty reply to the root, the next to those, and the last twenty to the second.
    for n in 0..60 {
        let parent = if n < 20 { root.clone() } else { uri(n - 20) };
        let below: Vec<String> = if n < 40 { vec![uri(n + 20)] } else { vec![] };
        serve(&peers[n % 5], "mallory", &format!("r{n}"), Some(&parent), &below);
    }
    let mut first: Vec<String> = (0..20).map(uri).collect();
    first.push(gone);
    serve(&peers[0], "mallory", "root", None, &first);
    let id = find(&alice, &root);
    alice.get(&format!("/api/v1/statuses/{id}/context"));
    eventually("the thread is complete", || context(&alice, &id) == (0, 60));
    eventually("the missing replies are reported", || {
        let (cookie, _) = alice.session();
        let html = alice.send(&Request::get(&format!("/t/{id}")).header("cookie", &cookie)).text();
        html.contains("1 post of this thread could not be fetched")
    });
    assert!(alice.notifications().is_empty() && alice.home().is_empty(), "no notifications or posts at home");
    let requested: usize = peers.iter().map(|p| p.requests.load(std::sync::atomic::Ordering::SeqCst)).sum();
    assert!(requested < 300, "{requested} requests for sixty posts");
    let before = requested;
    alice.get(&format!("/api/v1/statuses/{id}/context"));
    eventually("the queues are empty", || alice.is_settled());
    let after: usize = peers.iter().map(|p| p.requests.load(std::sync::atomic::Ordering::SeqCst)).sum();
    assert_eq!(before, after, "opening it again causes no requests");
}

#[test]
fn ancestors_of_a_post_are_fetched_up_to_the_root() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let mut parent: Option<String> = None;
    for n in 0..12 {
        parent = Some(serve(&peer, "mallory", &format!("c{n}"), parent.as_deref(), &[]));
    }
    let id = find(&alice, &parent.unwrap());
    assert_eq!(context(&alice, &id).0, 0);
    eventually("all eleven are there", || context(&alice, &id).0 == 11);
    // A thread that bites its own tail ends.
    serve(&peer, "mallory", "head", Some(&format!("{}/notes/tail", peer.base)), &[format!("{}/notes/tail", peer.base)]);
    let tail = serve(
        &peer,
        "mallory",
        "tail",
        Some(&format!("{}/notes/head", peer.base)),
        &[format!("{}/notes/head", peer.base)],
    );
    let id = find(&alice, &tail);
    alice.get(&format!("/api/v1/statuses/{id}/context"));
    eventually("it ends", || alice.is_settled());
}

/// The outbox of an unfollowed actor, with pinned posts and counts.
#[test]
fn a_followed_or_opened_profile_is_filled() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let actor = peer.actor("ana");
    let mut document = peer.document("/users/ana");
    document["featured"] = json!(format!("{actor}/featured"));
    document["following"] = json!(format!("{actor}/following"));
    peer.serve("/users/ana", document);
    let collection = |name: &str, total: usize, items: Value| {
        // Without an id, as Takahē has them.
        peer.serve(
            &format!("/users/ana/{name}"),
            json!({
                "@context": "https://www.w3.org/ns/activitystreams",
                "type": "OrderedCollection", "totalItems": total, "orderedItems": items,
            }),
        );
    };
    let posts: Vec<Value> = (0..30)
        .map(|n| {
            let mut create = peer.note("ana", &format!("p{n}"), &format!("post number {n}"), &[PUBLIC]);
            create["object"]["published"] = json!(format!("2026-01-02T03:04:{:02}Z", 59 - n));
            create
        })
        .collect();
    // Embedded, or in a Create as snac has them.
    collection("featured", 2, json!([posts[25]["object"], posts[26]]));
    collection("outbox", 345, json!(posts));
    collection("followers", 67, json!([]));
    collection("following", 8, json!([]));
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={actor}"));
    let id = found["accounts"][0]["id"].as_str().unwrap().to_owned();
    let statuses =
        |query: &str| alice.get(&format!("/api/v1/accounts/{id}/statuses?{query}")).as_array().unwrap().clone();
    assert!(statuses("limit=40").is_empty());
    eventually("its posts are there", || statuses("limit=40").len() == 22);
    let texts: Vec<String> = statuses("limit=20").iter().map(|s| s["content"].as_str().unwrap().into()).collect();
    let expected: Vec<String> = (0..20).map(|n| format!("post number {n}")).collect();
    assert_eq!(texts, expected, "the newest twenty, by their own dates");
    eventually("its pins are there", || statuses("pinned=true").len() == 2);
    let account = alice.get(&format!("/api/v1/accounts/{id}"));
    assert_eq!(
        (&account["statuses_count"], &account["followers_count"], &account["following_count"]),
        (&json!(345), &json!(67), &json!(8))
    );
    assert!(alice.home().is_empty() && alice.notifications().is_empty());
}

/// Serves a reply to `root` and returns its id.
fn serve_answer(peer: &Peer, root: &str, id: &str) -> String {
    let mut note = peer.note("mallory", id, &format!("post {id}"), &[PUBLIC])["object"].clone();
    note["inReplyTo"] = json!(root);
    peer.serve(&format!("/notes/{id}"), note.clone());
    note["id"].as_str().unwrap().to_owned()
}

/// Serves a page of the replies of `root`.
fn serve_page(peer: &Peer, n: usize, items: &[String], next: usize) {
    let page = |n: usize| format!("{}/notes/root/replies/{n}", peer.base);
    let next = (next > 0).then(|| page(next));
    peer.serve(
        &format!("/notes/root/replies/{n}"),
        json!({"id": page(n), "type": "CollectionPage", "items": items, "next": next}),
    );
}

/// Every shape of a reply collection: the number of fetched replies and the number reported as missing.
#[test]
fn reply_collections_are_read_completely_or_reported_incomplete() {
    type Serve = fn(&Peer, &str);
    let cases: [(&str, Serve, usize, i64); 7] = [
        (
            "sixty in pages of ten",
            |peer, root| {
                for n in 0..6 {
                    let items: Vec<String> = (0..10).map(|i| serve_answer(peer, root, &format!("p{n}i{i}"))).collect();
                    serve_page(peer, n, &items, (n + 1) % 6);
                }
            },
            60,
            0,
        ),
        ("pages without end", |peer, _| (0..60).for_each(|n| serve_page(peer, n, &[], n + 1)), 0, 1),
        (
            "a page that is its own next",
            |peer, root| {
                serve_page(peer, 0, &[serve_answer(peer, root, "one")], 1);
                serve_page(peer, 1, &[serve_answer(peer, root, "two")], 1);
            },
            2,
            0,
        ),
        (
            "a page that fails",
            |peer, root| {
                serve_page(peer, 0, &[serve_answer(peer, root, "one")], 1);
                peer.responds("/notes/root/replies/1", "500 Internal Server Error");
            },
            1,
            1,
        ),
        ("a list that fails", |peer, _| peer.responds("/notes/root/replies", "500 Internal Server Error"), 0, 1),
        ("a list that is not there", |peer, _| peer.responds("/notes/root/replies", "404 Not Found"), 0, 0),
        (
            "more than are fetched at once",
            |peer, root| {
                let many = limits::THREAD_BACKFILL_POSTS + 20;
                let items: Vec<String> = (0..many).map(|i| serve_answer(peer, root, &format!("i{i}"))).collect();
                serve_page(peer, 0, &items, 0);
            },
            limits::THREAD_BACKFILL_POSTS,
            20,
        ),
    ];
    for (case, serve, had, missing) in cases {
        let (alice, peer) = (TestServer::start("alice"), Peer::start());
        let mut root = peer.note("mallory", "root", "the beginning", &[PUBLIC])["object"].clone();
        let uri = root["id"].as_str().unwrap().to_owned();
        root["published"] = json!("2026-01-02T03:04:05Z");
        root["replies"] = json!(format!("{uri}/replies"));
        peer.serve("/notes/root", root);
        peer.serve(
            "/notes/root/replies",
            json!({
                "id": format!("{uri}/replies"), "type": "Collection", "first": format!("{uri}/replies/0"),
            }),
        );
        serve(&peer, &uri);
        let report = opened(&alice, &uri);
        assert_eq!((context(&alice, &find(&alice, &uri)).1, report.missing), (had, missing), "{case}");
        let pages: usize = (0..60).map(|n| peer.requests_for(&format!("/notes/root/replies/{n}"))).sum();
        assert!(pages <= limits::THREAD_BACKFILL_PAGES + 1, "{case}: {pages} pages");
    }
}

/// Opens a thread and waits until all resulting jobs are done.
fn opened(alice: &TestServer, uri: &str) -> FetchReport {
    let id = find(alice, uri);
    alice.get(&format!("/api/v1/statuses/{id}/context"));
    let report = || backfill::thread_report(&alice.app.domain, StatusId(id.parse().unwrap())).unwrap();
    eventually("it was fetched", || report().is_some_and(|r| r.done_at.is_some()));
    report().unwrap()
}

/// The origin of the root post lists the whole thread (FEP-7888): no reply collection needs to be fetched.
#[test]
fn a_thread_is_read_from_its_context() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let list = format!("{}/contexts/1", peer.base);
    let root = format!("{}/notes/root", peer.base);
    let mut items = Vec::new();
    for n in 0..5 {
        let parent = (n > 0).then_some(root.as_str());
        items.push(serve(&peer, "mallory", if n == 0 { "root" } else { ["", "a", "b", "c", "d"][n] }, parent, &[]));
    }
    let mut first = peer.document("/notes/root");
    first["context"] = json!(list);
    peer.serve("/notes/root", first);
    peer.serve("/contexts/1", json!({"id": list, "type": "OrderedCollection", "totalItems": 5, "orderedItems": items}));
    let report = opened(&alice, &root);
    assert_eq!((context(&alice, &find(&alice, &root)), report.missing), ((0, 4), 0));
    assert_eq!((peer.requests_for("/contexts/1"), peer.requests_for("/notes/root/replies")), (1, 0));
}

/// A profile whose server never responds correctly must not be shown as being fetched permanently.
#[test]
fn a_failed_backfill_is_reported_as_missing() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.responds("/users/mallory/outbox", "500 Internal Server Error");
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={}", peer.actor("mallory")));
    let id = found["accounts"][0]["id"].as_str().unwrap().to_owned();
    alice.get(&format!("/api/v1/accounts/{id}/statuses"));
    let report = || backfill::profile_report(&alice.app.domain, ActorId(id.parse().unwrap())).unwrap().unwrap();
    eventually("it was tried once", || peer.requests_for("/users/mallory/outbox") > 0);
    assert!(report().done_at.is_none());
    let hurry =
        |c: &dassie::store::Conn| Ok(c.execute("UPDATE jobs SET attempts = 4, due = 0 WHERE error IS NOT NULL", [])?);
    eventually("it is delayed", || alice.app.domain.store.write(hurry).unwrap() == 1);
    eventually("it is given up", || report().done_at.is_some());
    assert_eq!(report().missing, 1);
}

/// An account with twenty-five posts, on pages of ten as Mastodon has them; every other one is only named.
#[test]
fn a_follow_adds_the_last_twenty_posts_to_the_home_timeline() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let outbox = format!("{}/outbox", peer.actor("ana"));
    let context = "https://www.w3.org/ns/activitystreams";
    let posts: Vec<Value> = (0..25)
        .map(|n| {
            let mut create = peer.note("ana", &format!("p{n}"), &format!("post number {n}"), &[PUBLIC]);
            create["object"]["published"] = json!(format!("2026-01-02T03:04:{:02}Z", 59 - n));
            if n % 2 == 0 {
                return create;
            }
            peer.serve(&format!("/notes/p{n}/activity"), create.clone());
            create["id"].clone()
        })
        .collect();
    let address = |page: usize| format!("{outbox}/{page}");
    for (n, items) in posts.chunks(10).enumerate() {
        let next = (n < 2).then(|| address(n + 1));
        peer.serve(
            &format!("/users/ana/outbox/{n}"),
            json!({
                "@context": context, "id": address(n), "type": "OrderedCollectionPage", "partOf": outbox, "next": next,
                "orderedItems": items,
            }),
        );
    }
    let whole =
        json!({"@context": context, "id": outbox, "type": "OrderedCollection", "totalItems": 25, "first": address(0)});
    peer.serve("/users/ana/outbox", whole);
    let began = std::time::Instant::now();
    super::moving::follow(&alice, &peer, "ana");
    eventually("twenty posts are at home", || alice.home().len() == 20);
    println!("{:?} from the search to twenty posts at home", began.elapsed());
    let texts: Vec<String> = alice.home().iter().map(|s| s["content"].as_str().unwrap().into()).collect();
    let expected: Vec<String> = (0..20).map(|n| format!("post number {n}")).collect();
    assert_eq!(texts, expected, "the newest twenty, by their own dates");
    assert!(alice.notifications().is_empty(), "old posts create no notifications");
    eventually("the queues are empty", || alice.is_settled());
    assert_eq!(alice.home().len(), 20);
}

/// A server that sends 429 is not contacted again: the rest of the thread is missing for now.
#[test]
fn a_server_that_sends_retry_after_gets_one_request() {
    let (alice, peer, busy) = (TestServer::start("alice"), Peer::start(), Peer::start());
    let replies: Vec<String> = (0..8).map(|n| format!("{}/notes/b{n}", busy.base)).collect();
    for n in 0..8 {
        busy.responds(&format!("/notes/b{n}"), "429 Too Many Requests");
    }
    let root = serve(&peer, "mallory", "root", None, &replies);
    let id = find(&alice, &root);
    alice.get(&format!("/api/v1/statuses/{id}/context"));
    eventually("the thread is read", || alice.is_settled());
    assert_eq!(busy.requests.load(std::sync::atomic::Ordering::SeqCst), 1);
    assert_eq!(opened(&alice, &root).missing, 8);
}

/// Ana has boosted sixty times since her last post, and Eve without end.
#[test]
fn backfill_finds_posts_behind_many_boosts() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let profile = |name: &str, pages: usize| {
        peer.add_actor(name);
        let outbox = format!("{}/outbox", peer.actor(name));
        let boost = |n: usize| {
            json!({
                "id": format!("{outbox}/boosts/{n}"), "type": "Announce", "actor": peer.actor(name), "to": [PUBLIC],
                "object": format!("{}/notes/of-others/{n}", peer.base),
            })
        };
        for n in 0..=pages {
            let boosts: Vec<Value> = (20 * n..20 * (n + 1)).map(boost).collect();
            let posts = json!([peer.note(name, &format!("{name}-post"), "my own words", &[PUBLIC])]);
            let (items, next) = match n == pages {
                true => (posts, None),
                false => (json!(boosts), Some(format!("{outbox}/{}", n + 1))),
            };
            let page = json!({"type": "OrderedCollectionPage", "orderedItems": items, "next": next});
            peer.serve(&format!("/users/{name}/outbox/{n}"), page);
        }
        let whole = json!({"type": "OrderedCollection", "totalItems": 61, "first": format!("{outbox}/0")});
        peer.serve(&format!("/users/{name}/outbox"), whole);
        let found = alice.get(&format!("/api/v2/search?resolve=true&q={}", peer.actor(name)));
        let id = found["accounts"][0]["id"].as_str().unwrap().to_owned();
        let posts = || alice.get(&format!("/api/v1/accounts/{id}/statuses")).as_array().unwrap().len();
        posts();
        eventually("all is done", || alice.is_settled());
        let report = backfill::profile_report(&alice.app.domain, ActorId(id.parse().unwrap())).unwrap().unwrap();
        assert!(report.done_at.is_some(), "{report:?}");
        (posts(), report.missing)
    };
    assert_eq!(profile("ana", 3), (1, 0));
    assert_eq!(profile("eve", limits::ACCOUNT_BACKFILL_PAGES + 1), (0, 1));
}

/// A server that accepts the request and never responds delays us only once.
#[test]
fn a_server_that_hangs_gets_one_request() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (requested, count) =
        (std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0)), std::sync::atomic::Ordering::SeqCst);
    let counted = requested.clone();
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            counted.fetch_add(1, count);
            open.push(stream);
        }
    });
    let replies: Vec<String> = (0..3).map(|n| format!("{base}/notes/h{n}")).collect();
    let root = serve(&peer, "mallory", "root", None, &replies);
    let id = find(&alice, &root);
    alice.get(&format!("/api/v1/statuses/{id}/context"));
    eventually("the thread is read", || alice.is_settled());
    assert_eq!((requested.load(count), opened(&alice, &root).missing), (1, 3));
}
