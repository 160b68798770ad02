//! Deletion of the owner's posts.

use std::sync::Arc;

use super::attachments;
use crate::domain::interactions::boost;
use crate::domain::outbox::builders;
use crate::domain::outbox::queue::{self, Outgoing};
use crate::domain::outbox::recipients::{self, Change};
use crate::domain::queries::status_view::{StatusLoader, StatusView};
use crate::domain::signal::Worker;
use crate::domain::{Domain, Owner, Tx};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::StatusId;
use crate::store::interactions::thread_mutes;
use crate::store::media;
use crate::store::queues::deliveries::Lane;
use crate::store::statuses::{self, tombstones};
use crate::store::visibility::Viewer;

/// What happens to the uploads of a deleted post. They are no longer served in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadRetention {
    /// They are removed.
    Remove,
    /// They are kept for [`limits::REDRAFT_UPLOAD_AGE`], so that "delete and redraft" can post them again.
    KeepForRedraft,
}

/// Deletes a post or a boost of the owner. Returns the deleted post.
///
/// # Errors
/// [`Error::NotFound`] if the owner has no such post.
pub fn delete(domain: &Arc<Domain>, id: StatusId, uploads: UploadRetention) -> Result<StatusView> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        let viewer = Viewer::Owner(owner.id);
        let view = StatusLoader::new(tx, viewer)
            .status(id)?
            .filter(|v| v.status.actor_id == owner.id)
            .ok_or(Error::NotFound)?;
        if view.boost_of.is_some() {
            boost::delete(tx, tx.domain(), &owner, &view)?;
        } else {
            delete_post(tx, &owner, &view, uploads)?;
        }
        tx.wake(Worker::Delivery);
        Ok(view)
    })
}

fn delete_post(tx: &Tx<'_>, owner: &Owner, view: &StatusView, uploads: UploadRetention) -> Result<()> {
    let status = &view.status;
    let now = tx.now();
    let recipients = recipients::of_change(tx, status.id, Change::Ended)?;
    let document = builders::deletion(owner, &status.uri, true, builders::deletion_audience(view));
    let document = builders::for_group(document, view);
    let outgoing = Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(status.id) };
    queue::send(tx, outgoing)?;
    match uploads {
        UploadRetention::Remove => attachments::remove_of_post(tx, &view.media)?,
        UploadRetention::KeepForRedraft => media::withdraw(tx, status.id, now.plus(limits::REDRAFT_UPLOAD_AGE))?,
    }
    thread_mutes::remove(tx, status.id)?;
    tombstones::insert_own(tx, &status.uri, &status.kind, status.visibility.is_open(), now)?;
    statuses::delete(tx, status)
}
