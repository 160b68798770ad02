//! Deleting the owner's account: every known server is asked to delete it, then everything stored for it is erased.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::custom_emoji::manage;
use crate::domain::outbox::queue::{self, Outgoing};
use crate::domain::outbox::recipients::Recipients;
use crate::domain::outbox::{builders, relay};
use crate::domain::{Domain, Owner};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{Audience, PUBLIC};
use crate::protocol::ids::MediaId;
use crate::protocol::time::Timestamp;
use crate::store::account::erasure::{self, Holdings};
use crate::store::account::{apps, sessions};
use crate::store::actors;
use crate::store::peers::relays;
use crate::store::queues::deliveries::{self, Lane};
use crate::store::queues::jobs::Task;
use crate::store::relationships::follows;
use crate::store::{Conn, media};

/// What the deletion of the account does.
#[derive(Debug, Clone)]
pub struct DeletionPlan {
    /// The handle, with an `@` before it.
    pub handle: String,
    /// What is removed.
    pub holdings: Holdings,
    /// The number of followers.
    pub followers: i64,
    /// The number of followed accounts.
    pub following: i64,
    /// The hosts that are asked to delete the account.
    pub servers: usize,
}

/// Returns what [`delete`] will do.
pub fn plan(domain: &Domain) -> Result<DeletionPlan> {
    let owner = domain.owner()?;
    domain.store.read(|c| {
        let me = actors::get(c, owner.id)?.ok_or(Error::NotFound)?;
        let servers: HashSet<String> = inboxes(c, &owner)?.into_iter().map(|(_, host)| host).collect();
        Ok(DeletionPlan {
            handle: format!("@{}", domain.site.handle_of(&owner.username)),
            holdings: erasure::holdings(c)?,
            followers: me.followers_count,
            following: me.following_count,
            servers: servers.len(),
        })
    })
}

/// The inboxes that get the deletion: those of followers and followed actors, and one of each host that was in contact.
fn inboxes(conn: &Conn, owner: &Owner) -> Result<Vec<(String, String)>> {
    let mut all = follows::follower_inboxes(conn, owner.id)?;
    all.extend(follows::following_inboxes(conn, owner.id)?);
    all.extend(actors::inboxes_of_hosts(conn, limits::DELETION_HOSTS)?);
    let mut seen = HashSet::new();
    all.retain(|(inbox, _)| seen.insert(inbox.clone()));
    Ok(all)
}

/// Deletes the account: signs out every browser and app, queues the Delete for all known servers, and starts to erase what is
/// stored. From then on every page and the actor are gone (410). It cannot be undone.
pub fn delete(domain: &Arc<Domain>) -> Result<()> {
    let owner = domain.owner()?;
    domain.transact(move |tx| {
        let now = tx.now();
        let inboxes = inboxes(tx, &owner)?;
        // Nothing that waits is of use any longer, and the deletion should not wait behind it.
        deliveries::clear(tx)?;
        for relay in relays::list(tx)? {
            relay::undo_follow(tx, &relay)?;
        }
        let audience = Audience { to: vec![PUBLIC.to_owned()], cc: vec![] };
        let document = builders::deletion(&owner, &owner.uri, false, audience);
        let recipients = Recipients { inboxes, to_followers: false };
        queue::send(tx, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: None })?;
        sessions::end(tx, None)?;
        apps::revoke_all(tx)?;
        let me = actors::get(tx, owner.id)?.ok_or(Error::NotFound)?;
        for file in [me.avatar, me.header].into_iter().flatten() {
            media::discard_file(tx, MediaId(tx.next_id()), &file, now)?;
        }
        manage::remove_all(tx)?;
        erasure::remove_profile(tx, owner.id, now)?;
        tx.queue_job(&Task::Erase, now)
    })?;
    domain.reload()
}

/// Interval in which the last step waits for deliveries.
const WAIT: Duration = Duration::from_secs(5);

/// Erases some of what is stored. Returns when to continue; `None` if nothing is left. What deliveries need is erased after
/// the last one.
pub fn erase(domain: &Arc<Domain>) -> Result<Option<Timestamp>> {
    domain.transact_quietly(|tx| {
        let now = tx.now();
        erasure::clear_tables(tx, now)?;
        if erasure::clear_posts(tx, limits::ERASED_ROWS)? {
            return Ok(Some(now));
        }
        if deliveries::count(tx)? > 0 {
            return Ok(Some(now.plus(WAIT)));
        }
        if erasure::clear_actors(tx, limits::ERASED_ROWS)? {
            return Ok(Some(now));
        }
        erasure::clear_hosts(tx)?;
        Ok(None)
    })
}

/// What is left to do after [`delete`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Deliveries that wait.
    pub deliveries: i64,
    /// No delivery is due soon: those that wait are to servers that did not respond.
    pub is_delivered: bool,
    /// What is not erased yet.
    pub left: Holdings,
}

impl Progress {
    /// Returns `true` if only deliveries to servers that did not respond are left.
    pub fn is_done(&self) -> bool {
        self.is_delivered && self.left == Holdings { posts: 0, remote_posts: 0, files: 0 }
    }
}

/// Returns what is left to do.
pub fn progress(domain: &Domain) -> Result<Progress> {
    let soon = domain.now().plus(WAIT);
    domain.store.read(|c| {
        Ok(Progress {
            deliveries: deliveries::count(c)?,
            is_delivered: deliveries::next_due(c)?.is_none_or(|due| due > soon),
            left: erasure::holdings(c)?,
        })
    })
}
