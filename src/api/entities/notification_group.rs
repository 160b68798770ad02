//! GroupedNotificationsResults and NotificationGroup.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::Value;

use super::Context;
use super::account::{Account, account, acct, avatar_url};
use super::notification::{event, report};
use super::status::{Status, status};
use crate::domain::queries::notifications::groups::GroupView;
use crate::protocol::ids::{ActorId, NotificationId, StatusId};
use crate::store::actors::Actor;
use crate::store::notifications::NotificationKind;

/// How the accounts of groups are returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expansion {
    /// All of them whole.
    Full,
    /// Only the newest of each group whole.
    PartialAvatars,
}

/// PartialAccountWithAvatar.
#[derive(Debug, Serialize)]
struct PartialAccount {
    id: ActorId,
    acct: String,
    url: String,
    avatar: String,
    avatar_static: String,
    locked: bool,
    bot: bool,
}

/// NotificationGroup.
#[derive(Debug, Serialize)]
struct NotificationGroup {
    group_key: String,
    notifications_count: i64,
    #[serde(rename = "type")]
    kind: &'static str,
    /// A JSON integer, as in Mastodon: Ice Cubes fails on a string.
    most_recent_notification_id: i64,
    page_min_id: NotificationId,
    page_max_id: NotificationId,
    latest_page_notification_at: String,
    sample_account_ids: Vec<ActorId>,
    status_id: Option<StatusId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<Value>,
}

/// GroupedNotificationsResults.
#[derive(Debug, Serialize)]
pub struct GroupedResults<'a> {
    accounts: Vec<Account<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_accounts: Option<Vec<PartialAccount>>,
    statuses: Vec<Status<'a>>,
    notification_groups: Vec<NotificationGroup>,
}

fn partial(ctx: Context<'_>, actor: &Actor) -> PartialAccount {
    let whole = account(ctx, actor);
    let avatar = avatar_url(ctx, actor);
    PartialAccount {
        id: actor.id,
        acct: acct(actor).into_owned(),
        url: whole.url().to_owned(),
        avatar_static: avatar.clone(),
        avatar,
        locked: whole.is_locked(),
        bot: whole.is_bot(),
    }
}

fn group(ctx: Context<'_>, view: &GroupView, reaction: NotificationKind) -> NotificationGroup {
    let row = &view.newest.row;
    NotificationGroup {
        group_key: view.key.clone(),
        notifications_count: view.count,
        kind: if row.kind == NotificationKind::Reaction { reaction } else { row.kind }.as_str(),
        most_recent_notification_id: row.id.0,
        page_min_id: view.oldest,
        page_max_id: row.id,
        latest_page_notification_at: row.created_at.to_api(),
        sample_account_ids: view.actors.iter().map(|actor| actor.id).collect(),
        status_id: view.newest.status.as_ref().map(|s| s.status.id),
        report: view.newest.report.as_ref().map(|r| report(ctx, r, view.newest.target.as_deref())),
        event: view.newest.severance.as_ref().map(event),
    }
}

/// Groups of notifications as the API shows them. `reaction` is the kind that a reaction is shown as.
pub fn grouped_results<'a>(
    ctx: Context<'_>,
    groups: &'a [GroupView],
    reaction: NotificationKind,
    expansion: Expansion,
) -> GroupedResults<'a> {
    let (mut whole, mut seen, mut known) = (Vec::new(), HashSet::new(), HashSet::new());
    let newest = groups.iter().filter_map(|group| group.actors.first());
    whole.extend(newest.filter(|actor| seen.insert(actor.id)));
    let others: Vec<_> = groups.iter().flat_map(|group| &group.actors).filter(|actor| seen.insert(actor.id)).collect();
    let partial_accounts = match expansion {
        Expansion::Full => {
            whole.extend(others);
            None
        }
        Expansion::PartialAvatars => Some(others.into_iter().map(|actor| partial(ctx, actor)).collect()),
    };
    let statuses = groups.iter().filter_map(|group| group.newest.status.as_ref());
    GroupedResults {
        accounts: whole.into_iter().map(|actor| account(ctx, actor)).collect(),
        partial_accounts,
        statuses: statuses.filter(|s| known.insert(s.status.id)).map(|s| status(ctx, s)).collect(),
        notification_groups: groups.iter().map(|view| group(ctx, view, reaction)).collect(),
    }
}
