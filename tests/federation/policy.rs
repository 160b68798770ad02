use dassie::config::Config;
use dassie::domain::federation_policy::{self, Decision};
use dassie::store::peers::domain_policies::Severity;
use serde_json::{Value, json};

use super::visibility::fetch;
use super::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually, unproxied};

fn host(peer: &Peer) -> String {
    peer.base.strip_prefix("http://").unwrap().to_owned()
}

fn decide(server: &TestServer, host: &str, severity: Severity, reject_media: bool) {
    let decision = Decision { severity, reject_media, comment: String::new() };
    federation_policy::decide(&server.app.domain, host, decision).unwrap();
}

/// Ana, whose server is about to be suspended and whose account Alice follows, and Bob, who knows both.
#[test]
fn a_suspended_server_is_hidden_on_every_route() {
    let (alice, bob, evil) = (TestServer::start("alice"), TestServer::start("bob"), Peer::start());
    for name in ["ana", "new"] {
        evil.add_actor(name);
    }
    super::moving::follow(&alice, &evil, "ana");
    alice.follows(&bob);
    let note = |id: &str| {
        let create = evil.note("ana", id, &format!("evil words {id}"), &[PUBLIC, &alice.actor()]);
        evil.serve(&format!("/notes/{id}"), create["object"].clone());
        create
    };
    let follow = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/follow", evil.base), "type": "Follow",
        "actor": evil.actor("ana"), "object": alice.actor(),
    });
    evil.delivers(&alice, "ana", &follow).expect(202);
    evil.delivers(&alice, "ana", &note("before")).expect(202);
    eventually("it is on the timeline", || alice.sees("evil words before").is_some());
    let known = alice.sees("evil words before").unwrap()["id"].as_str().unwrap().to_owned();
    let private = alice.posts("for followers", "private");
    let path = format!("/users/alice/statuses/{}", private["id"].as_str().unwrap());

    alice.post("/api/v1/domain_blocks", json!({"domain": host(&evil)}));
    assert_eq!(alice.get("/api/v1/domain_blocks"), json!([host(&evil)]));
    eventually("both follows end", || {
        let ends = |kind: &str| evil.received().iter().any(|a| a["type"] == kind && a["object"]["type"] == "Follow");
        ends("Undo") && ends("Reject")
    });
    assert_eq!(alice.rows()[1], 0);
    // What was here is hidden.
    assert!(alice.sees("evil words").is_none());
    assert_eq!(alice.notifications(), ["severed_relationships"]);
    alice.api("GET", &format!("/api/v1/statuses/{known}"), Value::Null).expect(404);
    let search = |q: &str| alice.get(&format!("/api/v2/search?resolve=true&q={q}")).to_string();
    assert!(!search("evil").contains("evil words"));
    assert!(!alice.get("/api/v1/timelines/public").to_string().contains("evil words"));
    // No activity is accepted, and no request is sent.
    let requested = || evil.requests.load(std::sync::atomic::Ordering::SeqCst);
    let quiet = requested();
    evil.delivers(&alice, "ana", &note("after")).expect(403);
    evil.delivers(&alice, "new", &follow).expect(403);
    for url in [format!("{}/notes/after", evil.base), evil.actor("new"), format!("@new@{}", host(&evil))] {
        let found = search(&url);
        assert!(found.contains("\"accounts\":[]") && found.contains("\"statuses\":[]"), "{url}: {found}");
    }
    assert_eq!(requested(), quiet);
    // No activity is sent, not even as a boost of another actor's post.
    alice.posts(&format!("hello @ana@{}", host(&evil)), "public");
    let his = bob.get(&format!("/api/v2/search?resolve=true&q={}/notes/after", evil.base));
    let boosted = his["statuses"][0]["id"].as_str().unwrap().to_owned();
    let (before, discovered) = (requested(), evil.requests_for("/.well-known/nodeinfo"));
    bob.post(&format!("/api/v1/statuses/{boosted}/reblog"), json!({}));
    eventually("the boost is processed", || bob.is_settled() && alice.is_settled());
    assert!(alice.sees("evil words").is_none());
    assert!(!evil.received().iter().any(|a| a["object"]["content"].to_string().contains("hello")));
    assert_eq!(
        requested() - before - (evil.requests_for("/.well-known/nodeinfo") - discovered),
        evil.received().iter().filter(|a| a["actor"] == json!(bob.actor())).count(),
        "only bob"
    );
    // Its signatures open nothing.
    let signed = evil.signs_get(&alice, "ana", &path);
    assert_eq!(alice.send(&signed).status, 404);
    // Names below it are meant too; and it can be let in again.
    federation_policy::withdraw(&alice.app.domain, &host(&evil)).unwrap();
    alice.get(&format!("/api/v1/statuses/{known}"));
    evil.delivers(&alice, "ana", &note("again")).expect(202);
    alice.api("POST", "/api/v1/domain_blocks", json!({"domain": "not a name"})).expect(422);
    alice.api("POST", "/api/v1/domain_blocks", json!({"domain": alice.authority})).expect(422);
}

