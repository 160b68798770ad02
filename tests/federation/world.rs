//! Actors of the tests of activity types: Alice, Ana as the owner of the objects, and every kind of other actor.

use serde_json::{Value, json};

use super::picture::Picture;
use crate::support::{Peer, TestServer, eventually};

pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// The relation of a signer to Ana and Alice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Ana herself; she and Alice follow each other.
    Owner,
    /// Another actor of Ana's server.
    Neighbour,
    /// An actor of another server.
    Foreign,
    /// An actor that Alice blocks.
    Blocked,
    /// An actor that is unknown to Alice's server.
    Unknown,
}

pub const EVERYBODY: [By; 5] = [By::Owner, By::Neighbour, By::Foreign, By::Blocked, By::Unknown];

/// Alice's server, Ana's, and a third one.
pub struct World {
    pub alice: TestServer,
    /// Ana's server.
    pub near: Peer,
    /// Another server.
    pub far: Peer,
    /// Alice's public post, which Ana likes and boosts.
    pub post: Value,
    /// Alice's post for her followers.
    pub private: Value,
    /// Servers of unknown actors: several, because each may cause only so many key fetches a minute.
    unknown: [Peer; 3],
    came: std::cell::Cell<usize>,
}

impl World {
    /// Ana and Alice follow each other. Alice sees Ana's note; Ana likes and boosts Alice's post.
    pub fn new() -> Self {
        let world = Self::without_approval();
        world.accept_follow();
        world.settle(By::Owner, &world.own_note("note", "the note of ana"));
        world.settle(By::Owner, &world.act(By::Owner, "like", "Like", world.post["uri"].clone()));
        world.settle(By::Owner, &world.act(By::Owner, "boost", "Announce", world.post["uri"].clone()));
        world
    }

    /// The same, but Ana has not responded to the follow of Alice, and has sent nothing else.
    pub fn without_approval() -> Self {
        let (alice, near, far) = (TestServer::start("alice"), Peer::start(), Peer::start());
        for name in ["ana", "eve"] {
            near.add_actor(name);
        }
        for name in ["fay", "ban"] {
            far.add_actor(name);
        }
        let unknown = [Peer::start(), Peer::start(), Peer::start()];
        let post = alice.posts("a post of alice", "public");
        let private = alice.posts("for followers of alice", "private");
        let world = Self { alice, near, far, post, private, unknown, came: std::cell::Cell::new(0) };
        for by in [By::Owner, By::Neighbour, By::Foreign, By::Blocked] {
            world.account(by).expect("an actor that can be found");
        }
        world.block(By::Blocked);
        let ana = world.account(By::Owner).unwrap()["id"].as_str().unwrap().to_owned();
        world.alice.post(&format!("/api/v1/accounts/{ana}/follow"), json!({}));
        world.settle(By::Owner, &world.act(By::Owner, "follow", "Follow", json!(world.alice.actor())));
        world
    }

    /// The owner blocks this actor.
    fn block(&self, by: By) {
        let uri = self.actor(by);
        let owner = self.alice.app.domain.owner().unwrap().id;
        let write = move |c: &dassie::store::Conn| {
            let sql = "INSERT INTO blocks (id, actor_id, target_id, created_at) SELECT 1, ?1, id, 1 FROM actors WHERE uri = ?2";
            assert_eq!(c.execute(sql, rusqlite::params![owner, uri])?, 1);
            Ok(())
        };
        self.alice.app.domain.store.write(write).unwrap();
    }

    /// The id of Alice's Follow of Ana.
    pub fn follow_of_ana(&self) -> String {
        eventually("a follow arrives", || self.near.received().iter().any(|a| a["type"] == "Follow"));
        let follow = self.near.received().into_iter().find(|a| a["type"] == "Follow").unwrap();
        follow["id"].as_str().unwrap().to_owned()
    }

    fn accept_follow(&self) {
        self.settle(By::Owner, &self.act(By::Owner, "accept", "Accept", json!(self.follow_of_ana())));
        assert_eq!(self.relation()["following"], true);
    }

    pub fn peer(&self, by: By) -> &Peer {
        match by {
            By::Owner | By::Neighbour => &self.near,
            By::Foreign | By::Blocked => &self.far,
            By::Unknown => &self.unknown[self.came.get() % self.unknown.len()],
        }
    }

    pub fn name(&self, by: By) -> String {
        match by {
            By::Owner => "ana".into(),
            By::Neighbour => "eve".into(),
            By::Foreign => "fay".into(),
            By::Blocked => "ban".into(),
            By::Unknown => format!("new{}", self.came.get()),
        }
    }

    /// The next unknown actor is another one.
    pub fn add_unknown_actor(&self) {
        self.came.set(self.came.get() + 1);
        self.peer(By::Unknown).add_actor(&self.name(By::Unknown));
    }

    pub fn actor(&self, by: By) -> String {
        self.peer(by).actor(&self.name(by))
    }

    pub fn ana(&self) -> String {
        self.actor(By::Owner)
    }

    /// The id of Ana's note.
    pub fn note(&self) -> String {
        format!("{}/notes/note", self.near.base)
    }

    /// The id of an activity of this actor.
    pub fn activity(&self, by: By, id: &str) -> String {
        format!("{}/{}/{id}", self.peer(by).base, self.name(by))
    }

    /// A public activity by this actor.
    pub fn act(&self, by: By, id: &str, kind: &str, object: Value) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": self.activity(by, id), "type": kind,
            "actor": self.actor(by), "object": object, "to": [PUBLIC],
        })
    }

    /// Ana's Create of a public note.
    pub fn own_note(&self, id: &str, text: &str) -> Value {
        self.near.note("ana", id, text, &[PUBLIC])
    }

    /// Delivers an activity and waits until all resulting jobs are done. Returns the status.
    pub fn settle(&self, by: By, activity: &Value) -> u16 {
        let response = self.peer(by).delivers(&self.alice, &self.name(by), activity);
        eventually("it is processed", || self.alice.is_settled());
        response.status
    }

    /// The relationship of Alice to Ana.
    pub fn relation(&self) -> Value {
        let id = self.account(By::Owner).unwrap()["id"].as_str().unwrap().to_owned();
        self.alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0].clone()
    }

    /// An actor as Alice's apps see it.
    pub fn account(&self, by: By) -> Option<Value> {
        let query: String = url::form_urlencoded::byte_serialize(self.actor(by).as_bytes()).collect();
        let found = self.alice.get(&format!("/api/v2/search?resolve=true&type=accounts&q={query}"));
        found["accounts"].get(0).cloned()
    }

    /// The owner has a notification of this kind from this actor.
    pub fn notified(&self, kind: &str, by: By) -> bool {
        let list = self.alice.get("/api/v1/notifications?limit=80");
        list.as_array().unwrap().iter().any(|n| n["type"] == kind && n["account"]["uri"] == self.actor(by).as_str())
    }

    pub fn picture(&self) -> Picture {
        Picture::of(&self.alice)
    }

    /// How much was sent out to all the others.
    pub fn sent(&self) -> usize {
        let peers = [&self.near, &self.far].into_iter().chain(&self.unknown);
        peers.map(|p| p.received().len()).sum()
    }
}
