//! Verifies relayed activities by fetching them from their origin.

use std::time::Instant;

use super::collection::Reading;
use super::signed_client::{Fetcher, malformed};
use crate::domain::Remote;
use crate::domain::Tx;
use crate::domain::id_lookup;
use crate::domain::inbox::{self, Inbound};
use crate::domain::interactions::boost;
use crate::domain::relationships::follow;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::ActivityKind;
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::actors;
use crate::store::interactions::quotes;
use crate::store::queues::jobs;
use crate::store::relationships::follows;
use crate::store::statuses::ApprovalState;
use crate::store::statuses::{self, tombstones};

impl Fetcher {
    /// Fetches a Like or its Undo that a community relayed, and applies it as sent by its actor.
    ///
    /// # Errors
    /// As [`Fetcher::document`].
    pub fn relayed(&self, uri: &str) -> Result<()> {
        let mut value = self.document(uri)?;
        self.domain.store.read(|c| id_lookup::resolve(c, &self.domain, &mut value))?;
        let activity = activitystreams::read_activity(&value).map_err(|e| malformed(&e.to_string()))?;
        activity.prepare();
        if !matches!(activity.kind, ActivityKind::Like | ActivityKind::Undo) || !same_origin(uri, &activity.actor) {
            return Err(malformed("it is not the relayed Like or Undo"));
        }
        let (domain, signer) = (self.domain.clone(), self.actor_by_uri(&activity.actor)?);
        self.domain.store.write(move |conn| {
            let signer = actors::get(conn, signer)?.ok_or(Error::NotFound)?;
            inbox::apply(Inbound { conn, domain: &domain, signer: &signer, activity: &activity }).map(|_| ())
        })
    }

    /// Removes a post if its server states that it is gone.
    ///
    /// # Errors
    /// When that server cannot be reached now.
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

    /// Verifies the approval of a quote on the server of the quoted author (FEP-044f).
    ///
    /// # Errors
    /// When that server cannot be reached now.
    pub fn check_quote(&self, id: StatusId) -> Result<()> {
        let Some(status) = self.domain.store.read(|c| statuses::get(c, id))? else { return Ok(()) };
        let Some(quote) = status.quote.filter(|q| q.state == ApprovalState::Pending) else { return Ok(()) };
        let quoted = self.object(&quote.uri)?;
        let Some(quoted) = self.domain.store.read(|c| statuses::get(c, quoted))? else { return Ok(()) };
        let author = self.domain.store.read(|c| actors::get(c, quoted.actor_id))?.ok_or(Error::NotFound)?;
        let state = match &quote.approval {
            _ if quoted.actor_id == status.actor_id => ApprovalState::Accepted,
            Some(stamp) if same_origin(stamp, &author.uri) => match self.document(stamp) {
                Ok(stamp) if is_quote_authorization(&stamp, &author.uri, &status.uri, &quoted.uri) => {
                    ApprovalState::Accepted
                }
                Ok(_) => ApprovalState::Rejected,
                Err(Error::Remote(e)) if e.is_gone() => ApprovalState::Revoked,
                Err(e) => return Err(e),
            },
            Some(_) => ApprovalState::Rejected,
            None => return Ok(()),
        };
        self.domain.store.write(move |conn| quotes::set_state(conn, id, state, quote.approval.as_deref()))
    }

    /// Compares the followers on this server that an actor lists with the stored follow, and corrects differences
    /// (FEP-8fcf). If the owner is not listed, the follow ends, and an Undo is sent. If the owner is listed, a pending follow
    /// is accepted; without a follow, an Undo is sent.
    ///
    /// # Errors
    /// When its server cannot be reached now.
    pub fn sync_followers(&self, id: ActorId, url: &str) -> Result<()> {
        let owner = self.domain.owner()?;
        let actor = self.domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
        if !same_origin(url, &actor.uri) {
            return Err(malformed("the followers collection is on another server"));
        }
        let reading = Reading::until(Instant::now() + limits::FETCH_TIMEOUT, limits::COLLECTION_ITEMS);
        let listing = self.listing(url, reading)?;
        let is_owner =
            |id: String| id == owner.uri || self.domain.site.id_of(&id, &owner.username).as_ref() == Some(&owner.uri);
        let counted = listing.ids().any(is_owner);
        if !counted && !listing.is_whole() {
            return Ok(());
        }
        let domain = self.domain.clone();
        self.domain.store.write(move |conn| {
            match follows::between(conn, owner.id, id)? {
                Some(follow) if follow.accepted && !counted => {
                    follow::end(&Tx::unmanaged(conn, &domain), &owner, &actor, &follow)
                }
                // Its Accept was lost or is delayed.
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

/// Returns `true` if a document is this author's approval of this quote.
pub(crate) fn is_quote_authorization(stamp: &serde_json::Value, author: &str, quoting: &str, quoted: &str) -> bool {
    let is = |member: &str, id: &str| activitystreams::first_id(stamp.get(member)).as_deref() == Some(id);
    activitystreams::kind_of(stamp).as_deref() == Some("QuoteAuthorization")
        && is("attributedTo", author)
        && is("interactingObject", quoting)
        && is("interactionTarget", quoted)
}
