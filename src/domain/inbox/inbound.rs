//! An incoming activity with everything that applying it requires.

use super::authorization::{self, Action};
use super::outcome::Reason;
use crate::domain::{Domain, Owner, notifications};
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::{Activity, ActorKind, Item};
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::ids::StatusId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::actors::{self, Actor};
use crate::store::notifications::NotificationKind;
use crate::store::peers::relays;
use crate::store::queues::jobs;
use crate::store::statuses::tombstones;

/// An incoming activity, the actor that it comes from, and the transaction in which it is applied.
#[derive(Clone, Copy)]
pub struct Inbound<'a> {
    /// The write transaction.
    pub conn: &'a Conn,
    /// The domain.
    pub domain: &'a Domain,
    /// The actor that signed the request or the activity.
    pub signer: &'a Actor,
    /// The activity. Its actor is another one than the signer if the signer relays it.
    pub activity: &'a Activity,
}

impl<'a> Inbound<'a> {
    /// The same for an activity that the signer relays.
    pub(super) fn relaying<'b>(self, activity: &'b Activity) -> Inbound<'b>
    where
        'a: 'b,
    {
        Inbound { activity, ..self }
    }

    /// The first object.
    pub(super) fn object(self) -> Option<&'a Item> {
        self.activity.objects.first()
    }

    /// The id of the first object.
    pub(super) fn object_id(self) -> Option<&'a str> {
        self.object().and_then(Item::id)
    }

    /// The owner.
    pub(super) fn owner(self) -> Result<Owner> {
        self.domain.owner()
    }

    /// The present time.
    pub(super) fn now(self) -> Timestamp {
        self.domain.now()
    }

    /// Returns the reason why the signer is not permitted to do this, or `None` if it is.
    pub(super) fn refusal(self, action: Action<'_>) -> Result<Option<Reason>> {
        authorization::refusal(self.conn, self.domain, self.signer, action)
    }

    /// Returns `true` if the owner follows the signer.
    pub(super) fn is_followed(self) -> Result<bool> {
        self.domain.owner_follows(self.conn, self.signer.id)
    }

    /// Returns `true` if the activity is addressed to the owner by name.
    pub(super) fn names_owner(self) -> Result<bool> {
        let (owner, audience) = (self.owner()?.uri, &self.activity.audience);
        Ok(audience.to.contains(&owner) || audience.cc.contains(&owner))
    }

    /// The quota to which a fetch caused by the signer is charged.
    pub(super) fn cause(self) -> Result<jobs::Cause> {
        let known = self.is_followed()? || relays::is_relay(self.conn, self.signer.id)?;
        Ok(if known { jobs::Cause::Followed } else { jobs::Cause::Stranger })
    }

    /// Queues a job at the expense of the signer.
    pub(super) fn enqueue(self, task: &jobs::Task) -> Result<()> {
        jobs::enqueue_for(self.conn, task, self.cause()?, self.now()).map(|_| ())
    }

    /// Queues a job at the expense of the actors that the owner follows.
    pub(super) fn enqueue_as_followed(self, task: &jobs::Task) -> Result<()> {
        jobs::enqueue_for(self.conn, task, jobs::Cause::Followed, self.now()).map(|_| ())
    }

    /// Notifies the owner of an action of the signer.
    pub(super) fn notify(self, kind: NotificationKind, status: Option<StatusId>) -> Result<()> {
        notifications::notify(self.conn, self.domain, kind, self.signer.id, status).map(|_| ())
    }

    /// Records the end of an activity or object that may still arrive.
    pub(super) fn bury(self, id: &str) -> Result<()> {
        tombstones::insert_unseen(self.conn, id, &self.signer.uri, self.now())
    }

    /// Returns `true` if the signer has undone the activity with this id a short time ago. Later the id is free again:
    /// Misskey and others use the same id each time.
    pub(super) fn was_undone(self, id: &str) -> Result<bool> {
        let since = self.now().minus(limits::EARLY_UNDO_MEMORY);
        tombstones::covers_since(self.conn, id, &self.signer.uri, since)
    }

    /// Returns `true` if a post that the activity only names is to be fetched: it is on the server of the signer, and the
    /// owner follows the signer or is addressed by it.
    pub(super) fn may_fetch(self, id: &str) -> Result<bool> {
        Ok(same_origin(id, &self.signer.uri) && (self.names_owner()? || self.is_followed()?))
    }

    /// Returns `true` for a post of a group that the owner follows, written by a member on the same server (Mobilizon). Only
    /// that server knows who may write it, so the post is fetched.
    pub(super) fn is_group_post(self, id: &str, author: &str) -> Result<bool> {
        let signer = &self.signer.uri;
        if author == *signer || !same_origin(id, signer) || !same_origin(author, signer) {
            return Ok(false);
        }
        let author = actors::by_uri(self.conn, author)?.filter(|a| a.kind != ActorKind::Person);
        author.map_or(Ok(false), |author| self.domain.owner_follows(self.conn, author.id))
    }
}

/// Returns `true` unless the id of an activity is on another server than its actor. No server assigns ids of another one, and
/// a response to such an activity would name something that its own server does not have.
pub fn has_own_id(activity: &Activity) -> bool {
    activity.id.as_deref().is_none_or(|id| same_origin(id, &activity.actor))
}

/// The type of an embedded object.
pub(super) fn type_of(item: &Item) -> Option<String> {
    match item {
        Item::Id(_) => None,
        Item::Embedded(value) => activitystreams::kind_of(value),
    }
}
