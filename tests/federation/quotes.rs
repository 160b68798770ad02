use serde_json::{Value, json};

use super::meeting::Meeting;
use super::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

fn quote_of(server: &TestServer, text: &str) -> Value {
    server.sees(text).map_or(Value::Null, |s| s["quote"].clone())
}

#[test]
fn a_quote_is_requested_approved_shown_and_revoked() {
    let (alice, bob, carol) = (TestServer::start("alice"), TestServer::start("bob"), TestServer::start("carol"));
    bob.follows(&alice);
    carol.follows(&bob);
    let original = alice.posts("worth quoting", "public");
    eventually("bob has it", || bob.sees("worth quoting").is_some());
    let seen = bob.sees("worth quoting").unwrap();
    assert_eq!(seen["quote_approval"]["automatic"], json!(["public"]));
    let quoting = bob.post("/api/v1/statuses", json!({"status": "look at this", "quoted_status_id": seen["id"]}));
    assert_eq!(quoting["quote"]["state"], "pending");
    eventually("alice's server approves", || quote_of(&bob, "look at this")["state"] == "accepted");
    assert!(quote_of(&bob, "look at this")["quoted_status"]["content"].as_str().unwrap().contains("worth quoting"));
    eventually("alice gets a notification", || alice.notifications().contains(&"quote".to_owned()));
    eventually("carol sees both", || {
        let quote = quote_of(&carol, "look at this");
        quote["state"] == "accepted" && quote["quoted_status"]["content"].to_string().contains("worth quoting")
    });

    // The approval is a public document.
    let path = |uri: &Value| uri.as_str().unwrap().strip_prefix(&alice.url("")).unwrap().to_owned();
    let note =
        bob.send(&Request::get(&format!("/users/bob/statuses/{}", quoting["id"].as_str().unwrap())).activity()).json();
    assert_eq!((&note["quote"], &note["quoteUrl"]), (&original["uri"], &original["uri"]));
    let stamp = path(&note["quoteAuthorization"]);
    let document = alice.send(&Request::get(&stamp).activity()).expect(200).json();
    assert_eq!(document["type"], "QuoteAuthorization");
    assert_eq!((&document["interactingObject"], &document["interactionTarget"]), (&quoting["uri"], &original["uri"]));

    let (mine, his) = (original["id"].as_str().unwrap(), alice.get("/api/v1/notifications"));
    let his = his.as_array().unwrap().iter().find(|n| n["type"] == "quote").unwrap()["status"]["id"].clone();
    let revoked = alice.post(&format!("/api/v1/statuses/{mine}/quotes/{}/revoke", his.as_str().unwrap()), json!({}));
    assert_eq!(revoked["quote"]["state"], "revoked");
    eventually("bob's server is notified", || quote_of(&bob, "look at this")["state"] == "revoked");
    assert_eq!(quote_of(&bob, "look at this")["quoted_status"], Value::Null);
    alice.send(&Request::get(&stamp).activity()).expect(410);
}

#[test]
fn a_quote_that_the_policy_forbids_is_rejected() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    bob.follows(&alice);
    let no = json!({"status": "leave me alone", "visibility": "public", "quote_approval_policy": "nobody"});
    alice.post("/api/v1/statuses", no);
    alice.posts("only for followers", "private");
    eventually("bob has them", || bob.home().len() >= 2);
    for text in ["leave me alone", "only for followers"] {
        let id = bob.sees(text).unwrap()["id"].clone();
        bob.api("POST", "/api/v1/statuses", json!({"status": "x", "quoted_status_id": id})).expect(422);
    }
    let unknown = bob.api("POST", "/api/v1/statuses", json!({"status": "x", "quoted_status_id": "1"})).expect(404);
    assert_eq!(unknown.json()["error"], "The post you are trying to quote does not appear to exist.");

    // A server that ignores the policy receives a Reject.
    let peer = Peer::start();
    let target =
        alice.home().into_iter().find(|s| s["content"].to_string().contains("leave me")).unwrap()["uri"].clone();
    let note = format!("{}/notes/q", peer.base);
    let request = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{note}/quote"), "type": "QuoteRequest",
        "actor": peer.actor("mallory"), "object": target, "instrument": note, "to": [alice.actor()],
    });
    peer.delivers(&alice, "mallory", &request).expect(202);
    eventually("the response is a Reject", || {
        peer.received().iter().any(|a| a["type"] == "Reject" && a["object"]["type"] == "QuoteRequest")
    });
    assert!(!peer.received().iter().any(|a| a["type"] == "Accept"));
}

