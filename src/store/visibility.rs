//! Who may see a status: one rule in SQL, used by every read on every surface.

use crate::protocol::ids::ActorId;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Anyone on the web.
    Anonymous,
    /// A remote actor that signed its request.
    Peer(ActorId),
    /// The owner, signed in or through an app.
    Owner(ActorId),
}

impl Viewer {
    /// True for the owner.
    pub fn is_owner(self) -> bool {
        self.owner().is_some()
    }

    /// The owner, if that is who looks.
    pub fn owner(self) -> Option<ActorId> {
        match self {
            Self::Owner(owner) => Some(owner),
            Self::Anonymous | Self::Peer(_) => None,
        }
    }
}

/// A condition on a row of `statuses` under the name `alias`: true when `viewer` may see it.
///
/// Open statuses are for everyone. Followers-only ones are for accepted followers of the author and for those
/// mentioned; direct ones for those mentioned. A boost is seen when both it and what it boosts may be seen.
/// No viewer sees what belongs to an actor that its own server or this one has suspended, nor a boost of it.
pub fn visible_to(viewer: Viewer, alias: &str) -> String {
    let own = own_rule(viewer, alias);
    let inner = own_rule(viewer, "boosted");
    format!(
        "({own} AND ({alias}.boost_of_id IS NULL OR EXISTS (SELECT 1 FROM statuses boosted \
         JOIN actors ba ON ba.id = boosted.actor_id AND ba.suspended = 0 AND ba.limited < 2 \
         WHERE boosted.id = {alias}.boost_of_id AND {inner})) \
         AND NOT EXISTS (SELECT 1 FROM actors WHERE actors.id = {alias}.actor_id \
         AND (actors.suspended = 1 OR actors.limited = 2)))"
    )
}

/// A condition on a row of `statuses` under the name `alias`, beside [`visible_to`]: true when it is shown among others,
/// in threads, searches and public timelines, and not only to who looks for it.
///
/// Posts by blocked actors are hidden from everyone, those by silenced actors from everyone but the owner, and those by muted
/// actors from the owner.
pub fn shown_to(viewer: Viewer, alias: &str) -> String {
    let silenced = match viewer {
        Viewer::Owner(_) => "OR EXISTS (SELECT 1 FROM mutes WHERE mutes.target_id = a.id)",
        Viewer::Anonymous | Viewer::Peer(_) => "OR a.limited = 1",
    };
    format!(
        "NOT EXISTS (SELECT 1 FROM actors a WHERE a.id = {alias}.actor_id AND a.local = 0 AND ({BLOCKED} {silenced}))"
    )
}

/// A condition on a row of `statuses` under the name `alias`: true unless the viewer is the owner, who has muted its author
/// or the author of what it boosts.
pub fn unmuted(viewer: Viewer, alias: &str) -> String {
    if !viewer.is_owner() {
        return "TRUE".into();
    }
    format!(
        "NOT EXISTS (SELECT 1 FROM mutes WHERE mutes.target_id = {alias}.actor_id) AND ({alias}.boost_of_id IS NULL \
         OR NOT EXISTS (SELECT 1 FROM statuses muted JOIN mutes ON mutes.target_id = muted.actor_id \
         WHERE muted.id = {alias}.boost_of_id))"
    )
}

/// A condition on a row that has an `actor_id`: true when that actor is counted and listed.
pub fn actor_shown(viewer: Viewer, alias: &str) -> String {
    let limited = if viewer.is_owner() { "a.limited = 2" } else { "a.limited > 0" };
    format!(
        "NOT EXISTS (SELECT 1 FROM actors a WHERE a.id = {alias}.actor_id AND (a.suspended = 1 OR {limited} OR {BLOCKED}))"
    )
}

/// The owner blocks the actor `a`.
const BLOCKED: &str = "EXISTS (SELECT 1 FROM blocks JOIN actors o ON o.id = blocks.actor_id AND o.local = 1 \
                       WHERE blocks.target_id = a.id)";

fn own_rule(viewer: Viewer, s: &str) -> String {
    let id = match viewer {
        Viewer::Anonymous => return format!("{s}.visibility <= 1"),
        Viewer::Peer(id) | Viewer::Owner(id) => id,
    };
    format!(
        "({s}.visibility <= 1 OR {s}.actor_id = {id} \
         OR EXISTS (SELECT 1 FROM mentions m WHERE m.status_id = {s}.id AND m.actor_id = {id}) \
         OR ({s}.visibility = 2 AND EXISTS (SELECT 1 FROM follows f \
             WHERE f.follower_id = {id} AND f.target_id = {s}.actor_id AND f.accepted = 1)))"
    )
}
