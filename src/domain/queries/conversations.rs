//! The owner's conversations: threads of direct posts.

use std::collections::HashMap;
use std::sync::Arc;

use super::status_view::{StatusLoader, StatusView};
use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors::Actor;
use crate::store::conversations::{self, Conversation};
use crate::store::database::column_types::IdList;
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
        views(c, domain, owner, rows)
    })
}

/// The views of conversations, with a constant number of statements.
fn views(conn: &Conn, domain: &Domain, owner: ActorId, rows: Vec<Conversation>) -> Result<Vec<ConversationView>> {
    let threads = IdList::new(rows.iter().map(|row| row.id));
    let mut participants = conversations::participants(conn, owner, &threads, limits::CONVERSATION_ACTORS)?;
    let ids: Vec<StatusId> = rows.iter().map(|row| row.last).collect();
    let posts = StatusLoader::filtered(conn, Viewer::Owner(owner), domain).statuses(&ids)?;
    let mut posts: HashMap<StatusId, StatusView> = posts.into_iter().map(|view| (view.status.id, view)).collect();
    let all = participants.values().flatten().chain([&owner]);
    let found = actors::among(conn, &IdList::of_actors(all))?;
    let found: HashMap<ActorId, Arc<Actor>> = found.into_iter().map(|actor| (actor.id, Arc::new(actor))).collect();
    let view = |conversation: Conversation| {
        let others = participants.remove(&conversation.id).unwrap_or_else(|| vec![owner]);
        let actors = others.iter().filter_map(|id| found.get(id).cloned()).collect();
        Some(ConversationView { last: posts.remove(&conversation.last)?, conversation, actors })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

/// One conversation of the owner, if there is one in this thread.
pub fn get(domain: &Domain, id: i64) -> Result<Option<ConversationView>> {
    let owner = domain.owner()?.id;
    domain.store.read(|c| match conversations::get(c, owner, id)? {
        Some(row) => Ok(views(c, domain, owner, vec![row])?.pop()),
        None => Ok(None),
    })
}

/// A change of a conversation by the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConversationChange {
    /// Marks it as read.
    Read,
    /// Marks it as unread.
    Unread,
}

/// Marks a conversation as read or unread.
///
/// # Errors
/// [`Error::NotFound`] if the owner has no such conversation.
pub fn change(domain: &Arc<Domain>, id: i64, change: ConversationChange) -> Result<ConversationView> {
    let owner = domain.owner()?.id;
    domain.transact(move |tx| {
        let row = conversations::get(tx, owner, id)?.ok_or(Error::NotFound)?;
        match change {
            ConversationChange::Read => conversations::set_read(tx, row.id, row.last)?,
            ConversationChange::Unread => conversations::set_unread(tx, row.id)?,
        }
        let row = conversations::get(tx, owner, id)?.ok_or(Error::NotFound)?;
        views(tx, tx.domain(), owner, vec![row])?.pop().ok_or(Error::NotFound)
    })
}

/// Marks the conversation of a thread as read, if there is an unread one.
pub fn mark_read(domain: &Arc<Domain>, thread: i64) -> Result<()> {
    let owner = domain.owner()?.id;
    match domain.store.read(|c| conversations::get(c, owner, thread))? {
        Some(row) if row.unread => domain.transact(move |tx| conversations::set_read(tx, row.id, row.last)),
        _ => Ok(()),
    }
}

/// Removes a conversation from the list until it has a new post. Its posts are kept.
///
/// # Errors
/// [`Error::NotFound`] if the owner has no such conversation.
pub fn remove(domain: &Arc<Domain>, id: i64) -> Result<()> {
    let owner = domain.owner()?.id;
    domain.transact(move |tx| {
        let row = conversations::get(tx, owner, id)?.ok_or(Error::NotFound)?;
        conversations::hide(tx, row.id, row.last)
    })
}
