//! Unsigned requests reveal nothing about what is stored: the response is the same whether an object exists or not.

use dassie::protocol::signature::SignatureScheme;
use serde_json::{Value, json};

use super::meeting::Meeting;
use super::world::PUBLIC;
use crate::support::{Peer, Request};

/// Activities that reference a stored object, each paired with one that references an unknown object.
fn pairs(world: &Meeting) -> Vec<(Value, Value)> {
    let (ana, absent) = (world.good.actor("ana"), world.good.actor("nobody"));
    let create = world.good.note("ana", "1", "words", &[PUBLIC]);
    world.good.serve("/notes/1", create["object"].clone());
    world.deliver(&world.good, "ana", &create);
    let act = |kind: &str, id: &str, actor: &str, object: Value| json!({"id": format!("{}/{id}", world.good.base), "type": kind, "actor": actor, "object": object, "to": [PUBLIC]});
    let mut other = create.clone();
    other["id"] = json!(format!("{}/notes/none/activity", world.good.base));
    let note = create["object"]["id"].clone();
    let missing = json!(format!("{}/notes/none", world.good.base));
    vec![
        (act("Delete", "d", &ana, json!(ana)), act("Delete", "d", &absent, json!(absent))),
        (act("Delete", "d2", &ana, note.clone()), act("Delete", "d2", &absent, missing.clone())),
        (act("Delete", "d3", &ana, note.clone()), act("Delete", "d3", &ana, missing.clone())),
        (act("Update", "u", &ana, json!(ana)), act("Update", "u", &absent, json!(absent))),
        (act("Update", "u2", &ana, note), act("Update", "u2", &absent, missing)),
        (create, other),
    ]
}

#[test]
fn unsigned_requests_get_the_same_response() {
    let world = Meeting::new();
    for (known, unknown) in pairs(&world) {
        let responses = [known.clone(), unknown].map(|activity| {
            let request =
                Request::new("POST", "/inbox").body("application/activity+json", activity.to_string().into_bytes());
            let response = world.alice.send(&request);
            (response.status, response.text())
        });
        assert_eq!(responses[0], responses[1], "{known}");
        assert_eq!(responses[0].0, 401, "{known}");
    }
}

#[test]
fn requests_with_invalid_signatures_get_the_same_response() {
    let world = Meeting::new();
    for name in ["nobody", "eve"] {
        world.good.add_actor(name);
    }
    for (known, unknown) in pairs(&world) {
        let responses = [known.clone(), unknown].map(|activity| {
            let key_id = format!("{}#main-key", activity["actor"].as_str().unwrap());
            let request =
                world.good.signed_with(&Peer::other_key(), &key_id, &world.alice, SignatureScheme::Cavage, &activity);
            let response = world.alice.send(&request);
            (response.status, response.text())
        });
        assert_eq!(responses[0], responses[1], "{known}");
        assert_eq!(responses[0].0, if known["type"] == "Create" { 401 } else { 202 }, "{known}");
    }
    // A valid signature by another actor makes no difference.
    for (known, unknown) in pairs(&world) {
        let responses = [known.clone(), unknown].map(|activity| {
            let response = world.evil.delivers(&world.alice, "mallory", &activity);
            (response.status, response.text())
        });
        assert_eq!(responses[0], responses[1], "{known}");
    }
    assert!(world.alice.sees("words").is_some(), "nothing was applied");
}
