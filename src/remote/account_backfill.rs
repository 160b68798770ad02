//! Account backfill: recent posts, pinned posts and counts of an actor, from its own server.

use std::borrow::Cow;
use std::time::Instant;

use serde_json::Value;

use super::collection::Reading;
use super::signed_client::{Fetcher, malformed};
use crate::domain::Remote;
use crate::domain::inbox::{self, Source};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{ActorKind, Item};
use crate::protocol::activitystreams::{self, same_origin};
use crate::protocol::ids::StatusId;
use crate::store::actors::{self, Actor};
use crate::store::peers::fetch_reports::{self, Subject};
use crate::store::statuses;

/// Boosts in the outbox of a person are left out: they would cause a fetch each.
fn may_be_post(item: &Item) -> bool {
    match item {
        Item::Id(_) => true,
        Item::Embedded(value) => {
            let kind = activitystreams::kind_of(value).unwrap_or_default();
            kind == "Create" || !activitystreams::is_activity_type(&kind)
        }
    }
}

/// The outbox of a community lists its posts as Announce activities (Lemmy, PeerTube's channels, Guppe).
fn may_be_in_group(item: &Item) -> bool {
    match item {
        Item::Embedded(value) if activitystreams::kind_of(value).as_deref() == Some("Announce") => {
            announced(value).is_some()
        }
        item => may_be_post(item),
    }
}

/// The post of an Announce or Create; `None` for votes, deletions and other activities.
fn announced(activity: &Value) -> Option<Item> {
    let mut item = activitystreams::read_activity(activity).ok()?.objects.into_iter().next()?;
    // Announce of Create of the post (FEP-1b12).
    if let Item::Embedded(inner) = &item
        && let kind = activitystreams::kind_of(inner).unwrap_or_default()
        && activitystreams::is_activity_type(&kind)
    {
        if !matches!(kind.as_str(), "Create" | "Update") {
            return None;
        }
        item = activitystreams::read_activity(inner).ok()?.objects.into_iter().next()?;
    }
    item.id().filter(|id| activitystreams::is_id(id))?;
    Some(item)
}

fn is_activity(value: &Value) -> bool {
    activitystreams::kind_of(value).is_some_and(|kind| activitystreams::is_activity_type(&kind))
}

/// The result of reading an outbox.
#[derive(Default)]
struct OutboxResult {
    /// The number of items that its server states.
    total: Option<u64>,
    /// Posts that are stored now.
    found: usize,
    /// Posts that could not be fetched.
    missing: usize,
}

impl Fetcher {
    /// Fetches recent posts, pinned posts and counts of an actor. Posts are dated by their publication and cause no
    /// notifications. Returns the number of recent posts.
    ///
    /// # Errors
    /// When the actor is gone, or its outbox cannot be fetched now.
    pub fn backfill(&self, actor_uri: &str) -> Result<usize> {
        let domain = &self.domain;
        let until = Instant::now() + limits::ACCOUNT_BACKFILL_TIME;
        let mut actor = domain.store.read(|c| actors::by_uri(c, actor_uri))?.ok_or(Error::NotFound)?;
        if actor.fetched_at < domain.now().minus(limits::ACCOUNT_BACKFILL_ACTOR_AGE) {
            let id = self.fresh_actor(actor_uri)?;
            actor = domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
        }
        let found = self.posts_and_counts(&actor, until);
        // Failing pins must not discard the rest.
        if let Err(e) = self.pins(&actor, until) {
            tracing::debug!(error = %e, "pinned posts of an actor could not be fetched");
        }
        found
    }

