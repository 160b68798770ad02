//! Signer identity: only the actor of an activity may sign it, with a key that its document lists.

use std::sync::atomic::Ordering;
use std::time::Instant;

use dassie::limits;
use dassie::protocol::signature::{SignatureScheme, SigningKey};
use serde_json::{Value, json};

use super::picture::Picture;
use super::world::{By, PUBLIC, World};
use crate::support::{Peer, TestServer, eventually};

/// Each activity type, signed as Ana or Eve.
fn forged(world: &World) -> Vec<Value> {
    let (ana, note, me) = (world.ana(), world.note(), world.alice.actor());
    let post = world.post["uri"].clone();
    let words = |id: &str| json!({"id": id, "type": "Note", "attributedTo": ana, "content": "forged", "to": [PUBLIC]});
    let follow = json!({"id": world.activity(By::Owner, "follow"), "type": "Follow", "actor": ana, "object": me});
    let featured = json!(format!("{ana}/collections/featured"));
    let mut person = world.near.person("ana", &Peer::other_key());
    person["name"] = json!("forged");
    let rows = [
        ("Create", By::Owner, words(&format!("{}/notes/new", world.near.base))),
        ("Update", By::Owner, words(&note)),
        ("Update", By::Owner, person),
        ("Update", By::Owner, json!(ana)),
        ("Delete", By::Owner, json!(note)),
        ("Delete", By::Owner, json!(ana)),
        ("Follow", By::Neighbour, json!(me)),
        ("Accept", By::Owner, json!(world.follow_of_ana())),
        ("Reject", By::Owner, json!(world.follow_of_ana())),
        ("Undo", By::Owner, follow),
        ("Undo", By::Owner, json!(world.activity(By::Owner, "like"))),
        ("Undo", By::Owner, json!(world.activity(By::Owner, "boost"))),
        ("Like", By::Neighbour, post.clone()),
        ("EmojiReact", By::Neighbour, post.clone()),
        ("Announce", By::Neighbour, post.clone()),
        ("Announce", By::Owner, json!(format!("{}/notes/other", world.far.base))),
        ("Move", By::Owner, json!(ana)),
        ("Block", By::Owner, json!(me)),
        ("Flag", By::Owner, json!([me, post])),
        ("Add", By::Owner, json!(note)),
        ("Remove", By::Owner, json!(note)),
        ("Frobnicate", By::Owner, json!(note)),
    ];
    let target = |kind: &str| if kind == "Move" { json!(world.actor(By::Foreign)) } else { featured.clone() };
    let act = |(n, (kind, actor, object)): (usize, (&str, By, Value))| {
        let mut activity = world.act(actor, &format!("forged{n}"), kind, object);
        activity["target"] = target(kind);
        activity
    };
    rows.into_iter().enumerate().map(act).collect()
}

#[test]
fn signatures_of_other_actors_are_refused() {
    let world = World::new();
    world.add_unknown_actor();
    // Rows that are stored for an unknown actor along with its key are stored now.
    world.settle(By::Unknown, &world.act(By::Unknown, "first", "Frobnicate", json!("https://h.example/1")));
    let (before, sent) = (world.picture(), world.sent());
    for activity in forged(&world) {
        for by in [By::Neighbour, By::Foreign, By::Blocked, By::Unknown] {
            if activity["actor"] == world.actor(by).as_str() {
                continue;
            }
            for form in [SignatureScheme::Cavage, SignatureScheme::Rfc9421] {
                let request = world.peer(by).signed(&world.alice, &world.name(by), form, &activity);
                let response = world.alice.send(&request);
                let text = response.text();
                // A Delete or Update gets the same response if its object is not stored.
                let quiet = ["Delete", "Update"].contains(&activity["type"].as_str().unwrap());
                let status = if quiet { 202 } else { 401 };
                assert_eq!(response.status, status, "{} by {by:?} as {form:?}: {text}", activity["type"]);
                assert!(quiet || text.contains("not the activity's actor"), "{text}");
            }
        }
    }
    eventually("all is settled", || world.alice.is_settled());
    assert_eq!(before.changes(&world.picture()), Vec::<String>::new());
    assert_eq!(world.sent(), sent, "something was sent because of a forgery");
    // The same document has its effect when Ana signs it.
    assert_eq!(world.settle(By::Owner, &forged(&world)[0]), 202);
    assert!(world.alice.sees("forged").is_some());
}

/// Alice, an honest server with Ana, and another that tries to impersonate her with its own key.
struct Impersonation {
    alice: TestServer,
    good: Peer,
    evil: Peer,
}

impl Impersonation {
    fn new() -> Self {
        let world = Self { alice: TestServer::start("alice"), good: Peer::start(), evil: Peer::start() };
        for name in ["ana", "zoe", "eve"] {
            world.good.add_actor(name);
        }
        world
    }

