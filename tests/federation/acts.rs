//! The activities that the table in `verbs` sends.

use serde_json::{Value, json};

use super::meeting::words;
use super::world::{By, World};
use crate::support::Peer;

/// A row of the table, sent by one actor. Unless the row states another owner, its object belongs to Ana.
pub struct Acts<'a> {
    pub world: &'a World,
    pub verb: &'a str,
    pub by: By,
}

impl Acts<'_> {
    /// The activity of the row.
    pub fn activity(&self) -> Value {
        let found =
            self.to_objects().or_else(|| self.to_people()).or_else(|| self.to_posts()).or_else(|| self.to_others());
        found.unwrap_or_else(|| panic!("no activity for {}", self.verb))
    }

    fn id(&self) -> String {
        self.verb.replace(' ', "-")
    }

    fn act(&self, kind: &str, object: Value) -> Value {
        self.world.act(self.by, &self.id(), kind, object)
    }

    fn aimed(&self, kind: &str, object: Value, target: &str) -> Value {
        let mut activity = self.act(kind, object);
        activity["target"] = json!(target);
        activity
    }

    /// Undo of something that Ana did.
    fn undo(&self, id: &str, kind: &str, object: Value) -> Value {
        let (id, actor) = (self.world.activity(By::Owner, id), self.world.ana());
        self.act("Undo", json!({"id": id, "type": kind, "actor": actor, "object": object}))
    }

    fn undo_by_id(&self, id: &str) -> Value {
        self.act("Undo", json!(self.world.activity(By::Owner, id)))
    }

    fn to_objects(&self) -> Option<Value> {
        let (world, by) = (self.world, self.by);
        let (ana, note) = (world.ana(), world.note());
        let near = |name: &str| format!("{}/notes/{name}", world.near.base);
        Some(match self.verb {
            "Create" => self.act("Create", words(&near("2"), &ana, "a new note of ana")),
            "Create of an own note" => {
                world.peer(by).note(&world.name(by), &world.name(by), "hello", &[&world.alice.actor()])
            }
            "Create by id" => {
                world.near.serve("/notes/fetched", words(&near("fetched"), &ana, "a fetched note"));
                self.act("Create", json!(near("fetched")))
            }
            "Update of a note" => self.act("Update", words(&note, &ana, "changed words")),
            "Update of a note with another author" => {
                let other = if by == By::Owner { By::Neighbour } else { by };
                self.act("Update", words(&note, &world.actor(other), "stolen words"))
            }
            "Update of a note by id" => self.act("Update", json!(note)),
            "Update of a poll" => self.act("Update", poll(world, "changed question")["object"].clone()),
            "Delete of a tombstone" => self.act("Delete", json!({"id": note, "type": "Tombstone"})),
            "Delete of a note" => self.act("Delete", json!(note)),
            "Undo of a Create" => self.undo("note", "Create", json!(note)),
            _ => return None,
        })
    }

    fn to_people(&self) -> Option<Value> {
        let (world, ana, me) = (self.world, self.world.ana(), self.world.alice.actor());
        Some(match self.verb {
            "Update of a person" => {
                let mut person = world.near.person("ana", &Peer::other_key());
                person["name"] = json!("Another name");
                if self.by == By::Owner {
                    // Ana keeps her key, so that she can go on.
                    person["publicKey"] = world.near.document("/users/ana")["publicKey"].clone();
                }
                self.act("Update", person)
            }
            "Update of a person by id" => self.act("Update", json!(ana)),
            "Delete of a person" => self.act("Delete", json!(ana)),
            "Follow" => self.act("Follow", json!(me)),
            "Undo of a Follow" => self.undo("Follow", "Follow", json!(me)),
            "Undo of a Follow by id" => self.undo_by_id("follow"),
            "Move" => self.aimed("Move", json!(ana), &world.far.actor("other")),
            "Move to the sender" => self.aimed("Move", json!(ana), &world.actor(self.by)),
            _ => return None,
        })
    }

    fn to_posts(&self) -> Option<Value> {
        let (post, private) = (self.world.post["uri"].clone(), self.world.private["uri"].clone());
        Some(match self.verb {
            "Like" => self.act("Like", post),
            "Like of a private post" => self.act("Like", private),
            "Undo of a Like" => self.undo("Like", "Like", post),
            "Undo of a Like by id" => self.undo_by_id("like"),
            "EmojiReact to a private post" => {
                let mut reaction = self.act("EmojiReact", private);
                reaction["content"] = json!("🎉");
                reaction
            }
            "Announce" => self.act("Announce", post),
            "Announce of a private post" => self.act("Announce", private),
            "Undo of an Announce" => self.undo("Announce", "Announce", post),
            "Undo of an Announce by id" => self.undo_by_id("boost"),
            "Flag" => self.act("Flag", json!([self.world.alice.actor(), post])),
            "Update of a post of ours" => {
                self.act("Update", words(post.as_str().unwrap(), &self.world.alice.actor(), "forged"))
            }
            "Delete of a post of ours" => self.act("Delete", post),
            _ => return None,
        })
    }

    fn to_others(&self) -> Option<Value> {
        let (world, ana, me) = (self.world, self.world.ana(), self.world.alice.actor());
        let follow = json!({"id": world.follow_of_ana(), "type": "Follow", "actor": me, "object": ana});
        Some(match self.verb {
            "Accept" | "Reject" => self.act(self.verb, follow["id"].clone()),
            "Accept of an embedded Follow" => self.act("Accept", follow),
            "Accept of a Follow that nobody sent" => {
                let id = json!(format!("{me}/follows/1"));
                let follow = json!({"id": id, "type": "Follow", "actor": me, "object": world.far.actor("nobody")});
                self.act("Accept", if self.by == By::Owner { id } else { follow })
            }
            "Add" | "Remove" => self.aimed(self.verb, json!(world.note()), &format!("{ana}/collections/featured")),
            "Block of somebody else" => self.act("Block", json!(ana)),
            "Block" => self.act("Block", json!(me)),
            "Undo of a Block" => self.undo("Block", "Block", json!(me)),
            "Delete of the owner" => self.act("Delete", json!(me)),
            "Frobnicate" => self.act("Frobnicate", json!(world.note())),
            _ => return None,
        })
    }
}

/// Ana's Create of a question.
pub fn poll(world: &World, text: &str) -> Value {
    let mut create = world.own_note("poll", text);
    let options =
        json!([{"type": "Note", "name": "yes", "replies": {"totalItems": 1}}, {"type": "Note", "name": "no"}]);
    create["object"]["type"] = json!("Question");
    create["object"]["oneOf"] = options;
    create
}
