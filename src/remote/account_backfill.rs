//! What somebody has written, pinned and counts, as their own server shows it.

use std::borrow::Cow;
use std::time::Instant;

use serde_json::Value;

use super::collection::Reading;
use super::dereference::{Fetcher, malformed};
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

/// In the outbox of a community the announcements are the posts in it (Lemmy, PeerTube's channels, Guppe).
fn may_be_in_group(item: &Item) -> bool {
    match item {
        Item::Embedded(value) if activitystreams::kind_of(value).as_deref() == Some("Announce") => {
            announced(value).is_some()
        }
        item => may_be_post(item),
    }
}

/// The post that an announcement or Create is about; `None` for votes, deletions and the like.
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

impl Fetcher {
    /// Fetches the last and pinned posts of an actor and how much it has of everything. Posts appear at their own
    /// dates, silently. Answers how many are here.
    ///
    /// # Errors
    /// When the actor is gone, or its outbox cannot be had now.
    pub fn backfill(&self, actor_uri: &str) -> Result<usize> {
        let domain = &self.domain;
        let until = Instant::now() + limits::ACCOUNT_BACKFILL_TIME;
        let mut actor = domain.store.read(|c| actors::by_uri(c, actor_uri))?.ok_or(Error::NotFound)?;
        if actor.fetched_at < domain.now().minus(limits::ACCOUNT_BACKFILL_ACTOR_AGE) {
            let id = self.fresh_actor(actor_uri)?;
            actor = domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
        }
        let found = self.posts_and_counts(&actor, until);
        // The pins are not worth losing anything else.
        if let Err(e) = self.pins(&actor, until) {
            tracing::debug!(error = %e, "the pinned posts of an actor were left out");
        }
        found
    }

    fn posts_and_counts(&self, actor: &Actor, until: Instant) -> Result<usize> {
        let domain = &self.domain;
        let (outbox, posts) = match self.outbox(actor, until) {
            // A server that shows no outbox says nothing of its actor.
            Err(Error::Remote(e)) if !e.is_temporary() => {
                tracing::debug!(error = %e, "an outbox was left out");
                (None, (0, 0))
            }
            other => other?,
        };
        let count = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok());
        let counted = |uri: &String| self.listing(uri, Reading::until(until, 0)).ok()?.total;
        let total = |uri: &Option<String>| count(uri.as_ref().filter(|_| Instant::now() < until).and_then(counted));
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
    fn outbox(&self, actor: &Actor, until: Instant) -> Result<(Option<u64>, (usize, usize))> {
        let Some(outbox) = &actor.outbox else { return Ok((None, (0, 0))) };
        // Some boost forty times between two posts of their own.
        let reading = Reading {
            wanted: if actor.kind == ActorKind::Group { may_be_in_group } else { may_be_post },
            pages: limits::ACCOUNT_BACKFILL_PAGES,
            ..Reading::until(until, limits::ACCOUNT_BACKFILL_POSTS)
        };
        let listing = self.listing(outbox, reading)?;
        let was_cut = listing.left_out > 0 && listing.items.len() < limits::ACCOUNT_BACKFILL_POSTS;
        let (mut found, mut missing) = (0, usize::from(was_cut));
        // The oldest first: times on the wire have whole seconds, and within one the order of arrival counts.
        for item in listing.items.iter().rev() {
            if Instant::now() >= until {
                missing += 1;
                continue;
            }
            // One post that cannot be had must not cost the others.
            match self.outbox_item(item, actor) {
                Ok(Some(_)) => found += 1,
                Ok(None) | Err(Error::Gone | Error::NotFound) => {}
                Err(e) => {
                    missing += 1;
                    tracing::debug!(error = %e, "a post of an outbox was left out");
                }
            }
        }
        Ok((listing.total, (found, missing)))
    }

    /// The pinned posts of an actor; what is pinned no longer loses its mark.
    fn pins(&self, actor: &Actor, until: Instant) -> Result<()> {
        let Some(featured) = &actor.featured_uri else { return Ok(()) };
        let items = self.listing(featured, Reading::until(until, limits::REMOTE_PINS))?.items;
        let mut pinned: Vec<StatusId> = Vec::new();
        for item in items.iter().take(limits::REMOTE_PINS) {
            if Instant::now() >= until {
                return Err(malformed("there was no time for all of them"));
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

    /// Fetches the pinned posts of an actor alone.
    ///
    /// # Errors
    /// When its list of them cannot be had now.
    pub fn featured(&self, actor_uri: &str) -> Result<()> {
        let actor = self.domain.store.read(|c| actors::by_uri(c, actor_uri))?.ok_or(Error::NotFound)?;
        self.pins(&actor, Instant::now() + limits::ACCOUNT_BACKFILL_TIME)
    }

    /// A post in an outbox, or a pinned one: itself, Create with it (snac's pins too), or an id.
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

    /// A post in a community: itself, or what an announcement or Create names. It is taken as it stands if it is on the
    /// origin that serves the list, and so is its author; else it is fetched from its own origin.
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
            // The list names its announcements by their ids.
            true if depth == 0 => self.item_of_group(&Item::Embedded(value.into_owned().into()), group, 1),
            true => Ok(None),
        }
    }

    fn object_in_group(&self, value: &Value, group: &Actor) -> Result<Option<StatusId>> {
        let object = activitystreams::read_object(value).map_err(|e| malformed(&e.to_string()))?;
        let own = object.attributed_to == group.uri;
        self.store(object, if own { Source::Fetched } else { Source::ForGroup(group.id) }).map(Some)
    }

    /// Puts a post that is stored already into a community that lists it.
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

    /// An object in a document of its author's own server can be taken as it stands.
    fn inline_object(&self, value: &Value, actor_uri: &str) -> Result<Option<StatusId>> {
        let object = self.object_in(value.clone())?;
        if object.attributed_to != actor_uri || !same_origin(&object.id, actor_uri) {
            return Ok(None);
        }
        self.store(object, Source::Fetched).map(Some)
    }
}