    /// The status for a note by `actor` whose signature names `key_id`.
    fn note_status(&self, key: &SigningKey, key_id: &str, actor: &str) -> u16 {
        let me = self.alice.actor();
        let mut note = self.evil.note("x", "x", "hello", &[&me]);
        let peer = if actor.starts_with(&self.good.base) { &self.good } else { &self.evil };
        let id = format!("{}/notes/{}", peer.base, self.alice.notifications().len());
        (note["id"], note["object"]["id"]) = (json!(format!("{id}/activity")), json!(id));
        (note["actor"], note["object"]["attributedTo"]) = (json!(actor), json!(actor));
        let status =
            self.alice.send(&self.evil.signed_with(key, key_id, &self.alice, SignatureScheme::Cavage, &note)).status;
        eventually("it is processed", || self.alice.is_settled());
        status
    }

    fn bare_key(id: &str, owner: &str) -> Value {
        json!({"id": id, "type": "Key", "owner": owner, "publicKeyPem": Peer::other_key().public_pem()})
    }
}

#[test]
fn a_key_is_only_accepted_if_key_and_owner_reference_each_other() {
    let world = Impersonation::new();
    let (good, evil, stolen) = (&world.good, &world.evil, Peer::other_key());
    let (g, e, ana) = (&good.base, &evil.base, good.actor("ana"));
    evil.serve("/k1", Impersonation::bare_key(&format!("{e}/k1"), &ana));
    evil.serve("/k2", Impersonation::bare_key(&format!("{e}/k2"), &evil.actor("unlisted")));
    evil.add_actor("unlisted");
    good.serve("/upload", Impersonation::bare_key(&format!("{g}/upload"), &ana));
    evil.redirect("/to-good", &format!("{g}/upload"));
    evil.serve("/k3", Impersonation::bare_key(&format!("{g}/to-evil"), &ana));
    good.redirect("/to-evil", &format!("{e}/k3"));
    let mut liar = evil.person("liar", &stolen);
    liar["id"] = json!(ana);
    evil.serve("/users/liar", liar);
    evil.serve_as("/users/text", "text/plain", evil.person("text", &stolen));
    let mine = world.alice.actor();
    let before = Picture::of(&world.alice).without(&["actors", "actor_keys"]);
    for (what, key_id, actor) in [
        ("the key claims a foreign owner", format!("{e}/k1"), ana.clone()),
        ("the same for an actor of its own", format!("{e}/k1#main-key"), evil.actor("unlisted")),
        ("the owner does not list the key", format!("{e}/k2"), evil.actor("unlisted")),
        ("the actor does not list the key", format!("{}#second", evil.actor("unlisted")), evil.actor("unlisted")),
        ("the key is an uploaded file of another actor", format!("{g}/upload"), ana.clone()),
        ("the URL of the key redirects to another server", format!("{e}/to-good"), ana.clone()),
        ("the URL of the key redirects to the attacker", format!("{g}/to-evil"), ana.clone()),
        ("the document states the id of another server", format!("{}#main-key", evil.actor("liar")), ana.clone()),
        ("the document is a text", format!("{}#main-key", evil.actor("text")), evil.actor("text")),
        ("the key has the id of a known actor's key", format!("{ana}#main-key"), ana.clone()),
        ("the key has the id of a local key", format!("{mine}#main-key"), mine.clone()),
        ("the key is the server's own", world.alice.url("/actor#main-key"), world.alice.url("/actor")),
        ("the name of the key is a handle", "acct:ana@good.example".to_owned(), ana.clone()),
    ] {
        assert_eq!(world.note_status(&stolen, &key_id, &actor), 401, "{what}");
    }
    assert_eq!(before.changes(&Picture::of(&world.alice).without(&["actors", "actor_keys"])), Vec::<String>::new());
}

