//! Activities and documents of communities, channels and blogs.

use serde_json::{Value, json};

use crate::support::lemmy::{self, accepts, act, add_community, announce, finds, joins, page};
use crate::support::{Peer, Request, TestServer, eventually};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

fn a_community() -> (TestServer, Peer, String) {
    let (alice, peer) = (TestServer::start("alice"), lemmy::start());
    peer.add_actor("ana");
    let birds = add_community(&peer, "birds");
    (alice, peer, birds)
}

fn settled(alice: &TestServer) {
    eventually("the queues are empty", || alice.is_settled());
}

fn outbox(peer: &Peer, name: &str, items: Value) {
    let id = format!("{}/outbox", peer.actor(name));
    peer.serve(
        &format!("/users/{name}/outbox"),
        json!({"id": id, "type": "OrderedCollection", "totalItems": 9, "orderedItems": items}),
    );
}

/// The ids of the posts that an account shows.
fn posts_of(alice: &TestServer, account: &str, query: &str) -> Vec<String> {
    let list = alice.get(&format!("/api/v1/accounts/{account}/statuses{query}"));
    list.as_array().unwrap().iter().map(|s| s["uri"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_followed_community_shows_the_posts_from_before() {
    let (alice, peer, birds) = a_community();
    let third = Peer::start();
    third.add_actor("bob");
    let (owls, forged) = (page(&peer, "ana", "owls", &birds), page(&third, "bob", "crows", &birds));
    let mut lie = forged.clone();
    lie["content"] = json!("<p>words that bob never wrote</p>");
    let like = act(&peer, "ana", "like", "Like", owls["id"].clone());
    let by_id = page(&third, "bob", "herons", &birds);
    outbox(
        &peer,
        "birds",
        json!([
            announce(&peer, "birds", "1", act(&peer, "ana", "c1", "Create", owls.clone())),
            announce(&peer, "birds", "2", act(&third, "bob", "c2", "Create", lie)),
            announce(&peer, "birds", "3", like),
            announce(&peer, "birds", "4", by_id["id"].clone()),
            announce(&peer, "birds", "5", json!(format!("{}/post/gone", third.base))),
        ]),
    );
    let id = joins(&alice, &peer, "birds");
    eventually("they are fetched", || posts_of(&alice, &id, "").len() == 3);
    settled(&alice);
    let found = posts_of(&alice, &id, "?exclude_replies=true");
    for post in [&owls, &forged, &by_id] {
        assert!(found.iter().any(|uri| post["id"] == uri.as_str()), "{found:?}");
    }
    let home = json!(alice.home()).to_string();
    assert!(home.contains("all about crows") && !home.contains("never wrote"), "{home}");
    assert!(alice.home().iter().all(|s| s["reblog"] == Value::Null));
    assert!(alice.notifications().is_empty());
}

#[test]
fn a_channel_shows_the_videos_that_it_announces() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let channel = add_community(&peer, "channel");
    let video = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/videos/1", peer.base), "type": "Video",
        "name": "Waves", "to": [PUBLIC], "cc": [], "published": "2026-06-30T00:43:19.518Z", "content": "the sea",
        "attributedTo": [{"type": "Person", "id": peer.actor("ana")}, {"type": "Group", "id": channel}],
        "url": [{"type": "Link", "mediaType": "text/html", "href": format!("{}/w/1", peer.base)}],
    });
    peer.serve("/videos/1", video.clone());
    // The list may also name the announcement by its id.
    peer.serve("/activities/announce/2", announce(&peer, "channel", "2", video["id"].clone()));
    outbox(&peer, "channel", json!([format!("{}/activities/announce/2", peer.base)]));
    let id = finds(&alice, &channel);
    assert!(posts_of(&alice, &id, "").is_empty());
    eventually("the video is fetched", || posts_of(&alice, &id, "") == [video["id"].as_str().unwrap()]);
    assert!(alice.home().is_empty(), "the owner does not follow it");
}

