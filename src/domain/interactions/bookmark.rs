//! The owner's bookmarks. They are private: nothing is sent.

use std::sync::Arc;

use super::target;
use crate::domain::Domain;
use crate::error::Result;
use crate::protocol::ids::StatusId;
use crate::store::interactions::bookmarks;
use crate::store::search;

/// Bookmarks a post, or the post that a boost boosts. Returns the id of the bookmarked post.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) if the owner may not see it.
pub fn add(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    domain.transact(move |tx| {
        let status = target::find(tx, &tx.owner()?, id)?;
        bookmarks::insert(tx, tx.next_id(), status.id, tx.now())?;
        search::refresh(tx, status.id)?;
        Ok(status.id)
    })
}

/// Removes the bookmark of a post.
///
/// # Errors
/// As [`add`].
pub fn remove(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    domain.transact(move |tx| {
        let status = target::find(tx, &tx.owner()?, id)?;
        bookmarks::remove(tx, status.id)?;
        search::refresh(tx, status.id)?;
        Ok(status.id)
    })
}