/// A document that claims a key at its own address but has the id of another actor must change neither of them.
#[test]
fn a_document_with_a_key_and_a_foreign_id_changes_no_actor() {
    let world = Impersonation::new();
    let (alice, evil, key) = (&world.alice, &world.evil, Peer::other_key());
    let query = |uri: &str| alice.get(&format!("/api/v2/search?resolve=true&type=accounts&q={uri}"));
    assert_eq!(query(&world.good.actor("ana"))["accounts"].as_array().unwrap().len(), 1, "she is known");
    let watched = |c: &dassie::store::Conn| {
        let sql = "SELECT group_concat(uri || inbox || (SELECT group_concat(key_id || public_key || ifnull(length(private_key), 0)) \
                   FROM actor_keys WHERE actor_id = actors.id)) FROM actors WHERE uri LIKE '%/ana' OR local = 1";
        Ok(c.query_row(sql, [], |r| r.get::<_, String>(0))?)
    };
    let before = alice.app.domain.store.read(watched).unwrap();
    for (n, victim) in [world.good.actor("ana"), alice.actor(), alice.url("/actor")].into_iter().enumerate() {
        let address = format!("{}/x{n}", evil.base);
        let mut document = evil.person("ana", &key);
        document["id"] = json!(victim);
        document["inbox"] = json!(format!("{}/steal", evil.base));
        document["publicKey"] =
            json!({"id": format!("{victim}#main-key"), "owner": victim, "publicKeyPem": key.public_pem()});
        (document["publicKeyPem"], document["owner"]) = (json!("x"), json!(address));
        evil.serve(&format!("/x{n}"), document);
        assert_eq!(world.note_status(&key, &format!("{address}#k"), &victim), 401, "{victim}");
        assert_eq!(world.note_status(&key, &format!("{victim}#main-key"), &victim), 401, "{victim}");
    }
    assert_eq!(alice.app.domain.store.read(watched).unwrap(), before);
    alice.send(&crate::support::Request::get("/users/alice").activity()).expect(200);
}

#[test]
fn a_key_may_have_a_document_of_its_own() {
    let world = Impersonation::new();
    let (evil, key) = (&world.evil, Peer::other_key());
    // As in GoToSocial: the actor lists a key that has its own URL.
    let id = format!("{}/main-key", evil.actor("gus"));
    let mut gus = evil.person("gus", &key);
    gus["publicKey"]["id"] = json!(id);
    evil.serve("/users/gus", gus);
    evil.serve("/users/gus/main-key", Impersonation::bare_key(&id, &evil.actor("gus")));
    assert_eq!(world.note_status(&key, &id, &evil.actor("gus")), 202);
    eventually("the mention arrives", || world.alice.notifications() == ["mention"]);
}

/// Lets an actor list its own key under the id of another actor's key, and send a note, so that the key is stored.
fn claim_key_id(world: &Impersonation, peer: &Peer, name: &str, on: &str) {
    let mut claimant = peer.document(&format!("/users/{name}"));
    let (owner, pem) = (claimant["id"].clone(), Peer::other_key().public_pem());
    let claimed = json!({"id": format!("{on}#main-key"), "owner": owner, "publicKeyPem": pem});
    claimant["publicKey"] = json!([claimant["publicKey"], claimed]);
    peer.serve(&format!("/users/{name}"), claimant);
    let hello = peer.note(name, name, "hello", &[&world.alice.actor()]);
    peer.delivers(&world.alice, name, &hello).expect(202);
    eventually("it is processed", || world.alice.is_settled());
}

#[test]
fn a_key_id_cannot_be_claimed_before_its_owner_is_known() {
    let world = Impersonation::new();
    let (good, ana, zoe) = (&world.good, world.good.actor("ana"), world.good.actor("zoe"));
    let deliver_hello = |name: &str| {
        let hello = good.note(name, name, "it is me", &[&world.alice.actor()]);
        good.delivers(&world.alice, name, &hello).status
    };
    // On another server the claim is not even read.
    claim_key_id(&world, &world.evil, "mallory", &ana);
    assert_eq!(deliver_hello("ana"), 202);
    // On the same server it lasts until the key's own address is fetched.
    claim_key_id(&world, good, "eve", &zoe);
    assert_eq!(world.note_status(&Peer::other_key(), &format!("{zoe}#main-key"), &zoe), 401);
    an_hour_passes(&world.alice);
    assert_eq!(deliver_hello("zoe"), 202);
    eventually("all four mentions arrive", || world.alice.notifications().len() == 4);
}

#[test]
fn a_key_that_claims_a_foreign_owner_causes_no_request_to_that_owner() {
    let world = Impersonation::new();
    let (evil, owner) = (&world.evil, world.good.actor("victim"));
    let id = format!("{}/key", evil.base);
    evil.serve("/key", Impersonation::bare_key(&id, &owner));
    assert_eq!(world.note_status(&Peer::other_key(), &id, &owner), 401);
    assert_eq!((evil.requests_for("/key"), world.good.requests_for("/users/victim")), (1, 0));
}

/// Makes all keys appear to have been fetched an hour ago.
fn an_hour_passes(server: &TestServer) {
    let age = |c: &dassie::store::Conn| {
        c.execute("UPDATE actor_keys SET fetched_at = fetched_at - 3600000 WHERE private_key IS NULL", [])?;
        Ok(())
    };
    server.app.domain.store.write(age).unwrap();
}

