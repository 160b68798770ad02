use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use dassie::protocol::activitystreams::{self, origin_of};
use dassie::protocol::ids::FollowId;
use dassie::store::{follows, inbox, statuses};
use serde_json::{Value, json};

use super::index::{Entry, entries};
use super::reading::read;
use crate::federation::world::PUBLIC;
use crate::support::{Peer, TestServer};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/interop.tsv");

/// Hosts that stand for the receiving server in the documents.
const OURS: &[&str] = &[
    "localtesting.pleroma.lol",
    "testing.pleroma.lol",
    "testing.uguu.ltd",
    "local.example",
    "test.federation.network",
];

/// Every activity in a document of the index: itself, a post wrapped in a Create, an actor in an Update, and each
/// overlay of a pasture document merged onto a plain note.
fn activities(entry: &Entry) -> Vec<(String, Value)> {
    let document = &entry.document;
    if let Some(overlays) = entry.name.strip_prefix("pasture/").and_then(|_| overlays(document)) {
        return overlays
            .into_iter()
            .enumerate()
            .map(|(n, o)| (format!("{}#{n}", entry.name), overlaid(&entry.name[8..], n, o)))
            .collect();
    }
    let kind = activitystreams::kind_of(document).unwrap_or_default();
    let activity = if activitystreams::is_activity_type(&kind) {
        document.clone()
    } else if activitystreams::is_actor_type(&kind) {
        wrapped("Update", document, document.get("id"), &entry.name)
    } else if let Ok(object) = activitystreams::read_object(document) {
        wrapped("Create", document, Some(&json!(object.attributed_to)), &entry.name)
    } else {
        return Vec::new();
    };
    vec![(entry.name.clone(), activity)]
}

fn overlays(document: &Value) -> Option<Vec<Value>> {
    let list = document.as_array().or_else(|| document.as_object()?.values().find_map(Value::as_array))?;
    Some(list.iter().filter(|o| o.is_object()).cloned().collect())
}

fn overlaid(title: &str, n: usize, overlay: Value) -> Value {
    let actor = "https://pasture.example/users/ana";
    let mut note = json!({
        "id": format!("https://pasture.example/notes/{title}-{n}"), "type": "Note",
        "attributedTo": actor, "to": [PUBLIC], "cc": [format!("{actor}/followers")], "content": "base",
        "published": "2026-01-01T00:00:00Z",
    });
    for (member, value) in overlay.as_object().unwrap() {
        match value {
            Value::Null => drop(note.as_object_mut().unwrap().remove(member)),
            value => note[member] = value.clone(),
        }
    }
    // Some overlays say who wrote it.
    let author = activitystreams::read_object(&note).map_or(actor.to_owned(), |o| o.attributed_to);
    let id = note["id"]
        .as_str()
        .unwrap_or_default()
        .replace("https://pasture.example", &origin_of(&author).unwrap().to_string());
    if note["id"].is_string() {
        note["id"] = json!(id);
    }
    wrapped("Create", &note, Some(&json!(author)), title)
}

fn wrapped(kind: &str, object: &Value, actor: Option<&Value>, name: &str) -> Value {
    let mut object = object.clone();
    let context = object
        .as_object_mut()
        .and_then(|o| o.remove("@context"))
        .unwrap_or(json!("https://www.w3.org/ns/activitystreams"));
    let id = object["id"].as_str().unwrap_or("https://nowhere.example/1");
    json!({
        "@context": context, "id": format!("{id}#{}-{name}", kind.to_lowercase()), "type": kind, "actor": actor,
        "to": object.get("to"), "cc": object.get("cc"), "object": object,
    })
}

/// Alice, and a server of our own in the place of each document's.
struct Replay {
    alice: TestServer,
    post: String,
    peers: HashMap<String, Peer>,
    /// Ids of activities that came already: the same one is taken once, and some documents share theirs.
    came: HashSet<String>,
}

impl Replay {
    /// The activity as if its actor lived on a server of ours and it were meant for Alice. Nothing where it names no
    /// actor that could live anywhere.
    fn cast(&mut self, system: &str, activity: &Value) -> Option<(Value, String)> {
        let actor = activitystreams::read_activity(activity).ok()?.actor;
        let origin = origin_of(&actor)?.to_string();
        let peer = self.peers.entry(system.to_owned()).or_insert_with(Peer::start);
        let mut text = activity.to_string();
        for next in ["/", "?"] {
            text = text.replace(&format!("{origin}{next}"), &format!("{}{next}", peer.base));
        }
        for host in OURS {
            for scheme in ["http", "https"] {
                text = localized(&text, &format!("{scheme}://{host}/"), &self.alice.actor(), &self.post);
            }
        }
        Some((serde_json::from_str(&text).unwrap(), actor.replace(&origin, &peer.base)))
    }

