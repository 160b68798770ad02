//! The owner's decisions about the filtered notifications of actors.

use std::sync::Arc;

use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::protocol::ids::ActorId;
use crate::store::notifications::requests;

/// The owner's decision about the filtered notifications of an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestDecision {
    /// They join the others, and later ones are not filtered.
    Accept,
    /// They are removed.
    Dismiss,
}

/// Decides about the request of one actor.
///
/// # Errors
/// [`Error::NotFound`] if the actor has no filtered notifications.
pub fn decide(domain: &Arc<Domain>, actor: ActorId, decision: RequestDecision) -> Result<()> {
    domain.transact(move |tx| {
        requests::get(tx, actor)?.ok_or(Error::NotFound)?;
        match decision {
            RequestDecision::Accept => requests::accept(tx, actor, tx.now()),
            RequestDecision::Dismiss => requests::dismiss(tx, actor),
        }
    })
}

/// Decides about the requests of several actors. Those without a request are ignored.
pub fn decide_many(domain: &Arc<Domain>, actors: Vec<ActorId>, decision: RequestDecision) -> Result<()> {
    domain.transact(move |tx| {
        for actor in actors {
            match requests::get(tx, actor)? {
                Some(_) if decision == RequestDecision::Accept => requests::accept(tx, actor, tx.now())?,
                Some(_) => requests::dismiss(tx, actor)?,
                None => {}
            }
        }
        Ok(())
    })
}
