//! Where the story is played: the accounts and posts that it refers to, and the time.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::script::Role;
use crate::domain::account::remote_actor;
use crate::domain::inbox::{self, Inbound, Outcome};
use crate::domain::{Domain, Owner};
use crate::error::{Error, Result};
use crate::jobs::WorkerContext;
use crate::protocol::activitystreams;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::{actors, statuses};

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;
const CONTEXT: &str = "https://www.w3.org/ns/activitystreams";

/// The state of the play.
pub(super) struct Stage<'a> {
    pub ctx: &'a WorkerContext,
    pub owner: Owner,
    roles: Vec<Role>,
    people: HashMap<String, ActorId>,
    /// The posts by their keys: our id and the ActivityPub id.
    posts: HashMap<String, (StatusId, String)>,
    /// Counts the activities, whose ids must differ.
    acts: u32,
}

impl<'a> Stage<'a> {
    /// A stage with these accounts.
    ///
    /// # Errors
    /// If an account is refused.
    pub(super) fn new(ctx: &'a WorkerContext, owner: Owner, roles: Vec<Role>) -> Result<Self> {
        let mut stage = Self { ctx, owner, roles, people: HashMap::new(), posts: HashMap::new(), acts: 0 };
        stage.introduce()?;
        Ok(stage)
    }

    pub(super) fn domain(&self) -> &Arc<Domain> {
        &self.ctx.domain
    }

    /// Stores the documents of all accounts, as after a fetch.
    ///
    /// # Errors
    /// If an account is refused.
    pub(super) fn introduce(&mut self) -> Result<()> {
        for role in &self.roles {
            let document = activitystreams::read_actor(&self.actor(role)).map_err(|e| failed(&role.key, &e))?;
            let (domain, name, host) = (self.domain().clone(), role.key.clone(), role.host.clone());
            let id = self.domain().transact(move |tx| remote_actor::store(tx, &domain, &document, &name, &host))?;
            self.people.insert(role.key.clone(), id);
        }
        Ok(())
    }

    fn actor(&self, role: &Role) -> Value {
        let id = uri(role);
        let picture = |file: String| json!({"type": "Image", "url": self.file(&file)});
        let fields = role.fields.iter().map(|(n, v)| json!({"type": "PropertyValue", "name": n, "value": v}));
        json!({
            "@context": CONTEXT, "type": role.kind.as_deref().unwrap_or("Person"), "id": id,
            "preferredUsername": role.key, "name": role.name, "summary": role.bio,
            "url": format!("https://{}/@{}", role.host, role.key),
            "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"), "followers": format!("{id}/followers"),
            "endpoints": {"sharedInbox": format!("https://{}/inbox", role.host)},
            "published": self.domain().now().minus(Duration::from_secs(role.joined * DAY)).to_activity(),
            "icon": role.face.map(|n| picture(format!("demo-face-{n}.png"))),
            "image": role.header.as_ref().map(|scene| picture(format!("demo-{scene}.jpg"))),
            "attachment": fields.collect::<Vec<_>>(), "tag": self.emoji(&role.emoji), "discoverable": true,
        })
    }

    /// The URL of a file in the override directory.
    pub(super) fn file(&self, name: &str) -> String {
        self.domain().site.url(&format!("/static/{name}"))
    }

    /// Custom emoji as tags.
    pub(super) fn emoji(&self, names: &[String]) -> Vec<Value> {
        let tag = |name: &String| {
            let icon =
                json!({"type": "Image", "mediaType": "image/png", "url": self.file(&format!("demo-{name}.png"))});
            json!({"type": "Emoji", "name": format!(":{name}:"), "icon": icon})
        };
        names.iter().map(tag).collect()
    }

    /// Sets the time of what happens next.
    pub(super) fn go_to(&self, minutes_ago: u64) {
        self.domain().set_back(Duration::from_secs(minutes_ago * MINUTE));
    }

    fn role(&self, key: &str) -> Result<&Role> {
        self.roles.iter().find(|role| role.key == key).ok_or_else(|| failed(key, &"there is no such account"))
    }

    /// Our id for an account.
    pub(super) fn person(&self, key: &str) -> Result<ActorId> {
        self.people.get(key).copied().ok_or_else(|| failed(key, &"there is no such account"))
    }

    /// The ActivityPub id of an account, or of the owner.
    pub(super) fn uri(&self, key: &str) -> Result<String> {
        if key == self.owner.username { Ok(self.owner.uri.clone()) } else { self.role(key).map(uri) }
    }

    /// The handle of an account, or of the owner.
    pub(super) fn handle(&self, key: &str) -> Result<String> {
        match key == self.owner.username {
            true => Ok(self.domain().site.handle_of(key)),
            false => self.role(key).map(|role| format!("{}@{}", role.key, role.host)),
        }
    }

    /// An id on the server of an account.
    pub(super) fn id_at(&mut self, key: &str, kind: &str) -> Result<String> {
        self.acts += 1;
        Ok(format!("{}/{kind}/{}", self.uri(key)?, self.acts))
    }

    /// Our id for a post.
    pub(super) fn post(&self, key: &str) -> Result<StatusId> {
        self.posts.get(key).map(|(id, _)| *id).ok_or_else(|| failed(key, &"there is no such post"))
    }

    /// The ActivityPub id of a post.
    pub(super) fn post_uri(&self, key: &str) -> Result<String> {
        self.posts.get(key).map(|(_, uri)| uri.clone()).ok_or_else(|| failed(key, &"there is no such post"))
    }

    /// Remembers a stored post.
    pub(super) fn remember(&mut self, key: &str, id: StatusId) -> Result<()> {
        let status = self.domain().store.read(|c| statuses::get(c, id))?.ok_or(Error::NotFound)?;
        self.posts.insert(key.to_owned(), (id, status.uri));
        Ok(())
    }

    /// Remembers a post that was delivered with this ActivityPub id.
    pub(super) fn remember_delivered(&mut self, key: &str, uri: &str) -> Result<()> {
        let status = self.domain().store.read(|c| statuses::by_uri(c, uri))?;
        let id = status.ok_or_else(|| failed(key, &"the post was not stored"))?.id;
        self.posts.insert(key.to_owned(), (id, uri.to_owned()));
        Ok(())
    }

    /// Applies an activity of an account, as if its server had delivered it.
    ///
    /// # Errors
    /// If it has no effect.
    pub(super) fn deliver(&self, by: &str, activity: &Value) -> Result<()> {
        let read = activitystreams::read_activity(activity).map_err(|e| failed(by, &e))?;
        read.prepare();
        let signer = self.person(by)?;
        let outcome = self.domain().transact(move |tx| {
            let signer = actors::get(tx, signer)?.ok_or(Error::NotFound)?;
            inbox::apply(Inbound { conn: tx, domain: tx.domain(), signer: &signer, activity: &read })
        })?;
        match outcome {
            Outcome::Stored | Outcome::Applied => Ok(()),
            other => Err(failed(by, &format!("{other:?} {activity}"))),
        }
    }
}

fn uri(role: &Role) -> String {
    format!("https://{}/users/{}", role.host, role.key)
}

/// The error of a line of the script.
pub(super) fn failed(subject: &str, why: &dyn std::fmt::Display) -> Error {
    Error::internal(format!("the demo could not be played: {subject}: {why}"))
}
