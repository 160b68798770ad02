//! Who asks before doing something with a post, and who is asked (GoToSocial's interaction policies, FEP-044f).

use serde_json::{Value, json};

use super::meeting::Meeting;
use super::world::PUBLIC;
use crate::support::{Ask, Peer, TestServer, eventually};

/// A request of Mallory, who has written, liked or boosted something.
fn request(peer: &Peer, kind: &str, n: usize, of: &Value, instrument: Value) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/requests/{n}", peer.base), "type": kind,
        "actor": peer.actor("mallory"), "object": of, "instrument": instrument,
    })
}

/// What Mallory was answered to this request.
fn answer(peer: &Peer, request: &Value) -> Option<Value> {
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

/// What a request leads to, by its kind, the visibility of the post, and whom its author lets quote.
const ASKED: &[(&str, &str, &str, &str)] = &[
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
fn whoever_asks_is_answered_and_gets_a_consent_that_can_be_checked() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for (n, (kind, visibility, quoting, expected)) in ASKED.iter().enumerate() {
        let draft = json!({"status": "about this", "visibility": visibility, "quote_approval_policy": quoting});
        let post = alice.post("/api/v1/statuses", draft);
        let thing = instrument(&peer, kind, n, &post["uri"]);
        let request = request(&peer, kind, n, &post["uri"], thing.clone());
        peer.delivers(&alice, "mallory", &request).expect(202);
        eventually("it is judged", || alice.is_settled());
        let what = format!("{kind} of a {visibility} post that {quoting} may quote");
        // What is not for somebody is as if it never was.
        let Some(answer) = answer(&peer, &request) else {
            assert_eq!(*expected, "nothing", "{what}");
            continue;
        };
        assert_eq!((&answer["type"], &answer["object"]["type"]), (&json!(expected), &json!(kind)), "{what}");
        let Some(consent) = answer["result"].as_str() else {
            assert_eq!(*expected, "Reject", "{what}");
            continue;
        };
        let path = consent.strip_prefix(&alice.url("")).unwrap();
        let document = alice.send(&Ask::get(path).activity()).expect(200).json();
        assert_eq!(document["type"], kind.replace("Request", "Authorization"), "{what}");
        assert_eq!(
            (&document["attributedTo"], &document["interactionTarget"], &document["interactingObject"]),
            (&json!(alice.actor()), &post["uri"], &thing["id"]),
            "{what}"
        );
    }
    eventually("all is done", || alice.is_settled());
    let told = alice.notifications();
    for kind in ["favourite", "quote"] {
        assert_eq!(told.iter().filter(|t| *t == kind).count(), 1, "{kind} in {told:?}");
    }
}

/// Nobody asks for somebody else, and what is asked without an id cannot be answered.
#[test]
fn what_cannot_be_granted_is_not_answered() {
    let (alice, peer, other) = (TestServer::start("alice"), Peer::start(), Peer::start());
    let post = alice.posts("about this", "public");
    let foreign = request(&peer, "LikeRequest", 1, &post["uri"], instrument(&other, "LikeRequest", 1, &post["uri"]));
    let nothing = request(&peer, "LikeRequest", 2, &json!(alice.url("/users/alice/statuses/1")), json!("x"));
    let mut nameless =
        request(&peer, "LikeRequest", 3, &post["uri"], instrument(&peer, "LikeRequest", 3, &post["uri"]));
    nameless.as_object_mut().unwrap().remove("id");
    for activity in [foreign, nothing, nameless] {
        peer.delivers(&alice, "mallory", &activity).expect(202);
        eventually("it is judged", || alice.is_settled());
    }
    assert!(peer.received().is_empty() && alice.notifications().is_empty());
}

/// Ana's note, which may be answered only with her consent.
fn guarded(world: &Meeting, name: &str) -> Value {
    let mut create = world.good.note("ana", name, &format!("guarded {name}"), &[PUBLIC]);
    create["object"]["interactionPolicy"] =
        json!({"canReply": {"automaticApproval": [world.good.actor("ana")], "manualApproval": [PUBLIC]}});
    create
}

#[test]
fn an_answer_of_ours_carries_the_consent_once_it_is_there() {
    let world = Meeting::new();
    let (alice, good) = (&world.alice, &world.good);
    let updates = || good.received().into_iter().filter(|a| a["type"] == "Update").collect::<Vec<_>>();
    let reply = |name: &str| {
        world.deliver(good, "ana", &guarded(&world, name));
        let id = alice.sees(&format!("guarded {name}")).unwrap()["id"].clone();
        alice.post("/api/v1/statuses", json!({"status": format!("an answer to {name}"), "in_reply_to_id": id}))
    };
    let consent = |n: u32, by: &Peer| format!("{}/consents/{n}", by.base);
    let says = |by: &Peer, name: &str, kind: &str, object: &Value, result: Option<String>| {
        let mut activity = json!({"id": format!("{}/says/{}", by.base, world.next()), "type": kind,
            "actor": by.actor(name), "object": object});
        if let Some(result) = result {
            activity["result"] = json!(result);
        }
        world.deliver(by, name, &activity);
    };
    let (one, two) = (reply("one"), reply("two"));
    eventually("both arrive", || good.received().iter().filter(|a| a["type"] == "Create").count() == 2);

    // By others, elsewhere, or without a consent: nothing.
    says(&world.evil, "mallory", "Accept", &one["uri"], Some(consent(1, &world.evil)));
    says(good, "ana", "Accept", &one["uri"], Some(consent(1, &world.evil)));
    says(good, "ana", "Accept", &one["uri"], None);
    says(good, "ana", "Reject", &two["uri"], None);
    eventually("nothing waits", || alice.is_settled());
    assert!(updates().is_empty(), "{:?}", updates());

    // By the author, for the answer itself or for the request with the answer in it.
    says(good, "ana", "Accept", &one["uri"], Some(consent(2, good)));
    let asked = json!({"id": format!("{}/requests/1", good.base), "type": "ReplyRequest", "actor": alice.actor(),
        "object": format!("{}/notes/two", good.base), "instrument": two["uri"]});
    says(good, "ana", "Accept", &asked, Some(consent(3, good)));
    for (post, n) in [(&one, 2), (&two, 3)] {
        let of = || updates().into_iter().find(|u| u["object"]["id"] == post["uri"]);
        eventually("it is told", || of().is_some());
        let note = of().unwrap()["object"].clone();
        let stamp = json!(consent(n, good));
        assert_eq!((&note["approvedBy"], &note["replyAuthorization"]), (&stamp, &stamp));
    }
}
