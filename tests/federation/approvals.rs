//! Requests for approval of likes, replies and boosts (GoToSocial's interaction policies) and of quotes (FEP-044f).

use serde_json::{Value, json};

use super::meeting::Meeting;
use super::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

/// A request of Mallory's for the approval of her reply, quote, like or boost.
fn request(peer: &Peer, kind: &str, n: usize, of: &Value, instrument: Value) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/requests/{n}", peer.base), "type": kind,
        "actor": peer.actor("mallory"), "object": of, "instrument": instrument,
    })
}

/// The response to this request of Mallory's.
fn response(peer: &Peer, request: &Value) -> Option<Value> {
    peer.received().into_iter().find(|a| a["object"]["id"] == request["id"])
}

fn instrument(peer: &Peer, kind: &str, n: usize, of: &Value) -> Value {
    let (id, actor) = (format!("{}/things/{n}", peer.base), peer.actor("mallory"));
    match kind {
        "LikeRequest" => json!({"id": id, "type": "Like", "actor": actor, "object": of}),
        "AnnounceRequest" => json!({"id": id, "type": "Announce", "actor": actor, "object": of, "to": [PUBLIC]}),
        _ => {
            let link = if kind == "QuoteRequest" { "quote" } else { "inReplyTo" };
            json!({"id": id, "type": "Note", "attributedTo": actor, "content": "my words", link: of, "to": [PUBLIC]})
        }
    }
}

/// The response to a request, by its type, the visibility of the post, and the quote policy of the post.
const RESPONSES: &[(&str, &str, &str, &str)] = &[
    ("LikeRequest", "public", "public", "Accept"),
    ("LikeRequest", "private", "public", "nothing"),
    ("ReplyRequest", "public", "public", "Accept"),
    ("ReplyRequest", "direct", "public", "nothing"),
    ("AnnounceRequest", "unlisted", "public", "Accept"),
    ("AnnounceRequest", "private", "public", "nothing"),
    ("QuoteRequest", "public", "public", "Accept"),
    ("QuoteRequest", "public", "followers", "Reject"),
    ("QuoteRequest", "public", "nobody", "Reject"),
    ("QuoteRequest", "private", "public", "nothing"),
];

#[test]
fn requests_get_a_response_with_a_verifiable_approval() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for (n, (kind, visibility, quoting, expected)) in RESPONSES.iter().enumerate() {
        let draft = json!({"status": "about this", "visibility": visibility, "quote_approval_policy": quoting});
        let post = alice.post("/api/v1/statuses", draft);
        let thing = instrument(&peer, kind, n, &post["uri"]);
        let request = request(&peer, kind, n, &post["uri"], thing.clone());
        peer.delivers(&alice, "mallory", &request).expect(202);
        eventually("it is processed", || alice.is_settled());
        let what = format!("{kind} of a {visibility} post that {quoting} may quote");
        // A post that the requester may not see is handled as if it did not exist.
        let Some(response) = response(&peer, &request) else {
            assert_eq!(*expected, "nothing", "{what}");
            continue;
        };
        assert_eq!((&response["type"], &response["object"]["type"]), (&json!(expected), &json!(kind)), "{what}");
        let Some(approval) = response["result"].as_str() else {
            assert_eq!(*expected, "Reject", "{what}");
            continue;
        };
        let path = approval.strip_prefix(&alice.url("")).unwrap();
        let document = alice.send(&Request::get(path).activity()).expect(200).json();
        assert_eq!(document["type"], kind.replace("Request", "Authorization"), "{what}");
        assert_eq!(
            (&document["attributedTo"], &document["interactionTarget"], &document["interactingObject"]),
            (&json!(alice.actor()), &post["uri"], &thing["id"]),
            "{what}"
        );
    }
    eventually("all is done", || alice.is_settled());
    let notified = alice.notifications();
    for kind in ["favourite", "quote"] {
        assert_eq!(notified.iter().filter(|t| *t == kind).count(), 1, "{kind} in {notified:?}");
    }
}

