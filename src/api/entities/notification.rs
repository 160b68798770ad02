//! Notification.

use serde::Serialize;

use super::Context;
use super::account::{Account, account};
use super::status::{Status, status};
use crate::domain::views::NotificationView;
use crate::protocol::ids::NotificationId;

/// Notification.
#[derive(Debug, Serialize)]
pub struct Notification {
    id: NotificationId,
    #[serde(rename = "type")]
    kind: &'static str,
    created_at: String,
    group_key: String,
    account: Account,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    /// What was reacted with: an emoji, or `:name:` of a custom one (Pleroma's extension, as the next).
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<String>,
    /// The picture of a custom emoji.
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji_url: Option<String>,
}

/// A notification as the API shows it.
pub fn notification(ctx: Context<'_>, view: &NotificationView) -> Notification {
    Notification {
        id: view.row.id,
        kind: view.row.kind.as_str(),
        created_at: view.row.created_at.to_api(),
        group_key: format!("ungrouped-{}", view.row.id),
        account: account(ctx, &view.actor),
        status: view.status.as_ref().map(|s| status(ctx, s)),
        emoji: view.reaction.as_ref().map(|r| r.text.clone()),
        emoji_url: view.reaction.as_ref().and_then(|r| r.url.clone()),
    }
}
