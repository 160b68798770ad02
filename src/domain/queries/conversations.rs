//! The owner's conversations: threads of direct posts.

use std::sync::Arc;

use super::status_view::{StatusLoader, StatusView};
use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::ActorId;
use crate::store::actors::Actor;
use crate::store::conversations::{self, Conversation};
use crate::store::database::pagination::Page;
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors};

/// A conversation with its participants and its newest post.
#[derive(Debug, Clone)]
pub struct ConversationView {
    /// The row.
    pub conversation: Conversation,
    /// The participants except the owner; the owner if there are no others.
    pub actors: Vec<Arc<Actor>>,
    /// The newest post.
    pub last: StatusView,
}

/// One page of the owner's conversations.
pub fn list(domain: &Domain, page: &Page) -> Result<Vec<ConversationView>> {
    let owner = domain.owner()?.id;
    domain.store.read(|c| {
        let rows = conversations::list(c, owner, page)?;
        Ok(rows.into_iter().map(|row| view(c, owner, row)).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    })
}

fn view(conn: &Conn, owner: ActorId, conversation: Conversation) -> Result<Option<ConversationView>> {
    let Some(last) = StatusLoader::new(conn, Viewer::Owner(owner)).status(conversation.last)? else { return Ok(None) };
    let mut ids = conversations::participants(conn, owner, conversation.id, limits::CONVERSATION_ACTORS)?;
    if ids.is_empty() {
        ids.push(owner);
    }
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(actors::get(conn, id)?.map(Arc::new));
    }
    Ok(Some(ConversationView { conversation, actors: found, last }))
}

/// Marks a conversation as read.
///
/// # Errors
/// [`Error::NotFound`] if the owner has no such conversation.
pub fn read(domain: &Domain, id: i64) -> Result<ConversationView> {
    let owner = domain.owner()?.id;
    domain.store.write(move |conn| {
        let row = conversations::get(conn, owner, id)?.ok_or(Error::NotFound)?;
        conversations::set_read(conn, row.id, row.last)?;
        view(conn, owner, Conversation { unread: false, ..row })?.ok_or(Error::NotFound)
    })
}

/// Removes a conversation from the list until it has a new post. Its posts are kept.
///
/// # Errors
/// [`Error::NotFound`] if the owner has no such conversation.
pub fn remove(domain: &Domain, id: i64) -> Result<()> {
    let owner = domain.owner()?.id;
    domain.store.write(move |conn| {
        let row = conversations::get(conn, owner, id)?.ok_or(Error::NotFound)?;
        conversations::hide(conn, row.id, row.last)
    })
}
