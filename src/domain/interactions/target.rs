//! The post that the owner interacts with.

use crate::domain::Owner;
use crate::error::refusal::InteractionRefusal;
use crate::error::{Error, Result};
use crate::protocol::ids::StatusId;
use crate::store::statuses::Status;
use crate::store::visibility::Viewer;
use crate::store::{Conn, statuses};

/// The post with this id, or the post that it boosts.
///
/// # Errors
/// [`Error::NotFound`] if the owner may not see it.
pub(in crate::domain) fn find(conn: &Conn, owner: &Owner, id: StatusId) -> Result<Status> {
    let viewer = Viewer::Owner(owner.id);
    let status = statuses::visible(conn, viewer, id)?.ok_or(Error::NotFound)?;
    match status.boost_of {
        Some(of) => statuses::visible(conn, viewer, of)?.ok_or(Error::NotFound),
        None => Ok(status),
    }
}

/// As [`find`], for a post that a new post names.
///
/// # Errors
/// [`Error::Missing`] with this reason if the owner may not see it.
pub(in crate::domain) fn find_named(
    conn: &Conn,
    owner: &Owner,
    id: StatusId,
    missing: InteractionRefusal,
) -> Result<Status> {
    find(conn, owner, id).map_err(|e| match e {
        Error::NotFound => Error::Missing(missing.into()),
        other => other,
    })
}