/// They are boosts.
#[test]
fn announcements_of_a_person_are_not_posts() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for name in ["ana", "bob"] {
        peer.add_actor(name);
    }
    let note = peer.note("bob", "1", "<p>hi</p>", &[PUBLIC]);
    peer.serve("/notes/1", note["object"].clone());
    outbox(&peer, "ana", json!([announce(&peer, "ana", "1", note["object"]["id"].clone())]));
    let id = finds(&alice, &peer.actor("ana"));
    posts_of(&alice, &id, "");
    settled(&alice);
    assert_eq!((posts_of(&alice, &id, ""), peer.requests_for("/notes/1")), (Vec::new(), 0));
}

#[test]
fn posts_pinned_by_a_community_are_pinned_on_its_page() {
    let (alice, peer, birds) = a_community();
    let id = joins(&alice, &peer, "birds");
    let owls = page(&peer, "ana", "owls", &birds);
    let featured = |items: Value| {
        let id = format!("{birds}/featured");
        peer.serve("/users/birds/featured", json!({"id": id, "type": "OrderedCollection", "orderedItems": items}));
    };
    let announces = |kind: &str| {
        let mut add = act(&peer, "ana", kind, kind, owls["id"].clone());
        add["target"] = json!(format!("{birds}/featured"));
        peer.delivers(&alice, "birds", &announce(&peer, "birds", kind, add)).expect(202);
        settled(&alice);
    };
    // Only its own list counts.
    featured(json!([]));
    announces("Add");
    assert!(posts_of(&alice, &id, "?pinned=true").is_empty());
    featured(json!([owls]));
    let mut again = act(&peer, "ana", "again", "Add", owls["id"].clone());
    again["target"] = json!(format!("{birds}/featured"));
    peer.delivers(&alice, "birds", &announce(&peer, "birds", "again", again)).expect(202);
    eventually("it is pinned", || posts_of(&alice, &id, "?pinned=true") == [owls["id"].as_str().unwrap()]);
    featured(json!([]));
    announces("Remove");
    assert!(posts_of(&alice, &id, "?pinned=true").is_empty());
    assert_eq!(posts_of(&alice, &id, "").len(), 1);
}

#[test]
fn a_renamed_community_is_refreshed_from_its_own_server() {
    let (alice, peer, _) = a_community();
    let id = joins(&alice, &peer, "birds");
    let mut group = peer.document("/users/birds");
    let mut lie = group.clone();
    group["name"] = json!("Birds and more");
    lie["name"] = json!("a name that it does not have");
    peer.serve("/users/birds", group);
    let update = act(&peer, "ana", "1", "Update", lie);
    peer.delivers(&alice, "birds", &announce(&peer, "birds", "1", update)).expect(202);
    eventually("it has the new name", || {
        alice.get(&format!("/api/v1/accounts/{id}"))["display_name"] == "Birds and more"
    });
}

#[test]
fn a_community_is_found_by_its_name_with_an_exclamation_mark() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("birds");
    let host = peer.base.trim_start_matches("http://").to_owned();
    let mut group = peer.person("birds", &peer.key());
    let id = format!("{}/c/birds", peer.base);
    group["id"] = json!(id);
    group["type"] = json!("Group");
    group["publicKey"] = json!({"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": peer.key().public_pem()});
    peer.serve("/c/birds", group);
    let link = |href: &str, kind: &str| {
        json!({
            "rel": "self", "type": "application/activity+json", "href": href,
            "properties": {"https://www.w3.org/ns/activitystreams#type": kind},
        })
    };
    let links = json!([link(&peer.actor("birds"), "Person"), link(&id, "Group")]);
    peer.serve_as(
        "/.well-known/webfinger",
        "application/jrd+json",
        json!({"subject": format!("acct:birds@{host}"), "links": links}),
    );
    let search = |q: &str| {
        let query: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
        alice.get(&format!("/api/v2/search?resolve=true&type=accounts&q={query}"))["accounts"][0].clone()
    };
    assert_eq!(search(&format!("@birds@{host}"))["uri"], peer.actor("birds"));
    let found = search(&format!("!birds@{host}"));
    assert_eq!((&found["uri"], &found["group"]), (&json!(id), &json!(true)));
    assert_eq!(alice.get(&format!("/api/v1/accounts/lookup?acct=!birds@{host}"))["uri"], id.as_str());
    let (cookie, _) = alice.session();
    alice.send(&Request::get(&format!("/u/!birds@{host}")).header("cookie", &cookie)).expect(200);
    assert_eq!(search("!birds")["group"], true, "also among what is known");
}

