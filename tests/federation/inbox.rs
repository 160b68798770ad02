use std::sync::atomic::Ordering;

use dassie::limits;
use dassie::protocol::signature::SignatureScheme;
use serde_json::{Value, json};

use super::meeting::Meeting;
use crate::support::{Peer, Request, TestServer, eventually};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

#[test]
fn refusals_state_the_reason_and_change_nothing() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let me = alice.actor();
    let note = peer.note("mallory", "1", "hello", &[&me]);
    let before = alice.rows();
    let signed = || peer.signed(&alice, "mallory", SignatureScheme::Cavage, &note);
    let replace = |name: &str, value: &str| {
        let mut request = signed();
        request.headers.iter_mut().find(|(n, _)| n == name).unwrap().1 = value.into();
        request
    };
    let mut body = signed();
    *body.body.last_mut().unwrap() = b' ';
    body.body.push(b'}');
    let mut unsigned = signed();
    unsigned.headers.retain(|(n, _)| n != "signature");
    let mut twice = signed();
    let again = twice.headers.iter().find(|(n, _)| n == "digest").unwrap().clone();
    twice.headers.push(again);
    let anonymous = || Request::new("POST", "/inbox").header("signature", "x");
    for (request, status, expected) in [
        (unsigned, 401, "signature-missing"),
        (body, 401, "digest-mismatch"),
        (twice, 401, "repeated"),
        (replace("date", "Fri, 20 Nov 2020 23:19:53 GMT"), 401, "clock"),
        (signed().header("host", "other.example"), 421, "Host header"),
        (replace("content-type", "text/html"), 415, "application/activity+json"),
        (anonymous().body("application/activity+json", "{"), 400, "JSON"),
        (anonymous().body("application/activity+json", "[]"), 400, "activity"),
        (
            Request::new("POST", "/users/nobody/inbox").body("application/activity+json", note.to_string()),
            404,
            "not found",
        ),
    ] {
        let response = alice.send(&request).expect(status);
        let error = response.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains(expected), "{error} should contain {expected}");
    }
    assert_eq!(alice.rows(), before);
}

#[test]
fn the_size_of_bodies_is_limited() {
    let alice = TestServer::start("alice");
    let send = |size: usize| {
        let request = Request::new("POST", "/inbox").header("signature", "x");
        request.body("application/activity+json", vec![b' '; size]).send(&alice.authority).status
    };
    assert_eq!((send(limits::INBOX_BODY), send(limits::INBOX_BODY + 1)), (400, 413));
}

/// An actor can only act for itself, and objects are only accepted from their own server.
#[test]
fn activities_are_only_accepted_from_their_actor_for_its_own_objects() {
    let (alice, peer, other) = (TestServer::start("alice"), Peer::start(), Peer::start());
    let me = alice.actor();
    peer.add_actor("accomplice");
    let post = alice.posts("mine", "public");
    let mine = post["uri"].as_str().unwrap();
    peer.delivers(&alice, "mallory", &peer.note("mallory", "own", "a real note", &[&me])).expect(202);
    eventually("a real note creates a notification", || alice.notifications() == ["mention"]);
    let own = format!("{}/notes/own", peer.base);
    let before = alice.rows();

    // The signer is not the actor: refused at the door.
    for kind in ["Create", "Update", "Delete", "Follow", "Undo", "Like", "Announce", "Accept"] {
        let activity = json!({"id": format!("{}/x/{kind}", peer.base), "type": kind, "actor": peer.actor("accomplice"), "object": mine});
        let response = peer.delivers(&alice, "mallory", &activity);
        assert!(
            response.status == 401 || (kind == "Delete" || kind == "Update") && response.status == 202,
            "{kind}: {}",
            response.status
        );
    }
    // The signer is the actor, but the object belongs to another actor: accepted, without effect.
    let theirs = |n: u32, kind: &str, object: Value| json!({"id": format!("{}/y/{n}", peer.base), "type": kind, "actor": peer.actor("accomplice"), "object": object, "to": [PUBLIC]});
    let note = |id: &str, author: &str, content: &str| json!({"id": id, "type": "Note", "attributedTo": author, "content": content, "to": [PUBLIC, me], "tag": [{"type": "Mention", "href": me}]});
    for activity in [
        theirs(1, "Create", note(&format!("{}/notes/9", other.base), &other.actor("mallory"), "forged")),
        theirs(2, "Create", note(&format!("{}/notes/9", other.base), &peer.actor("accomplice"), "forged")),
        theirs(3, "Create", note(&format!("{}/statuses/9", me), &peer.actor("accomplice"), "forged")),
        theirs(4, "Update", note(&own, &peer.actor("mallory"), "forged")),
        theirs(5, "Update", note(&own, &peer.actor("accomplice"), "forged")),
        theirs(6, "Delete", json!(own)),
        theirs(7, "Delete", json!(mine)),
        theirs(8, "Update", note(mine, &me, "forged")),
        theirs(
            9,
            "Undo",
            json!({"id": format!("{own}/activity"), "type": "Create", "actor": peer.actor("mallory"), "object": own}),
        ),
        theirs(10, "Accept", json!({"type": "Follow", "actor": me, "object": peer.actor("mallory")})),
        theirs(11, "Announce", json!({"id": mine, "type": "Note", "attributedTo": me, "content": "forged"})),
        theirs(12, "Frobnicate", json!(mine)),
    ] {
        peer.delivers(&alice, "accomplice", &activity).expect(202);
    }
    eventually("all are processed", || alice.is_settled());
    let after = alice.rows();
    // The boost of the embedded copy counts as one of the original and creates a notification; nothing else changed.
    assert_eq!((after[0], after[1], after[2]), (before[0], before[1], before[2]));
    assert_eq!(alice.notifications().iter().filter(|n| *n == "mention").count(), 1);
    let shown = alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()));
    assert_eq!(shown["content"], "<p>mine</p>");
    let notified = alice.get("/api/v1/notifications");
    let note = notified.as_array().unwrap().iter().find(|n| n["type"] == "mention").unwrap();
    assert!(note["status"]["content"].as_str().unwrap().contains("a real note"));
}

