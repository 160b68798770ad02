//! The queue that activities of ours leave by: what is put there, and for whom.

use serde_json::{Value, json};

use super::builders::{actor_document, audience_of, for_group, note_document, origin_activity};
use super::recipients::{self, Change, Recipients};
use crate::domain::queries::status_view::StatusLoader;
use crate::domain::urls::OwnAction;
use crate::domain::{Domain, Owner};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{ActivityKind, Audience, PUBLIC};
use crate::protocol::activitystreams::write::{self, OwnActivity};
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::signature::proof;
use crate::store::actors::Actor;
use crate::store::queues::deliveries;
use crate::store::queues::deliveries::{Lane, OutgoingActivity};
use crate::store::relationships::follows;
use crate::store::statuses::Status;
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors};

/// What an activity is about and where it goes.
pub struct Outgoing {
    /// The actor of ours that does it.
    pub actor: ActorId,
    /// The whole document, with context.
    pub document: Value,
    /// Where it goes.
    pub recipients: Recipients,
    /// How urgent it is.
    pub lane: Lane,
    /// The status that it is about.
    pub status: Option<StatusId>,
}

/// Puts an activity into the delivery queue, inside the write that caused it. The caller rings
/// `domain.signals.delivery` after the write.
///
/// # Errors
/// When the database cannot be written.
pub fn send(conn: &Conn, domain: &Domain, s: Outgoing) -> Result<()> {
    if s.recipients.inboxes.is_empty() && !s.recipients.to_followers {
        return Ok(());
    }
    let public = is_public(&s.document);
    let owner = domain.owner().ok().filter(|o| public && o.id == s.actor);
    // Only what is public is proven for ever; what is private must stay deniable.
    let document = match &owner {
        Some(owner) => proof::attach(s.document, &owner.proof_key, &owner.proof_key_id, domain.now()),
        None => s.document,
    };
    let text = |member: &str| document[member].as_str().unwrap_or_default().to_owned();
    let out = OutgoingActivity {
        id: domain.next_id(),
        actor: s.actor,
        uri: text("id"),
        kind: ActivityKind::of(&text("type")),
        status: s.status,
        body: serde_json::to_vec(&document)?,
        to_followers: s.recipients.to_followers,
        private: s.recipients.to_followers && !public,
    };
    deliveries::enqueue(conn, &out, &s.recipients.inboxes, s.lane, domain.now())
}

/// True if an actor is told of this activity. Answers to them, and what ends something, reach even those who block
/// whoever sends it.
fn hears(conn: &Conn, to: &Actor, from: ActorId, document: &Value) -> Result<bool> {
    use ActivityKind::{Accept, Block, Delete, Reject, Undo};
    let change = match document["type"].as_str().map(ActivityKind::of) {
        Some(Accept | Reject | Undo | Delete | Block) => Change::Ended,
        _ => Change::Written,
    };
    recipients::hears(conn, to.id, from, change)
}

/// Sends an activity of an actor of ours to one other actor, as [`send`] does; unless that blocks the first.
///
/// # Errors
/// When the database cannot be written.
pub fn send_to(conn: &Conn, domain: &Domain, from: ActorId, to: &Actor, document: Value) -> Result<()> {
    if !hears(conn, to, from, &document)? {
        return Ok(());
    }
    let recipients = Recipients::actor(to);
    send(conn, domain, Outgoing { actor: from, document, recipients, lane: Lane::Owner, status: None })
}

/// Sends what the owner does with a status to its author, whose ActivityPub id goes into the document, and to the
/// community that the status is in.
///
/// # Errors
/// When the database cannot be written.
pub fn send_to_author(
    conn: &Conn,
    domain: &Domain,
    owner: &Owner,
    status: &Status,
    document: impl FnOnce(&str) -> Value,
) -> Result<()> {
    let Some(author) = actors::get(conn, status.actor_id)? else { return Ok(()) };
    let (mut document, mut recipients) = (document(&author.uri), Recipients::actor(&author));
    if !hears(conn, &author, owner.id, &document)? {
        return Ok(());
    }
    if let Some(group) = recipients::community_of(conn, status)?.filter(|g| g.id != author.id) {
        // It counts in the community, and reaches its members, only if the community announces it.
        document["cc"] = json!([group.uri]);
        document["audience"] = json!(group.uri);
        recipients.add_community(&author, &group);
    }
    send(conn, domain, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(status.id) })
}

