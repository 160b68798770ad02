use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::{Peer, TestServer, eventually};

fn poll(server: &TestServer, multiple: bool, seconds: u64) -> Value {
    let poll = json!({"options": ["tea", "coffee"], "expires_in": seconds, "multiple": multiple});
    server.post("/api/v1/statuses", json!({"status": "what to drink?", "visibility": "public", "poll": poll}))
}

fn votes(server: &TestServer, id: &str) -> Vec<u64> {
    let poll = server.get(&format!("/api/v1/polls/{id}"));
    poll["options"].as_array().unwrap().iter().map(|o| o["votes_count"].as_u64().unwrap()).collect()
}

#[test]
fn a_poll_is_created_voted_in_and_closed_between_two_servers() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    bob.follows(&alice);
    let question = poll(&alice, false, 300);
    let mine = question["id"].as_str().unwrap();
    eventually("bob sees the poll", || bob.sees("what to drink?").is_some());
    let seen = bob.sees("what to drink?").unwrap();
    let his = seen["poll"]["id"].as_str().unwrap().to_owned();
    assert_eq!((&seen["poll"]["voted"], &seen["poll"]["multiple"]), (&json!(false), &json!(false)));
    let vote = |choices: Value| bob.api("POST", &format!("/api/v1/polls/{his}/votes"), json!({"choices": choices}));
    vote(json!(["7"])).expect(422);
    vote(json!(["0", "1"])).expect(422);
    let voted = vote(json!(["1"])).expect(200).json();
    assert_eq!((&voted["voted"], &voted["own_votes"]), (&json!(true), &json!([1])));
    vote(json!(["0"])).expect(422);
    eventually("the vote is counted", || votes(&alice, mine) == [0, 1]);
    assert_eq!(alice.get(&format!("/api/v1/polls/{mine}"))["voters_count"], 1);
    alice.api("POST", &format!("/api/v1/polls/{mine}/votes"), json!({"choices": ["0"]})).expect(422);
    let nowhere = |server: &TestServer| server.get("/api/v1/timelines/public").to_string();
    assert!(!nowhere(&alice).contains(">coffee<"), "a vote is not a post");

    // Its end, brought forward.
    let id: i64 = mine.parse().unwrap();
    let end = move |c: &dassie::store::Conn| {
        c.execute("UPDATE polls SET ends_at = 1 WHERE status_id = ?1", [id])?;
        c.execute("UPDATE jobs SET due = 1 WHERE kind = 'poll_end'", [])?;
        Ok(())
    };
    alice.app.domain.store.write(end).unwrap();
    alice.app.domain.signals.jobs.notify();
    eventually("the last word arrives", || bob.get(&format!("/api/v1/polls/{his}"))["expired"] == true);
    assert_eq!(votes(&bob, &his), [0, 1]);
    eventually("alice gets a notification", || alice.notifications().contains(&"poll".to_owned()));
}

#[test]
fn invalid_votes_are_not_counted() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for name in ["ana", "eve", "late"] {
        peer.add_actor(name);
    }
    let single = poll(&alice, false, 300);
    let several = poll(&alice, true, 300);
    let note = alice.posts("no poll", "public");
    let hidden = json!({"options": ["a", "b"], "expires_in": 300});
    let hidden = alice.post("/api/v1/statuses", json!({"status": "hidden", "visibility": "direct", "poll": hidden}));
    let mut n = 0;
    let mut vote = |who: &str, name: Value, of: &Value| {
        n += 1;
        let (actor, id) = (peer.actor(who), format!("{}/votes/{n}", peer.base));
        let object = json!({
            "id": id, "type": "Note", "attributedTo": actor, "name": name, "inReplyTo": of["uri"], "to": [alice.actor()],
            // As snac writes it, and what is as empty.
            "content": (["<br>", "", "<p> </p>"][n % 3]), "tag": [{"type": "Mention", "href": alice.actor(), "name": "@alice"}],
        });
        let create = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{id}/activity"), "type": "Create",
            "actor": actor, "to": [alice.actor()], "object": object,
        });
        peer.delivers(&alice, who, &create).expect(202);
        eventually("it is processed", || alice.is_settled_but_for_polls());
    };
    vote("ana", json!("tea"), &single);
    vote("ana", json!("coffee"), &single);
    vote("eve", json!("water"), &single);
    vote("eve", json!("tea"), &several);
    vote("eve", json!("tea"), &several);
    vote("eve", json!("coffee"), &several);
    vote("eve", json!("tea"), &note);
    vote("eve", json!("a"), &hidden);
    let of = |s: &Value| votes(&alice, s["id"].as_str().unwrap());
    assert_eq!((of(&single), of(&several), of(&hidden)), (vec![1, 0], vec![1, 1], vec![0, 0]));
    let id: i64 = single["id"].as_str().unwrap().parse().unwrap();
    let close = move |c: &dassie::store::Conn| {
        c.execute("UPDATE polls SET ends_at = 1 WHERE status_id = ?1", [id])?;
        Ok(())
    };
    alice.app.domain.store.write(close).unwrap();
    vote("late", json!("coffee"), &single);
    assert_eq!(of(&single), [1, 0], "it is over");
    assert_eq!(alice.home().len(), 4, "no vote is a post");
    assert!(alice.notifications().iter().all(|n| n != "mention"), "and none is a message");
}