#[test]
fn the_same_activity_has_its_effect_once() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let note = peer.note("mallory", "1", "once", &[&alice.actor()]);
    let request = peer.signed(&alice, "mallory", SignatureScheme::Rfc9421, &note);
    for _ in 0..3 {
        alice.send(&request).expect(202);
    }
    peer.delivers(&alice, "mallory", &note).expect(202);
    eventually("the notification arrives", || !alice.notifications().is_empty());
    eventually("all is processed", || alice.is_settled());
    assert_eq!(alice.notifications(), ["mention"]);
}

#[test]
fn deletions_of_unknown_actors_cause_no_work() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for i in 0..500 {
        let who = format!("{}/users/gone{i}", peer.base);
        let activity =
            json!({"id": format!("{who}#delete"), "type": "Delete", "actor": who, "object": who, "to": [PUBLIC]});
        peer.delivers(&alice, &format!("gone{i}"), &activity).expect(202);
    }
    assert_eq!(peer.requests.load(Ordering::SeqCst), 0, "no key was requested");
    assert!(alice.is_settled());
}

#[test]
fn an_unavailable_key_is_fetched_once_and_then_backed_off() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for i in 0..5 {
        let note = peer.note("nobody", &i.to_string(), "hello", &[&alice.actor()]);
        peer.delivers(&alice, "nobody", &note).expect(401);
    }
    assert_eq!(peer.requests.load(Ordering::SeqCst), 1);
}

#[test]
fn followers_are_added_and_removed_and_deleted_posts_do_not_return() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let me = alice.actor();
    let follow =
        json!({"id": format!("{}/f/1", peer.base), "type": "Follow", "actor": peer.actor("mallory"), "object": me});
    peer.delivers(&alice, "mallory", &follow).expect(202);
    eventually("the follow creates a notification", || alice.notifications() == ["follow"]);
    let delete = json!({"id": format!("{}/f/3", peer.base), "type": "Delete", "actor": peer.actor("mallory"), "object": format!("{}/notes/late", peer.base)});
    peer.delivers(&alice, "mallory", &delete).expect(202);
    eventually("the delete is processed", || alice.is_settled());
    peer.delivers(&alice, "mallory", &peer.note("mallory", "late", "too late", &[&me])).expect(202);
    eventually("the note is processed", || alice.is_settled());
    assert_eq!(alice.notifications(), ["follow"]);
    let undo =
        json!({"id": format!("{}/f/2", peer.base), "type": "Undo", "actor": peer.actor("mallory"), "object": follow});
    peer.delivers(&alice, "mallory", &undo).expect(202);
    eventually("the follower is gone", || alice.rows()[1] == 0 && alice.notifications().is_empty());
    let goodbye = json!({"id": format!("{}/f/4", peer.base), "type": "Delete", "actor": peer.actor("mallory"), "object": peer.actor("mallory")});
    peer.delivers(&alice, "mallory", &goodbye).expect(202);
    eventually("the actor is gone", || {
        let found =
            alice.get(&format!("/api/v2/search?q={}", peer.actor("mallory").replace(':', "%3A").replace('/', "%2F")));
        found["accounts"].as_array().unwrap().is_empty()
    });
}