#[test]
fn a_new_key_is_found_with_one_fetch_and_invalid_signatures_cause_no_more() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let (me, id, new) = (alice.actor(), format!("{}#main-key", peer.actor("mallory")), Peer::other_key());
    peer.delivers(&alice, "mallory", &peer.note("mallory", "1", "old key", &[&me])).expect(202);
    assert_eq!(peer.requests_for("/users/mallory"), 1);

    peer.serve("/users/mallory", peer.person("mallory", &new));
    let by_new_key =
        |n: &str| peer.signed_with(&new, &id, &alice, SignatureScheme::Cavage, &peer.note("mallory", n, "new", &[&me]));
    alice.send(&by_new_key("2")).expect(401);
    assert_eq!(peer.requests_for("/users/mallory"), 1, "a key fetched seconds ago is not fetched again");
    an_hour_passes(&alice);
    alice.send(&by_new_key("3")).expect(202);
    assert_eq!(peer.requests_for("/users/mallory"), 2);
    peer.delivers(&alice, "mallory", &peer.note("mallory", "4", "old key", &[&me])).expect(401);

    an_hour_passes(&alice);
    let wrong_key = SigningKey::generate_rsa().unwrap();
    for n in 0..50 {
        let note = peer.note("mallory", &format!("bad{n}"), "forged", &[&me]);
        alice.send(&peer.signed_with(&wrong_key, &id, &alice, SignatureScheme::Cavage, &note)).expect(401);
    }
    assert_eq!(peer.requests_for("/users/mallory"), 3, "fifty invalid signatures cause one fetch");
    alice.send(&by_new_key("5")).expect(202);
    eventually("activities with valid signatures arrive", || alice.notifications().len() == 3);
}

#[test]
fn key_fetches_of_one_host_stay_within_its_budget() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let note = peer.note("mallory", "1", "hello", &[&alice.actor()]);
    let began = Instant::now();
    let key = Peer::other_key();
    let mut later = 0;
    for n in 0..1_000 {
        let key_id = format!("{}/users/nobody{n}#main-key", peer.base);
        match alice.send(&peer.signed_with(&key, &key_id, &alice, SignatureScheme::Cavage, &note)).status {
            401 => {}
            503 => later += 1,
            other => panic!("status {other}"),
        }
    }
    // A slow machine may need more than a minute, and each minute has its own budget.
    let minutes = began.elapsed().as_secs() as usize / 60 + 1;
    let most = limits::KEY_FETCHES_PER_HOST_PER_MINUTE * minutes;
    let requested = peer.requests.load(Ordering::SeqCst);
    assert!((1..=most).contains(&requested), "{requested} fetches");
    assert_eq!(later, 1_000 - requested, "requests over the budget get a temporary error");
}

#[test]
fn concurrent_requests_for_a_key_fetch_it_once() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let me = alice.actor();
    let requests: Vec<_> = (0..16)
        .map(|n| {
            peer.signed(
                &alice,
                "mallory",
                SignatureScheme::Cavage,
                &peer.note("mallory", &n.to_string(), "hello", &[&me]),
            )
        })
        .collect();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let sent: Vec<_> = requests.iter().map(|request| scope.spawn(|| alice.send(request).status)).collect();
        sent.into_iter().map(|s| s.join().unwrap()).collect()
    });
    assert_eq!(statuses, [202; 16]);
    assert_eq!(peer.requests_for("/users/mallory"), 1);
    eventually("all mentions arrive", || alice.notifications().len() == 16);
}

#[test]
fn an_unreachable_key_server_causes_a_temporary_error() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let note = peer.note("mallory", "1", "hello", &[&alice.actor()]);
    let key_id = format!("http://{closed}/users/ana#main-key");
    let response =
        alice.send(&peer.signed_with(&Peer::other_key(), &key_id, &alice, SignatureScheme::Cavage, &note)).expect(503);
    assert!(response.header("retry-after").is_some());
}

#[test]
fn an_update_or_delete_of_an_unknown_object_causes_no_key_fetch() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let before = Picture::of(&alice);
    let key = Peer::other_key();
    for n in 0..1_000 {
        let who = format!("{}/users/gone{n}", peer.base);
        let note = format!("{who}/notes/1");
        let (kind, object) = match n % 5 {
            0 => ("Delete", json!(who)),
            1 => ("Delete", json!(note)),
            2 => ("Delete", json!({"id": note, "type": "Tombstone"})),
            3 => ("Update", peer.person(&format!("gone{n}"), &key)),
            _ => ("Update", json!({"id": note, "type": "Note", "attributedTo": who, "content": "x", "to": [PUBLIC]})),
        };
        let activity =
            json!({"id": format!("{who}#{n}"), "type": kind, "actor": who, "object": object, "to": [PUBLIC]});
        alice
            .send(&peer.signed_with(&key, &format!("{who}#main-key"), &alice, SignatureScheme::Cavage, &activity))
            .expect(202);
    }
    assert_eq!(peer.requests.load(Ordering::SeqCst), 0, "no key was requested");
    assert_eq!(before.changes(&Picture::of(&alice)), Vec::<String>::new());
}
