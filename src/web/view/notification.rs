//! Notifications: one card for what happened to a post on one day, or for all who followed on one day.

use serde::Serialize;

use super::person::{Person, person};
use super::post::{Brief, Post, brief_in, face, post_in};
use crate::app::App;
use crate::domain::queries::notifications::groups::GroupView;
use crate::domain::queries::status_view::NotificationView;
use crate::protocol::ids::StatusId;
use crate::protocol::time::Timestamp;
use crate::store::filters::FilterContext;
use crate::store::notifications::NotificationKind;
use crate::store::notifications::severances::Severance;
use crate::store::visibility::Viewer;
use crate::web::locale::Message;
use crate::web::templates::{Time, time};

/// The filters that apply.
const CONTEXT: FilterContext = FilterContext::Notifications;

/// What some actors did.
#[derive(Debug, Clone, Serialize)]
pub struct EventView {
    /// The API's name of its kind.
    pub kind: &'static str,
    /// The newest actors; none if the text names the owner.
    pub actors: Vec<Person>,
    /// The number of actors.
    pub count: i64,
    /// What they did: a message with their `names` and their `count`.
    pub text: Message,
    /// The key of the group, if all actors belong to one group.
    pub key: Option<String>,
}

impl EventView {
    /// Adds the actors of an earlier event with the same text.
    fn join(&mut self, other: Self) {
        let others: Vec<Person> =
            other.actors.into_iter().filter(|actor| self.actors.iter().all(|known| known.id != actor.id)).collect();
        self.actors.extend(others);
        self.count += other.count;
        self.key = None;
    }
}

/// A card with one or more events.
#[derive(Debug, Clone, Serialize)]
pub struct Notification {
    /// The API's name of the kind of its newest event.
    pub kind: &'static str,
    /// Its events, newest first.
    pub events: Vec<EventView>,
    /// The time of the newest event.
    pub time: Time,
    /// The post of a mention, quote or new post.
    pub post: Option<Post>,
    /// The post that another notification is about.
    pub brief: Option<Brief>,
    /// The comment of a report.
    pub comment: Option<String>,
    /// The posts that a report is about.
    pub reported_posts: Vec<Brief>,
    /// It is newer than what the owner has seen.
    pub is_new: bool,
    /// It is the first below newer ones that the owner has seen before.
    pub begins_seen: bool,
    /// What it is shared by: the post, the day, and whether it is new. `None` for a single notification.
    #[serde(skip)]
    shared: Option<Shared>,
}

/// Events with the same value are on one card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shared {
    /// `None` for follows.
    post: Option<StatusId>,
    day: Timestamp,
    is_new: bool,
}

/// What a suspension ended.
fn severance_text(s: &Severance) -> Message {
    Message::new("notification-severed-counts")
        .with("host", s.host.as_str())
        .with("followers", s.followers)
        .with("following", s.following)
}

/// What happened.
fn text(app: &App, view: &NotificationView, viewer: Viewer) -> Message {
    let text = match view.row.kind {
        NotificationKind::Mention => Message::new("notification-mention-html"),
        NotificationKind::Boost => Message::new("notification-boost-html"),
        NotificationKind::Favourite => Message::new("notification-favourite-html"),
        NotificationKind::Follow => Message::new("notification-follow-html"),
        NotificationKind::FollowRequest => Message::new("notification-follow-request-html"),
        NotificationKind::Poll if view.actor.local => Message::new("notification-own-poll"),
        NotificationKind::Poll => Message::new("notification-poll-html"),
        NotificationKind::Update => Message::new("notification-update-html"),
        NotificationKind::Status => Message::new("notification-status-html"),
        NotificationKind::Reaction => Message::new("notification-reaction-html"),
        NotificationKind::Quote => Message::new("notification-quote-html"),
        NotificationKind::Report => Message::new("notification-report-html"),
        NotificationKind::QuotedUpdate => Message::new("notification-quoted-update-html"),
        NotificationKind::Severed => Message::new("notification-severed"),
    };
    match (&view.reaction, &view.severance) {
        (Some(reaction), _) => {
            let emoji = minijinja::Value::from_safe_string(face(app, reaction, viewer).0);
            Message::new("notification-reaction-with-html").with("emoji", emoji)
        }
        (None, Some(severed)) => severance_text(severed),
        (None, None) => text,
    }
}

fn event(app: &App, group: &GroupView, viewer: Viewer) -> EventView {
    let actors = group.actors.iter().filter(|actor| !actor.local);
    EventView {
        kind: group.newest.row.kind.as_str(),
        actors: actors.map(|actor| person(app, actor, viewer)).collect(),
        count: group.count,
        text: text(app, &group.newest, viewer),
        key: Some(group.key.clone()),
    }
}

fn shared(view: &NotificationView, is_new: bool) -> Option<Shared> {
    use NotificationKind::{Boost, Favourite, Follow, Reaction};
    let is_shared = matches!(view.row.kind, Boost | Favourite | Reaction | Follow);
    is_shared.then(|| Shared { post: view.row.status_id, day: view.row.created_at.midnight(), is_new })
}

fn notification(app: &App, group: &GroupView, read: i64, viewer: Viewer) -> Notification {
    let view = &group.newest;
    let is_new = view.row.id.0 > read;
    let status = view.status.as_ref();
    let is_whole =
        matches!(view.row.kind, NotificationKind::Mention | NotificationKind::Quote | NotificationKind::Status);
    Notification {
        kind: view.row.kind.as_str(),
        events: vec![event(app, group, viewer)],
        time: time(view.row.created_at),
        post: status.filter(|_| is_whole).map(|s| post_in(app, s, viewer, CONTEXT)),
        brief: status.filter(|_| !is_whole).map(|s| brief_in(app, s, viewer, CONTEXT)),
        comment: view.report.as_ref().map(|(report, _)| report.comment.clone()).filter(|c| !c.trim().is_empty()),
        reported_posts: view
            .report
            .iter()
            .flat_map(|(_, posts)| posts)
            .map(|s| brief_in(app, s, viewer, CONTEXT))
            .collect(),
        is_new,
        begins_seen: false,
        shared: shared(view, is_new),
    }
}

/// Groups of notifications, newest first, as cards. `read` is the last notification that the owner has seen.
pub fn notifications(app: &App, groups: &[GroupView], read: i64, viewer: Viewer) -> Vec<Notification> {
    let mut cards: Vec<Notification> = Vec::with_capacity(groups.len());
    for group in groups {
        let shared = shared(&group.newest, group.newest.row.id.0 > read);
        let Some(card) = shared.and_then(|s| cards.iter_mut().find(|card| card.shared == Some(s))) else {
            cards.push(notification(app, group, read, viewer));
            continue;
        };
        let event = event(app, group, viewer);
        match card.events.iter_mut().find(|e| e.kind == event.kind && e.text == event.text) {
            Some(same) => same.join(event),
            None => card.events.push(event),
        }
    }
    if let Some(first_seen) = cards.iter().position(|card| !card.is_new).filter(|at| *at > 0) {
        cards[first_seen].begins_seen = true;
    }
    cards
}
