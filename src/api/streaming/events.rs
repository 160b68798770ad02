//! What happened, as events of the streaming API. Each event is rendered once, for all streams.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Serialize;

use crate::api::entities::Context;
use crate::api::entities::notification::notification;
use crate::api::entities::status::status;
use crate::api::{conversations, notifications};
use crate::app::App;
use crate::domain::queries;
use crate::domain::queries::status_view::{StatusLoader, StatusView};
use crate::domain::streaming::{Channel, showing_deleted, showing_edit, showing_new};
use crate::error::Result;
use crate::http::streams::StreamEvent;
use crate::limits;
use crate::protocol::ids::{NotificationId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::store::database::events::StoreEvent;
use crate::store::filters::FilterContext;
use crate::store::notifications::{NotificationKind, Selection};
use crate::store::statuses::Status;
use crate::store::visibility::Viewer;
use crate::store::{Conn, statuses};

/// What happened to one status in one commit.
struct Changed {
    id: StatusId,
    stored: bool,
    added_to: Vec<i64>,
}

/// One thing that may become an event.
enum Item<'a> {
    Status(Changed),
    Other(&'a StoreEvent),
}

/// The events of one commit that one of these channels shows, in order.
pub(crate) fn render(app: &App, events: &[StoreEvent], wanted: &HashSet<Channel>) -> Result<Vec<StreamEvent>> {
    let mut rendered = Vec::new();
    for item in grouped(events) {
        match item {
            Item::Status(changed) => rendered.extend(status_events(app, &changed, wanted)?),
            Item::Other(StoreEvent::Deleted(deleted)) => {
                let channels = showing_deleted(wanted, deleted);
                rendered.extend(event("delete", &deleted.id.to_string(), channels));
            }
            Item::Other(StoreEvent::Notified(id)) => rendered.extend(notified(app, *id, wanted)?),
            Item::Other(StoreEvent::FiltersChanged) if wanted.contains(&Channel::User) => {
                rendered.push(StreamEvent::bare("filters_changed", vec![Channel::User]));
            }
            Item::Other(_) => {}
        }
    }
    Ok(rendered)
}

/// Joins what happened to the same status: that it was stored, added to timelines, and perhaps edited. Repeated events are
/// left out.
fn grouped(events: &[StoreEvent]) -> Vec<Item<'_>> {
    let mut items: Vec<Item<'_>> = Vec::with_capacity(events.len());
    for event in events {
        let (id, stored, timeline) = match event {
            StoreEvent::Stored(id) => (*id, true, None),
            StoreEvent::InTimeline(timeline, id) => (*id, false, Some(*timeline)),
            StoreEvent::Edited(id) => (*id, false, None),
            other => {
                let is_repeated = |item: &Item<'_>| matches!(item, Item::Other(known) if *known == other);
                if !items.iter().any(is_repeated) {
                    items.push(Item::Other(other));
                }
                continue;
            }
        };
        let known = items.iter_mut().find_map(|item| match item {
            Item::Status(changed) if changed.id == id => Some(changed),
            _ => None,
        });
        match known {
            Some(changed) => {
                changed.stored |= stored;
                changed.added_to.extend(timeline);
            }
            None => items.push(Item::Status(Changed { id, stored, added_to: timeline.into_iter().collect() })),
        }
    }
    items
}

fn event(kind: &'static str, payload: &str, channels: Vec<Channel>) -> Option<StreamEvent> {
    (!channels.is_empty()).then(|| StreamEvent::new(kind, payload, channels))
}

fn entity_event(kind: &'static str, entity: &impl Serialize, channels: Vec<Channel>) -> Option<StreamEvent> {
    // Our own entities have string keys only, so serialising them never fails.
    event(kind, &serde_json::to_string(entity).unwrap_or_default(), channels)
}

fn context(app: &App) -> Context<'_> {
    Context { site: &app.domain.site, domain: &app.domain, owner: true }
}

fn status_events(app: &App, changed: &Changed, wanted: &HashSet<Channel>) -> Result<Vec<StreamEvent>> {
    let viewer = app.domain.as_owner()?;
    let found = app.domain.store.read(|c| shown(app, c, viewer, changed, wanted))?;
    let Some((kind, channels, view)) = found else { return Ok(Vec::new()) };
    let update = entity_event(kind, &status(context(app), &view), channels);
    let conversation = if changed.stored { conversation(app, &view.status, wanted)? } else { None };
    Ok(update.into_iter().chain(conversation).collect())
}

