//! Test world: Alice, and two servers, a good one with Ana and an evil one with Mallory. Alice follows both, so the
//! posts that they boost are fetched.

use std::cell::Cell;

use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::{Peer, TestServer, eventually};

pub struct Meeting {
    pub alice: TestServer,
    pub good: Peer,
    pub evil: Peer,
    count: Cell<u32>,
}

impl Meeting {
    pub fn new() -> Self {
        let meeting =
            Self { alice: TestServer::start("alice"), good: Peer::start(), evil: Peer::start(), count: Cell::new(0) };
        meeting.good.add_actor("ana");
        follows(&meeting.alice, &meeting.good, "ana");
        follows(&meeting.alice, &meeting.evil, "mallory");
        meeting
    }

    /// Another number at each call.
    pub fn next(&self) -> u32 {
        self.count.set(self.count.get() + 1);
        self.count.get()
    }

    /// Delivers what `name` signs, and waits for its effects.
    pub fn deliver(&self, peer: &Peer, name: &str, activity: &Value) {
        peer.delivers(&self.alice, name, activity).expect(202);
        eventually("it is processed", || self.alice.is_settled());
    }

    /// An activity of Mallory's with this object.
    pub fn mallory(&self, kind: &str, object: Value) {
        let activity = json!({
            "id": format!("{}/acts/{}", self.evil.base, self.next()), "type": kind, "actor": self.evil.actor("mallory"),
            "object": object, "to": [PUBLIC],
        });
        self.deliver(&self.evil, "mallory", &activity);
    }

    /// The owner searches for the object at a URL.
    pub fn searches(&self, url: &str) -> Vec<Value> {
        let query: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
        let found = self.alice.get(&format!("/api/v2/search?resolve=true&type=statuses&q={query}"));
        found["statuses"].as_array().unwrap().clone()
    }

    /// The text of the post that is stored under this id.
    pub fn stored(&self, id: &str) -> Option<String> {
        let read = |c: &dassie::store::Conn| dassie::store::statuses::by_uri(c, id);
        self.alice.app.domain.store.read(read).unwrap().map(|s| s.content)
    }

    /// Everything that the owner can find of posts, as text.
    pub fn everything(&self) -> String {
        let lists = ["/api/v1/timelines/home?limit=40", "/api/v1/notifications", "/api/v1/timelines/public?limit=40"];
        lists.iter().map(|path| self.alice.get(path).to_string()).collect()
    }
}

/// A server's owner follows an actor of a peer, who agrees.
pub fn follows(server: &TestServer, peer: &Peer, name: &str) {
    let uri = peer.actor(name);
    let query: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
    let found = server.get(&format!("/api/v2/search?resolve=true&type=accounts&q={query}"));
    let id = found["accounts"][0]["id"].as_str().unwrap();
    server.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    let requested = || peer.received().into_iter().find(|a| a["type"] == "Follow" && a["object"] == uri.as_str());
    eventually("the follow arrives", || requested().is_some());
    let accept =
        json!({"id": format!("{uri}/accept"), "type": "Accept", "actor": uri, "object": requested().unwrap()["id"]});
    peer.delivers(server, name, &accept).expect(202);
    eventually("the follow is accepted and its backfill done", || server.is_settled());
}

/// A public note.
pub fn words(id: &str, author: &str, text: &str) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Note", "attributedTo": author,
        "content": text, "to": [PUBLIC], "cc": [],
    })
}
