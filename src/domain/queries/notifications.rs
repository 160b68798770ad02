//! The owner's notifications.

use super::status_view::{self, NotificationView};
use crate::domain::Domain;
use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::store::database::pagination::Page;
use crate::store::notifications::{self, NotificationKind};

/// The owner's notifications of these kinds, from all actors or from one.
pub fn list(
    domain: &Domain,
    kinds: &[NotificationKind],
    by: Option<ActorId>,
    page: &Page,
) -> Result<Vec<NotificationView>> {
    let viewer = domain.as_owner()?;
    status_view::read(domain, viewer, |c, loader| {
        let rows = notifications::list(c, viewer, kinds, by, page)?;
        loader.notifications(rows)
    })
}
