//! Streaming: the channels and their events, over Server-Sent Events and WebSockets.

use std::sync::Arc;

use dassie::domain::Domain;
use dassie::domain::posts::{self, Draft};
use dassie::store::Store;
use serde_json::{Value, json};

use crate::support::streams::{Events, Socket};
use crate::support::{Peer, Request, TestServer, eventually};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// A server that follows an actor of a peer.
fn following(peer: &Peer) -> (TestServer, String) {
    let alice = TestServer::start("alice");
    let query: String = url::form_urlencoded::byte_serialize(peer.actor("mallory").as_bytes()).collect();
    let found = alice.get(&format!("/api/v2/search?resolve=true&type=accounts&q={query}"));
    let id = found["accounts"][0]["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    eventually("the follow is sent", || peer.received().iter().any(|a| a["type"] == "Follow"));
    let follow = peer.received().into_iter().find(|a| a["type"] == "Follow").unwrap();
    let accept = json!({"id": format!("{}/accept", peer.base), "type": "Accept", "actor": peer.actor("mallory"), "object": follow});
    peer.delivers(&alice, "mallory", &accept).expect(202);
    eventually("it is accepted", || {
        alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0]["following"] == true
    });
    (alice, id)
}

fn activity(peer: &Peer, id: &str, kind: &str, object: Value) -> Value {
    let id = format!("{}/{id}", peer.base);
    json!({"id": id, "type": kind, "actor": peer.actor("mallory"), "to": [PUBLIC], "object": object})
}

#[test]
fn an_own_post_is_streamed_with_its_edit_and_its_deletion() {
    let alice = TestServer::start("alice");
    let mut user = Events::open(&alice, "/api/v1/streaming/user");
    let post = alice.posts("hello #Cats", "public");
    assert_eq!(
        user.next(),
        Some(("update".into(), alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()))))
    );
    let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    alice.api("PUT", &path, json!({"status": "hello again #Cats"})).expect(200);
    let (kind, edited) = user.next().unwrap();
    assert_eq!((kind.as_str(), &edited["id"]), ("status.update", &post["id"]));
    assert!(edited["content"].as_str().unwrap().contains("again") && edited["edited_at"].is_string());
    alice.api("DELETE", &path, json!(null)).expect(200);
    assert_eq!(user.next(), Some(("delete".into(), json!(post["id"].as_str().unwrap().parse::<i64>().unwrap()))));
}

#[test]
fn each_channel_streams_the_posts_of_its_timeline() {
    let alice = TestServer::start("alice");
    let names = ["public", "public:local", "public:remote", "public:media", "user", "direct"];
    let mut sockets: Vec<(&str, Socket)> =
        names.iter().map(|name| (*name, Socket::open(&alice, &format!("/api/v1/streaming?stream={name}")))).collect();
    sockets.push(("hashtag", Socket::open(&alice, "/api/v1/streaming/?stream=hashtag&tag=Cats")));
    sockets.push(("hashtag:local", Socket::open(&alice, "/api/v1/streaming/?stream=hashtag:local&tag=cats")));
    for (text, visibility) in
        [("first #cats", "public"), ("quiet", "unlisted"), ("to myself", "direct"), ("last #cats #dogs", "public")]
    {
        alice.posts(text, visibility);
    }
    for (name, socket) in &mut sockets {
        let mut seen = Vec::new();
        // Nothing is streamed to some channels, so each is ended by a message that the server responds to.
        socket.send(&json!({"type": "end"}));
        loop {
            let message = socket.next();
            if message["error"].is_string() {
                break;
            }
            let payload: Value = serde_json::from_str(message["payload"].as_str().unwrap()).unwrap();
            let status = if *name == "direct" { &payload["last_status"] } else { &payload };
            seen.push(status["content"].as_str().unwrap().split(&['>', ' ', '<'][..]).nth(2).unwrap().to_owned());
        }
        let expected: &[&str] = match *name {
            "public:remote" | "public:media" => &[],
            "user" => &["first", "quiet", "to", "last"],
            "direct" => &["to"],
            _ => &["first", "last"],
        };
        assert!(seen.len() <= expected.len() && seen.iter().zip(expected).all(|(a, b)| a == b), "{name}: {seen:?}");
    }
}