/// Requests on behalf of another actor, and requests without an id, get no response.
#[test]
fn requests_that_cannot_be_granted_get_no_response() {
    let (alice, peer, other) = (TestServer::start("alice"), Peer::start(), Peer::start());
    let post = alice.posts("about this", "public");
    let foreign = request(&peer, "LikeRequest", 1, &post["uri"], instrument(&other, "LikeRequest", 1, &post["uri"]));
    let nothing = request(&peer, "LikeRequest", 2, &json!(alice.url("/users/alice/statuses/1")), json!("x"));
    let mut nameless =
        request(&peer, "LikeRequest", 3, &post["uri"], instrument(&peer, "LikeRequest", 3, &post["uri"]));
    nameless.as_object_mut().unwrap().remove("id");
    for activity in [foreign, nothing, nameless] {
        peer.delivers(&alice, "mallory", &activity).expect(202);
        eventually("it is processed", || alice.is_settled());
    }
    assert!(peer.received().is_empty() && alice.notifications().is_empty());
}

/// A note by Ana that requires her approval for replies.
fn guarded(world: &Meeting, name: &str) -> Value {
    let mut create = world.good.note("ana", name, &format!("guarded {name}"), &[PUBLIC]);
    create["object"]["interactionPolicy"] =
        json!({"canReply": {"automaticApproval": [world.good.actor("ana")], "manualApproval": [PUBLIC]}});
    create
}

/// Who may reply to a post of Ana's with automatic approval and with manual approval, whether the post mentions Alice, the
/// status that Alice gets for her reply, and whether an approval is requested first.
const REPLIES: &[(&str, &str, bool, u16, bool)] = &[
    ("everybody", "nobody", false, 200, false),
    ("ana", "everybody", false, 200, true),
    ("ana", "everybody", true, 200, false),
    // Other servers cannot know who follows her, so they require an approval document.
    ("followers", "nobody", false, 200, true),
    ("ana", "followers", false, 200, true),
    ("ana", "nobody", false, 422, false),
    ("ana", "nobody", true, 200, false),
];

/// GoToSocial never approves a reply that it has already received, so the request is sent before the reply.
#[test]
fn a_required_approval_is_requested_before_the_reply_is_sent() {
    let world = Meeting::new();
    let (alice, good) = (&world.alice, &world.good);
    let ana = good.actor("ana");
    let followers = format!("{ana}/followers");
    let mut document = good.document("/users/ana");
    document["followers"] = json!(followers);
    let update = json!({"id": format!("{ana}/update"), "type": "Update", "actor": ana, "object": document});
    world.deliver(good, "ana", &update);
    let list = |who: &str| match who {
        "everybody" => json!([PUBLIC]),
        "followers" => json!([followers]),
        "ana" => json!([ana]),
        _ => json!([]),
    };
    for (n, (automatic, manual, named, status, requested)) in REPLIES.iter().enumerate() {
        let text = format!("automatic {automatic}, manual {manual}, mentioned {named}");
        let mut create = good.note("ana", &format!("n{n}"), &text, &[PUBLIC]);
        create["object"]["interactionPolicy"] =
            json!({"canReply": {"automaticApproval": list(automatic), "manualApproval": list(manual)}});
        if *named {
            create["object"]["tag"] = json!([{"type": "Mention", "href": alice.actor()}]);
        }
        world.deliver(good, "ana", &create);
        let before = good.received().len();
        let draft = json!({"status": "a reply", "in_reply_to_id": alice.sees(&text).unwrap()["id"]});
        let response = alice.api("POST", "/api/v1/statuses", draft);
        assert_eq!(response.status, *status, "{text}");
        eventually("it is delivered", || alice.is_settled());
        let kinds = || good.received()[before..].iter().map(|a| a["type"].clone()).collect::<Vec<_>>();
        let expected: &[&str] = match (status, requested) {
            (200, true) => &["ReplyRequest", "Create"],
            (200, false) => &["Create"],
            _ => &[],
        };
        assert_eq!(kinds(), expected, "{text}");
        if *requested {
            let (request, create) = (good.received()[before].clone(), good.received()[before + 1].clone());
            assert_eq!(
                (&request["object"], &request["to"]),
                (&json!(format!("{}/notes/n{n}", good.base)), &json!([ana]))
            );
            assert_eq!(request["instrument"], create["object"], "{text}");
        }
    }
}