/// A remote actor quotes another remote actor; the owner follows the first.
#[test]
fn quotes_between_remote_actors_are_shown_if_permitted() {
    let (alice, near, far) = (TestServer::start("alice"), Peer::start(), Peer::start());
    near.add_actor("ana");
    far.add_actor("fay");
    let quoted = |id: &str| {
        let create = far.note("fay", id, &format!("said by fay in {id}"), &[PUBLIC]);
        far.serve(&format!("/notes/{id}"), create["object"].clone());
        create["object"]["id"].clone()
    };
    let stamp = |id: &str, quoting: &str, of: &Value, by: &str| {
        let document = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/stamps/{id}", far.base),
            "type": "QuoteAuthorization", "attributedTo": by, "interactingObject": quoting, "interactionTarget": of,
        });
        far.serve(&format!("/stamps/{id}"), document);
        json!(format!("{}/stamps/{id}", far.base))
    };
    let uri = |id: &str| format!("{}/notes/{id}", near.base);
    let fay = far.actor("fay");
    let rows: Vec<(&str, Value, &str)> = vec![
        ("url", json!({"quoteUrl": quoted("a")}), "accepted"),
        ("misskey", json!({"_misskey_quote": quoted("b")}), "accepted"),
        (
            "link",
            json!({"tag": [
                {"type": "Mention", "href": alice.actor()},
                {"type": "Link", "mediaType": "application/activity+json", "href": quoted("c")},
            ]}),
            "accepted",
        ),
        (
            "good",
            json!({"quote": quoted("d"), "quoteAuthorization": stamp("d", &uri("good"), &quoted("d"), &fay)}),
            "accepted",
        ),
        ("without", json!({"quote": quoted("e")}), "pending"),
        (
            "other",
            json!({"quote": quoted("f"), "quoteAuthorization": stamp("f", &uri("else"), &quoted("f"), &fay)}),
            "rejected",
        ),
        ("forged", json!({"quote": quoted("g"), "quoteAuthorization": format!("{}/stamps/g", near.base)}), "rejected"),
        ("gone", json!({"quote": quoted("h"), "quoteAuthorization": format!("{}/stamps/none", far.base)}), "revoked"),
    ];
    for (id, members, _) in &rows {
        let mut create = near.note("ana", id, &format!("quoting {id}"), &[PUBLIC, &alice.actor()]);
        create["object"].as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        near.delivers(&alice, "ana", &create).expect(202);
    }
    eventually("all are processed", || alice.is_settled());
    let notified = alice.get("/api/v1/notifications?limit=40");
    for (id, _, state) in rows {
        let text = format!("quoting {id}");
        let status = notified
            .as_array()
            .unwrap()
            .iter()
            .map(|n| &n["status"])
            .find(|s| s["content"].to_string().contains(&text));
        let quote = &status.unwrap_or_else(|| panic!("{text} is not there"))["quote"];
        assert_eq!(quote["state"], state, "{id}");
        let shown = quote["quoted_status"]["content"].to_string().contains("said by fay");
        assert_eq!(shown, state == "accepted", "{id}");
    }
}

/// The QuoteRequest to the quoted author contains the text of the quote only if the quote is visible to that author.
#[test]
fn the_text_of_a_private_quote_is_sent_to_its_audience_only() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    super::moving::follow(&alice, &peer, "ana");
    let mut create = peer.note("ana", "one", "quote me", &[PUBLIC]);
    create["object"]["interactionPolicy"] = json!({"canQuote": {"automaticApproval": [PUBLIC]}});
    peer.delivers(&alice, "ana", &create).expect(202);
    eventually("it is there", || alice.sees("quote me").is_some());
    let id = alice.sees("quote me").unwrap()["id"].clone();
    let authority = peer.base.strip_prefix("http://").unwrap();
    let quote = |text: String, visibility: &str| {
        let draft = json!({"status": text, "visibility": visibility, "quoted_status_id": id});
        let status = alice.api("POST", "/api/v1/statuses", draft).status;
        eventually("it is delivered", || alice.is_settled());
        (status, json!(peer.received()).to_string())
    };
    let (status, seen) = quote(format!("canary @mallory@{authority}"), "direct");
    assert!(status == 422 && !seen.contains("canary"), "{status} {seen}");
    let (status, seen) = quote("canary".into(), "private");
    assert!(status == 200 && !seen.contains("canary") && seen.contains("QuoteRequest"), "{status} {seen}");
    let (status, seen) = quote(format!("canary @ana@{authority}"), "direct");
    assert!(status == 200 && seen.contains("canary"), "{status} {seen}");
}