#[test]
fn a_socket_carries_several_streams() {
    let alice = TestServer::start("alice");
    let mut socket = Socket::open(&alice, "/api/v1/streaming");
    socket.send(&json!({"type": "subscribe", "stream": "hashtag", "tag": "Cats"}));
    socket.send(&json!({"type": "subscribe", "stream": "public:local"}));
    socket.send(&json!({"type": "subscribe", "stream": "public:local"}));
    for bad in [
        json!({"type": "subscribe", "stream": "everything"}),
        json!({"type": "subscribe", "stream": "hashtag"}),
        json!({"type": "subscribe", "stream": "list"}),
        json!({"type": "dance", "stream": "user"}),
        json!("nonsense"),
    ] {
        socket.send(&bad);
        let response = socket.next();
        assert!(response["error"].is_string() && response["status"] == 400, "{bad}: {response}");
    }
    let post = alice.posts("hello #cats", "public");
    let mut streams: Vec<Value> = (0..2)
        .map(|_| {
            let (stream, kind, payload) = socket.event();
            assert_eq!((kind.as_str(), &payload["id"]), ("update", &post["id"]));
            stream
        })
        .collect();
    streams.sort_by_key(Value::to_string);
    assert_eq!(streams, [json!(["hashtag", "Cats"]), json!(["public:local"])]);
    socket.send(&json!({"type": "unsubscribe", "stream": "hashtag", "tag": "cats"}));
    socket.send(&json!({"type": "end"}));
    assert!(socket.next()["error"].is_string(), "the server has read the messages before");
    alice.posts("more #cats", "public");
    alice.posts("no tag", "public");
    assert_eq!([socket.event().0, socket.event().0], [json!(["public:local"]), json!(["public:local"])]);
}

#[test]
fn a_token_is_accepted_in_every_place_that_apps_use() {
    let alice = TestServer::start("alice");
    let target = format!("/api/v1/streaming/?stream=user&access_token={}", alice.token);
    let (mut in_query, _) = Socket::request(&alice, &target, "").unwrap_or_else(|a| panic!("{}", a.text()));
    let offered = format!("sec-websocket-protocol: {}\r\n", alice.token);
    let (mut as_protocol, response) =
        Socket::request(&alice, "/api/v1/streaming?stream=user", &offered).unwrap_or_else(|a| panic!("{}", a.text()));
    assert_eq!(response.header("sec-websocket-protocol"), Some(alice.token.as_str()));
    let mut events = Events::open(&alice, &format!("/api/v1/streaming/user?access_token={}", alice.token));
    alice.posts("hello", "public");
    assert_eq!([in_query.event().1, as_protocol.event().1, events.next().unwrap().0], ["update"; 3]);
}

#[test]
fn invalid_streams_are_refused_with_the_matching_status() {
    let alice = TestServer::start("alice");
    let refused = |target: &str, headers: &str| Socket::request(&alice, target, headers).err().map(|a| a.status);
    assert_eq!(refused("/api/v1/streaming?stream=user", ""), Some(401));
    assert_eq!(refused("/api/v1/streaming?stream=public", ""), Some(401));
    assert_eq!(refused("/api/v1/streaming?stream=user&access_token=nonsense", ""), Some(401));
    let narrow = alice.token_with("read:statuses");
    let narrow_header = format!("authorization: Bearer {narrow}\r\n");
    assert_eq!(refused("/api/v1/streaming?stream=user:notification", &narrow_header), Some(403));
    assert_eq!(refused("/api/v1/streaming?stream=everything", &narrow_header), Some(400));
    assert_eq!(refused("/api/v1/streaming?stream=user", &format!("{narrow_header}sec-websocket-version: 8\r\n")), None);
    let status = |path: &str, token: &str| Events::request(&alice, path, token).err().map(|response| response.status);
    assert_eq!(status("/api/v1/streaming/user", "nonsense"), Some(401));
    assert_eq!(status("/api/v1/streaming/user/notification", &narrow), Some(403));
    assert_eq!(status("/api/v1/streaming/user", &alice.token_with("write")), Some(403));
    assert_eq!(status("/api/v1/streaming/hashtag", &narrow), Some(400));
    assert_eq!(status("/api/v1/streaming", &narrow), Some(400));
    assert_eq!(status("/api/v1/streaming/everything", &narrow), Some(404));
    let health = alice.send(&Request::get("/api/v1/streaming/health")).expect(200);
    assert_eq!(health.text(), "OK");
    let head = alice.send(&Request::new("HEAD", "/api/v1/streaming/user").bearer(&alice.token)).expect(200);
    assert!(head.body.is_empty());
}