/// The pages of a reply show Alice, and only her, whether Ana approved it.
#[test]
fn the_owner_sees_the_result_of_an_approval_request() {
    let world = Meeting::new();
    let (alice, good) = (&world.alice, &world.good);
    let cookie = alice.session().0;
    world.deliver(good, "ana", &guarded(&world, "it"));
    let parent = alice.sees("guarded it").unwrap()["id"].clone();
    let reply = alice.post("/api/v1/statuses", json!({"status": "a reply", "in_reply_to_id": parent}));
    let requested = || good.received().into_iter().find(|a| a["type"] == "ReplyRequest");
    eventually("ana gets the request", || requested().is_some());
    let request = requested().unwrap()["id"].clone();
    let page = |cookie: &str| {
        let path = reply["url"].as_str().unwrap().strip_prefix(&alice.url("")).unwrap().to_owned();
        let request = Request::get(&path).header("accept", "text/html").header("cookie", cookie);
        let text = alice.send(&request).expect(200).text();
        ["waiting for the approval", "rejected this reply"].map(|words| text.contains(words))
    };
    let respond = |kind: &str, object: &Value, result: Value| {
        let id = format!("{}/responses/{}", good.base, world.next());
        let activity = json!({"id": id, "type": kind, "actor": good.actor("ana"), "object": object, "result": result});
        world.deliver(good, "ana", &activity);
    };
    assert_eq!((page(&cookie), page("")), ([true, false], [false, false]));
    respond("Accept", &reply["uri"], Value::Null);
    assert_eq!(page(&cookie), [true, false], "Accept without an approval document");
    respond("Reject", &request, Value::Null);
    assert_eq!((page(&cookie), page("")), ([false, true], [false, false]));
    respond("Accept", &request, json!(format!("{}/approvals/1", good.base)));
    assert_eq!(page(&cookie), [false, false]);
    let last = || good.received().into_iter().rfind(|a| a["type"] == "Update").unwrap_or_default();
    eventually("the approval is sent to followers", || last()["object"]["approvedBy"].is_string());
    // The approval is revoked: the reply no longer references it.
    respond("Reject", &reply["uri"], Value::Null);
    assert_eq!(page(&cookie), [false, true]);
    eventually("the revocation is sent to followers", || last()["object"].get("approvedBy").is_none());
}

#[test]
fn a_reply_references_its_approval_once_granted() {
    let world = Meeting::new();
    let (alice, good) = (&world.alice, &world.good);
    let updates = || good.received().into_iter().filter(|a| a["type"] == "Update").collect::<Vec<_>>();
    let reply = |name: &str| {
        world.deliver(good, "ana", &guarded(&world, name));
        let id = alice.sees(&format!("guarded {name}")).unwrap()["id"].clone();
        alice.post("/api/v1/statuses", json!({"status": format!("a reply to {name}"), "in_reply_to_id": id}))
    };
    let approval = |n: u32, by: &Peer| format!("{}/approvals/{n}", by.base);
    let respond = |by: &Peer, name: &str, kind: &str, object: &Value, result: Option<String>| {
        let mut activity = json!({"id": format!("{}/responses/{}", by.base, world.next()), "type": kind,
            "actor": by.actor(name), "object": object});
        if let Some(result) = result {
            activity["result"] = json!(result);
        }
        world.deliver(by, name, &activity);
    };
    let (one, two) = (reply("one"), reply("two"));
    eventually("both arrive", || good.received().iter().filter(|a| a["type"] == "Create").count() == 2);

    // Approvals by other actors, from other servers, or without an approval document have no effect.
    respond(&world.evil, "mallory", "Accept", &one["uri"], Some(approval(1, &world.evil)));
    respond(good, "ana", "Accept", &one["uri"], Some(approval(1, &world.evil)));
    respond(good, "ana", "Accept", &one["uri"], None);
    respond(good, "ana", "Reject", &two["uri"], None);
    eventually("the queues are empty", || alice.is_settled());
    assert!(updates().is_empty(), "{:?}", updates());

    // By the author, for the reply itself or for the request with the reply in it.
    respond(good, "ana", "Accept", &one["uri"], Some(approval(2, good)));
    let requested = json!({"id": format!("{}/requests/1", good.base), "type": "ReplyRequest", "actor": alice.actor(),
        "object": format!("{}/notes/two", good.base), "instrument": two["uri"]});
    respond(good, "ana", "Accept", &requested, Some(approval(3, good)));
    for (post, n) in [(&one, 2), (&two, 3)] {
        let of = || updates().into_iter().find(|u| u["object"]["id"] == post["uri"]);
        eventually("the approval is sent", || of().is_some());
        let note = of().unwrap()["object"].clone();
        let stamp = json!(approval(n, good));
        assert_eq!((&note["approvedBy"], &note["replyAuthorization"]), (&stamp, &stamp));
    }

    // Only the actor that granted an approval can revoke it.
    good.add_actor("bea");
    respond(good, "bea", "Delete", &json!(approval(2, good)), None);
    respond(good, "ana", "Delete", &json!(approval(3, good)), None);
    let unapproved = |uri: &Value| {
        updates().iter().any(|u| u["object"]["id"] == *uri && u["object"].get("replyAuthorization").is_none())
    };
    eventually("the revocation is sent", || unapproved(&two["uri"]));
    assert!(!unapproved(&one["uri"]));
}