/// The kind of the event and the channels that show it, with the status.
type Shown = (&'static str, Vec<Channel>, StatusView);

fn shown(
    app: &App,
    conn: &Conn,
    viewer: Viewer,
    changed: &Changed,
    wanted: &HashSet<Channel>,
) -> Result<Option<Shown>> {
    let Some(status) = statuses::get(conn, changed.id)? else { return Ok(None) };
    let is_new = changed.stored || !changed.added_to.is_empty();
    let wanted = if is_new && is_old(app, &status) { Cow::Owned(threads(wanted)) } else { Cow::Borrowed(wanted) };
    if wanted.is_empty() {
        return Ok(None);
    }
    let is_conversation =
        changed.stored && status.visibility == Visibility::Direct && wanted.contains(&Channel::Direct);
    let (kind, channels) = match is_new {
        true => ("update", new_on(conn, viewer, &wanted, &status, changed)?),
        false => ("status.update", showing_edit(conn, viewer, &wanted, &status)?),
    };
    if channels.is_empty() && !is_conversation {
        return Ok(None);
    }
    let view = StatusLoader::filtered(conn, viewer, &app.domain).status(changed.id)?;
    Ok(view.map(|view| {
        let channels = channels.into_iter().filter(|channel| !is_hidden(&view, channel)).collect();
        (kind, channels, view)
    }))
}

/// Returns `true` if a status that arrives is no news.
fn is_old(app: &App, status: &Status) -> bool {
    status.created_at < app.domain.now().minus(limits::STREAM_STATUS_AGE)
}

/// The channels that show old posts too: an open thread grows by what a backfill finds.
fn threads(wanted: &HashSet<Channel>) -> HashSet<Channel> {
    wanted.iter().filter(|channel| matches!(channel, Channel::Thread(_))).cloned().collect()
}

/// Returns `true` if a filter of the owner hides a status in a channel.
fn is_hidden(view: &StatusView, channel: &Channel) -> bool {
    view.is_hidden(match channel {
        Channel::Public { .. } | Channel::Hashtag { .. } => FilterContext::Public,
        Channel::Thread(_) => FilterContext::Thread,
        Channel::User | Channel::List(_) | Channel::Notifications | Channel::Direct => FilterContext::Home,
    })
}

/// A status that was only added to a timeline, such as a reply whose parent has arrived, is not new on public ones.
fn new_on(
    conn: &Conn,
    viewer: Viewer,
    wanted: &HashSet<Channel>,
    status: &Status,
    changed: &Changed,
) -> Result<Vec<Channel>> {
    let mut channels = showing_new(conn, viewer, wanted, status, &changed.added_to)?;
    if !changed.stored {
        channels.retain(|channel| matches!(channel, Channel::User | Channel::List(_)));
    }
    Ok(channels)
}

/// The conversation that a new direct post changes.
fn conversation(app: &App, status: &Status, wanted: &HashSet<Channel>) -> Result<Option<StreamEvent>> {
    if status.visibility != Visibility::Direct || !wanted.contains(&Channel::Direct) || is_old(app, status) {
        return Ok(None);
    }
    let view = queries::conversations::get(&app.domain, status.thread.0)?;
    Ok(view.and_then(|view| {
        entity_event("conversation", &conversations::entity(context(app), &view), vec![Channel::Direct])
    }))
}

fn notified(app: &App, id: NotificationId, wanted: &HashSet<Channel>) -> Result<Option<StreamEvent>> {
    let channels: Vec<Channel> =
        [Channel::User, Channel::Notifications].into_iter().filter(|channel| wanted.contains(channel)).collect();
    if channels.is_empty() {
        return Ok(None);
    }
    let views = queries::notifications::list(&app.domain, &Selection::all(), &notifications::only(id))?;
    let Some(view) = views.first() else { return Ok(None) };
    // Typed apps do not know reactions.
    let entity = notification(context(app), view, NotificationKind::Favourite);
    Ok(entity_event("notification", &entity, channels))
}
