//! Scenes: the state that is set up before a document arrives, as named in the table.

use dassie::protocol::activitystreams::{id_of, origin_of};
use dassie::store::peers::relays;
use dassie::store::{Conn, statuses};
use serde_json::{Value, json};

use super::stage::Stage;
use crate::federation::world::PUBLIC;

/// The words of a scene. `followed`: Alice follows the actor. `follower`: the actor follows Alice. `group`: the actor
/// is a community. `unknown`: Alice's server has never seen the actor. `first`: what is undone was done before it;
/// `first=Like` where only its id is named. `after=NAME`: that document came before. `serves=NAME`: that document is
/// served at its id. `ROLE@POINTER`: see [`plays`]. Fetched, not delivered: `outbox`, `featured`, `followers` and
/// `following` of an actor, and `replies` to a post, with further pages in `with=NAMES`; a `handle`; a `stamp`, when
/// the quote arrives that it belongs to; a post that is served `elsewhere` than at its id.
pub struct Scene(Vec<String>);

impl Scene {
    pub fn new(words: &str) -> Self {
        Self(words.split(' ').filter(|w| !w.is_empty() && *w != "-").map(str::to_owned).collect())
    }

    pub fn has(&self, word: &str) -> bool {
        self.0.iter().any(|w| w == word)
    }

    /// The value after `word=`.
    pub fn value(&self, word: &str) -> Option<&str> {
        self.0.iter().find_map(|w| w.strip_prefix(word)?.strip_prefix('='))
    }

    /// Puts everything in its place.
    pub fn prepare(&self, stage: &mut Stage<'_>, post: &str) {
        let kind = if self.has("group") { "Group" } else { "Person" };
        let actor = stage.actor.clone();
        stage.serves(&actor, stage.person(&actor, kind));
        if !self.has("unknown") {
            stage.meets(&actor);
        }
        if self.has("followed") {
            stage.follow(&actor, true, true);
        }
        if self.has("follower") {
            stage.follow(&actor, false, true);
        }
        for (role, pointer) in self.0.iter().filter_map(|w| w.split_once('@')) {
            plays(stage, role, pointer, post);
        }
        stage.localizes();
        if self.has("first") {
            let mut undone = stage.document["object"].clone();
            undone["actor"] = json!(actor);
            assert_eq!(stage.delivers(&undone), 202);
        }
        if let Some(kind) = self.value("first") {
            let object = if kind == "Block" { stage.alice.actor() } else { post.to_owned() };
            let id = stage.document["object"].clone();
            let mut undone = json!({"id": id, "type": kind, "actor": actor, "object": object});
            if kind == "EmojiReact" {
                undone["content"] = json!("🔥");
            }
            assert_eq!(stage.delivers(&undone), 202);
        }
        stage.settles();
    }
}

/// Gives the address at a place of the document a part, everywhere in it.
///
/// Of Alice: `alice`, a public `post` of hers, a `poll` (`polls` for several choices) with the choices of the document, a
/// `follow` that waits, one of a `relay`; her `boost`, `reply` or `quote` of what is `theirs`, and her `request` to quote
/// it. `mention` is Alice at this place alone.
///
/// Of others: `theirs` is already stored; `served` is served by its own server, `others` by another actor there,
/// `private` is for followers, in a `loop` it quotes the document, `gone` was stored and deleted; `confirmed` is an
/// activity that its own server serves; `actor` is the actor itself, `moves` its new and `pulled` its old account,
/// `somebody` any other actor.
fn plays(stage: &mut Stage<'_>, role: &str, pointer: &str, post: &str) {
    let value = stage.document.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")).clone();
    let id = id_of(&value).or(value.as_str()).unwrap_or_else(|| panic!("no id at {pointer}")).to_owned();
    let value = if value.is_string() { json!({"id": id}) } else { value };
    let actor = stage.actor.clone();
    let new = match role {
        "alice" => stage.alice.actor(),
        "actor" => actor,
        "post" => post.to_owned(),
        "poll" | "polls" => poll(stage, role == "polls"),
        "follow" => stage.follow(&actor, true, false),
        "relay" => relay(stage),
        "boost" | "reply" | "quote" => of_theirs(stage, role),
        "request" => format!("{}/quote", stage.document.pointer("/object/instrument").unwrap().as_str().unwrap()),
        "theirs" => {
            let policy = json!({"canQuote": {"automaticApproval": [], "manualApproval": [PUBLIC]}});
            stage.serves_post(&value, &json!({"interactionPolicy": policy}));
            return stage.fetches(&id);
        }
        "served" => return stage.serves_post(&value, &json!({})),
        "others" => {
            let author = format!("{}/users/author", origin_of(&id).unwrap());
            return stage.serves_post(&value, &json!({"attributedTo": author}));
        }
        "private" => return stage.serves_post(&value, &json!({"to": [format!("{actor}/followers")]})),
        "confirmed" => return confirmed(stage, &value),
        "gone" => {
            stage.serves_post(&value, &json!({}));
            stage.fetches(&id);
            return stage.serves(&id, json!({"id": id, "type": "Tombstone"}));
        }
        "mention" => {
            let actor = stage.alice.actor();
            return *stage.document.pointer_mut(pointer).unwrap() = json!(actor);
        }
        "loop" => {
            let back = json!({"quoteUrl": stage.document["object"]["id"]});
            return stage.serves_post(&value, &back);
        }
        "somebody" => return stage.serves(&id, stage.person(&id, "Person")),
        "moves" => {
            let new = with(stage.person(&id, "Person"), "alsoKnownAs", json!([actor]));
            return stage.serves(&id, new);
        }
        "pulled" => return pulled(stage, &id),
        other => panic!("unknown role {other}"),
    };
    stage.document = recast(&stage.document, &id, &new);
}