#[test]
fn a_silenced_server_reaches_only_its_followers() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for name in ["ana", "eve"] {
        peer.add_actor(name);
    }
    super::moving::follow(&alice, &peer, "ana");
    decide(&alice, &host(&peer), Severity::Silence, false);
    for name in ["ana", "eve"] {
        let create = peer.note(name, name, &format!("words of {name}"), &[PUBLIC, &alice.actor()]);
        peer.delivers(&alice, name, &create).expect(202);
    }
    eventually("they are processed", || alice.is_settled());
    assert!(alice.sees("words of ana").is_some(), "posts by followed actors are accepted");
    assert_eq!(alice.notifications(), ["mention"], "and no others");
    assert!(!alice.get("/api/v1/timelines/public").to_string().contains("words of"));
}

#[test]
fn media_of_a_server_can_be_rejected() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let mut document = peer.document("/users/ana");
    document["icon"] = json!({"type": "Image", "url": format!("{}/ana.png", peer.base)});
    peer.serve("/users/ana", document);
    super::moving::follow(&alice, &peer, "ana");
    let note = |id: &str| {
        let mut create = peer.note("ana", id, &format!("picture {id} :x:"), &[PUBLIC]);
        create["object"]["attachment"] =
            json!([{"type": "Image", "mediaType": "image/png", "url": format!("{}/{id}.png", peer.base)}]);
        create["object"]["tag"] =
            json!([{"type": "Emoji", "name": ":x:", "icon": {"type": "Image", "url": format!("{}/x.png", peer.base)}}]);
        peer.delivers(&alice, "ana", &create).expect(202);
        let text = format!("picture {id}");
        eventually("it is there", || alice.sees(&text).is_some());
        alice.sees(&text).unwrap()
    };
    let before = note("one");
    assert_eq!(before["media_attachments"].as_array().unwrap().len(), 1);
    assert!(unproxied(before["account"]["avatar"].as_str().unwrap()).contains("ana.png"));
    decide(&alice, &host(&peer), Severity::Allow, true);
    for status in [alice.sees("picture one").unwrap(), note("two")] {
        assert_eq!((&status["media_attachments"], &status["emojis"]), (&json!([]), &json!([])));
        assert!(!unproxied(status["account"]["avatar"].as_str().unwrap()).contains("ana.png"));
    }
    let with_media = format!("/api/v1/accounts/{}/statuses?only_media=true", before["account"]["id"].as_str().unwrap());
    assert_eq!(alice.get(&with_media), json!([]), "media that were left out do not count");
}

