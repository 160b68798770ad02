//! Relationships between the owner and other actors.

use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::store::Conn;
use crate::store::relationships::{blocks, follows};

/// The relationship between the owner and an actor.
#[derive(Debug, Clone, Default)]
pub struct Relation {
    /// The owner follows it.
    pub following: bool,
    /// The owner sees its boosts.
    pub show_boosts: bool,
    /// The owner is notified of each post.
    pub notify: bool,
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
}

/// The relationship between the owner and an actor.
pub fn relation(conn: &Conn, owner: ActorId, other: ActorId) -> Result<Relation> {
    let out = follows::between(conn, owner, other)?;
    let back = follows::between(conn, other, owner)?;
    Ok(Relation {
        following: out.as_ref().is_some_and(|f| f.accepted),
        show_boosts: out.as_ref().is_some_and(|f| f.accepted && f.show_boosts),
        notify: out.as_ref().is_some_and(|f| f.notify),
        requested: out.as_ref().is_some_and(follows::Follow::is_waiting),
        failure: out.and_then(|f| f.failure),
        followed_by: back.as_ref().is_some_and(|f| f.accepted),
        requested_by: back.is_some_and(|f| !f.accepted),
        blocking: blocks::exists(conn, owner, other)?,
        blocked_by: blocks::exists(conn, other, owner)?,
    })
}
