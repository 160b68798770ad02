//! Forms of references and literals that peers may send: Links, JSON-LD lists, page URLs, arrays and language maps.

use serde_json::{Value, json};

use super::meeting::Meeting;
use super::pressure::count;
use super::world::PUBLIC;
use crate::support::{Peer, TestServer, eventually};

/// All forms of a reference to a post with this id and this page.
fn forms(id: &str, page: &str) -> Vec<Value> {
    let link = |href: &str| json!({"type": "Link", "href": href});
    let mut all = Vec::new();
    for address in [id, page] {
        all.extend([json!(address), json!([address]), json!([null, address]), link(address), json!([link(address)])]);
        all.extend([json!({"id": address}), json!({"@id": address}), json!({"type": "Note", "id": address})]);
        all.extend(["@list", "@set"].map(|list| json!({list: [address]})));
        all.extend(["@list", "@set"].map(|list| json!({list: [link(address)]})));
    }
    all
}

/// An activity of Ana that refers to a post of Alice, and how Alice's post shows its effect.
fn act(peer: &Peer, kind: &str, n: usize, reference: &Value) -> Value {
    let actor = peer.actor("ana");
    let mut activity = json!({"id": format!("{actor}/{kind}/{n}"), "type": kind, "actor": actor, "to": [PUBLIC]});
    activity["object"] = match kind {
        "Create" => json!({
            "id": format!("{}/notes/{n}", peer.base), "type": "Note", "attributedTo": actor, "content": "a reply",
            "to": [PUBLIC], "inReplyTo": reference,
        }),
        _ => reference.clone(),
    };
    activity
}

#[test]
fn a_reference_in_any_form_means_the_same_post() {
    let world = Meeting::new();
    let alice = &world.alice;
    let known = alice.posts("which form?", "public");
    let number = forms(known["uri"].as_str().unwrap(), known["url"].as_str().unwrap()).len();
    for (kind, counter) in
        [("Like", "favourites_count"), ("Announce", "reblogs_count"), ("Create", "replies_count"), ("Flag", "")]
    {
        for n in 0..number {
            let post = alice.posts("which form?", "public");
            let form = forms(post["uri"].as_str().unwrap(), post["url"].as_str().unwrap()).swap_remove(n);
            world.deliver(&world.good, "ana", &act(&world.good, kind, n, &form));
            let path = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
            match kind {
                "Flag" => assert_eq!(count(alice, "SELECT count(*) FROM reports"), n as i64 + 1, "Flag of {form}"),
                _ => assert_eq!(alice.get(&path)[counter], 1, "{kind} of {form}"),
            }
        }
    }
}

#[test]
fn a_reaction_and_a_hashtag_are_read_from_language_maps() {
    let world = Meeting::new();
    let post = world.alice.posts("how do you like it?", "public");
    let ana = world.good.actor("ana");
    let react = json!({
        "id": format!("{ana}/react"), "type": "EmojiReact", "actor": ana, "object": post["uri"],
        "contentMap": {"en": "🐢"},
    });
    world.deliver(&world.good, "ana", &react);
    let seen = world.alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()));
    assert_eq!((&seen["reactions"][0]["name"], &seen["favourites_count"]), (&json!("🐢"), &json!(0)));
    let mut create = world.good.note("ana", "tagged", "with a tag", &[PUBLIC]);
    create["object"]["tag"] = json!([{"type": "Hashtag", "nameMap": {"en": "#Turtle"}}]);
    world.deliver(&world.good, "ana", &create);
    assert_eq!(world.alice.sees("with a tag").unwrap()["tags"][0]["name"], "turtle");
}

#[test]
fn the_owner_of_a_key_and_the_endpoints_may_be_lists() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let mut person = peer.person("ana", &peer.key());
    person["publicKey"]["owner"] = json!([peer.actor("ana")]);
    person["endpoints"] = json!([{"sharedInbox": format!("{}/shared", peer.base)}]);
    peer.serve("/users/ana", person);
    peer.delivers(&alice, "ana", &peer.follow("ana", &alice)).expect(202);
    eventually("the follow is processed", || alice.is_settled());
    assert_eq!(count(&alice, "SELECT count(*) FROM actors WHERE shared_inbox LIKE '%/shared'"), 1);
}