fn with(mut document: Value, member: &str, value: Value) -> Value {
    document[member] = value;
    document
}

/// The same document with another address in the place of this one.
fn recast(value: &Value, old: &str, new: &str) -> Value {
    match value {
        Value::String(s) if s == old => json!(new),
        Value::Array(list) => list.iter().map(|v| recast(v, old, new)).collect::<Vec<_>>().into(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(k, v)| (k.clone(), recast(v, old, new))).collect())
        }
        other => other.clone(),
    }
}

/// The signer is the new account of an actor that Alice follows.
fn pulled(stage: &Stage<'_>, old: &str) {
    let new = stage.actor.clone();
    stage.serves(&new, with(stage.person(&new, "Person"), "alsoKnownAs", json!([old])));
    stage.serves(old, with(stage.person(old, "Person"), "movedTo", json!(new)));
    stage.meets(&new);
    stage.meets(old);
    stage.follow(old, true, true);
}

/// A forwarded activity is the one that its own server serves.
fn confirmed(stage: &Stage<'_>, activity: &Value) {
    let actor = activity["actor"].as_str().unwrap();
    stage.serves(actor, stage.person(actor, "Person"));
    stage.serves(activity["id"].as_str().unwrap(), activity.clone());
}

/// A poll of Alice with the choices of the votes in the document, and one more.
fn poll(stage: &Stage<'_>, multiple: bool) -> String {
    let object = &stage.document["object"];
    let votes = object.as_array().cloned().unwrap_or_else(|| vec![object.clone()]);
    let names = votes.iter().map(|v| v["name"].clone());
    let options: Vec<Value> = [json!("none of these")].into_iter().chain(names).collect();
    let poll = json!({"options": options, "expires_in": 3600, "multiple": multiple});
    let posted = stage.alice.post("/api/v1/statuses", json!({"status": "which?", "poll": poll}));
    posted["uri"].as_str().unwrap().to_owned()
}

fn relay(stage: &Stage<'_>) -> String {
    let domain = &stage.alice.app.domain;
    let uri = format!("{}#follows/relay", domain.instance().unwrap().uri);
    let (id, now, inbox) = (domain.next_id(), domain.now(), format!("{}/inbox", origin_of(&stage.actor).unwrap()));
    let key = uri.clone();
    domain
        .store
        .write(move |c: &Conn| {
            relays::insert(c, id, &inbox, None, (&key, "https://www.w3.org/ns/activitystreams#Public"), now).map(|_| ())
        })
        .unwrap();
    uri
}

/// What Alice has made of the only stored post by another author.
fn of_theirs(stage: &Stage<'_>, role: &str) -> String {
    let query = |c: &Conn| Ok(c.query_row("SELECT id FROM statuses WHERE NOT local", [], |r| r.get::<_, i64>(0))?);
    let theirs = stage.alice.app.domain.store.read(query).unwrap().to_string();
    let made = match role {
        "boost" => stage.alice.post(&format!("/api/v1/statuses/{theirs}/reblog"), json!({})),
        "reply" => stage.alice.post("/api/v1/statuses", json!({"status": "so", "in_reply_to_id": theirs})),
        _ => stage.alice.post("/api/v1/statuses", json!({"status": "look", "quoted_status_id": theirs})),
    };
    let uri = made["uri"].as_str().unwrap().to_owned();
    assert!(stage.alice.app.domain.store.read(|c| statuses::by_uri(c, &uri)).unwrap().is_some());
    uri
}
