//! Rows, made into what a viewer may see: the one source of every entity, page and document of a status.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::Result;
use crate::protocol::activitystreams::types::Poll;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors::Actor;
use crate::store::media::Media;
use crate::store::notifications::Notification;
use crate::store::reactions::OwnerMarks;
use crate::store::statuses::Status;
use crate::store::tags::Mention;
use crate::store::visible::Viewer;
use crate::store::{Conn, actors, apps, media, polls, reactions, statuses, tags};

/// A status with all that is shown of it.
#[derive(Debug, Clone)]
pub struct StatusView {
    /// Its row.
    pub status: Status,
    /// Its author.
    pub author: Arc<Actor>,
    /// What it boosts.
    pub boost_of: Option<Box<StatusView>>,
    /// Its media.
    pub media: Vec<Media>,
    /// Whom it names or addresses.
    pub mentions: Vec<Mention>,
    /// Its hashtags.
    pub tags: Vec<String>,
    /// Its poll.
    pub poll: Option<Poll>,
    /// The app that posted it: name and page.
    pub app: Option<(String, Option<String>)>,
    /// What the owner did with it; nothing for other viewers.
    pub marks: OwnerMarks,
}

impl StatusView {
    /// The status that has the content: itself, or what it boosts.
    pub fn content(&self) -> &StatusView {
        self.boost_of.as_deref().unwrap_or(self)
    }

    /// Its page for people, else its id.
    pub fn page(&self) -> &str {
        self.status.url.as_deref().unwrap_or(&self.status.uri)
    }
}

/// Loads statuses for one viewer, and remembers the actors that it has seen.
pub struct Loader<'a> {
    conn: &'a Conn,
    viewer: Viewer,
    actors: HashMap<ActorId, Arc<Actor>>,
}

impl<'a> Loader<'a> {
    /// A loader for one viewer.
    pub fn new(conn: &'a Conn, viewer: Viewer) -> Self {
        Self { conn, viewer, actors: HashMap::new() }
    }

    /// The statuses with these ids that the viewer may see, in this order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn statuses(&mut self, ids: &[StatusId]) -> Result<Vec<StatusView>> {
        let mut views = Vec::with_capacity(ids.len());
        for id in ids {
            views.extend(self.status(*id)?);
        }
        Ok(views)
    }

    /// The status with this id, if the viewer may see it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn status(&mut self, id: StatusId) -> Result<Option<StatusView>> {
        match statuses::visible(self.conn, self.viewer, id)? {
            Some(status) => self.view(status),
            None => Ok(None),
        }
    }

    /// A stored status with all that is shown of it. The caller knows that the viewer may see it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn view(&mut self, status: Status) -> Result<Option<StatusView>> {
        let Some(author) = self.actor(status.actor_id)? else { return Ok(None) };
        let boost_of = match status.boost_of {
            Some(of) => match self.status(of)? {
                Some(inner) => Some(Box::new(inner)),
                None => return Ok(None),
            },
            None => None,
        };
        let conn = self.conn;
        let marks = match self.viewer {
            Viewer::Owner(owner) => reactions::owner_marks(conn, owner, status.id, status.thread)?,
            Viewer::Anonymous | Viewer::Peer(_) => OwnerMarks::default(),
        };
        if boost_of.is_some() {
            return Ok(Some(StatusView {
                author,
                boost_of,
                marks,
                status,
                media: Vec::new(),
                mentions: Vec::new(),
                tags: Vec::new(),
                poll: None,
                app: None,
            }));
        }
        let app = match status.app_id {
            Some(app) => apps::get(conn, app)?.map(|a| (a.name, a.website)),
            None => None,
        };
        Ok(Some(StatusView {
            media: media::of_status(conn, status.id)?,
            mentions: tags::mentions_of(conn, status.id)?,
            tags: tags::tags_of(conn, status.id)?,
            poll: if status.kind == "Question" { polls::get(conn, status.id)? } else { None },
            author,
            app,
            marks,
            boost_of,
            status,
        }))
    }

    /// An actor.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn actor(&mut self, id: ActorId) -> Result<Option<Arc<Actor>>> {
        if let Some(actor) = self.actors.get(&id) {
            return Ok(Some(actor.clone()));
        }
        let Some(actor) = actors::get(self.conn, id)?.map(Arc::new) else { return Ok(None) };
        self.actors.insert(id, actor.clone());
        Ok(Some(actor))
    }

    /// Notifications with their actors and statuses. One whose status the owner may no longer see is left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn notifications(&mut self, rows: Vec<Notification>) -> Result<Vec<NotificationView>> {
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(actor) = self.actor(row.actor_id)? else { continue };
            let status = match row.status_id {
                Some(id) => match self.status(id)? {
                    Some(status) => Some(status),
                    None => continue,
                },
                None => None,
            };
            views.push(NotificationView { row, actor, status });
        }
        Ok(views)
    }
}

/// A notification with all that is shown of it.
#[derive(Debug, Clone)]
pub struct NotificationView {
    /// Its row.
    pub row: Notification,
    /// Who did it.
    pub actor: Arc<Actor>,
    /// With which status.
    pub status: Option<StatusView>,
}
