//! The test servers of a scene: Alice's server, and one for each server that the document names.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use dassie::protocol::activitystreams::{id_of, kind_of, origin_of};
use dassie::protocol::ids::{ActorId, FollowId};
use dassie::protocol::signature::SignatureScheme;
use dassie::store::relationships::follows;
use dassie::store::{Conn, actors};
use serde_json::{Value, json};

use crate::federation::world::PUBLIC;
use crate::support::{Peer, TestServer};

/// Hosts that represent the receiving server in documents; a scene assigns individual URLs where it matters.
const OURS: &[&str] = &[
    "localtesting.pleroma.lol",
    "testing.pleroma.lol",
    "testing.uguu.ltd",
    "local.example",
    "test.federation.network",
];

/// Members whose values may be fetched, so that they must resolve to a test server and never to the real one.
const ASKED_FOR: &[&str] = &[
    "id",
    "actor",
    "attributedTo",
    "object",
    "target",
    "instrument",
    "result",
    "quote",
    "quoteUrl",
    "quoteUri",
    "_misskey_quote",
    "quoteAuthorization",
    "href",
    "first",
    "next",
    "partOf",
    "items",
    "orderedItems",
    "outbox",
    "featured",
    "followers",
    "interactionTarget",
    "interactingObject",
];

/// The text of a post as its own server serves it, where that copy must win.
const AS_SERVED: &str = "<p>in the words of its own server</p>";

/// Test servers, each reused for one origin after another: one per origin would exceed the limit of open files.
pub struct Troupe {
    peers: Vec<Peer>,
    next: Cell<usize>,
}

impl Troupe {
    pub fn new() -> Self {
        Self { peers: (0..64).map(|_| Peer::start()).collect(), next: Cell::new(0) }
    }

    /// A server that knows nothing.
    pub fn next(&self) -> &Peer {
        let peer = &self.peers[self.next.get() % self.peers.len()];
        self.next.set(self.next.get() + 1);
        peer.forgets();
        peer
    }
}

/// A document on the stage.
pub struct Stage<'a> {
    pub alice: &'a TestServer,
    /// The servers, by the origin that they represent.
    peers: BTreeMap<String, &'a Peer>,
    /// The document, with all its addresses on the stage.
    pub document: Value,
    /// Its actor.
    pub actor: String,
}

impl<'a> Stage<'a> {
    /// Puts a document on the stage; `actor` is who does it or wrote it.
    pub fn set(alice: &'a TestServer, troupe: &'a Troupe, document: &Value, actor: &str) -> Self {
        let mut origins = BTreeSet::new();
        collect(document, false, &mut origins);
        origins.extend(origin_of(actor).map(|o| o.to_string()));
        origins.retain(|o| !OURS.iter().any(|ours| o.ends_with(&format!("//{ours}"))) && !o.ends_with("//www.w3.org"));
        let peers = origins.into_iter().map(|o| (o, troupe.next())).collect();
        let mut stage = Self { alice, peers, document: Value::Null, actor: String::new() };
        stage.actor = stage.moved(actor);
        stage.document = stage.cast(document);
        stage
    }

    /// Another document with the same servers in the same places.
    pub fn cast(&self, document: &Value) -> Value {
        serde_json::from_str(&self.moved(&document.to_string())).unwrap()
    }

    /// Replaces the remaining hosts that represent ours in the document by Alice's server.
    pub fn localizes(&mut self) {
        let mut text = self.document.to_string();
        for host in OURS {
            for scheme in ["http", "https"] {
                text = localized(&text, &format!("{scheme}://{host}/"), &self.alice.actor());
            }
        }
        self.document = serde_json::from_str(&text).unwrap();
    }

    fn moved(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (origin, peer) in &self.peers {
            if text == *origin {
                return peer.base.clone();
            }
            for next in ["/", "?", "\""] {
                text = text.replace(&format!("{origin}{next}"), &format!("{}{next}", peer.base));
            }
        }
        text
    }

