//! Rows, made into what a viewer may see: the one source of every entity, page and document of a status.

use std::collections::HashMap;
use std::sync::Arc;

use super::consent::{self, Consent};
use crate::error::Result;
use crate::protocol::activitystreams::types::{Interaction, Poll, Reaction};
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors::Actor;
use crate::store::emoji_reactions::Tally;
use crate::store::media::Media;
use crate::store::notifications::{Kind, Notification};
use crate::store::reactions::OwnerMarks;
use crate::store::statuses::{ConsentState, Status};
use crate::store::tags::Mention;
use crate::store::visible::Viewer;
use crate::store::{
    Conn, actors, apps, blocks, emoji_reactions, media, polls, quotes, reactions, statuses, tags, tombstones,
};

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
    /// The options that the owner chose in it.
    pub own_votes: Vec<usize>,
    /// What it quotes.
    pub quote: Option<QuoteView>,
    /// What its author does not let the owner do unasked, or at all; empty for everybody else.
    pub terms: Vec<(Interaction, Consent)>,
    /// How many quote it that we know of.
    pub quotes: i64,
    /// The emoji that others reacted with.
    pub reactions: Vec<Tally>,
    /// The community that it is in.
    pub group: Option<Arc<Actor>>,
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

/// A quote, one level deep: what a quoted post quotes itself is not loaded.
#[derive(Debug, Clone)]
pub struct QuoteView {
    /// The id of what is quoted.
    pub uri: String,
    /// Whether its author consents.
    pub state: ConsentState,
    /// The id of the consent.
    pub approval: Option<String>,
    /// It, if it is here, may be quoted, and the viewer may see it.
    pub status: Option<Box<StatusView>>,
    /// The owner blocks its author, so it is not shown.
    pub blocked: bool,
    /// It was deleted.
    pub deleted: bool,
}

impl QuoteView {
    /// The page of what is quoted, else its id.
    pub fn page(&self) -> &str {
        self.status.as_ref().map_or(&self.uri, |s| s.page())
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
        self.view_with(status, true)
    }

    fn view_with(&mut self, status: Status, with_quote: bool) -> Result<Option<StatusView>> {
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
                own_votes: Vec::new(),
                quote: None,
                terms: Vec::new(),
                quotes: 0,
                reactions: Vec::new(),
                group: None,
                app: None,
            }));
        }
        let app = match status.app_id {
            Some(app) => apps::get(conn, app)?.map(|a| (a.name, a.website)),
            None => None,
        };
        let (poll, own_votes) = match status.kind.as_str() {
            "Question" => self.poll(status.id)?,
            _ => (None, Vec::new()),
        };
        Ok(Some(StatusView {
            poll,
            own_votes,
            terms: self.terms(&status)?,
            quotes: quotes::count(conn, status.id)?,
            quote: if with_quote { self.quote(&status)? } else { None },
            reactions: emoji_reactions::tally(conn, self.viewer, status.id)?,
            group: match status.group {
                Some(id) => self.actor(id)?,
                None => None,
            },
            media: media::of_status(conn, status.id)?,
            mentions: tags::mentions_of(conn, status.id)?,
            tags: tags::tags_of(conn, status.id)?,
            author,
            app,
            marks,
            boost_of,
            status,
        }))
    }

    fn terms(&self, status: &Status) -> Result<Vec<(Interaction, Consent)>> {
        let Some(owner) = self.viewer.owner().filter(|_| !status.local && status.policy.is_some()) else {
            return Ok(Vec::new());
        };
        let mut terms = Vec::new();
        for wish in Interaction::ALL {
            let consent = consent::to_owner(self.conn, owner, status, wish)?;
            if consent != Consent::Automatic {
                terms.push((wish, consent));
            }
        }
        Ok(terms)
    }

    fn poll(&self, id: StatusId) -> Result<(Option<Poll>, Vec<usize>)> {
        let votes = match self.viewer.owner() {
            Some(owner) => polls::votes_of(self.conn, id, owner)?,
            None => Vec::new(),
        };
        Ok((polls::get(self.conn, id)?, votes))
    }

    fn quote(&mut self, status: &Status) -> Result<Option<QuoteView>> {
        let Some(quoted) = &status.quote else { return Ok(None) };
        let found = match quoted.status {
            Some(id) if quoted.state == ConsentState::Accepted => statuses::visible(self.conn, self.viewer, id)?,
            _ => None,
        };
        let blocked = match &found {
            Some(found) => blocks::is_by_local(self.conn, found.actor_id)?,
            None => false,
        };
        let deleted = found.is_none() && tombstones::is_told(self.conn, &quoted.uri, self.viewer)?;
        let view = match found {
            Some(found) if !blocked => self.view_with(found, false)?.map(Box::new),
            _ => None,
        };
        let (uri, approval) = (quoted.uri.clone(), quoted.approval.clone());
        Ok(Some(QuoteView { uri, state: quoted.state, approval, status: view, blocked, deleted }))
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
            let reaction = match (row.kind, row.status_id) {
                (Kind::Reaction, Some(id)) => emoji_reactions::last_of(self.conn, row.actor_id, id)?,
                _ => None,
            };
            views.push(NotificationView { row, actor, status, reaction });
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
    /// What was reacted with, if that is what is told.
    pub reaction: Option<Reaction>,
}
