//! The owner's notification requests.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::Domain;
use crate::domain::queries::status_view::{StatusLoader, StatusView};
use crate::error::{Error, Result};
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::Conn;
use crate::store::actors::Actor;
use crate::store::database::pagination::Page;
use crate::store::notifications::requests::{self, NotificationRequest};

/// A notification request with its actor and last post.
#[derive(Debug, Clone)]
pub struct RequestView {
    /// The request.
    pub request: NotificationRequest,
    /// The actor.
    pub actor: Arc<Actor>,
    /// The newest post that mentions or quotes the owner, if the owner may see it.
    pub last_status: Option<StatusView>,
}

/// One page of requests, those with the newest notifications first.
pub fn list(domain: &Domain, page: &Page) -> Result<Vec<RequestView>> {
    domain.store.read(|c| views(c, domain, requests::list(c, page)?))
}

/// The request of an actor.
///
/// # Errors
/// [`Error::NotFound`] if the actor has no request.
pub fn get(domain: &Domain, actor: ActorId) -> Result<RequestView> {
    domain.store.read(|c| {
        let request = requests::get(c, actor)?.ok_or(Error::NotFound)?;
        views(c, domain, vec![request])?.pop().ok_or(Error::NotFound)
    })
}

fn views(conn: &Conn, domain: &Domain, rows: Vec<NotificationRequest>) -> Result<Vec<RequestView>> {
    let mut loader = StatusLoader::filtered(conn, domain.as_owner()?, domain);
    let ids: Vec<StatusId> = rows.iter().filter_map(|row| row.last_status).collect();
    let mut posts: HashMap<StatusId, StatusView> =
        loader.statuses(&ids)?.into_iter().map(|view| (view.status.id, view)).collect();
    loader.actors(&rows.iter().map(|row| row.actor).collect::<Vec<_>>())?;
    let mut found = Vec::with_capacity(rows.len());
    for request in rows {
        let last_status = request.last_status.and_then(|id| posts.remove(&id));
        found.extend(loader.actor(request.actor)?.map(|actor| RequestView { request, actor, last_status }));
    }
    Ok(found)
}
