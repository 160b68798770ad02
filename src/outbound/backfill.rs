//! What somebody has written, pinned and counts, as their own server shows it.

use std::collections::HashSet;

use serde_json::Value;

use super::fetch::{Fetcher, malformed};
use crate::domain::Remote;
use crate::domain::receive::How;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{Collection, Item};
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::ids::StatusId;
use crate::store::actors::{self, Actor};
use crate::store::fetch_reports::{self, Subject};
use crate::store::statuses;

/// Boosts in an outbox are left out: they would cause a fetch each.
fn may_be_post(item: &Item) -> bool {
    match item {
        Item::Id(_) => true,
        Item::Embedded(value) => {
            let kind = activitystreams::kind_of(value).unwrap_or_default();
            kind == "Create" || !activitystreams::is_activity_type(&kind)
        }
    }
}

/// A collection with its first items.
pub(super) struct Listing {
    pub(super) total: Option<u64>,
    pub(super) items: Vec<Item>,
}

impl Fetcher {
    /// Fetches the pinned and last posts of an actor and how much it has of everything. Posts appear at their own
    /// dates, silently. Answers how many are here.
    ///
    /// # Errors
    /// When the actor is gone, or its outbox cannot be had now.
    pub fn backfill(&self, actor_uri: &str) -> Result<usize> {
        let domain = &self.domain;
        let mut actor = domain.store.read(|c| actors::by_uri(c, actor_uri))?.ok_or(Error::NotFound)?;
        if actor.fetched_at < domain.now().minus(limits::KEY_REFRESH_AGE) {
            let id = self.fresh_actor(actor_uri)?;
            actor = domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
        }
        // Neither pins nor counts are worth losing the posts.
        if let Err(e) = self.pins(&actor) {
            tracing::debug!(error = %e, "the pinned posts of an actor were left out");
        }
        let (outbox, posts) = match self.outbox(&actor) {
            // A server that shows no outbox says nothing of its actor.
            Err(Error::Remote(e)) if !e.is_temporary() => {
                tracing::debug!(error = %e, "an outbox was left out");
                (None, (0, 0))
            }
            other => other?,
        };
        let count = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok());
        let total = |uri: &Option<String>| count(uri.as_deref().and_then(|uri| self.listing(uri, 0).ok()?.total));
        let counts = [count(outbox), total(&actor.followers_uri), total(&actor.following_uri)];
        let (id, now, (found, missing)) = (actor.id, domain.now(), posts);
        domain.store.write(move |conn| {
            actors::set_remote_counts(conn, id, counts)?;
            fetch_reports::done(conn, Subject::Actor(id), found, missing, now)
        })?;
        Ok(found)
    }

    /// The posts of an outbox: those that it shows inline, and those it only names. Answers how many it counts, and
    /// how many were had and not.
    fn outbox(&self, actor: &Actor) -> Result<(Option<u64>, (usize, usize))> {
        let Some(outbox) = &actor.outbox else { return Ok((None, (0, 0))) };
        let listing = self.listing(outbox, limits::BACKFILL_POSTS * 2)?;
        let posts: Vec<&Item> = listing.items.iter().filter(|i| may_be_post(i)).take(limits::BACKFILL_POSTS).collect();
        let (mut found, mut missing) = (0, 0);
        // The oldest first: times on the wire have whole seconds, and within one the order of arrival counts.
        for item in posts.into_iter().rev() {
            // One post that cannot be had must not cost the others.
            match self.outbox_item(item, &actor.uri) {
                Ok(true) => found += 1,
                Ok(false) => {}
                Err(e) => {
                    missing += 1;
                    tracing::debug!(error = %e, "a post of an outbox was left out");
                }
            }
        }
        Ok((listing.total, (found, missing)))
    }

    /// The pinned posts of an actor; what is pinned no longer loses its mark.
    fn pins(&self, actor: &Actor) -> Result<()> {
        let Some(featured) = &actor.featured_uri else { return Ok(()) };
        let items = self.listing(featured, limits::REMOTE_PINS)?.items;
        let mut pinned: Vec<StatusId> = Vec::new();
        for item in items.iter().take(limits::REMOTE_PINS) {
            if self.outbox_item(item, &actor.uri).unwrap_or(false)
                && let Some(uri) = item.id()
                && let Some(status) = self.domain.store.read(|c| statuses::by_uri(c, uri))?
            {
                pinned.push(status.id);
            }
        }
        let (id, now) = (actor.id, self.domain.now());
        self.domain.store.write(move |conn| statuses::set_pins(conn, id, &pinned, now))
    }

    /// A post in an outbox: Create with its object, or an id.
    fn outbox_item(&self, item: &Item, actor_uri: &str) -> Result<bool> {
        let value = match item {
            Item::Embedded(value) => value,
            Item::Id(id) if same_origin(id, actor_uri) => return self.object_or_activity(id, actor_uri),
            Item::Id(_) => return Ok(false),
        };
        let kind = activitystreams::kind_of(value).unwrap_or_default();
        if !activitystreams::is_activity_type(&kind) {
            return self.inline_object(value, actor_uri);
        }
        if kind != "Create" {
            return Ok(false);
        }
        let activity = activitystreams::read_activity(value).map_err(|e| malformed(&e.to_string()))?;
        match activity.objects.first() {
            Some(Item::Embedded(object)) => self.inline_object(object, actor_uri),
            Some(Item::Id(id)) if same_origin(id, actor_uri) => self.object(id).map(|_| true),
            _ => Ok(false),
        }
    }

    fn object_or_activity(&self, id: &str, actor_uri: &str) -> Result<bool> {
        let value = self.document(id)?;
        match activitystreams::kind_of(&value) {
            Some(kind) if activitystreams::is_activity_type(&kind) => {
                self.outbox_item(&Item::Embedded(value), actor_uri)
            }
            _ => self.inline_object(&value, actor_uri),
        }
    }

    /// An object in a document of its author's own server can be taken as it stands.
    fn inline_object(&self, value: &Value, actor_uri: &str) -> Result<bool> {
        let object = activitystreams::read_object(value).map_err(|e| malformed(&e.to_string()))?;
        if object.attributed_to != actor_uri || !same_origin(&object.id, actor_uri) {
            return Ok(false);
        }
        self.store(object, How::Fetched).map(|_| true)
    }

    /// The items of a collection: those inline, then page after page of the same server.
    pub(super) fn listing(&self, uri: &str, most: usize) -> Result<Listing> {
        let read = |value: &Value| activitystreams::read_collection(value).map_err(|e| malformed(&e.to_string()));
        let document = self.read_document(uri)?;
        // Takahē's have no id. What is listed is checked by itself.
        if activitystreams::id_of(&document).is_some_and(|id| !same_origin(id, uri)) {
            return Err(malformed("the collection states an id of another server"));
        }
        let whole: Collection = read(&document)?;
        let total = whole.total;
        let mut items = whole.items;
        let mut next = match whole.first {
            Some(Item::Id(id)) => Some(id),
            Some(Item::Embedded(page)) => {
                let page = read(&page)?;
                items.extend(page.items);
                page.next
            }
            None => None,
        };
        let mut seen = HashSet::new();
        for _ in 0..limits::COLLECTION_PAGES {
            let wanted = |p: &String| items.len() < most && same_origin(p, uri) && seen.insert(p.clone());
            let Some(page) = next.filter(wanted) else { break };
            let page = read(&self.read_document(&page)?)?;
            items.extend(page.items);
            next = page.next;
        }
        items.truncate(most);
        Ok(Listing { total, items })
    }
}
