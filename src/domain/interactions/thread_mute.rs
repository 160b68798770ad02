//! Muted threads: they cause no notifications.

use std::sync::Arc;

use super::target;
use crate::domain::Domain;
use crate::error::Result;
use crate::protocol::ids::StatusId;
use crate::store::interactions::thread_mutes;

/// Mutes the thread of a post. Returns the id of the post, or of the post that it boosts.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) if the owner may not see it.
pub fn add(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    domain.transact(move |tx| {
        let status = target::find(tx, &tx.owner()?, id)?;
        thread_mutes::insert(tx, status.thread, tx.now())?;
        Ok(status.id)
    })
}

/// Unmutes the thread of a post.
///
/// # Errors
/// As [`add`].
pub fn remove(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    domain.transact(move |tx| {
        let status = target::find(tx, &tx.owner()?, id)?;
        thread_mutes::remove(tx, status.thread)?;
        Ok(status.id)
    })
}
