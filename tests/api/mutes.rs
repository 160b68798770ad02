//! Mutes, private notes and endorsements.

use dassie::domain::relationships::mute;
use serde_json::{Value, json};

use crate::support::{Peer, TestServer, eventually};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

fn relation(alice: &TestServer, id: &str) -> Value {
    alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0].clone()
}

/// Delivers a post of an actor, and waits until it is stored.
fn delivers(alice: &TestServer, peer: &Peer, author: &str, id: &str, to: &[&str]) {
    peer.delivers(alice, author, &peer.note(author, id, &format!("<p>{id}</p>"), to)).expect(202);
    let uri = format!("{}/notes/{id}", peer.base);
    eventually("a post arrives", || {
        alice.app.domain.store.read(|c| dassie::store::statuses::by_uri(c, &uri)).unwrap().is_some()
    });
}

#[test]
fn posts_of_muted_accounts_are_hidden_until_they_are_unmuted() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let id = alice.follows_actor(&peer, "mallory");
    delivers(&alice, &peer, "mallory", "one", &[PUBLIC]);
    assert!(alice.sees("one").is_some());
    let muted = alice.post(&format!("/api/v1/accounts/{id}/mute"), json!({}));
    assert_eq!(
        (&muted["muting"], &muted["muting_notifications"], &muted["muting_expires_at"]),
        (&json!(true), &json!(true), &json!(null))
    );
    delivers(&alice, &peer, "mallory", "two", &[PUBLIC]);
    assert!(alice.home().is_empty());
    assert_eq!(alice.get("/api/v1/timelines/public"), json!([]));
    let profile = alice.get(&format!("/api/v1/accounts/{id}/statuses"));
    assert_eq!(profile.as_array().unwrap().len(), 2, "the profile itself shows them");
    let list = alice.get("/api/v1/mutes");
    assert_eq!((&list[0]["id"], &list[0]["mute_expires_at"]), (&json!(id), &json!(null)));
    let free = alice.post(&format!("/api/v1/accounts/{id}/unmute"), json!({}));
    assert_eq!((&free["muting"], &free["muting_notifications"]), (&json!(false), &json!(false)));
    assert_eq!(alice.home().len(), 2);
    assert_eq!(alice.get("/api/v1/mutes"), json!([]));
}

#[test]
fn a_mute_hides_notifications_unless_requested_otherwise() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let id = alice.follows_actor(&peer, "mallory");
    let me = alice.actor();
    alice.post(&format!("/api/v1/accounts/{id}/mute"), json!({"notifications": true}));
    delivers(&alice, &peer, "mallory", "silent", &[PUBLIC, &me]);
    assert_eq!(alice.notifications(), Vec::<String>::new());
    let muted = alice.post(&format!("/api/v1/accounts/{id}/mute"), json!({"notifications": false}));
    assert_eq!((&muted["muting"], &muted["muting_notifications"]), (&json!(true), &json!(false)));
    delivers(&alice, &peer, "mallory", "loud", &[PUBLIC, &me]);
    assert_eq!(alice.notifications(), ["mention"]);
}

#[test]
fn a_mute_with_a_duration_ends() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let id = alice.follows_actor(&peer, "mallory");
    let path = format!("/api/v1/accounts/{id}/mute");
    assert!(alice.post(&path, json!({"duration": "3600"}))["muting_expires_at"].is_string());
    mute::end_expired(&alice.app.domain).unwrap();
    assert_eq!(relation(&alice, &id)["muting"], true, "not before its time");
    assert!(alice.get("/api/v1/mutes")[0]["mute_expires_at"].is_string());
    alice.post(&path, json!({"duration": 1}));
    eventually("the mute ends by itself", || relation(&alice, &id)["muting"] == false);
    assert_eq!(alice.post(&path, json!({"duration": 0}))["muting_expires_at"], json!(null));
    for duration in [json!("soon"), json!(-1), json!(u64::MAX)] {
        alice.api("POST", &path, json!({"duration": duration})).expect(422);
    }
}

#[test]
fn only_other_accounts_are_muted() {
    let alice = TestServer::start("alice");
    let own = alice.get("/api/v1/accounts/verify_credentials")["id"].as_str().unwrap().to_owned();
    alice.api("POST", &format!("/api/v1/accounts/{own}/mute"), json!({})).expect(403);
    for action in ["mute", "unmute", "note", "endorse", "pin", "unendorse", "unpin"] {
        alice.api("POST", &format!("/api/v1/accounts/1/{action}"), json!({})).expect(404);
    }
}

