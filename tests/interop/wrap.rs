//! Wraps documents that are not activities in an activity.

use dassie::protocol::activitystreams::{self, id_of, kind_of, origin_of};
use serde_json::{Value, json};

use super::index::Entry;
use crate::federation::world::PUBLIC;

/// The hosts that the overlays of `url` choose among.
pub const PASTURE_HOSTS: [&str; 4] = ["remote", "other", "html", "video"];

/// Everything to replay of a document: itself, or each of the overlays that it holds, merged onto a plain note.
pub fn parts(entry: &Entry) -> Vec<(String, Value)> {
    let overlays = entry.document["examples"].as_array().filter(|_| entry.name.starts_with("pasture/"));
    match overlays {
        Some(list) => {
            list.iter().enumerate().map(|(n, o)| (format!("{}#{n}", entry.name), overlaid(&entry.name, n, o))).collect()
        }
        None => vec![(entry.name.clone(), entry.document.clone())],
    }
}

/// The plain note that fediverse-pasture describes, with an overlay. A `$` marks its placeholders. Its made-up hosts are
/// folders of the author's: we link to pages on the post's own server alone.
fn overlaid(name: &str, n: usize, overlay: &Value) -> Value {
    let overlay = PASTURE_HOSTS.iter().fold(overlay.to_string().replace('$', ""), |text, host| {
        text.replace(&format!("http://{host}.example/"), &format!("http://pasture-one-actor/{host}/"))
    });
    let overlay: Value = serde_json::from_str(&overlay).unwrap();
    let actor = "http://pasture-one-actor/actor";
    let id = format!("http://pasture-one-actor/{}-{n}", name.replace('/', "-"));
    let mut note = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Note", "attributedTo": actor,
        "to": [PUBLIC], "cc": [format!("{actor}/followers")], "content": "base", "published": "2026-01-01T00:00:00Z",
    });
    for (member, value) in overlay.as_object().unwrap() {
        match value {
            Value::Null => drop(note.as_object_mut().unwrap().remove(member)),
            value => note[member] = value.clone(),
        }
    }
    note
}

/// The activity that delivers a document, and its actor; `None` if it is not an ActivityPub document.
pub fn wrapped(document: &Value) -> Option<(Value, String)> {
    let kind = kind_of(document).unwrap_or_default();
    if activitystreams::is_activity_type(&kind) {
        let actor = activitystreams::read_activity(document).ok()?.actor;
        return Some((document.clone(), actor));
    }
    if activitystreams::is_actor_type(&kind) {
        return Some((around("Update", document, document["id"].as_str()?), document["id"].as_str()?.into()));
    }
    let overlaid = document["id"].as_str().is_some_and(|id| id.contains("pasture"));
    if kind == "Tombstone" && !overlaid {
        let author = author(document);
        return Some((around("Delete", document, &author), author));
    }
    if kind == "Place" && !overlaid || document.is_array() {
        return Some(event_at(document));
    }
    let known = ["content", "contentMap", "name", "attachment", "anyOf", "interactionTarget"];
    if !known.iter().any(|member| document.get(member).is_some()) || kind.is_empty() && document.get("id").is_none() {
        return None;
    }
    let mut object = document.clone();
    let author = author(document);
    // Examples in handbooks name no author.
    if object.get("attributedTo").is_none() && !document["id"].to_string().contains("pasture") {
        object["attributedTo"] = json!(author);
        if object.get("id").is_none() {
            object["id"] = json!(format!("{}/objects/1", origin_of(&author).unwrap()));
        }
    }
    Some((around("Create", &object, &author), author))
}

fn author(document: &Value) -> String {
    let stated = activitystreams::read_object(document).ok().map(|o| o.attributed_to);
    let named = || document["attributedTo"].as_str().or(document["actor"].as_str()).map(str::to_owned);
    let stand_in = || {
        let id = id_of(document).unwrap_or("http://pasture-one-actor/");
        format!("{}/{}", origin_of(id).unwrap(), if id.contains("pasture") { "actor" } else { "users/stand-in" })
    };
    stated.or_else(named).unwrap_or_else(stand_in)
}

/// An event at a place.
fn event_at(place: &Value) -> (Value, String) {
    let actor = "https://gancio.example/users/stand-in";
    let event = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": "https://gancio.example/events/1", "type": "Event",
        "attributedTo": actor, "name": "event", "content": "event", "to": [PUBLIC], "cc": [],
        "startTime": "2026-01-01T00:00:00Z", "location": place,
    });
    (around("Create", &event, actor), actor.into())
}

fn around(kind: &str, object: &Value, actor: &str) -> Value {
    let mut object = object.clone();
    let context = object.as_object_mut().and_then(|o| o.remove("@context"));
    let id = object["id"].as_str().unwrap_or(actor);
    json!({
        "@context": context.unwrap_or(json!("https://www.w3.org/ns/activitystreams")),
        "id": format!("{id}#{}", kind.to_lowercase()), "type": kind, "actor": actor,
        "to": object.get("to"), "cc": object.get("cc"), "object": object,
    })
}
