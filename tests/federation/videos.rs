//! PeerTube: videos, their channels, their comments, and thumbs.

use serde_json::{Value, json};

use super::moving::follow;
use super::world::PUBLIC;
use crate::support::{Peer, TestServer, eventually, unproxied};

/// Alice follows Ana, who has two channels.
fn stage() -> (TestServer, Peer) {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    for name in ["films", "songs"] {
        let mut channel = peer.person(name, &peer.key());
        channel["type"] = json!("Group");
        peer.serve(&format!("/users/{name}"), channel);
    }
    follow(&alice, &peer, "ana");
    (alice, peer)
}

fn video(peer: &Peer, channel: &str, more: Value) -> Value {
    let id = format!("{}/videos/1", peer.base);
    let mut video = json!({
        "id": id, "type": "Video", "name": "A film", "published": "2025-01-01T00:00:00Z", "duration": "PT62S", "to": [PUBLIC], "cc": [],
        "attributedTo": [{"type": "Person", "id": peer.actor("ana")}, {"type": "Group", "id": peer.actor(channel)}],
        "icon": [
            {"type": "Image", "url": format!("{}/small.jpg", peer.base), "mediaType": "image/jpeg", "width": 280, "height": 157},
            {"type": "Image", "url": format!("{}/large.jpg", peer.base), "mediaType": "image/jpeg", "width": 850, "height": 480},
        ],
        "url": [{"type": "Link", "mediaType": "text/html", "href": format!("{}/w/1", peer.base)}],
    });
    video.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    video
}

/// Ana publishes or changes her video: as Alice's apps see it.
fn sends(alice: &TestServer, peer: &Peer, kind: &str, video: Value) -> Value {
    peer.serve("/videos/1", video.clone());
    let activity = json!({
        "id": format!("{}/{kind}/{}", peer.base, alice.app.domain.next_id()), "type": kind, "actor": peer.actor("ana"), "object": video, "to": [PUBLIC],
    });
    peer.delivers(alice, "ana", &activity).expect(202);
    eventually("it is applied", || alice.is_settled());
    alice.sees("A film").unwrap()
}

fn channel_of(alice: &TestServer) -> Option<String> {
    let sql = "SELECT a.username FROM statuses s JOIN actors a ON a.id = s.group_id WHERE s.kind = 'Video'";
    alice.app.domain.store.read(|c| Ok(c.query_row(sql, [], |r| r.get(0)).ok())).unwrap()
}

#[test]
fn the_channel_of_a_video_is_read_from_attributed_to_and_changes_with_an_update() {
    let (alice, peer) = stage();
    sends(&alice, &peer, "Create", video(&peer, "films", json!({})));
    eventually("the channel is fetched", || channel_of(&alice).as_deref() == Some("films"));
    sends(&alice, &peer, "Update", video(&peer, "songs", json!({"updated": "2026-01-01T00:00:00Z"})));
    eventually("it is moved", || channel_of(&alice).as_deref() == Some("songs"));
}

#[test]
fn the_entity_of_a_video_has_its_length_and_the_size_of_its_poster() {
    let (alice, peer) = stage();
    let shown = sends(&alice, &peer, "Create", video(&peer, "films", json!({})));
    let poster = &shown["media_attachments"][0];
    assert!(unproxied(poster["preview_url"].as_str().unwrap()).ends_with("/large.jpg"), "{poster}");
    let meta = &poster["meta"];
    assert_eq!((&meta["width"], &meta["height"], &meta["duration"]), (&json!(850), &json!(480), &json!(62.0)));
    assert_eq!((&meta["original"]["width"], &meta["original"]["duration"]), (&json!(850), &json!(62.0)));
    assert_eq!(meta["small"]["height"], 480);
}

#[test]
fn closed_comments_are_refused_and_comments_that_need_approval_are_pending() {
    let (alice, peer) = stage();
    let shown =
        sends(&alice, &peer, "Create", video(&peer, "films", json!({"commentsEnabled": false, "commentsPolicy": 2})));
    let reply = json!({"status": "fine", "in_reply_to_id": shown["id"]});
    alice.api("POST", "/api/v1/statuses", reply.clone()).expect(422);
    let open =
        json!({"commentsEnabled": true, "commentsPolicy": 3, "canReply": PUBLIC, "updated": "2026-01-01T00:00:00Z"});
    sends(&alice, &peer, "Update", video(&peer, "films", open));
    let mine = alice.post("/api/v1/statuses", reply);
    let state = || {
        let id: i64 = mine["id"].as_str().unwrap().parse().unwrap();
        let read = |c: &dassie::store::Conn| {
            Ok(c.query_row("SELECT reply_state FROM statuses WHERE id = ?1", [id], |r| r.get::<_, Option<i64>>(0))?)
        };
        alice.app.domain.store.read(read).unwrap()
    };
    assert_eq!(state(), Some(1), "it waits");
    let respond = |kind: &str, by: &str| {
        let activity = json!({
            "id": format!("{}/{kind}/{by}", peer.base), "type": kind, "actor": peer.actor(by), "object": mine["uri"],
            "inReplyTo": format!("{}/videos/1", peer.base),
        });
        peer.delivers(&alice, by, &activity).expect(202);
        eventually("it is applied", || alice.is_settled());
    };
    respond("ApproveReply", "mallory");
    assert_eq!(state(), Some(1), "mallory has no say");
    respond("ApproveReply", "ana");
    assert_eq!(state(), Some(2));
    respond("RejectReply", "ana");
    assert_eq!(state(), Some(3));
}