#[test]
fn a_note_is_private_and_replaced() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let id = alice.follows_actor(&peer, "mallory");
    let path = format!("/api/v1/accounts/{id}/note");
    assert_eq!(alice.post(&path, json!({"comment": "met at the zoo"}))["note"], "met at the zoo");
    assert_eq!(relation(&alice, &id)["note"], "met at the zoo");
    let error = alice.api("POST", &path, json!({"comment": "x".repeat(2_001)})).expect(422).json();
    assert_eq!(error["error"], "Validation failed: Comment is too long (maximum is 2000 characters)");
    assert_eq!(alice.post(&path, json!({"comment": ""}))["note"], "");
    assert_eq!(alice.post(&path, json!({}))["note"], "");
}

#[test]
fn followed_accounts_are_endorsed_until_the_follow_ends() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let own = alice.get("/api/v1/accounts/verify_credentials")["id"].as_str().unwrap().to_owned();
    let id = alice.follows_actor(&peer, "mallory");
    let act = |action: &str| alice.api("POST", &format!("/api/v1/accounts/{id}/{action}"), json!({}));
    assert_eq!(act("pin").expect(200).json()["endorsed"], true);
    act("endorse").expect(200);
    let ids = |path: &str| -> Vec<String> {
        let list = alice.get(path);
        list.as_array().unwrap().iter().map(|a| a["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("/api/v1/endorsements"), [id.as_str()]);
    assert_eq!(ids(&format!("/api/v1/accounts/{own}/endorsements")), [id.as_str()]);
    assert_eq!(ids(&format!("/api/v1/accounts/{id}/endorsements")), Vec::<String>::new());
    assert_eq!(act("unpin").expect(200).json()["endorsed"], false);
    assert_eq!(ids("/api/v1/endorsements"), Vec::<String>::new());
    act("endorse").expect(200);
    act("unfollow").expect(200);
    assert_eq!(relation(&alice, &id)["endorsed"], false);
    act("endorse").expect(422);
}

#[test]
fn a_relationship_shows_all_that_the_owner_decided() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("bea");
    let (mallory, bea) = (alice.follows_actor(&peer, "mallory"), alice.follows_actor(&peer, "bea"));
    let options = json!({"reblogs": false, "notify": true, "languages": ["pt_br", "EN"]});
    let followed = alice.post(&format!("/api/v1/accounts/{mallory}/follow"), options);
    assert_eq!(
        (&followed["showing_reblogs"], &followed["notifying"], &followed["languages"]),
        (&json!(false), &json!(true), &json!(["pt-BR", "en"]))
    );
    let kept = alice.post(&format!("/api/v1/accounts/{mallory}/follow"), json!({"notify": false}));
    assert_eq!((&kept["notifying"], &kept["languages"]), (&json!(false), &json!(["pt-BR", "en"])));
    let all = alice.post(&format!("/api/v1/accounts/{mallory}/follow"), json!({"languages": []}));
    assert_eq!(all["languages"], json!(null));
    alice.api("POST", &format!("/api/v1/accounts/{mallory}/follow"), json!({"languages": ["klingon"]})).expect(422);
    let both = alice.get(&format!("/api/v1/accounts/relationships?id[]={bea}&id[]=7&id[]={mallory}&id[]={bea}"));
    let ids: Vec<&Value> = both.as_array().unwrap().iter().map(|r| &r["id"]).collect();
    assert_eq!(ids, [&json!(bea), &json!(mallory)]);
    alice.post("/api/v1/domain_blocks", json!({"domain": peer.base.trim_start_matches("http://").split(':').next()}));
    assert_eq!(relation(&alice, &mallory)["domain_blocking"], true);
}

#[test]
fn a_follow_has_options_for_languages_and_notifications() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let id = alice.follows_actor(&peer, "mallory");
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({"languages": ["en"], "notify": true}));
    let note = |name: &str, language: Option<&str>| {
        let mut note = peer.note("mallory", name, &format!("<p>{name}</p>"), &[PUBLIC]);
        if let Some(language) = language {
            note["object"]["contentMap"] = json!({language: format!("<p>{name}</p>")});
        }
        peer.delivers(&alice, "mallory", &note).expect(202);
        let uri = format!("{}/notes/{name}", peer.base);
        eventually("a post arrives", || {
            alice.app.domain.store.read(|c| dassie::store::statuses::by_uri(c, &uri)).unwrap().is_some()
        });
    };
    note("german", Some("de"));
    note("english", Some("en-GB"));
    note("unknown", None);
    assert_eq!(alice.home().len(), 2);
    assert!(alice.sees("german").is_none());
    assert_eq!(alice.notifications(), ["status", "status"]);
}
