//! Notification.

use serde::Serialize;
use serde_json::{Value, json};

use super::Context;
use super::account::{Account, account};
use super::status::{Status, status};
use crate::domain::queries::notifications::groups::single_key;
use crate::domain::queries::status_view::{NotificationView, StatusView};
use crate::domain::remote_files::RemoteFile;
use crate::protocol::ids::NotificationId;
use crate::store::actors::Actor;
use crate::store::notifications::NotificationKind;
use crate::store::notifications::severances::Severance;
use crate::store::relationships::reports::Report;

/// Notification.
#[derive(Debug, Serialize)]
pub struct Notification<'a> {
    id: NotificationId,
    #[serde(rename = "type")]
    kind: &'static str,
    created_at: String,
    group_key: String,
    account: Account<'a>,
    /// Present if the policy filters it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    filtered: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status<'a>>,
    /// The emoji of a reaction, `:name:` if it is a custom one (an extension of Pleroma, as is `emoji_url`).
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<&'a str>,
    /// The URL of a custom emoji.
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji_url: Option<String>,
    /// The report, in `admin.report`.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Value>,
    /// The ended follows, in `severed_relationships`.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<Value>,
}

/// Report, as part of a notification.
pub(super) fn report(ctx: Context<'_>, (report, posts): &(Report, Vec<StatusView>), owner: Option<&Actor>) -> Value {
    let ids: Vec<String> = posts.iter().map(|post| post.status.id.to_string()).collect();
    json!({
        "id": report.id.to_string(),
        "action_taken": report.closed_at.is_some(),
        "action_taken_at": report.closed_at.map(|at| at.to_api()),
        "category": report.category,
        "comment": report.comment,
        "forwarded": false,
        "created_at": report.created_at.to_api(),
        "status_ids": ids,
        "rule_ids": report.rules.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "target_account": owner.map(|owner| account(ctx, owner)),
    })
}

/// RelationshipSeveranceEvent.
pub(super) fn event(of: &Severance) -> Value {
    json!({
        "id": of.id.to_string(),
        "type": "user_domain_block",
        "purged": false,
        "target_name": of.host,
        "followers_count": of.followers,
        "following_count": of.following,
        "created_at": of.created_at.to_api(),
    })
}

/// A notification as the API shows it. `reaction` is the kind that a reaction is shown as.
pub fn notification<'a>(ctx: Context<'_>, view: &'a NotificationView, reaction: NotificationKind) -> Notification<'a> {
    Notification {
        id: view.row.id,
        kind: if view.row.kind == NotificationKind::Reaction { reaction } else { view.row.kind }.as_str(),
        created_at: view.row.created_at.to_api(),
        group_key: view.row.group_key.clone().unwrap_or_else(|| single_key(view.row.id)),
        account: account(ctx, &view.actor),
        filtered: view.row.filtered,
        status: view.status.as_ref().map(|s| status(ctx, s)),
        emoji: view.reaction.as_ref().map(|r| r.text.as_str()),
        emoji_url: view.reaction.as_ref().and_then(|r| r.url.as_ref()).map(|url| ctx.proxied(RemoteFile::Emoji, url)),
        report: view.report.as_ref().map(|r| report(ctx, r, view.target.as_deref())),
        event: view.severance.as_ref().map(event),
    }
}
