//! Muted threads: they cause no notifications.

use std::sync::Arc;

use super::target;
use crate::domain::Domain;
use crate::error::Result;
use crate::protocol::ids::StatusId;
use crate::store::interactions::favourites;

/// Mutes the thread of a post. Returns the id of the post, or of the post that it boosts.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) if the owner may not see it.
pub fn add(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    domain.transact(move |tx| {
        let status = target::find(tx, &tx.owner()?, id)?;
        favourites::set_thread_muted(tx, status.thread, true, tx.now())?;
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
        favourites::set_thread_muted(tx, status.thread, false, tx.now())?;
        Ok(status.id)
    })
}
