//! What somebody says of somebody else, asked of those who know.

use std::time::Instant;

use super::collection::Reading;
use super::dereference::{Fetcher, malformed};
use crate::domain::Remote;
use crate::domain::Tx;
use crate::domain::id_lookup;
use crate::domain::inbox::{self, Inbound};
use crate::domain::interactions::boost;
use crate::domain::relationships::follow;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{ActivityKind, Item};
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors;
use crate::store::interactions::quotes;
use crate::store::queues::jobs;
use crate::store::relationships::follows;
use crate::store::statuses::ApprovalState;
use crate::store::statuses::{self, tombstones};

impl Fetcher {
    /// Fetches a like, or the end of one, that a community passed on, and applies it as its actor's.
    ///
    /// # Errors
    /// As [`Fetcher::document`].
    pub fn relayed(&self, uri: &str) -> Result<()> {
        let mut value = self.document(uri)?;
        self.domain.store.read(|c| id_lookup::resolve(c, &self.domain, &mut value))?;
        let activity = activitystreams::read_activity(&value).map_err(|e| malformed(&e.to_string()))?;
        activity.prepare();
        if !matches!(activity.kind, ActivityKind::Like | ActivityKind::Undo) || !same_origin(uri, &activity.actor) {
            return Err(malformed("it is not what was passed on"));
        }
        let (domain, signer) = (self.domain.clone(), self.actor_by_uri(&activity.actor)?);
        self.domain.store.write(move |conn| {
            let signer = actors::get(conn, signer)?.ok_or(Error::NotFound)?;
            inbox::apply(Inbound { conn, domain: &domain, signer: &signer, activity: &activity }).map(|_| ())
        })
    }

    /// Asks the server of a post whether it is gone, and removes it then.
    ///
    /// # Errors
    /// When that server cannot be asked now.
    pub fn check_gone(&self, uri: &str) -> Result<()> {
        let gone = match self.document(uri) {
            Ok(document) => activitystreams::kind_of(&document).as_deref() == Some("Tombstone"),
            Err(Error::Remote(e)) => {
                if !e.is_gone() {
                    return Err(Error::Remote(e));
                }
                true
            }
            Err(e) => return Err(e),
        };
        if !gone {
            return Ok(());
        }
        let (domain, uri, now) = (self.domain.clone(), uri.to_owned(), self.domain.now());
        self.domain.store.write(move |conn| {
            let Some(status) = statuses::by_uri(conn, &uri)?.filter(|s| !s.local) else { return Ok(()) };
            boost::delete_gone_status(conn, &domain, &status)?;
            tombstones::insert(conn, &uri, &status.kind, now)
        })?;
        self.domain.signals.delivery.notify();
        Ok(())
    }

    /// Asks the author of a quoted post for the consent that a quote claims (FEP-044f).
    ///
    /// # Errors
    /// When that cannot be asked now.
    pub fn check_quote(&self, id: StatusId) -> Result<()> {
        let Some(status) = self.domain.store.read(|c| statuses::get(c, id))? else { return Ok(()) };
        let Some(quote) = status.quote.filter(|q| q.state == ApprovalState::Pending) else { return Ok(()) };
        let quoted = self.object(&quote.uri)?;
        let Some(quoted) = self.domain.store.read(|c| statuses::get(c, quoted))? else { return Ok(()) };
        let author = self.domain.store.read(|c| actors::get(c, quoted.actor_id))?.ok_or(Error::NotFound)?;
        let state = match &quote.approval {
            _ if quoted.actor_id == status.actor_id => ApprovalState::Accepted,
            Some(stamp) if same_origin(stamp, &author.uri) => match self.document(stamp) {
                Ok(stamp) if is_stamp(&stamp, &author.uri, &status.uri, &quoted.uri) => ApprovalState::Accepted,
                Ok(_) => ApprovalState::Rejected,
                Err(Error::Remote(e)) if e.is_gone() => ApprovalState::Revoked,
                Err(e) => return Err(e),
            },
            Some(_) => ApprovalState::Rejected,
            None => return Ok(()),
        };
        self.domain.store.write(move |conn| quotes::set_state(conn, id, state, quote.approval.as_deref()))
    }

    /// Compares the followers that an actor counts on our server with what we know, and mends what differs (FEP-8fcf):
    /// if it does not count the owner, the owner does not follow it, and says so; if it does, a follow that waits is accepted, and
    /// where there is none it is told.
    ///
    /// # Errors
    /// When its server cannot be asked now.
    pub fn sync_followers(&self, id: ActorId, url: &str) -> Result<()> {
        let owner = self.domain.owner()?;
        let actor = self.domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
        if !same_origin(url, &actor.uri) {
            return Err(malformed("its followers lie on another server"));
        }
        let reading = Reading::until(Instant::now() + limits::FETCH_TIMEOUT, limits::COLLECTION_ITEMS);
        let listing = self.listing(url, reading)?;
        let counted = listing.items.iter().any(|item| matches!(item, Item::Id(id) if *id == owner.uri));
        if !counted && !listing.is_whole() {
            return Ok(());
        }
        let domain = self.domain.clone();
        self.domain.store.write(move |conn| {
            match follows::between(conn, owner.id, id)? {
                Some(follow) if follow.accepted && !counted => {
                    follow::end(&Tx::unmanaged(conn, &domain), &owner, &actor, &follow)
                }
                // Its Accept was lost, or is still on its way.
                Some(follow) if !follow.accepted && counted => {
                    follows::accept(conn, &follow)?;
                    jobs::enqueue(conn, &jobs::Task::Backfill(actor.uri.clone()), domain.now())
                }
                None if counted => follow::disown(&Tx::unmanaged(conn, &domain), &owner, &actor),
                _ => Ok(()),
            }
        })?;
        self.domain.signals.delivery.notify();
        self.domain.signals.jobs.notify();
        Ok(())
    }
}

/// True if a document is the consent of this author to this quote.
pub(crate) fn is_stamp(stamp: &serde_json::Value, author: &str, quoting: &str, quoted: &str) -> bool {
    let is = |member: &str, id: &str| stamp.get(member).and_then(serde_json::Value::as_str) == Some(id);
    activitystreams::kind_of(stamp).as_deref() == Some("QuoteAuthorization")
        && is("attributedTo", author)
        && is("interactingObject", quoting)
        && is("interactionTarget", quoted)
}