#[test]
fn in_allow_list_mode_only_allowed_servers_federate() {
    let mut config = Config::default();
    config.federation.allow_list = true;
    let alice = TestServer::start_with("alice", config);
    let (friend, unlisted) = (Peer::start(), Peer::start());
    decide(&alice, &host(&friend), Severity::Allow, false);
    for (peer, status) in [(&friend, 202), (&unlisted, 403)] {
        let create = peer.note("mallory", "one", "hello", &[PUBLIC, &alice.actor()]);
        peer.delivers(&alice, "mallory", &create).expect(status);
    }
    eventually("the mention arrives", || alice.notifications() == ["mention"]);
    assert_eq!(alice.get("/api/v2/instance")["configuration"]["limited_federation"], true);
    let path = format!("/users/alice/statuses/{}", alice.posts("for friends", "public")["id"].as_str().unwrap());
    alice.send(&Request::get(&path).activity()).expect(401);
    alice.send(&unlisted.signs_get(&alice, "mallory", &path)).expect(403);
    for _ in 0..3 {
        alice.send(&friend.signs_get(&alice, "mallory", &path)).expect(200);
    }
    alice.send(&Request::get(&path).activity()).expect(401);
    assert_eq!(unlisted.requests.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[test]
fn in_secure_mode_documents_require_a_signature() {
    let mut config = Config::default();
    config.federation.require_signed_fetch = true;
    let alice = TestServer::start_with("alice", config);
    let (bob, carol, evil) = (TestServer::start("bob"), TestServer::start("carol"), Peer::start());
    bob.follows(&alice);
    decide(&alice, &host(&evil), Severity::Suspend, false);
    let id =
        |visibility: &str| alice.posts(&format!("a {visibility} post"), visibility)["id"].as_str().unwrap().to_owned();
    let (public, private) = (id("public"), id("private"));
    let (public, private) = (format!("/users/alice/statuses/{public}"), format!("/users/alice/statuses/{private}"));
    for (path, unsigned, unrelated, follower, blocked) in [
        ("/users/alice", 200, 200, 200, 200),
        ("/actor", 200, 200, 200, 200),
        ("/.well-known/nodeinfo", 200, 200, 200, 200),
        ("/users/alice/outbox?page=true", 401, 200, 200, 403),
        ("/users/alice/followers", 401, 200, 200, 403),
        ("/users/alice/collections/featured", 401, 200, 200, 403),
        (public.as_str(), 401, 200, 200, 403),
        (private.as_str(), 401, 404, 200, 403),
    ] {
        let send = |request: &Request| alice.send(request);
        // In both orders: no cached response is served to another requester.
        for _ in 0..2 {
            assert_eq!(send(&Request::get(path).activity()).status, unsigned, "{path} unsigned");
            let response = fetch(&alice, &bob, path);
            assert_eq!(response.status, follower, "{path} by a follower");
            if unsigned == 401 {
                assert_eq!(response.header("cache-control"), Some("private, no-store"), "{path}");
                assert_eq!(response.header("etag"), None, "{path}");
            }
            assert_eq!(fetch(&alice, &carol, path).status, unrelated, "{path} by an unrelated actor");
            assert_eq!(send(&evil.signs_get(&alice, "mallory", path)).status, blocked, "{path} by a blocked actor");
        }
    }
    // The same holds for actors that the owner blocks.
    let unrelated = alice.finds(&carol);
    alice.post(&format!("/api/v1/accounts/{unrelated}/block"), json!({}));
    assert_eq!(fetch(&alice, &carol, &public).status, 403);
    // Pages stay available to people, and everything else continues to work.
    alice.send(&Request::get("/@alice")).expect(200);
    alice.send(&Request::get("/api/v1/timelines/public")).expect(200);
    eventually("posts still arrive", || bob.sees("a private post").is_some());
}

/// Ana's server is allowed, but her inbox is hosted on a suspended one; the same for a relay.
#[test]
fn nothing_is_sent_to_a_suspended_server_by_any_path() {
    let (alice, good, evil) = (TestServer::start("alice"), Peer::start(), Peer::start());
    let mut document = good.document("/users/mallory");
    document["inbox"] = json!(format!("{}/inbox", evil.base));
    good.serve("/users/mallory", document);
    good.delivers(&alice, "mallory", &good.follow("mallory", &alice)).expect(202);
    eventually("the follow gets a response", || evil.received().iter().any(|a| a["type"] == "Accept"));
    let relay = format!("{}/relay/inbox", evil.base);
    let subscribe = move |c: &dassie::store::Conn| {
        let sql =
            "INSERT INTO relays (id, inbox, follow_uri, followed, accepted, created_at) VALUES (1, ?1, ?1, ?1, 1, 1)";
        Ok(c.execute(sql, [relay])?)
    };
    alice.app.domain.store.write(subscribe).unwrap();
    alice.posts("before", "public");
    eventually("both have it", || evil.received().iter().filter(|a| a["type"] == "Create").count() == 2);
    decide(&alice, &host(&evil), Severity::Suspend, false);
    let before = evil.received().len();
    alice.posts("after", "public");
    eventually("all is done", || alice.is_settled());
    assert_eq!(evil.received().len(), before);
}

#[test]
fn accounts_on_a_suspended_server_are_not_shown() {
    let (alice, evil) = (TestServer::start("alice"), Peer::start());
    let uri = evil.actor("mallory");
    let found = |q: &str| alice.get(&format!("/api/v2/search?resolve=true&q={q}"))["accounts"][0].clone();
    let id = found(&uri)["id"].as_str().unwrap().to_owned();
    let handle = format!("mallory@{}", host(&evil));
    let (cookie, _) = alice.session();
    let see = |status: u16| {
        for path in [format!("/api/v1/accounts/{id}"), format!("/api/v1/accounts/lookup?acct={handle}")] {
            alice.api("GET", &path, Value::Null).expect(status);
        }
        alice.send(&Request::get(&format!("/u/{handle}")).header("cookie", &cookie)).expect(status);
    };
    see(200);
    decide(&alice, &host(&evil), Severity::Suspend, false);
    see(404);
    for q in [&uri, &handle, &format!("@{handle}")] {
        assert_eq!(found(q), Value::Null, "{q}");
    }
}

/// The image of a custom emoji is hosted on the server of the reacting actor.
#[test]
fn reactions_have_no_pictures_if_media_of_their_server_are_rejected() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let post = alice.posts("what do you think?", "public");
    let react = |name: &str| {
        let icon = json!({"type": "Image", "url": format!("{}/blob.png", peer.base)});
        let like = json!({
            "id": format!("{}/likes/{name}", peer.base), "type": "Like", "actor": peer.actor(name),
            "object": post["uri"], "content": ":blob:", "tag": [{"type": "Emoji", "name": ":blob:", "icon": icon}],
        });
        peer.delivers(&alice, name, &like).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    let pictures = || {
        let sql = "SELECT count(*), count(url) FROM reactions";
        let read =
            |c: &dassie::store::Conn| Ok(c.query_row(sql, [], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?)))?);
        alice.app.domain.store.read(read).unwrap()
    };
    react("mallory");
    assert_eq!(pictures(), (1, 1));
    decide(&alice, &host(&peer), Severity::Allow, true);
    assert_eq!(pictures(), (1, 0));
    react("ana");
    assert_eq!(pictures(), (2, 0));
}