/// Mastodon's Add and Remove of a pin have no id, and WriteFreely's Update has that of its object.
#[test]
fn an_identical_later_activity_has_its_effect_again() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let (actor, featured) = (peer.actor("mallory"), format!("{}/featured", peer.actor("mallory")));
    let mut document = peer.document("/users/mallory");
    document["featured"] = json!(featured);
    peer.serve("/users/mallory", document);
    let id = super::moving::follow(&alice, &peer, "mallory");
    let deliver = |form: SignatureScheme, activity: &Value| {
        alice.send(&peer.signed(&alice, "mallory", form, activity)).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    let note = peer.note("mallory", "one", "first words", &[PUBLIC]);
    deliver(SignatureScheme::Cavage, &note);
    let pinned = || alice.get(&format!("/api/v1/accounts/{id}/statuses?pinned=true")).as_array().unwrap().len();
    let act = |kind: &str| json!({"type": kind, "actor": actor, "object": note["object"]["id"], "target": featured});
    for (form, kind, count) in [
        (SignatureScheme::Cavage, "Add", 1),
        (SignatureScheme::Cavage, "Remove", 0),
        (SignatureScheme::Rfc9421, "Add", 1),
    ] {
        deliver(form, &act(kind));
        assert_eq!(pinned(), count, "after {kind}");
    }
    for text in ["second words", "third words"] {
        let mut object = note["object"].clone();
        object["content"] = json!(text);
        let update = json!({"id": object["id"], "type": "Update", "actor": actor, "object": object, "to": [PUBLIC]});
        deliver(SignatureScheme::Cavage, &update);
        assert!(alice.sees(text).is_some(), "{text}");
    }
}

/// GoToSocial undoes its follows after it has announced a deletion, signed with a key that it still serves.
#[test]
fn a_deleted_actor_is_not_restored_by_its_late_activities() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let actor = peer.actor("mallory");
    let follow = peer.follow("mallory", &alice);
    let deliver = |activity: &Value| {
        peer.delivers(&alice, "mallory", activity).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    let known = || {
        let read = |c: &dassie::store::Conn| dassie::store::actors::id_by_uri(c, &actor);
        alice.app.domain.store.read(read).unwrap().is_some()
    };
    let delete = json!({"id": format!("{actor}#delete"), "type": "Delete", "actor": actor, "object": actor});
    let undo = json!({"id": format!("{actor}/undo"), "type": "Undo", "actor": actor, "object": follow});
    deliver(&follow);
    assert!(known());
    deliver(&delete);
    let requested = peer.requests.load(Ordering::SeqCst);
    peer.delivers(&alice, "mallory", &undo).expect(401);
    assert_eq!((known(), peer.requests.load(Ordering::SeqCst)), (false, requested), "no key was requested");

    // A search by the owner restores the actor.
    let query: String = url::form_urlencoded::byte_serialize(actor.as_bytes()).collect();
    alice.get(&format!("/api/v2/search?resolve=true&q={query}"));
    assert!(known());
    deliver(&peer.note("mallory", "back", "i am back", &[&alice.actor()]));
    assert_eq!(alice.notifications(), ["mention"]);
    deliver(&delete);
    // A day later it may come by itself.
    let later = |c: &dassie::store::Conn| Ok(c.execute("UPDATE tombstones SET deleted_at = 1", []).map(drop)?);
    alice.app.domain.store.write(later).unwrap();
    deliver(&peer.note("mallory", "new", "i am new", &[&alice.actor()]));
    assert!(known());
}

/// Two activities in one second arrive in any order: the end of a follow is not the end of the next.
#[test]
fn a_late_undo_does_not_end_a_newer_follow() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let followers = || alice.get("/api/v1/accounts/verify_credentials")["followers_count"].clone();
    let send = |activity: &Value| {
        peer.delivers(&alice, "ana", activity).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    let follow = |n: u32| json!({"id": format!("{}/follows/{n}", peer.base), "type": "Follow", "actor": peer.actor("ana"), "object": alice.actor()});
    let undo = |n: u32| json!({"id": format!("{}/undos/{n}", peer.base), "type": "Undo", "actor": peer.actor("ana"), "object": follow(n)});
    send(&follow(1));
    send(&follow(2));
    send(&undo(1));
    assert_eq!(followers(), 1);
    send(&undo(2));
    assert_eq!(followers(), 0);
}

