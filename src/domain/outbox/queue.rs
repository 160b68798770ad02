//! Queues activities of our actors for delivery. The commit of the write wakes the delivery worker.

use serde_json::{Value, json};

use super::builders::{actor_document, audience_of, for_group, note_document, origin_activity};
use super::recipients::{self, Change, Recipients};
use crate::domain::queries::status_view::{StatusLoader, StatusView};
use crate::domain::signal::Worker;
use crate::domain::urls::OwnAction;
use crate::domain::{Owner, Tx};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{ActivityKind, Audience, PUBLIC};
use crate::protocol::activitystreams::write::{self, OwnActivity};
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors::{self, Actor};
use crate::store::queues::deliveries::{self, Lane, OutgoingActivity};
use crate::store::relationships::follows;
use crate::store::statuses::Status;
use crate::store::visibility::Viewer;

/// An activity and its recipients.
pub struct Outgoing {
    /// The local actor that performs it.
    pub actor: ActorId,
    /// The whole document, with context.
    pub document: Value,
    /// The recipients.
    pub recipients: Recipients,
    /// Its priority.
    pub lane: Lane,
    /// The status that it is about.
    pub status: Option<StatusId>,
}

/// Queues an activity.
pub fn send(tx: &Tx<'_>, outgoing: Outgoing) -> Result<()> {
    match outgoing.recipients.has_none(tx, outgoing.actor)? {
        true => Ok(()),
        false => enqueue(tx, outgoing),
    }
}

/// Queues an activity that has recipients.
fn enqueue(tx: &Tx<'_>, outgoing: Outgoing) -> Result<()> {
    let Outgoing { actor, document, recipients, lane, status } = outgoing;
    let text = |member: &str| document[member].as_str().unwrap_or_default().to_owned();
    let activity = OutgoingActivity {
        id: tx.next_id(),
        actor,
        uri: text("id"),
        kind: ActivityKind::of(&text("type")),
        status,
        body: serde_json::to_vec(&document)?,
        to_followers: recipients.to_followers,
        private: recipients.to_followers && !is_public(&document),
    };
    tx.wake(Worker::Delivery);
    deliveries::enqueue(tx, &activity, &recipients.inboxes, lane, tx.now())
}

/// True if an actor gets this activity. Responses, and activities that end something, reach even actors that block the
/// sender.
fn receives(tx: &Tx<'_>, to: &Actor, from: ActorId, document: &Value) -> Result<bool> {
    use ActivityKind::{Accept, Block, Delete, Reject, Undo};
    let change = match document["type"].as_str().map(ActivityKind::of) {
        Some(Accept | Reject | Undo | Delete | Block) => Change::Ended,
        _ => Change::Written,
    };
    recipients::receives(tx, to.id, from, change)
}

/// Queues an activity for one other actor, unless that actor blocks the sender.
pub fn send_to(tx: &Tx<'_>, from: ActorId, to: &Actor, document: Value) -> Result<()> {
    if !receives(tx, to, from, &document)? {
        return Ok(());
    }
    let recipients = Recipients::actor(to);
    send(tx, Outgoing { actor: from, document, recipients, lane: Lane::Owner, status: None })
}

/// Queues an activity of the owner on a status for its author and its community. `document` gets the ActivityPub id of the
/// author.
pub fn send_to_author(tx: &Tx<'_>, owner: &Owner, status: &Status, document: impl FnOnce(&str) -> Value) -> Result<()> {
    let Some(author) = actors::get(tx, status.actor_id)? else { return Ok(()) };
    let (mut document, mut recipients) = (document(&author.uri), Recipients::actor(&author));
    if !receives(tx, &author, owner.id, &document)? {
        return Ok(());
    }
    if let Some(group) = recipients::community_of(tx, status)?.filter(|g| g.id != author.id) {
        // It counts in the community, and reaches its members, only if the community announces it.
        document["cc"] = json!([group.uri]);
        document["audience"] = json!(group.uri);
        recipients.add_community(&author, &group);
    }
    send(tx, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(status.id) })
}

/// Returns `true` if an activity is addressed to the public.
pub(super) fn is_public(document: &Value) -> bool {
    ["to", "cc"]
        .iter()
        .any(|member| document[*member].as_array().is_some_and(|list| list.iter().any(|id| id == PUBLIC)))
}

/// Queues an Update of the owner's actor for followers and followed actors.
pub fn send_profile(tx: &Tx<'_>, owner: &Owner) -> Result<()> {
    let recipients = Recipients { inboxes: follows::following_inboxes(tx, owner.id)?, to_followers: true };
    send_actor(tx, owner.id, recipients)
}

/// Who gets new keys, besides the hosts that may have cached the old ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// Followers and followed actors.
    ToFollowers,
    /// No other actors.
    ToHosts,
}

/// Queues an Update of a local actor whose keys have changed, for every host that may have cached the old ones.
pub(crate) fn announce_keys(tx: &Tx<'_>, id: ActorId, announced: Announced) -> Result<()> {
    let mut inboxes = actors::inboxes_of_hosts(tx, limits::KEY_ANNOUNCED_HOSTS)?;
    let to_followers = announced == Announced::ToFollowers;
    if to_followers {
        let followed = follows::following_inboxes(tx, id)?;
        inboxes.extend(followed.into_iter().filter(|inbox| !inboxes.contains(inbox)).collect::<Vec<_>>());
    }
    send_actor(tx, id, Recipients { inboxes, to_followers })
}

fn send_actor(tx: &Tx<'_>, id: ActorId, recipients: Recipients) -> Result<()> {
    let actor = actors::get(tx, id)?.ok_or(Error::NotFound)?;
    let mut object = actor_document(tx, tx.site(), &actor)?;
    if let Some(members) = object.as_object_mut() {
        members.remove("@context");
    }
    let document = write::activity(&OwnActivity {
        id: &OwnAction::Update.of(&actor.uri, tx.next_id()),
        kind: "Update",
        actor: &actor.uri,
        object,
        audience: Audience { to: vec![PUBLIC.to_owned()], cc: actor.followers_uri.iter().cloned().collect() },
        published: None,
    });
    send(tx, Outgoing { actor: id, document, recipients, lane: Lane::Bulk, status: None })
}

/// Queues the Create or Announce of a status of the owner.
pub fn send_origin(tx: &Tx<'_>, owner: &Owner, view: &StatusView, recipients: Recipients) -> Result<()> {
    if recipients.has_none(tx, owner.id)? {
        return Ok(());
    }
    let document = write::with_context(origin_activity(tx, tx.site(), view)?);
    enqueue(tx, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(view.status.id) })
}

/// Queues the Update of a status of the owner.
pub fn send_update(tx: &Tx<'_>, owner: &Owner, id: StatusId) -> Result<()> {
    let recipients = recipients::of_change(tx, id, Change::Written)?;
    if recipients.has_none(tx, owner.id)? {
        return Ok(());
    }
    let view = own_status(tx, owner, id)?;
    let document = write::activity(&OwnActivity {
        id: &OwnAction::Update.of(&view.status.uri, tx.next_id()),
        kind: "Update",
        actor: &owner.uri,
        object: note_document(tx, tx.site(), &view)?,
        audience: audience_of(&view),
        published: None,
    });
    let document = for_group(document, &view);
    enqueue(tx, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(id) })
}

/// A status of the owner, as the owner sees it.
pub fn own_status(tx: &Tx<'_>, owner: &Owner, id: StatusId) -> Result<StatusView> {
    StatusLoader::filtered(tx, Viewer::Owner(owner.id), tx.domain()).status(id)?.ok_or(Error::NotFound)
}