/// An Accept that names no approval document on the server of its sender is ignored.
#[test]
fn an_accept_without_an_approval_leaves_a_quote_pending() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    super::moving::follow(&alice, &peer, "ana");
    let mut create = peer.note("ana", "one", "quote me", &[PUBLIC]);
    create["object"]["interactionPolicy"] = json!({"canQuote": {"automaticApproval": [PUBLIC]}});
    peer.delivers(&alice, "ana", &create).expect(202);
    eventually("it is there", || alice.sees("quote me").is_some());
    let id = alice.sees("quote me").unwrap()["id"].clone();
    alice.post("/api/v1/statuses", json!({"status": "look at this", "quoted_status_id": id}));
    let requested = || peer.received().into_iter().find(|a| a["type"] == "QuoteRequest");
    eventually("ana gets the request", || requested().is_some());
    for (n, (result, state)) in [
        (Value::Null, "pending"),
        (json!("https://elsewhere.example/approvals/1"), "pending"),
        (json!(format!("{}/consents/1", peer.base)), "accepted"),
    ]
    .into_iter()
    .enumerate()
    {
        let accept = json!({"id": format!("{}/accepts/{n}", peer.base), "type": "Accept", "actor": peer.actor("ana"),
            "object": requested().unwrap()["id"], "result": result});
        peer.delivers(&alice, "ana", &accept).expect(202);
        eventually("it is processed", || alice.is_settled());
        assert_eq!(quote_of(&alice, "look at this")["state"], state);
    }
}

/// Mitra sets `quote` and sends no QuoteRequest: a quote that the policy allows to everyone needs no approval.
#[test]
fn a_quote_that_the_policy_allows_needs_no_approval() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    super::moving::follow(&alice, &peer, "ana");
    for (n, (policy, state)) in
        [("public", "accepted"), ("followers", "pending"), ("nobody", "pending")].iter().enumerate()
    {
        let draft = json!({"status": format!("mine {n}"), "visibility": "public", "quote_approval_policy": policy});
        let mine = alice.post("/api/v1/statuses", draft);
        let text = format!("look at {n}");
        let mut create = peer.note("ana", &format!("q{n}"), &text, &[PUBLIC]);
        for member in ["quote", "quoteUrl"] {
            create["object"][member] = mine["uri"].clone();
        }
        peer.delivers(&alice, "ana", &create).expect(202);
        eventually("it is processed", || alice.is_settled());
        let quote = quote_of(&alice, &text);
        assert_eq!(
            (&quote["state"], quote["quoted_status"].is_null()),
            (&json!(state), *state == "pending"),
            "{policy}"
        );
    }

    // A quote that the owner revoked stays revoked.
    let id = |text: &str| alice.sees(text).unwrap()["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/statuses/{}/quotes/{}/revoke", id("mine 0"), id("look at 0")), json!({}));
    let mut again = peer.note("ana", "q0", "look at 0 once more", &[PUBLIC])["object"].clone();
    again["quote"] = alice.sees("mine 0").unwrap()["uri"].clone();
    let update = json!({"id": format!("{}/updates/1", peer.base), "type": "Update", "actor": peer.actor("ana"),
        "object": again, "to": [PUBLIC]});
    peer.delivers(&alice, "ana", &update).expect(202);
    eventually("it is processed", || alice.is_settled());
    assert_eq!(quote_of(&alice, "once more")["state"], "revoked");
}