/// A reply appears in the home timeline depending on the author that it replies to.
#[test]
fn a_reply_that_arrives_before_its_parent_appears_in_the_home_timeline() {
    let world = Meeting::new();
    let post = world.good.note("ana", "1", "a question", &[PUBLIC]);
    let mut reply = world.evil.note("mallory", "2", "a reply", &[PUBLIC]);
    reply["object"]["inReplyTo"] = post["object"]["id"].clone();
    world.deliver(&world.evil, "mallory", &reply);
    assert!(world.alice.sees("a reply").is_none());
    world.deliver(&world.good, "ana", &post);
    assert!(world.alice.sees("a reply").is_some());
}

/// Boosts need no audience: every follower of the booster sees them.
#[test]
fn a_boost_without_an_audience_appears_in_the_home_timeline() {
    let world = Meeting::new();
    let (alice, good, evil) = (&world.alice, &world.good, &world.evil);
    evil.add_actor("eve");
    for (n, to) in [json!([]), json!([alice.actor()]), json!([PUBLIC])].into_iter().enumerate() {
        let note = evil.note("eve", &format!("n{n}"), &format!("boosted {n}"), &[PUBLIC]);
        evil.serve(&format!("/notes/n{n}"), note["object"].clone());
        let boost = json!({"id": format!("{}/boosts/{n}", good.base), "type": "Announce", "actor": good.actor("ana"),
            "to": to, "object": note["object"]["id"]});
        world.deliver(good, "ana", &boost);
        let boosts = alice.home().iter().filter(|s| !s["reblog"].is_null()).count();
        assert_eq!(boosts, n + 1, "to {to}");
    }
}

/// Servers try again what could not be delivered, so an end may come before its beginning.
#[test]
fn an_activity_undone_before_its_arrival_is_ignored() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let post = alice.posts("like me", "public");
    for (n, kind, object) in [(1, "Follow", json!(alice.actor())), (2, "Like", post["uri"].clone())] {
        let activity = json!({"id": format!("{}/activities/{n}", peer.base), "type": kind, "actor": peer.actor("ana"), "object": object});
        let undo = json!({"id": format!("{}/undos/{n}", peer.base), "type": "Undo", "actor": peer.actor("ana"), "object": activity});
        for activity in [undo, activity] {
            peer.delivers(&alice, "ana", &activity).expect(202);
            eventually("it is processed", || alice.is_settled());
        }
    }
    assert_eq!(alice.get("/api/v1/accounts/verify_credentials")["followers_count"], 0);
    let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
    assert_eq!(alice.get(&path)["favourites_count"], 0);
}

/// A blocked actor cannot remove the block by deleting and recreating its account.
#[test]
fn a_block_survives_the_deletion_of_the_account() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let query = format!("/api/v2/search?resolve=true&type=accounts&q={}", peer.actor("ana"));
    let id = alice.get(&query)["accounts"][0]["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/accounts/{id}/block"), json!({}));
    eventually("the block is delivered", || alice.is_settled());
    let delete = json!({"id": format!("{}/delete", peer.base), "type": "Delete", "actor": peer.actor("ana"), "object": peer.actor("ana")});
    peer.delivers(&alice, "ana", &delete).expect(202);
    eventually("it is processed", || alice.is_settled());
    assert_eq!(alice.get("/api/v1/blocks").as_array().unwrap().len(), 1);
}

/// Hollo responds to every request of one follower under the same id, and Mastodon to those of all followers.
#[test]
fn a_response_with_a_reused_id_is_processed() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let ana = peer.actor("mallory");
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={ana}"))["accounts"][0]["id"].clone();
    let id = found.as_str().unwrap();
    for kind in ["Accept", "Reject", "Accept", "Reject"] {
        alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
        eventually("the request arrives", || alice.is_settled());
        let follow = peer.received().into_iter().rfind(|a| a["type"] == "Follow").unwrap();
        let response = json!({"id": format!("{ana}#{kind}s/"), "type": kind, "actor": ana, "object": follow});
        peer.delivers(&alice, "mallory", &response).expect(202);
        eventually("it is processed", || alice.is_settled());
        let relation = alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0].clone();
        assert_eq!(relation["following"], kind == "Accept", "{kind}: {relation}");
        if kind == "Accept" {
            alice.post(&format!("/api/v1/accounts/{id}/unfollow"), json!({}));
        }
    }
}