/// Posts from an allowed server may reference media on a suspended one; the owner's browser must not load them there.
#[test]
fn media_on_unwanted_servers_are_removed_from_posts_of_other_servers() {
    for (severity, reject_media) in [(Severity::Suspend, false), (Severity::Allow, true)] {
        let (alice, peer, unwanted) = (TestServer::start("alice"), Peer::start(), Peer::start());
        decide(&alice, &host(&unwanted), severity, reject_media);
        let image = |name: &str, at: &Peer| json!({"type": "Image", "url": format!("{}/{name}.png", at.base)});
        let emoji =
            |name: &str, at: &Peer| json!({"type": "Emoji", "name": format!(":{name}:"), "icon": image(name, at)});
        peer.add_actor("ana");
        let mut document = peer.document("/users/ana");
        document["icon"] = image("avatar", &unwanted);
        document["image"] = image("header", &peer);
        document["tag"] = json!([emoji("in_profile", &unwanted)]);
        peer.serve("/users/ana", document);
        super::moving::follow(&alice, &peer, "ana");
        let mut create = peer.note("ana", "1", "pictures :bad: :good:", &[PUBLIC]);
        create["object"]["attachment"] = json!([image("bad", &unwanted), image("good", &peer)]);
        create["object"]["tag"] = json!([emoji("bad", &unwanted), emoji("good", &peer)]);
        peer.delivers(&alice, "ana", &create).expect(202);
        let post = alice.posts("what do you think?", "public");
        let like = json!({
            "id": format!("{}/likes/1", peer.base), "type": "Like", "actor": peer.actor("ana"), "object": post["uri"],
            "content": ":blob:", "tag": [emoji("blob", &unwanted)],
        });
        peer.delivers(&alice, "ana", &like).expect(202);
        eventually("all is processed", || alice.is_settled());
        let status = alice.sees("pictures").unwrap();
        for media in ["media_attachments", "emojis"] {
            assert_eq!(status[media].as_array().unwrap().len(), 1, "{media}");
        }
        assert!(unproxied(status["account"]["header"].as_str().unwrap()).contains("header.png"));
        let reacted = alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()));
        assert!(unproxied(&reacted.to_string()).contains("blob"), "{reacted}");
        for shown in [status, reacted] {
            assert!(!unproxied(&shown.to_string()).contains(&host(&unwanted)), "{shown}");
        }
    }
}