/// A quote by an unfollowed actor, without a mention, notifies the owner if the actor may quote the post.
#[test]
fn a_quote_by_an_unfollowed_actor_is_notified() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let (open, closed) = (alice.posts("for all", "public"), alice.posts("for few", "private"));
    for (n, (of, member, notified)) in
        [(&open, "quoteUrl", 1), (&open, "_misskey_quote", 2), (&closed, "quoteUrl", 2), (&open, "quote", 3)]
            .iter()
            .enumerate()
    {
        let mut create = peer.note("mallory", &format!("q{n}"), "just look", &[PUBLIC]);
        create["object"][*member] = of["uri"].clone();
        peer.delivers(&alice, "mallory", &create).expect(202);
        eventually("it is processed", || alice.is_settled());
        assert_eq!(alice.notifications().iter().filter(|t| *t == "quote").count(), *notified, "{member}");
    }
}

/// Most quotes also mention the author: one notification is created, and only the mention if quoting is forbidden.
#[test]
fn a_quote_is_notified_once_and_only_if_permitted() {
    let world = Meeting::new();
    let (alice, good) = (&world.alice, &world.good);
    for (policy, expected) in [("public", vec!["quote"]), ("nobody", vec!["mention"])] {
        let draft = json!({"status": format!("for {policy}"), "quote_approval_policy": policy});
        let post = alice.post("/api/v1/statuses", draft);
        alice.post("/api/v1/notifications/clear", json!({}));
        let mut create = good.note("ana", policy, "see here", &[PUBLIC, &alice.actor()]);
        create["object"]["quote"] = post["uri"].clone();
        create["object"]["tag"] = json!([{"type": "Mention", "href": alice.actor()}]);
        world.deliver(good, "ana", &create);
        assert_eq!(alice.notifications(), expected, "{policy}");
    }
}

/// A quote without a QuoteRequest stays revoked permanently, even when it is removed and added again by edits.
#[test]
fn a_revoked_quote_is_not_restored_by_an_edit() {
    let world = Meeting::new();
    let (alice, good) = (&world.alice, &world.good);
    let post = alice.posts("quote me", "public");
    let mut create = good.note("ana", "1", "see here", &[PUBLIC]);
    create["object"]["quoteUrl"] = post["uri"].clone();
    world.deliver(good, "ana", &create);
    let quoting = alice.sees("see here").unwrap()["id"].as_str().unwrap().to_owned();
    let id = post["id"].as_str().unwrap();
    let quotes = || alice.get(&format!("/api/v1/statuses/{id}/quotes")).as_array().unwrap().len();
    assert_eq!(quotes(), 1);
    alice.post(&format!("/api/v1/statuses/{id}/quotes/{quoting}/revoke"), json!({}));
    assert_eq!(quotes(), 0);
    for (n, quoted) in [(2, Value::Null), (3, post["uri"].clone())] {
        let mut object = create["object"].clone();
        object["quoteUrl"] = quoted;
        object["updated"] = json!(format!("2030-01-0{n}T00:00:00Z"));
        let update = json!({"id": format!("{}/updates/{n}", good.base), "type": "Update", "actor": good.actor("ana"),
            "to": [PUBLIC], "object": object});
        world.deliver(good, "ana", &update);
    }
    assert_eq!(alice.sees("see here").unwrap()["quote"]["state"], "revoked");
}

#[test]
fn the_quote_policy_can_be_changed_later() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    bob.follows(&alice);
    let post = alice.posts("quote me", "public");
    let path = format!("/api/v1/statuses/{}/interaction_policy", post["id"].as_str().unwrap());
    eventually("bob has it", || bob.sees("quote me").is_some());
    alice.api("PUT", &path, json!({})).expect(422);
    let changed = alice.api("PUT", &path, json!({"quote_approval_policy": "nobody"})).expect(200).json();
    assert_eq!((&changed["quote_approval"]["automatic"], &changed["edited_at"]), (&json!([]), &Value::Null));
    eventually("bob's server is notified", || {
        bob.sees("quote me").unwrap()["quote_approval"]["automatic"] == json!([])
    });
}