#[test]
fn a_tag_in_any_form_mentions_or_quotes() {
    let world = Meeting::new();
    let alice = &world.alice;
    let post = alice.posts("quote me", "public");
    let (me, quoted) = (forms(&alice.actor(), &alice.url("/@alice")), post["uri"].clone());
    let mention = |href: &Value| json!({"type": "Mention", "href": href});
    let mut tags: Vec<(&str, Value)> = me.iter().map(|href| ("mention", json!([mention(href)]))).collect();
    let page = json!(alice.url("/@alice"));
    tags.extend(["@list", "@set"].map(|list| ("mention", json!({list: [mention(&page)]}))));
    let rel = "https://misskey-hub.net/ns#_misskey_quote";
    for (member, value) in [
        ("rel", json!(rel)),
        ("rel", json!([{"@value": rel}])),
        ("mediaType", json!(["application/activity+json"])),
        ("mediaType", json!("Application/Activity+JSON")),
    ] {
        for href in [quoted.clone(), json!({"@id": quoted}), post["url"].clone()] {
            tags.push(("quote", json!({"type": "Link", member: value, "href": href})));
        }
    }
    for (n, (kind, tag)) in tags.iter().enumerate() {
        let text = format!("tagged {n}.");
        let mut create = world.good.note("ana", &format!("tag{n}"), &text, &[PUBLIC]);
        create["object"]["tag"] = tag.clone();
        world.deliver(&world.good, "ana", &create);
        let newest = alice.get("/api/v1/notifications?limit=1")[0].clone();
        assert_eq!((&newest["type"], &newest["status"]["content"]), (&json!(kind), &json!(text)), "{tag}");
    }
}

/// Servers that know actors by their pages repeat a Follow with these.
#[test]
fn an_embedded_follow_may_name_its_actors_by_their_pages() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let (actor, page) = (peer.actor("mallory"), format!("{}/@mallory", peer.base));
    let mut person = peer.person("mallory", &peer.key());
    person["url"] = json!(page);
    peer.serve("/users/mallory", person);
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={actor}"));
    let id = found["accounts"][0]["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    eventually("the follow is requested", || peer.received().iter().any(|a| a["type"] == "Follow"));
    let follow = json!({"type": "Follow", "actor": alice.url("/@alice"), "object": page});
    let accept = json!({"id": format!("{actor}/accept"), "type": "Accept", "actor": actor, "object": follow});
    peer.delivers(&alice, "mallory", &accept).expect(202);
    eventually("the accept is processed", || alice.is_settled());
    assert_eq!(alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0]["following"], true);
    peer.delivers(&alice, "mallory", &peer.follow("mallory", &alice)).expect(202);
    eventually("the follow is processed", || alice.is_settled() && alice.rows()[1] == 1);
    let follow = json!({"type": "Follow", "actor": page, "object": alice.url("/@alice")});
    let undo = json!({"id": format!("{actor}/undo"), "type": "Undo", "actor": actor, "object": follow});
    peer.delivers(&alice, "mallory", &undo).expect(202);
    eventually("the undo is processed", || alice.is_settled());
    assert_eq!(alice.rows()[1], 0);
}

/// An approval whose references are written as lists or objects is valid; a rejection would be final.
#[test]
fn an_approval_of_a_quote_may_refer_in_any_form() {
    let world = Meeting::new();
    let (good, evil) = (&world.good, &world.evil);
    let quoted = evil.note("mallory", "quoted", "worth quoting", &[PUBLIC]);
    evil.serve("/notes/quoted", quoted["object"].clone());
    let (id, by) = (quoted["object"]["id"].clone(), evil.actor("mallory"));
    let written: [fn(&Value) -> Value; 4] =
        [Value::clone, |id| json!([id]), |id| json!({"id": id}), |id| json!({"type": "Link", "href": id})];
    for (n, form) in written.into_iter().enumerate() {
        let mut create = good.note("ana", &format!("quoting{n}"), &format!("look at {n}"), &[PUBLIC]);
        let stamp = format!("{}/stamps/{n}", evil.base);
        evil.serve(
            &format!("/stamps/{n}"),
            json!({
                "id": stamp, "type": ["QuoteAuthorization"], "attributedTo": form(&json!(by)),
                "interactingObject": form(&create["object"]["id"]), "interactionTarget": form(&id),
            }),
        );
        create["object"]["quote"] = id.clone();
        create["object"]["quoteAuthorization"] = json!(stamp);
        world.deliver(good, "ana", &create);
        let state = || world.alice.sees(&format!("look at {n}")).unwrap()["quote"]["state"].clone();
        eventually("the approval is fetched", || state() != "pending");
        assert_eq!(state(), "accepted", "{}", form(&id));
    }
}
