//! Objects embedded in a document of another server are only hints: they are fetched from their own server.

use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::{Peer, TestServer, eventually};

fn note(peer: &Peer, author: &str, id: &str, text: &str, parent: Option<&str>) -> Value {
    let mut note = peer.note(author, id, text, &[PUBLIC])["object"].clone();
    note["@context"] = json!("https://www.w3.org/ns/activitystreams");
    note["inReplyTo"] = json!(parent);
    note["published"] = json!("2026-01-02T03:04:05Z");
    note
}

#[test]
fn replies_embedded_in_a_collection_are_fetched_from_their_own_server() {
    let (alice, near, far) = (TestServer::start("alice"), Peer::start(), Peer::start());
    let root = format!("{}/notes/root", near.base);
    let write = |peer: &Peer, id: &str, text: &str| note(peer, "mallory", id, text, Some(&root));
    // Changed on the way, of a server that never wrote it, and of a neighbour on the same server.
    far.serve("/notes/changed", write(&far, "changed", "what was really said"));
    near.add_actor("neighbour");
    near.serve("/notes/near", note(&near, "neighbour", "near", "what the neighbour said", Some(&root)));
    let items = [
        write(&far, "changed", "canary put into a mouth"),
        write(&far, "invented", "canary never written"),
        note(&near, "neighbour", "near", "canary of the neighbour", Some(&root)),
    ];
    let mut first = note(&near, "mallory", "root", "the beginning", None);
    first["replies"] = json!({
        "id": format!("{root}/replies"), "type": "Collection",
        "first": {"type": "CollectionPage", "partOf": format!("{root}/replies"), "items": items},
    });
    let mut collection = first["replies"].clone();
    collection["@context"] = json!("https://www.w3.org/ns/activitystreams");
    near.serve("/notes/root/replies", collection);
    near.serve("/notes/root", first);
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={root}"));
    let id = found["statuses"][0]["id"].as_str().unwrap().to_owned();
    let replies = || {
        let context = alice.get(&format!("/api/v1/statuses/{id}/context"));
        let mut texts: Vec<String> =
            context["descendants"].as_array().unwrap().iter().map(|s| s["content"].to_string()).collect();
        texts.sort();
        texts
    };
    replies();
    eventually("the replies are stored", || replies().len() == 2);
    eventually("the queues are empty", || alice.is_settled());
    let texts = replies();
    assert!(texts[0].contains("what the neighbour said") && texts[1].contains("what was really said"), "{texts:?}");
    assert_eq!(texts.len(), 2, "what was never written is not there: {texts:?}");
    assert_eq!(
        (far.requests_for("/notes/changed"), far.requests_for("/notes/invented"), near.requests_for("/notes/near")),
        (1, 1, 1)
    );
}
