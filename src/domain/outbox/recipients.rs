//! Which inboxes an activity of ours goes to.

use super::relay;
use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::peers::domain_policies::Severity;
use crate::store::relationships::blocks;
use crate::store::statuses::Status;
use crate::store::statuses::{self, mentions, polls};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors};

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

    /// Adds the community of a post to its author: one delivery serves both where they share a server.
    pub fn add_community(&mut self, author: &Actor, group: &Actor) {
        if author.shared_inbox.is_some() && author.shared_inbox == group.shared_inbox {
            self.inboxes.clear();
        }
        self.add(group, true);
    }

    fn add_id(&mut self, conn: &Conn, id: ActorId, shared: bool) -> Result<()> {
        if let Some(actor) = actors::get(conn, id)? {
            self.add(&actor, shared);
        }
        Ok(())
    }
}

/// What becomes of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new, or has other words or numbers.
    Written,
    /// It is no more.
    Ended,
}

/// True if somebody is told what an actor of ours does. Those who block that actor are told of ends alone: they may
/// have the thing from before.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn hears(conn: &Conn, to: ActorId, from: ActorId, change: Change) -> Result<bool> {
    Ok(change == Change::Ended || !blocks::exists(conn, to, from)?)
}

/// The community that a status is in: its own, or that of the post that its thread begins with.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn community_of(conn: &Conn, status: &Status) -> Result<Option<Actor>> {
    if !status.visibility.is_open() {
        return Ok(None);
    }
    let group = match status.group {
        Some(group) => Some(group),
        None => statuses::get(conn, status.thread)?.and_then(|root| root.group),
    };
    match group {
        Some(group) => Ok(actors::get(conn, group)?.filter(|g| !g.local)),
        None => Ok(None),
    }
}

/// Who gets a new status of ours: those it names, whom it answers, and the followers unless it is direct.
///
/// # Errors
/// When the database cannot be read.
pub fn of_status(conn: &Conn, id: StatusId) -> Result<Recipients> {
    let Some(status) = statuses::get(conn, id)? else { return Ok(Recipients::default()) };
    let actors = meant(conn, &status)?;
    gather(conn, &status, actors, Change::Written)
}

/// Who gets a change or the end of a status: as [`of_status`], and everybody who has done something with it, as far as
/// they may see it.
///
/// # Errors
/// When the database cannot be read.
pub fn of_change(conn: &Conn, id: StatusId, change: Change) -> Result<Recipients> {
    let Some(status) = statuses::get(conn, id)? else { return Ok(Recipients::default()) };
    let mut actors = meant(conn, &status)?;
    for actor in [statuses::interested(conn, id)?, polls::voters(conn, id)?].concat() {
        // Anybody who knows its id can answer or quote what was never for them.
        if status.visibility.is_open() || statuses::visible(conn, Viewer::Peer(actor), id)?.is_some() {
            actors.push(actor);
        }
    }
    gather(conn, &status, actors, change)
}

/// Whom a status is for besides followers.
fn meant(conn: &Conn, status: &Status) -> Result<Vec<ActorId>> {
    let mut all: Vec<ActorId> = mentions::of_status(conn, status.id)?.into_iter().map(|m| m.actor_id).collect();
    if status.visibility.is_open() {
        all.extend(status.group);
        all.extend(status.in_reply_to_actor);
        if let Some(quoted) = status.quote.as_ref().and_then(|q| q.status) {
            all.extend(statuses::get(conn, quoted)?.map(|s| s.actor_id));
        }
    }
    Ok(all)
}

fn gather(conn: &Conn, status: &Status, actors: Vec<ActorId>, change: Change) -> Result<Recipients> {
    let shared = status.visibility != Visibility::Direct;
    let mut all = Recipients { inboxes: Vec::new(), to_followers: shared };
    if status.visibility == Visibility::Public {
        relay::add_to(conn, &mut all)?;
    }
    for actor in actors {
        if hears(conn, actor, status.actor_id, change)? {
            all.add_id(conn, actor, shared)?;
        }
    }
    Ok(all)
}
