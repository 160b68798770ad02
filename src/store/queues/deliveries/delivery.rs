//! A delivery, and its lane.

use crate::protocol::activitystreams::types::ActivityKind;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;

/// How urgent a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// The owner is waiting for the effect: posts, follows, replies.
    Owner = 0,
    /// Profile updates, deletes and the like.
    Bulk = 1,
    /// What we pass on for others. It has a line of its own at each host, behind the owner's.
    Forward = 2,
}

/// A delivery whose turn it is.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its row.
    pub id: i64,
    /// The activity.
    pub outgoing_id: i64,
    /// Where it goes.
    pub inbox: String,
    /// The host of the inbox.
    pub host: String,
    /// Failed attempts so far.
    pub attempts: i64,
    /// Those of them that were rejected with 401.
    pub refusals: i64,
    /// When the activity was made.
    pub created_at: Timestamp,
    /// The activity's type.
    pub kind: ActivityKind,
    /// Which actor of this server signs.
    pub actor: ActorId,
    /// The status that it is about.
    pub status: Option<StatusId>,
    /// It is for followers only.
    pub private: bool,
}
