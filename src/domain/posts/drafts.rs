//! Posts that the owner has begun: saved on the server until they are published.

use std::sync::Arc;

use super::create::{self, Draft};
use super::stored_draft::StoredDraft;
use crate::domain::Domain;
use crate::error::refusal::PostRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::{DraftId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::account::drafts::{self, StoredPost};
use crate::store::database::column_types::IdList;
use crate::store::database::pagination::Page;
use crate::store::media::Media;
use crate::store::{Conn, media};

/// A draft with its uploads.
#[derive(Debug, Clone)]
pub struct DraftView {
    /// Our id for it.
    pub id: DraftId,
    /// The post.
    pub draft: Draft,
    /// Its uploads that are still stored, in order.
    pub media: Vec<Media>,
    /// When it was last saved.
    pub updated_at: Timestamp,
}

/// Saves a draft: a new one, or the new state of a stored one. Nothing but its size is checked.
///
/// # Errors
/// [`Error::Invalid`] if it is too long, or there are too many drafts.
pub fn save(domain: &Arc<Domain>, id: Option<DraftId>, draft: &Draft) -> Result<DraftId> {
    let json = StoredDraft::write(draft);
    if json.len() > limits::DRAFT_BYTES {
        return Err(Error::invalid(PostRefusal::DraftTooLong));
    }
    let uploads = draft.media.clone();
    domain.transact(move |tx| {
        let known = id.map(|id| drafts::get(tx, id)).transpose()?.flatten();
        if known.is_none() && drafts::count(tx)? >= limits::DRAFTS {
            return Err(Error::invalid(PostRefusal::TooManyDrafts(limits::DRAFTS)));
        }
        let id = known.map_or_else(|| DraftId(tx.next_id()), |draft| draft.id);
        drafts::put(tx, &StoredPost { id, draft: json, updated_at: tx.now() }, &uploads)?;
        Ok(id)
    })
}

/// One page of drafts, newest first.
pub fn list(domain: &Domain, page: &Page) -> Result<Vec<DraftView>> {
    domain.store.read(|c| views(c, drafts::list(c, page)?))
}

/// One draft.
///
/// # Errors
/// [`Error::NotFound`] if no draft has this id.
pub fn get(domain: &Domain, id: DraftId) -> Result<DraftView> {
    domain.store.read(|c| {
        let row = drafts::get(c, id)?.ok_or(Error::NotFound)?;
        views(c, vec![row])?.pop().ok_or(Error::NotFound)
    })
}

fn views(conn: &Conn, rows: Vec<StoredPost>) -> Result<Vec<DraftView>> {
    let mut uploads = drafts::media_of(conn, &IdList::new(rows.iter().map(|row| row.id.0)))?;
    let files = media::among(conn, uploads.values().flatten())?;
    let view = |row: StoredPost| {
        let ids = uploads.remove(&row.id).unwrap_or_default();
        let free = |id| files.get(id).filter(|m| m.status_id.is_none()).cloned();
        let media: Vec<Media> = ids.iter().filter_map(free).collect();
        let draft = StoredDraft::read(&row.draft, media.iter().map(|m| m.id).collect())?;
        Ok(DraftView { id: row.id, draft, media, updated_at: row.updated_at })
    };
    rows.into_iter().map(view).collect()
}

/// Deletes a draft. Its uploads are removed after a day unless a post has them by then.
///
/// # Errors
/// [`Error::NotFound`] if no draft has this id.
pub fn delete(domain: &Arc<Domain>, id: DraftId) -> Result<()> {
    domain.transact(move |tx| match drafts::remove(tx, id)? {
        true => Ok(()),
        false => Err(Error::NotFound),
    })
}

/// Publishes a post. The draft that it was kept in goes in the same write.
///
/// # Errors
/// As [`create()`](super::create()).
pub fn publish(domain: &Arc<Domain>, id: Option<DraftId>, draft: Draft) -> Result<StatusId> {
    let prepared = create::prepare(domain, draft)?;
    domain.transact(move |tx| {
        let published = prepared.insert(tx)?;
        id.map(|id| drafts::remove(tx, id)).transpose()?;
        Ok(published.status.id)
    })
}