#[test]
fn remote_posts_boosts_and_notifications_are_streamed() {
    let peer = Peer::start();
    let (alice, account) = following(&peer);
    let mut user = Socket::open(&alice, "/api/v1/streaming?stream=user");
    let mut notifications = Events::open(&alice, "/api/v1/streaming/user/notification");
    let own = alice.posts("boost me", "public");
    assert_eq!(user.event().2["id"], own["id"]);

    let mut note = peer.note("mallory", "1", "<p>hello</p>", &[PUBLIC]);
    peer.delivers(&alice, "mallory", &note).expect(202);
    let (_, kind, update) = user.event();
    assert_eq!((kind.as_str(), &update["content"]), ("update", &json!("<p>hello</p>")));

    peer.delivers(&alice, "mallory", &activity(&peer, "boost", "Announce", own["uri"].clone())).expect(202);
    let (_, kind, notification) = user.event();
    assert_eq!((kind.as_str(), &notification["type"]), ("notification", &json!("reblog")), "the post is near the top");
    let (kind, payload) = notifications.next().unwrap();
    assert_eq!((kind.as_str(), payload), ("notification", notification));

    peer.add_actor("cem");
    let other = peer.note("cem", "other", "by Cem", &[PUBLIC])["object"].clone();
    peer.serve("/notes/other", other.clone());
    peer.delivers(&alice, "mallory", &activity(&peer, "boost-2", "Announce", other["id"].clone())).expect(202);
    let (_, kind, boost) = user.event();
    assert_eq!((kind.as_str(), &boost["reblog"]["uri"]), ("update", &other["id"]));

    note["object"]["content"] = json!("<p>edited</p>");
    note["object"]["updated"] = json!(dassie::domain::now().to_api());
    peer.delivers(&alice, "mallory", &activity(&peer, "edit", "Update", note["object"].clone())).expect(202);
    let (_, kind, edited) = user.event();
    assert_eq!((kind.as_str(), &edited["content"]), ("status.update", &json!("<p>edited</p>")));

    let gone = activity(&peer, "delete", "Delete", note["object"]["id"].clone());
    peer.delivers(&alice, "mallory", &gone).expect(202);
    let message = user.next();
    assert_eq!((&message["event"], &message["payload"]), (&json!("delete"), &update["id"]), "the bare id");

    alice.post(&format!("/api/v1/accounts/{account}/block"), json!({}));
    peer.delivers(&alice, "mallory", &peer.note("mallory", "2", "<p>blocked</p>", &[PUBLIC, &alice.actor()]));
    eventually("everything is applied", || alice.is_settled());
    alice.posts("after the block", "public");
    assert!(user.event().2["content"].as_str().unwrap().contains("after the block"));
}

#[test]
fn the_posts_of_a_list_are_streamed() {
    let peer = Peer::start();
    let (alice, account) = following(&peer);
    let list = alice.post("/api/v1/lists", json!({"title": "friends"}))["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/lists/{list}/accounts"), json!({"account_ids": [account]}));
    let mut events = Events::open(&alice, &format!("/api/v1/streaming/list?list={list}"));
    let mut socket = Socket::open(&alice, "/api/v1/streaming");
    socket.send(&json!({"type": "subscribe", "stream": "list", "list": "12"}));
    assert_eq!(socket.next()["status"], 404);
    socket.send(&json!({"type": "subscribe", "stream": "list", "list": list}));
    socket.send(&json!({"type": "end"}));
    assert_eq!(socket.next()["status"], 400, "the server has read the messages before");
    alice.posts("not in the list", "public");
    peer.delivers(&alice, "mallory", &peer.note("mallory", "1", "<p>hello</p>", &[PUBLIC])).expect(202);
    let (stream, kind, update) = socket.event();
    assert_eq!((stream, kind.as_str(), &update["content"]), (json!(["list", list]), "update", &json!("<p>hello</p>")));
    assert_eq!(events.next(), Some(("update".into(), update)));
    assert_eq!(
        Events::request(&alice, "/api/v1/streaming/list?list=12", &alice.token).err().map(|a| a.status),
        Some(404)
    );
}

