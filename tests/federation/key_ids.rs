//! Resolution of a `keyId` to a key.

use std::path::PathBuf;

use dassie::protocol::activitystreams::read_actor;
use dassie::protocol::activitystreams::types::KeyMaterial;
use dassie::protocol::signature::{self, PublicKey, RequestParts, SignatureScheme, SigningKey};
use dassie::protocol::time::Timestamp;
use serde_json::{Value, json};

use crate::support::{Peer, TestServer, eventually};

fn note(peer: &Peer, alice: &TestServer, who: &str, id: &str) -> Value {
    peer.note(who, id, "hello", &[&alice.actor()])
}

/// PeerTube before 7.0.1, and old relays.
#[test]
fn a_key_id_equal_to_an_actor_id_resolves_to_the_key_of_that_actor() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    for name in ["ana", "bea"] {
        peer.add_actor(name);
    }
    for (n, form) in [SignatureScheme::Cavage, SignatureScheme::Rfc9421].into_iter().enumerate() {
        // For an unknown actor, and for one whose key is stored.
        for who in ["ana", "bea"] {
            let create = note(&peer, &alice, who, &format!("{who}{n}"));
            alice.send(&peer.signed_with(&peer.key(), &peer.actor(who), &alice, form, &create)).expect(202);
        }
    }
    eventually("all four are read", || alice.notifications().len() == 4);
    // Another key, and another actor.
    let create = note(&peer, &alice, "ana", "forged");
    alice
        .send(&peer.signed_with(&Peer::other_key(), &peer.actor("ana"), &alice, SignatureScheme::Cavage, &create))
        .expect(401);
    alice
        .send(&peer.signed_with(&peer.key(), &peer.actor("bea"), &alice, SignatureScheme::Cavage, &create))
        .expect(401);
    alice
        .send(&peer.signed_with(&peer.key(), &peer.actor("nobody"), &alice, SignatureScheme::Cavage, &create))
        .expect(401);
}

#[test]
fn each_of_several_keys_of_an_actor_is_tried() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let key = |name: &str, key: &SigningKey| json!({"id": format!("{}#{name}", peer.actor("ana")), "owner": peer.actor("ana"), "publicKeyPem": key.public_pem()});
    let mut person = peer.person("ana", &peer.key());
    person["publicKey"] = json!([key("first", &Peer::other_key()), key("second", &peer.key())]);
    peer.serve("/users/ana", person);
    for (n, signing) in [peer.key(), Peer::other_key()].into_iter().enumerate() {
        let create = note(&peer, &alice, "ana", &n.to_string());
        alice
            .send(&peer.signed_with(&signing, &peer.actor("ana"), &alice, SignatureScheme::Cavage, &create))
            .expect(202);
    }
    eventually("both are read", || alice.notifications().len() == 2);
}

/// An actor of the same server that lists a key under the id of another actor speaks for itself at the most.
#[test]
fn a_key_listed_under_the_id_of_another_actor_is_not_the_key_of_that_actor() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    let mut thief = peer.person("thief", &Peer::other_key());
    thief["publicKey"]["id"] = json!(peer.actor("ana"));
    peer.serve("/users/thief", thief);
    alice.app.domain.remote().unwrap().actor_by_uri(&peer.actor("thief")).unwrap();
    let create = note(&peer, &alice, "ana", "forged");
    alice
        .send(&peer.signed_with(&Peer::other_key(), &peer.actor("ana"), &alice, SignatureScheme::Cavage, &create))
        .expect(401);
    alice.app.domain.remote().unwrap().actor_by_uri(&peer.actor("ana")).unwrap();
    alice
        .send(&peer.signed_with(&Peer::other_key(), &peer.actor("ana"), &alice, SignatureScheme::Cavage, &create))
        .expect(401);
    let create = note(&peer, &alice, "ana", "her own");
    alice
        .send(&peer.signed_with(&peer.key(), &peer.actor("ana"), &alice, SignatureScheme::Cavage, &create))
        .expect(202);
}

fn captured() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let places = ["../shared/captured/peertube", "../../shared/captured/peertube"];
    places.iter().map(|p| root.join(p)).find(|p| p.is_dir())
}

fn json_of(path: &std::path::Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Requests of a running PeerTube with their own headers and keys, at their own time.
#[test]
fn captured_requests_of_peertube_verify_with_the_keys_of_their_actors() {
    let Some(folder) = captured() else {
        println!("the folder of captured requests is not here; nothing is replayed");
        return;
    };
    let files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().flatten().map(|f| f.path()).collect();
    let named = |path: &PathBuf, start: &str| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(start));
    let actors: Vec<_> =
        files.iter().filter(|f| named(f, "actor-")).map(|f| read_actor(&json_of(f)).unwrap()).collect();
    let (mut verified, mut bare) = (0, 0);
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "json") && !named(f, "actor-")) {
        let request = json_of(file);
        let headers: Vec<(String, String)> = request["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(n, v)| (n.clone(), v.as_str().unwrap().to_owned()))
            .collect();
        let header = |name: &str| headers.iter().find(|(n, _)| n == name).unwrap().1.clone();
        let authority = header("host");
        let parts = RequestParts {
            method: "POST",
            scheme: "https",
            authority: &authority,
            target: request["path"].as_str().unwrap(),
            headers: &headers,
            body: Some(request["raw"].as_str().unwrap().as_bytes()),
        };
        let at = Timestamp::parse_http(&header("date")).unwrap();
        let presented = signature::parse(&parts, at).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        assert_eq!(signature::key_id_of(&header("signature")).as_deref(), Some(presented.key_id.as_str()));
        bare += usize::from(!presented.key_id.contains('#'));
        let Some(actor) = actors.iter().find(|a| presented.key_id.split('#').next() == Some(&a.id)) else { continue };
        let fits = |material: &KeyMaterial| match material {
            KeyMaterial::Pem(pem) => presented.verify(&PublicKey::from_pem(pem).unwrap()).is_ok(),
            KeyMaterial::Multibase(_) => false,
        };
        assert!(actor.keys.iter().any(|key| fits(&key.material)), "{}", file.display());
        verified += 1;
    }
    assert!(verified > 10 && bare > 0, "{verified} verified, {bare} with the id of an actor");
}
