//! Relationship.

use serde::Serialize;

use crate::domain::relationships::relation::Relation;
use crate::protocol::ids::ActorId;

/// Relationship.
#[derive(Debug, Serialize)]
pub struct Relationship {
    id: ActorId,
    following: bool,
    showing_reblogs: bool,
    notifying: bool,
    languages: Option<Vec<String>>,
    followed_by: bool,
    blocking: bool,
    blocked_by: bool,
    muting: bool,
    muting_notifications: bool,
    muting_expires_at: Option<String>,
    requested: bool,
    requested_by: bool,
    domain_blocking: bool,
    endorsed: bool,
    note: String,
}

/// The owner's relationship with an actor.
pub fn relationship(id: ActorId, r: Relation) -> Relationship {
    let muting_expires_at = r.mute_ends_at().map(|at| at.to_api());
    Relationship {
        id,
        following: r.following,
        showing_reblogs: r.show_boosts,
        notifying: r.notify,
        languages: (!r.languages.is_empty()).then_some(r.languages),
        followed_by: r.followed_by,
        blocking: r.blocking,
        blocked_by: r.blocked_by,
        muting: r.mute.is_some(),
        muting_notifications: r.mute.is_some_and(|mute| mute.notifications),
        muting_expires_at,
        requested: r.requested,
        requested_by: r.requested_by,
        domain_blocking: r.domain_blocking,
        endorsed: r.endorsed,
        note: r.note,
    }
}