fn ban(peer: &Peer, by: &str, n: &str, alice: &TestServer, target: &str) -> Value {
    let mut block = act(peer, by, n, "Block", json!(alice.actor()));
    block["target"] = json!(target);
    block["summary"] = json!("too many owls");
    block["removeData"] = json!(true);
    block
}

#[test]
fn a_ban_ends_the_membership_and_shows_until_it_is_lifted() {
    let (alice, peer, birds) = a_community();
    let id = joins(&alice, &peer, "birds");
    let relation = || alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0].clone();
    let (cookie, _) = alice.session();
    let path = format!("/u/birds@{}", peer.base.trim_start_matches("http://"));
    let html = || alice.send(&Request::get(&path).header("cookie", &cookie)).expect(200).text();

    // Not by an actor of another server.
    let unknown = Peer::start();
    peer.add_actor("mod");
    unknown.delivers(&alice, "mallory", &ban(&unknown, "mallory", "1", &alice, &birds)).expect(202);
    settled(&alice);
    assert_eq!(relation()["following"], true);

    let block = ban(&peer, "mod", "2", &alice, &birds);
    peer.delivers(&alice, "mod", &block).expect(202);
    eventually("it has ended", || relation()["following"] == false);
    assert_eq!((&relation()["requested"], &relation()["blocked_by"]), (&json!(false), &json!(false)));
    assert!(html().contains("banned you: too many owls"), "{}", html());
    let undo = act(&peer, "mod", "3", "Undo", block);
    peer.delivers(&alice, "mod", &undo).expect(202);
    eventually("it is lifted", || !html().contains("banned you"));
    joins(&alice, &peer, "birds");
    assert_eq!(relation()["following"], true);

    // Announced by the community itself, regardless of the moderator, and valid for the whole server.
    let by_community = announce(&peer, "birds", "b", ban(&unknown, "mallory", "4", &alice, &birds));
    peer.delivers(&alice, "birds", &by_community).expect(202);
    eventually("it has ended", || relation()["following"] == false);
    let again = || peer.received().into_iter().filter(|a| a["type"] == "Follow").collect::<Vec<_>>();
    let before = again().len();
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    eventually("a follow is sent", || again().len() > before);
    accepts(&alice, &peer, "birds", &again()[before]);
    assert_eq!(relation()["following"], true);
    peer.delivers(&alice, "mod", &ban(&peer, "mod", "5", &alice, &format!("{}/", peer.base))).expect(202);
    eventually("it has ended", || relation()["following"] == false);
}

#[test]
fn a_report_from_lemmy_retains_its_reason_and_each_is_notified() {
    let (alice, peer, birds) = a_community();
    let post = alice.posts("a fox", "public");
    for (n, reason) in ["no bird", "still no bird"].into_iter().enumerate() {
        let mut flag = act(&peer, "ana", &format!("f{n}"), "Flag", post["uri"].clone());
        flag["to"] = json!([birds]);
        flag["summary"] = json!(reason);
        peer.delivers(&alice, "ana", &flag).expect(202);
        settled(&alice);
    }
    let stored = alice.app.domain.store.read(|c| dassie::store::relationships::reports::incoming(c, 9)).unwrap();
    let reasons: Vec<&str> = stored.iter().map(|r| r.comment.as_str()).collect();
    assert_eq!(reasons, ["still no bird", "no bird"]);
    let notified = "SELECT count(*) FROM notifications WHERE kind = 10";
    assert_eq!(super::pressure::count(&alice, notified), 2);
}

