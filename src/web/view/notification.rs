//! A notification.

use serde::Serialize;

use super::person::{Person, person};
use super::post::{Post, post};
use super::reaction::face;
use crate::app::App;
use crate::domain::queries::status_view::NotificationView;
use crate::protocol::escape::escape;
use crate::store::notifications::NotificationKind;
use crate::store::notifications::severances::Severance;
use crate::store::visibility::Viewer;
use crate::web::templates::{Html, Time, time};

/// A notification.
#[derive(Debug, Clone, Serialize)]
pub struct Notification {
    /// The API's name of its kind.
    pub kind: &'static str,
    /// What happened; the text follows the name of the actor.
    pub text: Html,
    /// The actor that caused it.
    pub actor: Person,
    /// Its time.
    pub time: Time,
    /// The post that it is about.
    pub post: Option<Post>,
    /// The comment of a report.
    pub comment: Option<String>,
    /// The posts that a report is about.
    pub reported_posts: Vec<Post>,
    /// Its id: the cursor.
    pub cursor: String,
}

/// What a suspension ended.
fn severance_text(s: &Severance) -> String {
    let count = |n: i64, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    format!(
        "suspended {}, which ended {} and {} of yours",
        s.host,
        count(s.followers, "follower", "followers"),
        count(s.following, "follow", "follows"),
    )
}

/// A notification as pages show it.
pub fn notification(app: &App, view: &NotificationView, viewer: Viewer) -> Notification {
    let text = match view.row.kind {
        NotificationKind::Mention => "mentioned you",
        NotificationKind::Boost => "boosted your post",
        NotificationKind::Favourite => "favourited your post",
        NotificationKind::Follow => "followed you",
        NotificationKind::FollowRequest => "requested to follow you",
        NotificationKind::Poll => "ran a poll that has ended",
        NotificationKind::Update => "edited a post that you boosted",
        NotificationKind::Status => "posted",
        NotificationKind::Reaction => "reacted to your post",
        NotificationKind::Quote => "quoted your post",
        NotificationKind::Report => "reported you or one of your posts",
        NotificationKind::QuotedUpdate => "edited a post that you quoted",
        NotificationKind::Severed => "suspended a server, which ended follows",
    };
    let text = match (&view.reaction, &view.severance) {
        (Some(reaction), _) => format!("reacted with {} to your post", face(reaction).0),
        (None, Some(severed)) => escape(&severance_text(severed)),
        (None, None) => text.to_owned(),
    };
    Notification {
        kind: view.row.kind.as_str(),
        text: Html(text),
        actor: person(app, &view.actor, viewer),
        time: time(view.row.created_at),
        post: view.status.as_ref().map(|s| post(app, s, viewer)),
        comment: view.report.as_ref().map(|(report, _)| report.comment.clone()).filter(|c| !c.trim().is_empty()),
        reported_posts: view.report.iter().flat_map(|(_, posts)| posts).map(|s| post(app, s, viewer)).collect(),
        cursor: view.row.id.to_string(),
    }
}