#[test]
fn only_its_author_changes_a_poll() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let mut create = peer.note("ana", "poll", "which?", &[PUBLIC, &alice.actor()]);
    create["object"]["type"] = json!("Question");
    let options = |a: u64, b: u64| {
        json!([
            {"type": "Note", "name": "one", "replies": {"type": "Collection", "totalItems": a}},
            {"type": "Note", "name": "two", "replies": {"type": "Collection", "totalItems": b}},
        ])
    };
    create["object"]["oneOf"] = options(0, 0);
    peer.delivers(&alice, "ana", &create).expect(202);
    eventually("it is stored", || alice.notifications().contains(&"mention".to_owned()));
    let status = alice.get("/api/v1/notifications")[0]["status"].clone();
    let id = status["poll"]["id"].as_str().unwrap().to_owned();
    assert_eq!(status["poll"]["expires_at"], Value::Null);
    let update = |by: &str, n: u32, a: u64, b: u64| {
        let mut object = create["object"].clone();
        object["oneOf"] = options(a, b);
        json!({"id": format!("{}/updates/{by}{n}", peer.base), "type": "Update", "actor": peer.actor(by), "to": [PUBLIC], "object": object})
    };
    peer.delivers(&alice, "mallory", &update("mallory", 1, 90, 9)).expect(202);
    peer.delivers(&alice, "ana", &update("ana", 1, 3, 4)).expect(202);
    eventually("the author's counts are shown", || votes(&alice, &id) == [3, 4]);
    assert_eq!(status["edited_at"], Value::Null, "new counts are not an edit");
}

/// Options are compared as votes are read; a vote in a remote poll repeats the option exactly as its author wrote it.
#[test]
fn votes_with_unusual_white_space_are_counted() {
    let (alice, bob, peer) = (TestServer::start("alice"), TestServer::start("bob"), Peer::start());
    bob.follows(&alice);
    let options = ["green \u{a0} tea\u{200b}", "\tblack\ttea"];
    let poll = json!({"options": options, "expires_in": 300});
    let question = alice.post("/api/v1/statuses", json!({"status": "which tea?", "poll": poll}));
    let same = json!({"options": ["a  b", "a b"], "expires_in": 300});
    alice.api("POST", "/api/v1/statuses", json!({"status": "no choice", "poll": same})).expect(422);
    eventually("bob sees the poll", || bob.sees("which tea?").is_some());
    let his = bob.sees("which tea?").unwrap()["poll"]["id"].as_str().unwrap().to_owned();
    bob.post(&format!("/api/v1/polls/{his}/votes"), json!({"choices": ["1"]}));
    eventually("it counts", || votes(&alice, question["id"].as_str().unwrap()) == [0, 1]);

    let mut create = peer.note("mallory", "poll", "which?", &[PUBLIC, &bob.actor()]);
    create["object"]["type"] = json!("Question");
    create["object"]["oneOf"] = json!([{"type": "Note", "name": "this  one "}, {"type": "Note", "name": "that one"}]);
    peer.delivers(&bob, "mallory", &create).expect(202);
    eventually("it is there", || bob.notifications().contains(&"mention".to_owned()));
    let id = bob.get("/api/v1/notifications")[0]["status"]["poll"]["id"].as_str().unwrap().to_owned();
    assert_eq!(bob.get(&format!("/api/v1/polls/{id}"))["options"][0]["title"], "this one");
    bob.post(&format!("/api/v1/polls/{id}/votes"), json!({"choices": ["0"]}));
    eventually("the vote arrives", || peer.received().iter().any(|a| a["object"]["name"] == "this  one "));

    // It has no end time: its author closes it.
    assert!(!bob.notifications().contains(&"poll".to_owned()));
    create["object"]["closed"] = json!("2026-01-01T00:00:00Z");
    let update = json!({"id": format!("{}/updates/1", peer.base), "type": "Update", "actor": peer.actor("mallory"),
        "to": [PUBLIC], "object": create["object"]});
    peer.delivers(&bob, "mallory", &update).expect(202);
    eventually("bob gets a notification", || bob.notifications().contains(&"poll".to_owned()));
}

/// Numbers that no poll can have are none, or as large as a number can be; nothing else suffers.
#[test]
fn impossible_counts_are_limited() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for (n, (written, shown)) in [
        (json!(-5), 0),
        (json!(1e300), 0),
        (json!(0.5), 0),
        (json!("many"), 0),
        (json!("-1"), 0),
        (json!(u64::MAX), i64::MAX as u64),
        (json!(i64::MAX), i64::MAX as u64),
    ]
    .into_iter()
    .enumerate()
    {
        let counted = json!({"type": "Collection", "totalItems": written});
        let mut create = peer.note("mallory", &format!("poll{n}"), "which?", &[PUBLIC, &alice.actor()]);
        create["object"]["type"] = json!("Question");
        let option = |name: &str| json!({"type": "Note", "name": name, "replies": counted});
        create["object"]["anyOf"] = json!([option("one"), option("two"), option("three")]);
        (create["object"]["votersCount"], create["object"]["likes"]) = (written.clone(), counted.clone());
        create["object"]["shares"] = counted.clone();
        peer.delivers(&alice, "mallory", &create).expect(202);
        eventually("it is processed", || alice.is_settled());
        let status = alice.get("/api/v1/notifications")[0]["status"].clone();
        assert_eq!(status["uri"], create["object"]["id"], "{written}");
        assert_eq!(votes(&alice, status["id"].as_str().unwrap()), [shown; 3], "{written}");
        let likes = status["favourites_count"].as_u64().unwrap();
        assert!(likes == 0 || likes == shown, "{written}: {likes}");
        let (cookie, _) = alice.session();
        let page = crate::support::Request::get("/notifications").header("cookie", &cookie);
        alice.send(&page).expect(200);
    }
}
