//! Relationships between the owner and other actors.

use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::actors;
use crate::store::database::column_types::IdList;
use crate::store::peers::domain_policies::Severity;
use crate::store::relationships::mutes::Mute;
use crate::store::relationships::{account_notes, blocks, endorsements, follows, mutes};

/// The relationship between the owner and an actor.
#[derive(Debug, Clone, Default)]
pub struct Relation {
    /// The owner follows it.
    pub following: bool,
    /// The owner sees its boosts.
    pub show_boosts: bool,
    /// The owner is notified of each post.
    pub notify: bool,
    /// The owner sees only posts in these languages; all if it is empty.
    pub languages: Vec<String>,
    /// The owner has requested to follow it.
    pub requested: bool,
    /// The reason why a follow of the owner has failed.
    pub failure: Option<String>,
    /// It follows the owner.
    pub followed_by: bool,
    /// It has requested to follow the owner.
    pub requested_by: bool,
    /// The owner blocks it.
    pub blocking: bool,
    /// It blocks the owner.
    pub blocked_by: bool,
    /// The owner's mute of it.
    pub mute: Option<Mute>,
    /// The owner blocks its server.
    pub domain_blocking: bool,
    /// The owner features it.
    pub endorsed: bool,
    /// The owner's private note about it.
    pub note: String,
}

impl Relation {
    /// When the owner's mute of it ends, if it does.
    pub fn mute_ends_at(&self) -> Option<Timestamp> {
        self.mute.and_then(|mute| mute.expires_at)
    }
}

/// The relationship between the owner and an actor.
pub fn relation(conn: &Conn, owner: ActorId, other: ActorId) -> Result<Relation> {
    Ok(relations(conn, owner, &[other])?.pop().map(|(_, relation)| relation).unwrap_or_default())
}

/// The relationships between the owner and these actors, in this order, without actors that are not stored.
pub fn relations(conn: &Conn, owner: ActorId, others: &[ActorId]) -> Result<Vec<(ActorId, Relation)>> {
    let ids = IdList::of_actors(others);
    let stored = actors::among(conn, &ids)?;
    let follows = follows::among(conn, owner, &ids)?;
    let blocks = blocks::among(conn, owner, &ids)?;
    let mutes = mutes::among(conn, &ids)?;
    let mut notes = account_notes::among(conn, &ids)?;
    let endorsed = endorsements::among(conn, &ids)?;
    let mut found = Vec::with_capacity(others.len());
    for id in others {
        let Some(actor) = stored.iter().find(|actor| actor.id == *id) else { continue };
        let out = follows.iter().find(|f| f.target == *id && f.follower == owner);
        let back = follows.iter().find(|f| f.follower == *id && f.target == owner);
        let relation = Relation {
            following: out.is_some_and(|f| f.accepted),
            show_boosts: out.is_some_and(|f| f.accepted && f.show_boosts),
            notify: out.is_some_and(|f| f.notify),
            languages: out.map(|f| f.languages.clone()).unwrap_or_default(),
            requested: out.is_some_and(follows::Follow::is_waiting),
            failure: out.and_then(|f| f.failure.clone()),
            followed_by: back.is_some_and(|f| f.accepted),
            requested_by: back.is_some_and(|f| !f.accepted),
            blocking: blocks.contains(&(owner, *id)),
            blocked_by: blocks.contains(&(*id, owner)),
            mute: mutes.get(id).copied(),
            domain_blocking: actor.limited == Severity::Suspend,
            endorsed: endorsed.contains(id),
            note: notes.remove(id).unwrap_or_default(),
        };
        found.push((*id, relation));
    }
    Ok(found)
}