/// The instrument must belong to the requester; otherwise a follower could obtain approval on behalf of a non-follower.
#[test]
fn an_approval_is_valid_for_the_requester_only() {
    let world = Meeting::new();
    let (alice, evil) = (&world.alice, &world.evil);
    evil.add_actor("bob");
    let draft = json!({"status": "for followers to quote", "quote_approval_policy": "followers"});
    let post = alice.post("/api/v1/statuses", draft);
    world.deliver(evil, "bob", &evil.follow("bob", alice));
    let mut create = evil.note("mallory", "quoting", "look at her", &[PUBLIC]);
    create["object"]["quote"] = post["uri"].clone();
    let id = create["object"]["id"].clone();
    let approval_for = |n: u32, instrument: Value| {
        let request = json!({"id": format!("{}/requests/{n}", evil.base), "type": "QuoteRequest",
            "actor": evil.actor("bob"), "object": post["uri"], "instrument": instrument});
        world.deliver(evil, "bob", &request);
        evil.received()
            .into_iter()
            .filter(|a| a["type"] == "Accept")
            .find_map(|a| a["result"].as_str().map(str::to_owned))
    };
    assert_eq!(approval_for(1, create["object"].clone()), None, "an embedded instrument states its author");
    // Given as a bare id its author is unknown, but the approval is not valid for the real author.
    create["object"]["quoteAuthorization"] = json!(approval_for(2, id).expect("an approval"));
    world.deliver(evil, "mallory", &create);
    assert_eq!(alice.sees("look at her").unwrap()["quote"]["state"], "pending");
}

#[test]
fn an_approval_about_a_direct_post_is_visible_to_its_audience_only() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let found = alice.get(&format!("/api/v2/search?resolve=true&type=accounts&q={}", peer.actor("ana")));
    let handle = found["accounts"][0]["acct"].as_str().unwrap();
    let post = alice.posts(&format!("@{handle} for you"), "direct");
    let like = json!({"id": format!("{}/likes/1", peer.base), "type": "Like", "actor": peer.actor("ana"), "object": post["uri"]});
    let request = json!({"id": format!("{}/requests/1", peer.base), "type": "LikeRequest", "actor": peer.actor("ana"),
        "object": post["uri"], "instrument": like});
    peer.delivers(&alice, "ana", &request).expect(202);
    let response = || peer.received().into_iter().find(|a| a["type"] == "Accept");
    eventually("a response is sent", || response().is_some());
    let approval = response().unwrap()["result"].as_str().unwrap().strip_prefix(&alice.url("")).unwrap().to_owned();
    alice.send(&Request::get(&approval).activity()).expect(404);
    let shown = alice.send(&peer.signs_get(&alice, "ana", &approval)).expect(200);
    assert_eq!(shown.json()["interactionTarget"], post["uri"]);
    assert!(
        !shown.header("cache-control").unwrap_or_default().contains("public"),
        "{:?}",
        shown.header("cache-control")
    );
}

/// Accept or Reject of another actor's follow does not change the follow sent by the owner.
#[test]
fn a_response_to_the_follow_of_another_actor_is_ignored() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for name in ["rob", "quin"] {
        peer.add_actor(name);
    }
    let found = alice.get(&format!("/api/v2/search?resolve=true&type=accounts&q={}", peer.actor("rob")));
    let id = found["accounts"][0]["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    let relation = || alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0].clone();
    for (n, kind) in ["Accept", "Reject"].iter().enumerate() {
        let follow = json!({"id": format!("{}/follows/{n}", peer.base), "type": "Follow", "actor": peer.actor("quin"),
            "object": peer.actor("rob")});
        let response = json!({"id": format!("{}/responses/{n}", peer.base), "type": kind, "actor": peer.actor("rob"),
            "object": follow});
        peer.delivers(&alice, "rob", &response).expect(202);
        eventually("it is processed", || alice.is_settled());
        let relation = relation();
        assert_eq!((&relation["following"], &relation["requested"]), (&json!(false), &json!(true)), "{kind}");
    }
}
