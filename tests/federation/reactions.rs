use serde_json::{Value, json};

use crate::support::{Peer, Request, TestServer, eventually, unproxied};

fn reactions(server: &TestServer, id: &str) -> Vec<(String, u64, bool)> {
    let status = server.get(&format!("/api/v1/statuses/{id}"));
    let list = status["reactions"].as_array().unwrap().iter();
    list.map(|r| (r["name"].as_str().unwrap().into(), r["count"].as_u64().unwrap(), r["me"] == true)).collect()
}

#[test]
fn both_dialects_are_emoji_reactions_and_other_content_is_a_favourite() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for name in ["ana", "bea", "cyd", "dot", "eve"] {
        peer.add_actor(name);
    }
    let post = alice.posts("react to me", "public");
    let id = post["id"].as_str().unwrap();
    let emoji =
        json!([{"type": "Emoji", "name": ":blob:", "icon": {"type": "Image", "url": format!("{}/b.png", peer.base)}}]);
    let send = |who: &str, n: u32, members: Value| {
        let mut activity = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/acts/{who}{n}", peer.base), "type": "Like",
            "actor": peer.actor(who), "object": post["uri"],
        });
        activity.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        peer.delivers(&alice, who, &activity).expect(202);
        eventually("it is applied", || alice.is_settled());
        activity
    };
    let react = send("ana", 1, json!({"type": "EmojiReact", "content": "🎉"}));
    send("bea", 1, json!({"content": "🎉"}));
    send("cyd", 1, json!({"_misskey_reaction": ":blob@.:", "tag": emoji}));
    send("dot", 1, json!({"type": "EmojiReact", "content": "👌👌"}));
    send("eve", 1, json!({"content": "pudding"}));
    send("eve", 2, json!({"type": "EmojiReact", "content": ":unknown:"}));
    assert_eq!(reactions(&alice, id), [("🎉".into(), 2, false), ("blob".into(), 1, false)]);
    assert_eq!(alice.get(&format!("/api/v1/statuses/{id}"))["favourites_count"], 2);
    let notified = alice.get("/api/v1/notifications?types[]=reaction");
    assert_eq!(notified.as_array().unwrap().len(), 3);
    let custom = notified.as_array().unwrap().iter().find(|n| n["emoji"] == ":blob:").unwrap();
    assert_eq!(unproxied(custom["emoji_url"].as_str().unwrap()), format!("{}/b.png", peer.base));
    let page = alice.send(&Request::get("/notifications").header("cookie", &alice.session().0)).expect(200).text();
    assert!(page.contains("reacted with 🎉 to your post"), "{page}");
    assert!(page.contains("reacted with <img class=\"emoji\""), "{page}");

    // Undone by an embedded copy, by id alone, and without effect if sent by another actor.
    let undo = |who: &str, object: Value| {
        let activity = json!({"id": format!("{}/undo/{who}", peer.base), "type": "Undo", "actor": peer.actor(who), "object": object});
        peer.delivers(&alice, who, &activity).expect(202);
        eventually("it is applied", || alice.is_settled());
    };
    undo("eve", react["id"].clone());
    assert_eq!(reactions(&alice, id)[0].1, 2);
    undo("ana", react);
    undo("bea", json!(format!("{}/acts/bea1", peer.base)));
    assert_eq!(reactions(&alice, id), [("blob".into(), 1, false)]);
}

#[test]
fn a_reaction_by_the_owner_is_sent_as_a_like_with_content() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    alice.follows(&bob);
    let post = bob.posts("a fine day", "public");
    eventually("alice has it", || alice.sees("a fine day").is_some());
    let seen = alice.sees("a fine day").unwrap()["id"].as_str().unwrap().to_owned();
    let emoji = "%F0%9F%8E%89";
    alice.api("POST", &format!("/api/v1/statuses/{seen}/react/party"), json!({})).expect(422);
    let shown = alice.post(&format!("/api/v1/statuses/{seen}/react/{emoji}"), json!({}));
    assert_eq!(shown["reactions"][0]["me"], true);
    let id = post["id"].as_str().unwrap();
    eventually("bob sees it", || reactions(&bob, id) == [("🎉".to_owned(), 1, false)]);
    alice.post(&format!("/api/v1/statuses/{seen}/unreact/{emoji}"), json!({}));
    eventually("it is gone", || reactions(&bob, id).is_empty());
}
