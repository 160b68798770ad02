//! Single posts.

use super::status_view::{self, StatusView};
use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::protocol::ids::StatusId;
use crate::store::visibility::Viewer;

/// The status with this id.
///
/// # Errors
/// [`Error::NotFound`] if it is missing or hidden from the viewer.
pub fn get(domain: &Domain, viewer: Viewer, id: StatusId) -> Result<StatusView> {
    status_view::read(domain, viewer, |_, loader| loader.status(id))?.ok_or(Error::NotFound)
}

/// The statuses with these ids, in this order. Statuses that are missing or hidden from the viewer are left out.
pub fn get_many(domain: &Domain, viewer: Viewer, ids: &[StatusId]) -> Result<Vec<StatusView>> {
    status_view::read(domain, viewer, |_, loader| loader.statuses(ids))
}
