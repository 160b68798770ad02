//! Which inboxes an activity of ours goes to.

use super::relays;
use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::host_policies::Severity;
use crate::store::visible::Viewer;
use crate::store::{Conn, actors, polls, statuses, tags};

/// Inboxes, each with its host, and whether the followers' inboxes are meant too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipients {
    /// Inboxes by name, no repeats.
    pub inboxes: Vec<(String, String)>,
    /// All followers' inboxes too.
    pub to_followers: bool,
}

impl Recipients {
    /// One actor.
    pub fn actor(actor: &Actor) -> Self {
        let mut all = Self::default();
        all.add(actor, false);
        all
    }

    /// All followers and one more actor, by its server's shared inbox: followers there get it from that too.
    pub fn followers_and(actor: &Actor) -> Self {
        let mut all = Self { to_followers: true, ..Self::default() };
        all.add(actor, true);
        all
    }

    /// Adds an actor: by its server's shared inbox if that is good enough.
    pub fn add(&mut self, actor: &Actor, shared: bool) {
        if actor.local || actor.gone_at.is_some() || actor.inbox.is_empty() || actor.limited == Severity::Suspend {
            return;
        }
        let inbox = match &actor.shared_inbox {
            Some(inbox) if shared => inbox,
            _ => &actor.inbox,
        };
        let entry = (inbox.clone(), actor.host.clone());
        if !self.inboxes.contains(&entry) {
            self.inboxes.push(entry);
        }
    }

    fn add_id(&mut self, conn: &Conn, id: ActorId, shared: bool) -> Result<()> {
        if let Some(actor) = actors::get(conn, id)? {
            self.add(&actor, shared);
        }
        Ok(())
    }
}

/// Who gets a new status of ours: those it names, whom it answers, and the followers unless it is direct.
///
/// # Errors
/// When the database cannot be read.
pub fn of_status(conn: &Conn, id: StatusId) -> Result<Recipients> {
    let Some(status) = statuses::get(conn, id)? else { return Ok(Recipients::default()) };
    let shared = status.visibility != Visibility::Direct;
    let mut all = Recipients { inboxes: Vec::new(), to_followers: shared };
    if status.visibility == Visibility::Public {
        relays::add_to(conn, &mut all)?;
    }
    if let Some(group) = status.group.filter(|_| status.visibility.is_open()) {
        all.add_id(conn, group, shared)?;
    }
    if let Some(quoted) = status.quote.as_ref().and_then(|q| q.status).filter(|_| status.visibility.is_open())
        && let Some(quoted) = statuses::get(conn, quoted)?
    {
        all.add_id(conn, quoted.actor_id, shared)?;
    }
    for mention in tags::mentions_of(conn, id)? {
        all.add_id(conn, mention.actor_id, shared)?;
    }
    if let (Some(parent), true) = (status.in_reply_to_actor, status.visibility.is_open()) {
        all.add_id(conn, parent, shared)?;
    }
    Ok(all)
}

/// Who gets a change or the end of a status: as [`of_status`], and everybody who has done something with it, as far as
/// they may see it.
///
/// # Errors
/// When the database cannot be read.
pub fn of_change(conn: &Conn, id: StatusId) -> Result<Recipients> {
    let Some(status) = statuses::get(conn, id)? else { return Ok(Recipients::default()) };
    let mut all = of_status(conn, id)?;
    let shared = status.visibility != Visibility::Direct;
    for actor in [statuses::interested(conn, id)?, polls::voters(conn, id)?].concat() {
        // Anybody who knows its id can answer or quote what was never for them.
        if status.visibility.is_open() || statuses::visible(conn, Viewer::Peer(actor), id)?.is_some() {
            all.add_id(conn, actor, shared)?;
        }
    }
    Ok(all)
}