/// WordPress embeds the ids of comments, and serves the collection as plain JSON.
#[test]
fn comments_are_read_from_the_post_and_from_a_collection_that_is_plain_json() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for name in ["blog", "ana"] {
        peer.add_actor(name);
    }
    let collection = |n: u32| format!("{}/replies/{n}", peer.base);
    let comment = |n: u32| {
        let mut create = peer.note("ana", &format!("c{n}"), &format!("<p>comment {n}</p>"), &[PUBLIC]);
        create["object"]["inReplyTo"] = json!(format!("{}/notes/{}", peer.base, n / 10));
        peer.serve(&format!("/notes/c{n}"), create["object"].clone());
        create["object"]["id"].clone()
    };
    let article = |n: u32, replies: Value| {
        let mut create = peer.note("blog", &n.to_string(), "<p>a post</p>", &[PUBLIC]);
        create["object"]["replies"] = replies;
        create["object"]["published"] = json!("2025-01-01T00:00:00Z");
        peer.serve(&format!("/notes/{n}"), create["object"].clone());
        let found = alice.get(&format!("/api/v2/search?resolve=true&q={}/notes/{n}", peer.base));
        found["statuses"][0]["id"].as_str().unwrap().to_owned()
    };
    let page = |n: u32, items: Value| json!({"id": collection(n), "type": "CollectionPage", "partOf": collection(n), "items": items});
    // The list alone, the post alone where there is no list, a list without an id, and a bare list.
    peer.serve_as("/replies/1", "application/json; charset=UTF-8", page(1, json!([comment(10), comment(11)])));
    let posts = [
        (1, json!({"id": collection(1), "type": "Collection"}), 2),
        (2, json!({"id": collection(2), "type": "Collection", "first": page(2, json!([comment(20)]))}), 1),
        (3, json!({"type": "Collection", "first": {"type": "CollectionPage", "items": [comment(30)]}}), 1),
        (4, json!([comment(40)]), 1),
    ];
    // Documents of another type are not read from plain JSON.
    peer.serve_as(
        "/notes/evil",
        "application/json",
        json!({"id": format!("{}/notes/evil", peer.base), "type": "Note"}),
    );
    assert!(
        alice.get(&format!("/api/v2/search?resolve=true&q={}/notes/evil", peer.base))["statuses"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    for (n, replies, comments) in posts {
        let id = article(n, replies);
        let below = || alice.get(&format!("/api/v1/statuses/{id}/context"))["descendants"].as_array().unwrap().len();
        eventually("the comments are there", || below() == comments);
    }
}

/// A community restores a post that its author or a moderator has deleted.
#[test]
fn a_post_that_a_community_restores_is_fetched_again() {
    for by in ["ana", "moderator", "birds"] {
        let (alice, peer, birds) = a_community();
        peer.add_actor("moderator");
        let id = joins(&alice, &peer, "birds");
        let owls = page(&peer, "ana", "owls", &birds);
        let announces = |n: &str, object: Value| {
            peer.delivers(&alice, "birds", &announce(&peer, "birds", n, object)).expect(202);
            settled(&alice);
        };
        announces("1", act(&peer, "ana", "create", "Create", owls.clone()));
        eventually("it is stored", || posts_of(&alice, &id, "").len() == 1);
        let delete = act(&peer, by, "delete", "Delete", owls["id"].clone());
        let tombstone = json!({"id": owls["id"], "type": "Tombstone", "formerType": "Page"});
        peer.serve("/post/owls", tombstone);
        announces("2", delete.clone());
        eventually("it is gone", || posts_of(&alice, &id, "").is_empty());
        let undo = act(&peer, by, "undo", "Undo", delete);
        // Only what the server of the post shows counts.
        announces("3", undo.clone());
        assert!(posts_of(&alice, &id, "").is_empty(), "{by}");
        peer.serve("/post/owls", owls.clone());
        let mut again = undo;
        again["id"] = json!(format!("{}/activities/undo-again", peer.base));
        announces("4", again);
        eventually("it is restored", || posts_of(&alice, &id, "") == [owls["id"].as_str().unwrap()]);
    }
}
