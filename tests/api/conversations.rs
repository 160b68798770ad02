//! Conversations, and notifications in the types that apps expect.

use serde_json::{Value, json};

use crate::support::{Peer, TestServer, eventually};

fn list(alice: &TestServer) -> Vec<Value> {
    alice.get("/api/v1/conversations").as_array().unwrap().clone()
}

fn text(conversation: &Value) -> &str {
    conversation["last_status"]["content"].as_str().unwrap()
}

#[test]
fn direct_posts_are_conversations() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    assert_eq!(list(&alice), Vec::<Value>::new());
    alice.posts("public", "public");
    let me = alice.actor();
    peer.delivers(&alice, "mallory", &peer.note("mallory", "1", "<p>psst</p>", &[&me])).expect(202);
    eventually("a message arrives", || list(&alice).len() == 1);
    let got = list(&alice)[0].clone();
    assert_eq!((text(&got), got["unread"].as_bool()), ("<p>psst</p>", Some(true)));
    assert_eq!(got["accounts"].as_array().unwrap().len(), 1);
    assert_eq!(got["accounts"][0]["username"], "mallory");
    assert_eq!(got["last_status"]["visibility"], "direct");
    let id = got["id"].as_str().unwrap().to_owned();
    let read = alice.post(&format!("/api/v1/conversations/{id}/read"), json!({}));
    assert_eq!((read["id"].as_str(), read["unread"].as_bool()), (Some(id.as_str()), Some(false)));
    assert_eq!(list(&alice)[0]["unread"], false);

    let reply = json!({"status": "what", "visibility": "direct", "in_reply_to_id": got["last_status"]["id"]});
    alice.post("/api/v1/statuses", reply);
    assert_eq!((list(&alice).len(), text(&list(&alice)[0])), (1, "<p>what</p>"));
    assert_eq!(list(&alice)[0]["unread"], false, "the owner has posted in it");

    alice.api("DELETE", &format!("/api/v1/conversations/{id}"), json!(null)).expect(200);
    assert_eq!(list(&alice), Vec::<Value>::new());
    alice.api("DELETE", &format!("/api/v1/conversations/{id}"), json!(null)).expect(404);
    alice.api("POST", "/api/v1/conversations/12/read", json!({})).expect(404);
    let mut more = peer.note("mallory", "2", "<p>nothing</p>", &[&me]);
    more["object"]["inReplyTo"] = json!(format!("{}/notes/1", peer.base));
    peer.delivers(&alice, "mallory", &more).expect(202);
    eventually("it is back", || list(&alice).len() == 1);
    assert_eq!((text(&list(&alice)[0]), list(&alice)[0]["unread"].as_bool()), ("<p>nothing</p>", Some(true)));
    assert_eq!(list(&alice)[0]["id"], json!(id));
}

#[test]
fn conversations_are_paged_by_their_newest_posts() {
    let alice = TestServer::start("alice");
    let posts: Vec<Value> = (0..3).map(|n| alice.posts(&format!("note {n}"), "direct")).collect();
    let reply = json!({"status": "more", "visibility": "direct", "in_reply_to_id": posts[0]["id"]});
    alice.post("/api/v1/statuses", reply);
    let first = alice.api("GET", "/api/v1/conversations?limit=2", json!(null)).expect(200);
    let texts = |page: &Value| page.as_array().unwrap().iter().map(|c| text(c).to_owned()).collect::<Vec<_>>();
    assert_eq!(texts(&first.json()), ["<p>more</p>", "<p>note 2</p>"]);
    let next = first.header("link").unwrap().split('>').next().unwrap().trim_start_matches('<').to_owned();
    assert_eq!(texts(&alice.get(next.strip_prefix(&alice.url("")).unwrap())), ["<p>note 1</p>"]);
    assert_eq!(first.json()[1]["accounts"][0]["username"], "alice", "a note to oneself");
}

#[test]
fn reactions_are_favourites_unless_requested() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let post = alice.posts("hello", "public");
    let react = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/r/1", peer.base), "type": "EmojiReact",
        "actor": peer.actor("mallory"), "object": post["uri"], "content": "🎉", "to": [alice.actor()],
    });
    peer.delivers(&alice, "mallory", &react).expect(202);
    eventually("the reaction is notified", || !alice.notifications().is_empty());
    let types = |query: &str| -> Vec<String> {
        let list = alice.get(&format!("/api/v1/notifications?{query}"));
        list.as_array().unwrap().iter().map(|n| n["type"].as_str().unwrap().to_owned()).collect()
    };
    for (query, wanted) in [
        ("", &["favourite"][..]),
        ("types[]=favourite", &["favourite"]),
        ("types[]=reaction", &["reaction"]),
        ("types[]=reaction&types[]=favourite", &["reaction"]),
        ("types[]=mention", &[]),
        ("exclude_types[]=favourite", &[]),
        ("exclude_types[]=reaction", &[]),
        ("exclude_types[]=mention", &["favourite"]),
        ("types[]=from_the_future", &[]),
    ] {
        assert_eq!(types(query), wanted, "{query}");
        let count = alice.get(&format!("/api/v1/notifications/unread_count?{query}"))["count"].clone();
        assert_eq!(count, json!(wanted.len()), "{query}");
    }
    let id = alice.get("/api/v1/notifications")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(alice.get(&format!("/api/v1/notifications/{id}"))["type"], "favourite");
}
