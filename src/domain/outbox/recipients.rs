//! Recipients: the inboxes that get an activity of the owner or of this server.

use crate::domain::urls::host_of;
use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::peers::domain_policies::Severity;
use crate::store::peers::relays;
use crate::store::relationships::{blocks, follows};
use crate::store::statuses::Status;
use crate::store::statuses::{self, mentions, polls};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors};

/// The inboxes of an activity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipients {
    /// Single inboxes, each with its host, without duplicates.
    pub inboxes: Vec<(String, String)>,
    /// The inboxes of all followers too.
    pub to_followers: bool,
}

impl Recipients {
    /// One actor.
    pub fn actor(actor: &Actor) -> Self {
        let mut all = Self::default();
        all.add(actor, false);
        all
    }

    /// All followers and one more actor, through its shared inbox, which serves the followers on that server too.
    pub fn followers_and(actor: &Actor) -> Self {
        let mut all = Self { to_followers: true, ..Self::default() };
        all.add(actor, true);
        all
    }

    /// Returns `true` if there is no recipient: no single inbox, and no follower of `actor` on another server.
    pub fn has_none(&self, conn: &Conn, actor: ActorId) -> Result<bool> {
        Ok(self.inboxes.is_empty() && !(self.to_followers && follows::has_remote_followers(conn, actor)?))
    }

    /// Adds the inbox of an actor; its shared inbox if it has one and `shared` is set.
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

    /// Adds the community of a post to the recipients, which hold its author. If both have the same shared inbox, one
    /// delivery serves both.
    pub fn add_community(&mut self, author: &Actor, group: &Actor) {
        if author.shared_inbox.is_some() && author.shared_inbox == group.shared_inbox {
            self.inboxes.clear();
        }
        self.add(group, true);
    }

    /// Adds the inboxes of all relays that have accepted this server.
    fn add_relays(&mut self, conn: &Conn) -> Result<()> {
        for relay in relays::list(conn)?.into_iter().filter(|r| r.accepted) {
            if let Some(host) = host_of(&relay.inbox) {
                self.inboxes.push((relay.inbox, host));
            }
        }
        Ok(())
    }

    fn add_id(&mut self, conn: &Conn, id: ActorId, shared: bool) -> Result<()> {
        if let Some(actor) = actors::get(conn, id)? {
            self.add(&actor, shared);
        }
        Ok(())
    }
}

/// What happens to a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new or has changed.
    Written,
    /// It is deleted or undone.
    Ended,
}

/// True if an actor gets the activities of a local actor. An actor that blocks the local one gets only deletions and
/// undos, because its server may have stored the object before.
pub(crate) fn receives(conn: &Conn, to: ActorId, from: ActorId, change: Change) -> Result<bool> {
    Ok(change == Change::Ended || !blocks::exists(conn, to, from)?)
}

/// The community of a status: its own, or that of the first post of its thread.
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

/// The recipients of a new status of the owner: mentioned actors, the author that it replies to, and the followers unless
/// it is direct.
pub fn of_status(conn: &Conn, id: StatusId) -> Result<Recipients> {
    let Some(status) = statuses::get(conn, id)? else { return Ok(Recipients::default()) };
    let actors = addressees(conn, &status)?;
    gather(conn, &status, actors, Change::Written)
}

/// The recipients of an edit or the deletion of a status: those of [`of_status`], and every actor that has interacted with
/// it and may see it.
pub fn of_change(conn: &Conn, id: StatusId, change: Change) -> Result<Recipients> {
    let Some(status) = statuses::get(conn, id)? else { return Ok(Recipients::default()) };
    let mut actors = addressees(conn, &status)?;
    for actor in [statuses::interested(conn, id)?, polls::voters(conn, id)?].concat() {
        // Who knows the id of a private status can reply to it or quote it without being an addressee.
        if status.visibility.is_open() || statuses::visible(conn, Viewer::Peer(actor), id)?.is_some() {
            actors.push(actor);
        }
    }
    gather(conn, &status, actors, change)
}

/// The addressees of a status besides followers.
fn addressees(conn: &Conn, status: &Status) -> Result<Vec<ActorId>> {
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
        all.add_relays(conn)?;
    }
    for actor in actors {
        if receives(conn, actor, status.actor_id, change)? {
            all.add_id(conn, actor, shared)?;
        }
    }
    Ok(all)
}