#[test]
fn filters_apply_to_streams_and_their_change_is_an_event() {
    let peer = Peer::start();
    let (alice, _) = following(&peer);
    let mut user = Events::open(&alice, "/api/v1/streaming/user");
    let mut socket = Socket::open(&alice, "/api/v1/streaming?stream=user");
    for (title, action) in [("warned", "warn"), ("hidden", "hide")] {
        let keywords = json!([{"keyword": title, "whole_word": true}]);
        let filter =
            json!({"title": title, "context": ["home"], "filter_action": action, "keywords_attributes": keywords});
        alice.post("/api/v2/filters", filter);
        assert_eq!(user.block().as_deref(), Some("event: filters_changed\ndata: undefined"));
        assert_eq!(socket.next(), json!({"stream": ["user"], "event": "filters_changed"}));
    }
    for text in ["hidden", "warned", "plain"] {
        peer.delivers(&alice, "mallory", &peer.note("mallory", text, text, &[PUBLIC])).expect(202);
    }
    let (_, warned) = user.next().unwrap();
    assert_eq!((&warned["content"], &warned["filtered"][0]["filter"]["title"]), (&json!("warned"), &json!("warned")));
    assert_eq!(user.next().unwrap().1["content"], "plain");
}

#[test]
fn a_post_of_another_process_is_streamed_once() {
    let alice = TestServer::start("alice");
    let mut user = Events::open(&alice, "/api/v1/streaming/user");
    let store = Store::open(alice.dir()).unwrap();
    let other = Arc::new(Domain::new(store, alice.app.domain.site.clone()).unwrap());
    for n in 0..2 {
        posts::create(&other, Draft { text: format!("by the command line {n}"), ..Draft::default() }).unwrap();
        alice.posts(&format!("by an app {n}"), "public");
        let mut arrived: Vec<String> =
            (0..2).map(|_| user.next().unwrap().1["content"].as_str().unwrap().to_owned()).collect();
        arrived.sort();
        assert_eq!(arrived, [format!("<p>by an app {n}</p>"), format!("<p>by the command line {n}</p>")]);
    }
}

#[test]
fn old_posts_are_not_streamed() {
    let peer = Peer::start();
    let (alice, _) = following(&peer);
    let mut user = Events::open(&alice, "/api/v1/streaming/user");
    for (id, published) in [("old", "2020-01-01T00:00:00Z".to_owned()), ("new", dassie::domain::now().to_api())] {
        let mut note = peer.note("mallory", id, id, &[PUBLIC]);
        note["object"]["published"] = json!(published);
        peer.delivers(&alice, "mallory", &note).expect(202);
    }
    assert_eq!(user.next().unwrap().1["content"], "new");
}

#[test]
fn a_direct_post_changes_its_conversation() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let mut direct = Events::open(&alice, "/api/v1/streaming/direct");
    let mut user = Events::open(&alice, "/api/v1/streaming/user");
    peer.delivers(&alice, "mallory", &peer.note("mallory", "1", "<p>psst</p>", &[&alice.actor()])).expect(202);
    let (kind, conversation) = direct.next().unwrap();
    assert_eq!((kind.as_str(), &conversation["last_status"]["content"]), ("conversation", &json!("<p>psst</p>")));
    assert_eq!(conversation, alice.get("/api/v1/conversations")[0]);
    let (kind, notification) = user.next().unwrap();
    assert_eq!((kind.as_str(), &notification["type"]), ("notification", &json!("mention")));
}