#[test]
fn rejected_media_are_also_removed_from_former_versions() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    super::moving::follow(&alice, &peer, "ana");
    let mut create = peer.note("ana", "1", "first :x:", &[PUBLIC]);
    let icon = json!({"type": "Image", "url": format!("{}/x.png", peer.base)});
    create["object"]["published"] = json!("2026-01-01T00:00:00Z");
    create["object"]["attachment"] = json!([{"type": "Image", "url": format!("{}/cat.png", peer.base)}]);
    create["object"]["tag"] = json!([{"type": "Emoji", "name": ":x:", "icon": icon}]);
    peer.delivers(&alice, "ana", &create).expect(202);
    let mut object = create["object"].clone();
    object["content"] = json!("second");
    object["updated"] = json!("2026-01-02T00:00:00Z");
    object["attachment"] = json!([{"type": "Image", "url": format!("{}/dog.png", peer.base)}]);
    let update = json!({
        "id": format!("{}/updates/1", peer.base), "type": "Update", "actor": peer.actor("ana"), "to": [PUBLIC],
        "object": object,
    });
    peer.delivers(&alice, "ana", &update).expect(202);
    eventually("it is edited", || alice.sees("second").is_some());
    let id = alice.sees("second").unwrap()["id"].as_str().unwrap().to_owned();
    let history = || alice.get(&format!("/api/v1/statuses/{id}/history"));
    assert!(["cat.png", "x.png"].iter().all(|p| unproxied(&history()[0].to_string()).contains(p)));
    decide(&alice, &host(&peer), Severity::Allow, true);
    let versions = history();
    assert_eq!(versions.as_array().unwrap().len(), 2);
    assert!(
        !["cat.png", "dog.png", "x.png"].iter().any(|p| unproxied(&versions.to_string()).contains(p)),
        "{versions}"
    );
    let left = |c: &dassie::store::Conn| Ok(c.query_row("SELECT count(*) FROM media", [], |r| r.get::<_, i64>(0))?);
    assert_eq!(alice.app.domain.store.read(left).unwrap(), 0);
}
