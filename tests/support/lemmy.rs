use std::sync::Arc;

use serde_json::{Value, json};

use super::{Peer, TestServer, eventually};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// A stub of Lemmy 0.19: it responds with 400 to activities that Lemmy cannot parse or does not accept.
pub fn start() -> Peer {
    let peer = Peer::start();
    states_software(&peer, "lemmy");
    peer.rejects(Arc::new(refusal));
    peer
}

/// NodeInfo with this software name.
pub fn states_software(peer: &Peer, name: &str) {
    let href = format!("{}/nodeinfo/2.1", peer.base);
    let link = json!({"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": href});
    peer.serve_as("/.well-known/nodeinfo", "application/json", json!({"links": [link]}));
    let document = json!({"version": "2.1", "software": {"name": name, "version": "0.19.20"}});
    peer.serve_as("/nodeinfo/2.1", "application/json", document);
}

/// Adds a community, and returns the id of it.
pub fn add_community(peer: &Peer, name: &str) -> String {
    let mut group = peer.person(name, &peer.key());
    group["type"] = json!("Group");
    group["name"] = json!(name);
    group["featured"] = json!(format!("{}/featured", peer.actor(name)));
    peer.serve(&format!("/users/{name}"), group);
    peer.actor(name)
}

/// Finds an actor from a server, and returns our id for it.
pub fn finds(alice: &TestServer, uri: &str) -> String {
    let query: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
    let found = alice.get(&format!("/api/v2/search?resolve=true&type=accounts&q={query}"));
    found["accounts"][0]["id"].as_str().unwrap_or_else(|| panic!("{uri} was not found: {found}")).to_owned()
}

/// Follows a community and waits until it has accepted.
pub fn joins(alice: &TestServer, peer: &Peer, name: &str) -> String {
    let id = finds(alice, &peer.actor(name));
    let follows = || peer.received().into_iter().filter(|a| a["type"] == "Follow").collect::<Vec<_>>();
    let before = follows().len();
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    eventually("the follow arrives", || follows().len() > before);
    accepts(alice, peer, name, &follows()[before]);
    id
}

/// The community accepts a follow.
pub fn accepts(alice: &TestServer, peer: &Peer, name: &str, follow: &Value) {
    let id = format!("{}/accept", follow["id"].as_str().unwrap().replace(&alice.url(""), &peer.base));
    let accept = json!({"id": id, "type": "Accept", "actor": peer.actor(name), "object": follow});
    peer.delivers(alice, name, &accept).expect(202);
    eventually("it is accepted", || alice.is_settled());
}

/// A post in a community, served at its id: the object of its Create.
pub fn page(peer: &Peer, author: &str, id: &str, group: &str) -> Value {
    let object = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/post/{id}", peer.base), "type": "Page",
        "attributedTo": peer.actor(author), "to": [group, PUBLIC], "cc": [], "name": format!("About {id}"),
        "content": format!("<p>all about {id}</p>"), "mediaType": "text/html", "audience": group, "tag": [],
        "published": "2026-06-30T00:43:19.518259Z", "attachment": [],
    });
    peer.serve(&format!("/post/{id}"), object.clone());
    object
}

/// Announce by a community.
pub fn announce(peer: &Peer, group: &str, n: &str, object: Value) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/activities/announce/{n}", peer.base),
        "type": "Announce", "actor": peer.actor(group), "to": [PUBLIC],
        "cc": [format!("{}/followers", peer.actor(group))], "object": object,
    })
}

/// An activity by one of the peer's actors.
pub fn act(peer: &Peer, actor: &str, n: &str, kind: &str, object: Value) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/activities/{n}", peer.base), "type": kind,
        "actor": peer.actor(actor), "to": [PUBLIC], "object": object,
    })
}

/// The reason why Lemmy 0.19 responds with 400 to an activity.
fn refusal(activity: &Value) -> Option<String> {
    let error = |name: &str| Some(json!({"error": name}).to_string());
    let to = activity["to"].as_array().cloned().unwrap_or_default();
    let object = &activity["object"];
    match activity["type"].as_str().unwrap_or_default() {
        "Follow" | "Like" | "Dislike" | "Accept" => None,
        "Undo" => match object["type"].as_str() {
            Some("Follow" | "Like" | "Dislike") => None,
            _ => error("data did not match any variant of untagged enum"),
        },
        "Create" | "Update" => match object["type"].as_str() {
            Some("ChatMessage") if to.len() == 1 && object["to"].as_array().is_some_and(|to| to.len() == 1) => None,
            Some("Note" | "Page") if to.iter().chain(activity["cc"].as_array()?).any(|id| id == PUBLIC) => None,
            Some("Note" | "Page") => error("object_is_not_public"),
            _ => error("data did not match any variant of untagged enum"),
        },
        // Of a private message by its id alone.
        "Delete" if to.iter().any(|id| id == PUBLIC) => None,
        "Delete" if object.is_string() && to.len() == 1 => None,
        "Flag" if to.len() == 1 && object.is_string() && activity["summary"].is_string() => {
            let is_person = activity["actor"].as_str().is_some_and(|actor| actor.contains("/users/"));
            if is_person { None } else { error("not_found") }
        }
        _ => error("data did not match any variant of untagged enum"),
    }
}
