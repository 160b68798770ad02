//! Replies to posts of followed accounts; queries must apply their conditions before their limits.

use dassie::limits;
use dassie::protocol::ids::ActorId;
use dassie::store::notifications::{Notification, NotificationKind};
use dassie::store::{Conn, notifications, statuses};
use serde_json::json;

use super::moving::follow;
use super::world::PUBLIC;
use crate::support::{Graph, Peer, TestServer, eventually};

fn is_stored(alice: &TestServer, uri: &str) -> bool {
    alice.app.domain.store.read(|c| statuses::by_uri(c, uri)).unwrap().is_some()
}

#[test]
fn replies_in_threads_of_followed_accounts_are_stored() {
    let (alice, near, far) = (TestServer::start("alice"), Peer::start(), Peer::start());
    near.add_actor("ana");
    follow(&alice, &near, "ana");
    near.delivers(&alice, "ana", &near.note("ana", "video", "my film", &[PUBLIC])).expect(202);
    eventually("it arrives", || alice.sees("my film").is_some());
    let reply = |id: &str, to: String, audience: &str| {
        let mut create = far.note("mallory", id, &format!("reply {id}"), &[audience]);
        create["object"]["inReplyTo"] = json!(to);
        far.delivers(&alice, "mallory", &create).expect(202);
        eventually("it is processed", || alice.is_settled());
        format!("{}/notes/{id}", far.base)
    };
    let direct = reply("direct", format!("{}/notes/video", near.base), PUBLIC);
    let deeper = reply("deeper", direct.clone(), PUBLIC);
    let elsewhere = reply("elsewhere", "https://unknown.example/1".into(), PUBLIC);
    let closed = reply("closed", direct.clone(), &format!("{}/followers", far.actor("mallory")));
    let stored = [&direct, &deeper, &elsewhere, &closed].map(|uri| is_stored(&alice, uri));
    assert_eq!(stored, [true, true, false, false]);
    let video = alice.sees("my film").unwrap()["id"].as_str().unwrap().to_owned();
    let context = alice.get(&format!("/api/v1/statuses/{video}/context"));
    assert_eq!(context["descendants"].as_array().unwrap().len(), 2);
    assert!(alice.notifications().is_empty() && alice.sees("reply direct").is_none());
}

/// PeerTube names the collection of replies `comments`.
#[test]
fn comments_are_fetched_like_replies() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let uri = |id: &str| format!("{}/notes/{id}", peer.base);
    let note = |id: &str| peer.note("mallory", id, &format!("post {id}"), &[PUBLIC])["object"].clone();
    let mut video = note("video");
    video["published"] = json!("2026-01-02T03:04:05Z");
    video["comments"] = json!(format!("{}/comments", uri("video")));
    peer.serve("/notes/video", video);
    let mut comment = note("comment");
    comment["inReplyTo"] = json!(uri("video"));
    peer.serve("/notes/comment", comment);
    let list = json!({"id": format!("{}/comments", uri("video")), "type": "OrderedCollection", "totalItems": 1, "orderedItems": [uri("comment")]});
    peer.serve("/notes/video/comments", list);
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={}", uri("video")));
    let id = found["statuses"][0]["id"].as_str().unwrap().to_owned();
    let replies = || alice.get(&format!("/api/v1/statuses/{id}/context"))["descendants"].as_array().unwrap().len();
    eventually("the comment is fetched", || replies() == 1);
}

#[test]
fn notifications_about_hidden_posts_do_not_shorten_a_page() {
    let alice = TestServer::start("alice");
    let (good, bad) = (Graph::new(&alice, "good"), Graph::new(&alice, "bad"));
    let tell = |author: ActorId, status| {
        let domain = alice.app.domain.clone();
        let insert = move |c: &Conn| {
            let (id, created_at) = (notifications::next_id(c)?, domain.now());
            let notification = Notification::new(id, NotificationKind::Mention, author, created_at);
            notifications::insert(c, &Notification { status_id: Some(status), ..notification })
        };
        alice.app.domain.store.write(insert).unwrap();
    };
    tell(good.author, good.replies([(0, None)])[0].id);
    bad.replies((0..30).map(|n| (n, None))).iter().for_each(|post| tell(bad.author, post.id));
    let author = bad.author;
    let suspend = move |c: &Conn| Ok(c.execute("UPDATE actors SET suspended = 1 WHERE id = ?1", [author])?);
    alice.app.domain.store.write(suspend).unwrap();
    assert_eq!(alice.notifications(), ["mention"]);
}

/// Replies that waited for their parent are brought home if the owner follows their author: replies by others do not count.
#[test]
fn deferred_replies_of_others_do_not_hide_those_of_followed_accounts() {
    let alice = TestServer::start("alice");
    let (ana, crowd) = (Graph::new(&alice, "ana"), Graph::new(&alice, "crowd"));
    let parent = ana.replies([(0, None)])[0].clone();
    let owner = alice.app.domain.owner().unwrap().id;
    let to_parent = |graph: &Graph<'_>, n| statuses::NewStatus {
        in_reply_to_uri: Some(parent.uri.clone()),
        ..graph.draft(n, None, false)
    };
    let followed = ana.insert(vec![to_parent(&ana, 1)])[0].id;
    crowd.insert((0..50).map(|n| to_parent(&crowd, n)).collect());
    let author = ana.author;
    let follow = move |c: &Conn| {
        let sql =
            "INSERT INTO follows (id, uri, follower_id, target_id, accepted, created_at) VALUES (1, 'x', ?1, ?2, 1, 0)";
        Ok(c.execute(sql, [owner, author])?)
    };
    alice.app.domain.store.write(follow).unwrap();
    let found = |c: &Conn| statuses::answers_by_followed(c, owner, parent.id, limits::EARLY_REPLIES_SHOWN);
    assert_eq!(alice.app.domain.store.read(found).unwrap(), [followed]);
}