    /// The server that represents the origin of a URL, and the path on it.
    pub fn place<'b>(&self, address: &'b str) -> (&'a Peer, &'b str) {
        let here =
            |p: &&&Peer| address.strip_prefix(&p.base).is_some_and(|r| r.is_empty() || r.starts_with(['/', '?', '#']));
        let peer = self.peers.values().find(here).unwrap_or_else(|| panic!("no test server for {address}"));
        let path = address[peer.base.len()..].split(['#', '?']).next().unwrap();
        (peer, if path.is_empty() { "/" } else { path })
    }

    pub fn serves(&self, id: &str, document: Value) {
        let (peer, path) = self.place(id);
        peer.serve(path, document);
    }

    /// An actor with this id and a key of ours, without any other members.
    pub fn person(&self, id: &str, kind: &str) -> Value {
        let (peer, _) = self.place(id);
        let text = peer.person("stand-in", &peer.key()).to_string().replace(&peer.actor("stand-in"), id);
        let mut person: Value = serde_json::from_str(&text).unwrap();
        let name = id.split(['#', '?']).next().unwrap().rsplit('/').find(|s| !s.is_empty()).unwrap_or("x");
        person["preferredUsername"] = json!(name.replace(['@', ':'], ""));
        person["type"] = json!(kind);
        person
    }

    /// Makes Alice's server store an actor as served at its id.
    pub fn meets(&self, id: &str) -> ActorId {
        self.alice.app.domain.remote().unwrap().fresh_actor(id).unwrap_or_else(|e| panic!("fetching {id}: {e}"))
    }

    /// A follow between Alice and an actor, either way.
    pub fn follow(&self, actor: &str, by_alice: bool, accepted: bool) -> String {
        let domain = &self.alice.app.domain;
        let (owner, number, now) = (domain.owner().unwrap(), FollowId(domain.next_id()), domain.now());
        let by = if by_alice { &owner.uri } else { actor };
        let id = format!("{by}#stage-follow-{number}");
        let (owner_id, wanted, key) = (owner.id, actor.to_owned(), id.clone());
        let write = move |c: &Conn| {
            let other = actors::id_by_uri(c, &wanted)?.ok_or(dassie::Error::NotFound)?;
            let (from, to) = if by_alice { (owner_id, other) } else { (other, owner_id) };
            follows::insert(c, number, &key, from, to, accepted, now).map(|_| ())
        };
        domain.store.write(write).unwrap();
        id
    }

    /// What the server of a URL serves there: the object in the document, with a text of its own, or a short note.
    pub fn serves_post(&self, value: &Value, more: &Value) {
        let id = id_of(value).unwrap();
        let stated = value.get("attributedTo").and_then(first_id);
        let same = origin_of(id) == origin_of(&self.actor);
        let author = match stated.or(more["attributedTo"].as_str()) {
            Some(author) => author.to_owned(),
            None if same => self.actor.clone(),
            None => format!("{}/users/author", origin_of(id).unwrap()),
        };
        if author != self.actor {
            self.serves(&author, self.person(&author, "Person"));
        }
        let readable = stated.is_some() && kind_of(value).as_deref() != Some("Tombstone");
        let mut post = if readable { value.clone() } else { json!({"id": id, "type": "Note", "to": [PUBLIC]}) };
        post["@context"] = json!("https://www.w3.org/ns/activitystreams");
        post["attributedTo"] = json!(author);
        post["content"] = json!(AS_SERVED);
        for member in ["contentMap", "updated"] {
            post.as_object_mut().unwrap().remove(member);
        }
        if post.get("published").is_none() {
            post["published"] = json!("2018-01-01T00:00:00Z");
        }
        for (member, value) in more.as_object().into_iter().flatten() {
            post[member] = value.clone();
        }
        self.serves(id, post);
    }

    /// Fetches a post by its URL, as a search by the owner does.
    pub fn fetches(&self, id: &str) {
        self.alice.app.domain.remote().unwrap().at_url(id).unwrap_or_else(|e| panic!("fetching {id}: {e}"));
    }

    /// Delivers an activity in the name of its actor.
    pub fn delivers(&self, activity: &Value) -> u16 {
        let (peer, _) = self.place(&self.actor);
        let key_id = format!("{}#main-key", self.actor);
        let request = peer.signed_with(&peer.key(), &key_id, self.alice, SignatureScheme::Cavage, activity);
        let status = self.alice.send(&request).status;
        self.settles();
        status
    }

    /// Waits until all is done that can be done now.
    pub fn settles(&self) {
        let waits = |c: &Conn| {
            let sql = "SELECT (SELECT count(*) FROM inbox_queue WHERE error IS NULL) \
                 + (SELECT count(*) FROM jobs WHERE error IS NULL AND kind NOT LIKE 'poll%') \
                 + (SELECT count(*) FROM deliveries WHERE error IS NULL) \
                 + (SELECT count(*) FROM outgoing WHERE fan_out = 1)";
            Ok(c.prepare_cached(sql)?.query_row([], |r| r.get::<_, i64>(0))?)
        };
        let end = Instant::now() + Duration::from_secs(20);
        while self.alice.app.domain.store.read(waits).unwrap() > 0 {
            assert!(Instant::now() < end, "a job never finishes after {}", self.document);
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// True if the actor was fetched.
    pub fn requests_actor(&self) -> bool {
        let (peer, path) = self.place(&self.actor);
        peer.requests_for(path) > 0
    }

    /// What Alice's server has sent to the others, as words.
    pub fn sent(&self) -> Vec<String> {
        let all = self.peers.values().flat_map(|p| p.received());
        let mut sent: Vec<String> = all
            .map(|activity| {
                let inner = activity["object"]["type"].as_str().map(|t| format!(" {t}")).unwrap_or_default();
                let result = if activity["result"].is_string() { " with a result" } else { "" };
                format!("sent {}{inner}{result}", activity["type"].as_str().unwrap_or_default())
            })
            .collect();
        sent.sort();
        sent
    }

    /// Deletes everything in Alice's database but her own posts with these ids.
    pub fn strikes(self, kept: &str) {
        let kept = kept.to_owned();
        let write = move |c: &Conn| {
            c.execute("DELETE FROM statuses WHERE uri <> ?1", [kept])?;
            for table in
                ["jobs", "inbox_queue", "deliveries", "outgoing", "relays", "reports", "seen_activities", "hosts"]
            {
                c.execute(&format!("DELETE FROM {table}"), [])?;
            }
            c.execute("DELETE FROM tombstones", [])?;
            c.execute("DELETE FROM actors WHERE NOT local", [])?;
            c.execute("UPDATE actors SET followers_count = 0, following_count = 0", [])?;
            Ok(())
        };
        self.alice.app.domain.store.write(write).unwrap();
    }
}

fn first_id(value: &Value) -> Option<&str> {
    match value {
        Value::Array(list) => list.first().and_then(first_id),
        other => id_of(other).or(other.as_str()),
    }
}

/// The origins of all URLs that may be fetched.
fn collect(value: &Value, asked_for: bool, origins: &mut BTreeSet<String>) {
    match value {
        Value::String(s) if asked_for => origins.extend(origin_of(s).map(|o| o.to_string())),
        Value::Array(list) => list.iter().for_each(|v| collect(v, asked_for, origins)),
        Value::Object(members) => {
            for (name, value) in members.iter().filter(|(n, _)| *n != "@context" && *n != "signature" && *n != "proof")
            {
                collect(value, ASKED_FOR.contains(&name.as_str()), origins);
            }
        }
        _ => {}
    }
}

/// Addresses that begin like this become Alice's.
fn localized(text: &str, prefix: &str, actor: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(prefix) {
        let end = rest[at..].find(['"', '\\', '<', ' ']).map_or(rest.len(), |e| at + e);
        out.push_str(&rest[..at]);
        out.push_str(actor);
        rest = &rest[end..];
    }
    out + rest
}