/// A deleted quoted post is reported as deleted; one that is only missing is not.
#[test]
fn a_quote_of_a_deleted_post_has_the_state_deleted() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let (cookie, _) = alice.session();
    let named = [PUBLIC, &alice.actor()];
    let quoted = peer.note("ana", "quoted", "worth quoting", &named);
    let mut quoting = peer.note("ana", "quoting", "look at this", &named);
    quoting["object"]["quoteUrl"] = quoted["object"]["id"].clone();
    let mut other = peer.note("ana", "other", "look at that", &named);
    other["object"]["quoteUrl"] = json!(format!("{}/notes/elsewhere", peer.base));
    for create in [&quoted, &quoting, &other] {
        peer.delivers(&alice, "ana", create).expect(202);
        eventually("it is processed", || alice.is_settled());
    }
    let id_of = |create: &Value| {
        let uri = create["object"]["id"].as_str().unwrap();
        let found = alice.get(&format!("/api/v2/search?q={uri}"));
        found["statuses"][0]["id"].as_str().unwrap_or_else(|| panic!("{uri}: {found}")).to_owned()
    };
    let quote = |create: &Value| alice.get(&format!("/api/v1/statuses/{}", id_of(create)))["quote"].clone();
    assert_eq!((&quote(&quoting)["state"], &quote(&other)["state"]), (&json!("accepted"), &json!("unauthorized")));
    let delete = json!({
        "id": format!("{}/deletes/1", peer.base), "type": "Delete", "actor": peer.actor("ana"), "to": [PUBLIC],
        "object": quoted["object"]["id"],
    });
    peer.delivers(&alice, "ana", &delete).expect(202);
    eventually("it is deleted", || alice.is_settled());
    assert_eq!(quote(&quoting), json!({"state": "deleted", "quoted_status": null}));
    assert_eq!(quote(&other)["state"], "unauthorized");
    let page =
        alice.send(&Request::get(&format!("/t/{}", id_of(&quoting))).header("cookie", &cookie)).expect(200).text();
    assert!(page.contains("The quoted post was deleted."), "{page}");
}

/// `current_user` tells the viewer what quoting the post would do, also on a boost of it.
#[test]
fn whether_the_viewer_may_quote_depends_on_the_follow() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    bob.follows(&alice);
    for policy in ["followers", "nobody"] {
        let draft = json!({"status": format!("for {policy}"), "quote_approval_policy": policy});
        let post = alice.post("/api/v1/statuses", draft);
        let boost = alice.post(&format!("/api/v1/statuses/{}/reblog", post["id"].as_str().unwrap()), json!({}));
        assert_eq!(boost["quote_approval"], boost["reblog"]["quote_approval"]);
    }
    eventually("bob has them", || bob.sees("for followers").is_some() && bob.sees("for nobody").is_some());
    let approval = |server: &TestServer, text: &str| server.sees(text).unwrap()["quote_approval"].clone();
    let expected = |automatic: &[&str], own: &str| json!({"automatic": automatic, "manual": [], "current_user": own});
    assert_eq!(approval(&bob, "for followers"), expected(&["followers"], "automatic"));
    assert_eq!(approval(&bob, "for nobody"), expected(&[], "denied"));
    assert_eq!(approval(&alice, "for nobody"), expected(&[], "automatic"));
    let found = bob.sees("for followers").unwrap();
    let author = found["account"]["id"].as_str().unwrap();
    bob.post(&format!("/api/v1/accounts/{author}/unfollow"), json!({}));
    let unfollowed = bob.get(&format!("/api/v1/statuses/{}", found["id"].as_str().unwrap()));
    assert_eq!(unfollowed["quote_approval"], expected(&["followers"], "denied"));
    // Direct posts cannot be quoted, and anonymous clients cannot quote.
    let direct = alice.posts("for one", "direct");
    assert_eq!(direct["quote_approval"]["current_user"], "denied");
    let quote = json!({"status": "look", "visibility": "direct", "quoted_status_id": direct["id"]});
    alice.api("POST", "/api/v1/statuses", quote).expect(422);
    let (cookie, _) = alice.session();
    let path = format!("/posts/{}", direct["id"].as_str().unwrap());
    let page = alice.send(&Request::get(&path).header("cookie", &cookie)).expect(200).text();
    assert!(!page.contains("/compose?quote="), "{page}");
    let open = alice.posts("for all", "public");
    let anonymous = alice.send(&Request::get(&format!("/api/v1/statuses/{}", open["id"].as_str().unwrap()))).json();
    assert_eq!(anonymous["quote_approval"], expected(&["public"], "denied"));
}