fn is_public(document: &Value) -> bool {
    ["to", "cc"]
        .iter()
        .any(|member| document[*member].as_array().is_some_and(|list| list.iter().any(|id| id == PUBLIC)))
}

/// Update of the owner's whole actor document, to followers and those followed.
///
/// # Errors
/// When the database cannot be read or written.
pub fn send_profile(conn: &Conn, domain: &Domain, owner: &Owner) -> Result<()> {
    let recipients = Recipients { inboxes: follows::following_inboxes(conn, owner.id)?, to_followers: true };
    send_actor(conn, domain, owner.id, recipients)
}

/// Who is told of new keys besides the hosts that we have dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// Followers and those followed.
    ToFollowers,
    /// Nobody else.
    ToHosts,
}

/// Update of the actor document of an actor of ours whose keys were changed, to every host that may keep the old ones.
pub(crate) fn announce_keys(conn: &Conn, domain: &Domain, id: ActorId, announced: Announced) -> Result<()> {
    let mut inboxes = actors::inboxes_of_hosts(conn, limits::KEY_ANNOUNCED_HOSTS)?;
    let to_followers = announced == Announced::ToFollowers;
    if to_followers {
        let followed = follows::following_inboxes(conn, id)?;
        inboxes.extend(followed.into_iter().filter(|inbox| !inboxes.contains(inbox)).collect::<Vec<_>>());
    }
    send_actor(conn, domain, id, Recipients { inboxes, to_followers })
}

fn send_actor(conn: &Conn, domain: &Domain, id: ActorId, recipients: Recipients) -> Result<()> {
    let Some(actor) = actors::get(conn, id)? else { return Err(Error::NotFound) };
    let mut object = actor_document(conn, &domain.site, &actor)?;
    if let Some(members) = object.as_object_mut() {
        members.remove("@context");
    }
    let document = write::activity(&OwnActivity {
        id: &OwnAction::Update.of(&actor.uri, domain.next_id()),
        kind: "Update",
        actor: &actor.uri,
        object,
        audience: Audience { to: vec![PUBLIC.to_owned()], cc: actor.followers_uri.iter().cloned().collect() },
        published: None,
    });
    send(conn, domain, Outgoing { actor: id, document, recipients, lane: Lane::Bulk, status: None })
}

/// Sends the activity that brought a status of ours into the world.
///
/// # Errors
/// When the database cannot be read or written.
pub fn send_origin(conn: &Conn, domain: &Domain, owner: &Owner, id: StatusId, recipients: Recipients) -> Result<()> {
    let view = StatusLoader::new(conn, Viewer::Owner(owner.id)).status(id)?.ok_or(Error::NotFound)?;
    let document = write::with_context(origin_activity(conn, &domain.site, &view)?);
    send(conn, domain, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(id) })
}

/// Sends an edited status of ours.
///
/// # Errors
/// When the database cannot be read or written.
pub fn send_update(conn: &Conn, domain: &Domain, owner: &Owner, id: StatusId) -> Result<()> {
    let view = StatusLoader::new(conn, Viewer::Owner(owner.id)).status(id)?.ok_or(Error::NotFound)?;
    let document = write::activity(&OwnActivity {
        id: &OwnAction::Update.of(&view.status.uri, domain.next_id()),
        kind: "Update",
        actor: &owner.uri,
        object: note_document(conn, &domain.site, &view)?,
        audience: audience_of(&view),
        published: None,
    });
    let document = for_group(document, &view);
    let recipients = recipients::of_change(conn, id, Change::Written)?;
    send(conn, domain, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(id) })
}