#[test]
fn a_thumbs_down_is_sent_to_a_video_server_as_a_dislike_and_undone_as_one() {
    let (alice, peer) = stage();
    let shown = sends(&alice, &peer, "Create", video(&peer, "films", json!({})));
    let id = shown["id"].as_str().unwrap();
    alice.post(&format!("/api/v1/statuses/{id}/react/%F0%9F%91%8E"), json!({}));
    alice.post(&format!("/api/v1/statuses/{id}/unreact/%F0%9F%91%8E"), json!({}));
    let sent = |kind: &str| peer.received().into_iter().find(|a| a["type"] == kind);
    eventually("both arrive", || sent("Dislike").is_some() && sent("Undo").is_some());
    assert_eq!(sent("Dislike").unwrap()["object"], shown["uri"]);
    assert_eq!(sent("Undo").unwrap()["object"]["type"], "Dislike");
}

#[test]
fn a_dislike_replaces_a_like_and_vice_versa() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let post = alice.posts("judge me", "public");
    let id = post["id"].as_str().unwrap().to_owned();
    let send = |kind: &str, n: u32, object: Value| {
        let activity = json!({
            "id": format!("{}/{kind}/{n}", peer.base), "type": kind, "actor": peer.actor("mallory"), "object": object,
        });
        peer.delivers(&alice, "mallory", &activity).expect(202);
        eventually("it is applied", || alice.is_settled());
        let status = alice.get(&format!("/api/v1/statuses/{id}"));
        (status["favourites_count"].as_i64().unwrap(), status["reactions"].as_array().unwrap().len(), activity)
    };
    let (likes, thumbs, _) = send("Like", 1, post["uri"].clone());
    assert_eq!((likes, thumbs), (1, 0));
    let (likes, thumbs, dislike) = send("Dislike", 2, post["uri"].clone());
    assert_eq!((likes, thumbs), (0, 1));
    assert_eq!(alice.get(&format!("/api/v1/statuses/{id}"))["reactions"][0]["name"], "👎");
    let (likes, thumbs, _) = send("Undo", 3, dislike);
    assert_eq!((likes, thumbs), (0, 0));
    send("Dislike", 4, post["uri"].clone());
    let (likes, thumbs, _) = send("Like", 5, post["uri"].clone());
    assert_eq!((likes, thumbs), (1, 0));
}

/// Misskey keeps one reaction of a person, and Mastodon takes all for one favourite.
#[test]
fn remaining_reactions_are_sent_again_after_an_undo() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    follow(&alice, &peer, "ana");
    peer.delivers(&alice, "ana", &peer.note("ana", "1", "said by ana", &[PUBLIC])).expect(202);
    eventually("her note is stored", || alice.sees("said by ana").is_some());
    let id = alice.sees("said by ana").unwrap()["id"].as_str().unwrap().to_owned();
    for action in
        ["favourite", "react/%F0%9F%8E%89", "react/%F0%9F%91%8D", "unreact/%F0%9F%91%8D", "unreact/%F0%9F%8E%89"]
    {
        alice.post(&format!("/api/v1/statuses/{id}/{action}"), json!({}));
    }
    let is_vote = |a: &Value| matches!(a["type"].as_str(), Some("Like" | "Undo"));
    let sent = || peer.received().into_iter().filter(is_vote).collect::<Vec<_>>();
    eventually("all arrive", || sent().len() == 7);
    let sent = sent();
    let kinds: Vec<&str> = sent.iter().map(|a| a["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Like", "Like", "Like", "Undo", "Like", "Undo", "Like"]);
    assert_eq!((&sent[4]["id"], &sent[4]["content"]), (&sent[1]["id"], &json!("🎉")));
    assert_eq!(sent[6]["id"], sent[0]["id"], "the favourite is left");
}

/// PeerTube forwards comments by others in the name of its server.
#[test]
fn a_comment_that_the_server_of_the_video_forwards_is_fetched_from_its_author() {
    let (alice, peer) = stage();
    sends(&alice, &peer, "Create", video(&peer, "films", json!({})));
    let far = Peer::start();
    let mut comment = far.note("mallory", "c", "a comment from afar", &[PUBLIC]);
    comment["object"]["inReplyTo"] = json!(format!("{}/videos/1", peer.base));
    let mut note = comment["object"].clone();
    note["@context"] = json!("https://www.w3.org/ns/activitystreams");
    far.serve("/notes/c", note);
    let mut server = peer.person("peertube", &peer.key());
    server["type"] = json!("Application");
    peer.serve("/users/peertube", server);
    peer.add_actor("bob");
    peer.delivers(&alice, "bob", &comment).expect(401);
    peer.delivers(&alice, "peertube", &comment).expect(202);
    let there = "SELECT count(*) FROM statuses WHERE content LIKE '%from afar%'";
    eventually("it is there", || super::pressure::count(&alice, there) == 1);
}
