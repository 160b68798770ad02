//! An object with everything that storing it requires.

use crate::domain::Domain;
use crate::domain::addressing;
use crate::domain::inbox::inbound::Inbound;
use crate::protocol::activitystreams::types::{Audience, Object};
use crate::protocol::ids::ActorId;
use crate::protocol::visibility::Visibility;
use crate::store::Conn;
use crate::store::actors::Actor;

/// Where an object comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Its author delivered it: it may cause a notification.
    Delivered,
    /// It was fetched from its own server: it appears at its own date, without a notification.
    Fetched,
    /// It was fetched because this community announced it.
    ForGroup(ActorId),
}

/// An object that is to be stored as a status.
#[derive(Clone, Copy)]
pub struct IncomingPost<'a> {
    /// The write transaction.
    pub conn: &'a Conn,
    /// The domain.
    pub domain: &'a Domain,
    /// The author. The caller has verified that the object is by this actor.
    pub author: &'a Actor,
    /// The object.
    pub object: &'a Object,
    /// The audience of the activity that contains the object.
    pub addressed: Option<&'a Audience>,
    /// Where the object comes from.
    pub source: Source,
}

impl<'a> IncomingPost<'a> {
    /// The object of an activity.
    pub(crate) fn delivered(inbound: Inbound<'a>, object: &'a Object) -> Self {
        Self {
            conn: inbound.conn,
            domain: inbound.domain,
            author: inbound.signer,
            object,
            addressed: Some(&inbound.activity.audience),
            source: Source::Delivered,
        }
    }

    /// The visibility that results from the audiences of the object and the activity.
    pub(super) fn visibility(self) -> Visibility {
        addressing::visibility_of(self.object, self.addressed, self.author)
    }
}