    /// Serves the actor with a key of ours, and lets Alice know and follow it.
    fn introduce(&self, system: &str, actor: &str) {
        let peer = &self.peers[system];
        let path = actor.strip_prefix(&peer.base).unwrap();
        let path = path.split('#').next().unwrap();
        let mut person = peer.person("stand-in", &peer.key());
        let old = peer.actor("stand-in");
        let text = person.to_string().replace(&old, actor);
        person = serde_json::from_str(&text).unwrap();
        person["preferredUsername"] = json!(actor.rsplit('/').find(|s| !s.is_empty()).unwrap_or("x").replace('@', ""));
        peer.serve(path, person);
        let domain = &self.alice.app.domain;
        // Anew each time: an Update may have changed its key.
        let Ok(id) = domain.remote().unwrap().fresh_actor(actor) else { return };
        let (owner, number, uri) = (domain.owner().unwrap().id, FollowId(domain.next_id()), format!("{actor}#follow"));
        let now = domain.now();
        let follow = move |c: &dassie::store::Conn| follows::insert(c, number, &uri, owner, id, true, now).map(|_| ());
        domain.store.write(follow).unwrap();
    }

    /// Waits until nothing waits, though not for servers that are not there.
    fn settle(&self) {
        let end = Instant::now() + Duration::from_secs(5);
        let domain = &self.alice.app.domain;
        let waits = || !domain.store.read(|c| inbox::due(c, domain.now(), 1)).unwrap().is_empty();
        while waits() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(3));
        }
    }

    /// What comes of an activity: the status of the answer, and the verdict, which must be what is then seen.
    fn replay(&mut self, name: &str, activity: &Value) -> (u16, String) {
        // Each document has a server of its own: many share their ids.
        let system = name.split('#').next().unwrap().to_owned();
        let Some((activity, actor)) = self.cast(&system, activity) else {
            let body = activity.to_string();
            let ask = crate::support::Ask::new("POST", "/inbox").body("application/activity+json", body);
            return (self.alice.send(&ask).status, "-".into());
        };
        self.introduce(&system, &actor);
        let x = read(&self.alice.app.domain, &activity);
        let peer = &self.peers[&system];
        let key_id = format!("{actor}#main-key");
        let form = dassie::protocol::signature::Form::Cavage;
        let status = self.alice.send(&peer.signed_with(&peer.key(), &key_id, &self.alice, form, &activity)).status;
        self.settle();
        let id = format!("{actor} {}", activity["id"]);
        if !activity["id"].is_null() && !self.came.insert(id) {
            return (status, "as before".into());
        }
        if let Some(object) = x.object.as_deref().filter(|_| x.verdict == "stored") {
            let stored = self.alice.app.domain.store.read(|c| statuses::by_uri(c, object)).unwrap();
            assert!(stored.is_some(), "{name} is said to be stored, is answered {status}, and is not here: {activity}");
        }
        let fetches = if x.fetches.is_empty() { String::new() } else { " after a fetch".into() };
        (status, format!("{}{fetches}", x.verdict))
    }
}

/// Addresses of ours: of a post where one is named, else of Alice.
fn localized(text: &str, prefix: &str, actor: &str, post: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(prefix) {
        let end = rest[at..].find(['"', '\\', '<', ' ']).map_or(rest.len(), |e| at + e);
        let of_post =
            ["/objects/", "/statuses/", "/notes/", "/notice/", "/@me/"].iter().any(|p| rest[at..end].contains(p));
        out.push_str(&rest[..at]);
        out.push_str(if of_post { post } else { actor });
        rest = &rest[end..];
    }
    out + rest
}

#[test]
fn every_document_is_answered_and_has_the_effect_that_it_should() {
    let alice = TestServer::start("alice");
    let post = alice.posts("the post that others speak of", "public")["uri"].as_str().unwrap().to_owned();
    let mut replay = Replay { alice, post, peers: HashMap::new(), came: HashSet::new() };
    let mut lines = Vec::new();
    for entry in entries() {
        for (name, activity) in activities(&entry) {
            let (status, verdict) = replay.replay(&name, &activity);
            assert!(status < 500, "{name} is answered {status}");
            lines.push(format!("{name}\t{status}\t{verdict}"));
        }
    }
    if lines.is_empty() {
        return;
    }
    replay.alice.send(&crate::support::Ask::get("/livez")).expect(200);
    let found = lines.join("\n") + "\n";
    if std::env::var_os("DASSIE_BLESS").is_some() {
        std::fs::write(TABLE, &found).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(TABLE).unwrap();
    let wrong: Vec<_> = expected.lines().zip(found.lines()).filter(|(e, f)| e != f).collect();
    assert!(wrong.is_empty() && expected.lines().count() == found.lines().count(), "{wrong:#?}");
}