    fn posts_and_counts(&self, actor: &Actor, until: Instant) -> Result<usize> {
        let domain = &self.domain;
        let outbox = match self.outbox(actor, until) {
            // A missing outbox does not mean that the actor is gone.
            Err(Error::Remote(e)) if !e.is_temporary() => {
                tracing::debug!(error = %e, "outbox could not be fetched");
                OutboxResult::default()
            }
            other => other?,
        };
        let count = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok());
        let counted = |uri: &String| self.listing(uri, Reading::until(until, 0)).ok()?.total;
        let total = |uri: &Option<String>| count(uri.as_ref().filter(|_| Instant::now() < until).and_then(counted));
        let counts = [count(outbox.total), total(&actor.followers_uri), total(&actor.following_uri)];
        let (id, now, OutboxResult { found, missing, .. }) = (actor.id, domain.now(), outbox);
        domain.store.write(move |conn| {
            actors::set_remote_counts(conn, id, counts)?;
            fetch_reports::done(conn, Subject::Actor(id), found, missing, now)
        })?;
        Ok(found)
    }

    /// Stores the posts of an outbox, embedded or referenced.
    fn outbox(&self, actor: &Actor, until: Instant) -> Result<OutboxResult> {
        let Some(outbox) = &actor.outbox else { return Ok(OutboxResult::default()) };
        // Some actors boost forty times between two posts of their own.
        let reading = Reading {
            wanted: if actor.kind == ActorKind::Group { may_be_in_group } else { may_be_post },
            pages: limits::ACCOUNT_BACKFILL_PAGES,
            ..Reading::until(until, limits::ACCOUNT_BACKFILL_POSTS)
        };
        let listing = self.listing(outbox, reading)?;
        let was_cut = listing.left_out > 0 && listing.items.len() < limits::ACCOUNT_BACKFILL_POSTS;
        let (mut found, mut missing) = (0, usize::from(was_cut));
        // Oldest first: published times have whole seconds, and posts of the same second are ordered by arrival.
        for item in listing.items.iter().rev() {
            if Instant::now() >= until {
                missing += 1;
                continue;
            }
            // A failing post must not discard the others.
            match self.outbox_item(item, actor) {
                Ok(Some(_)) => found += 1,
                Ok(None) | Err(Error::Gone | Error::NotFound) => {}
                Err(e) => {
                    missing += 1;
                    tracing::debug!(error = %e, "post of an outbox could not be fetched");
                }
            }
        }
        Ok(OutboxResult { total: listing.total, found, missing })
    }

    /// Stores the pinned posts of an actor and unpins all others.
    fn pins(&self, actor: &Actor, until: Instant) -> Result<()> {
        let Some(featured) = &actor.featured_uri else { return Ok(()) };
        let items = self.listing(featured, Reading::until(until, limits::REMOTE_PINS))?.items;
        let mut pinned: Vec<StatusId> = Vec::new();
        for item in items.iter().take(limits::REMOTE_PINS) {
            if Instant::now() >= until {
                return Err(malformed("fetching the pinned posts took too long"));
            }
            pinned.extend(self.outbox_item(item, actor).unwrap_or_default());
        }
        let (id, now, is_group) = (actor.id, self.domain.now(), actor.kind == ActorKind::Group);
        self.domain.store.write(move |conn| {
            if is_group {
                statuses::set_group_pins(conn, id, &pinned, now)?;
            }
            statuses::set_pins(conn, id, &pinned, now)
        })
    }

    /// Fetches only the pinned posts of an actor.
    ///
    /// # Errors
    /// When their collection cannot be fetched now.
    pub fn featured(&self, actor_uri: &str) -> Result<()> {
        let actor = self.domain.store.read(|c| actors::by_uri(c, actor_uri))?.ok_or(Error::NotFound)?;
        self.pins(&actor, Instant::now() + limits::ACCOUNT_BACKFILL_TIME)
    }

    /// Stores an item of an outbox or of the pinned posts: a post, a Create (also in snac's pins), or an id.
    fn outbox_item(&self, item: &Item, actor: &Actor) -> Result<Option<StatusId>> {
        if actor.kind == ActorKind::Group {
            return self.item_of_group(item, actor, 0);
        }
        let actor_uri = &actor.uri;
        let value = match item {
            Item::Embedded(value) => value,
            Item::Id(id) if same_origin(id, actor_uri) => return self.object_or_activity(id, actor),
            Item::Id(_) => return Ok(None),
        };
        let kind = activitystreams::kind_of(value).unwrap_or_default();
        if !activitystreams::is_activity_type(&kind) {
            return self.inline_object(value, actor_uri);
        }
        if kind != "Create" {
            return Ok(None);
        }
        let activity = activitystreams::read_activity(value).map_err(|e| malformed(&e.to_string()))?;
        match activity.objects.first() {
            Some(Item::Embedded(object)) => self.inline_object(object, actor_uri),
            Some(Item::Id(id)) if same_origin(id, actor_uri) => self.object(id).map(Some),
            _ => Ok(None),
        }
    }

    fn object_or_activity(&self, id: &str, actor: &Actor) -> Result<Option<StatusId>> {
        let value = self.document(id)?;
        match activitystreams::kind_of(&value) {
            Some(kind) if activitystreams::is_activity_type(&kind) => {
                self.outbox_item(&Item::Embedded(value.into()), actor)
            }
            _ => self.inline_object(&value, &actor.uri),
        }
    }

    /// Stores a post of a community: the item, or the object of its Announce or Create. An embedded post is trusted if it
    /// and its author are on the origin of the community; otherwise it is fetched from its own origin.
    fn item_of_group(&self, item: &Item, group: &Actor, depth: usize) -> Result<Option<StatusId>> {
        let item = match item {
            Item::Embedded(value) if is_activity(value) => match announced(value) {
                Some(item) => item,
                None => return Ok(None),
            },
            item => item.clone(),
        };
        let Some(id) = item.id().filter(|id| activitystreams::is_id(id)) else { return Ok(None) };
        if let Some(known) = self.joins_group(id, group)? {
            return Ok(Some(known));
        }
        if self.domain.site.owns(id) {
            return Ok(None);
        }
        let value = match &item {
            Item::Embedded(value) if same_origin(id, &group.uri) => Cow::<Value>::Borrowed(value),
            _ => Cow::Owned(self.document(id)?),
        };
        match is_activity(&value) {
            false => self.object_in_group(&value, group),
            // The collection references its activities by id.
            true if depth == 0 => self.item_of_group(&Item::Embedded(value.into_owned().into()), group, 1),
            true => Ok(None),
        }
    }

    fn object_in_group(&self, value: &Value, group: &Actor) -> Result<Option<StatusId>> {
        let object = activitystreams::read_object(value).map_err(|e| malformed(&e.to_string()))?;
        let own = object.attributed_to == group.uri;
        self.store(object, if own { Source::Fetched } else { Source::ForGroup(group.id) }).map(Some)
    }

    /// Adds a stored post to a community that lists it.
    fn joins_group(&self, id: &str, group: &Actor) -> Result<Option<StatusId>> {
        let known = self.domain.store.read(|c| statuses::by_uri(c, id))?.filter(|s| s.boost_of.is_none());
        let Some(status) = known else { return Ok(None) };
        if status.actor_id == group.id || status.group == Some(group.id) {
            return Ok(Some(status.id));
        }
        let (domain, group, found) = (self.domain.clone(), group.id, status.id);
        self.domain.store.write(move |conn| inbox::add_to_community(conn, &domain, group, &status))?;
        Ok(Some(found))
    }

    /// Stores an embedded post. It is trusted if it is on its author's server.
    fn inline_object(&self, value: &Value, actor_uri: &str) -> Result<Option<StatusId>> {
        let object = self.object_in(value.clone())?;
        if object.attributed_to != actor_uri || !same_origin(&object.id, actor_uri) {
            return Ok(None);
        }
        self.store(object, Source::Fetched).map(Some)
    }
}
