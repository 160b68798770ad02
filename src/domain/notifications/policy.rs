//! The notification policy: which notifications the owner gets, and which wait until the owner accepts their actor.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::Domain;
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::{ActorId, time_of};
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::database::column_types::{from_json, to_json};
use crate::store::database::settings;
use crate::store::notifications::{NotificationKind, requests};
use crate::store::peers::domain_policies::Severity;
use crate::store::relationships::follows;
use crate::store::statuses::Status;
use crate::store::{Conn, actors};

/// What happens to a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// It is shown.
    #[default]
    Accept,
    /// It waits in a request.
    Filter,
    /// It is not stored.
    Drop,
}

impl Treatment {
    /// The name in the client API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Filter => "filter",
            Self::Drop => "drop",
        }
    }

    /// Reads the API's name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Accept, Self::Filter, Self::Drop].into_iter().find(|treatment| treatment.as_str() == name)
    }
}

/// What happens to the notifications of actors of some kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NotificationPolicy {
    /// Those that the owner does not follow.
    pub not_following: Treatment,
    /// Those that do not follow the owner, or only since a few days.
    pub not_followers: Treatment,
    /// Accounts that are younger than a month.
    pub new_accounts: Treatment,
    /// Private mentions that reply to nothing of the owner's, by accounts that the owner does not follow.
    pub private_mentions: Treatment,
    /// Accounts of silenced servers that the owner does not follow.
    pub limited_accounts: Treatment,
    /// Automated accounts that the owner does not follow.
    pub bots: Treatment,
}

impl Default for NotificationPolicy {
    fn default() -> Self {
        Self {
            not_following: Treatment::Accept,
            not_followers: Treatment::Accept,
            new_accounts: Treatment::Accept,
            private_mentions: Treatment::Accept,
            limited_accounts: Treatment::Filter,
            bots: Treatment::Accept,
        }
    }
}

/// The owner's policy.
pub fn get(conn: &Conn) -> Result<NotificationPolicy> {
    Ok(settings::get(conn, settings::NOTIFICATION_POLICY)?.map(|text| from_json(&text)).unwrap_or_default())
}

/// Changes of the policy; `None` keeps the current value.
#[derive(Debug, Clone, Copy, Default)]
pub struct PolicyChange {
    /// See [`NotificationPolicy::not_following`].
    pub not_following: Option<Treatment>,
    /// See [`NotificationPolicy::not_followers`].
    pub not_followers: Option<Treatment>,
    /// See [`NotificationPolicy::new_accounts`].
    pub new_accounts: Option<Treatment>,
    /// See [`NotificationPolicy::private_mentions`].
    pub private_mentions: Option<Treatment>,
    /// See [`NotificationPolicy::limited_accounts`].
    pub limited_accounts: Option<Treatment>,
    /// See [`NotificationPolicy::bots`].
    pub bots: Option<Treatment>,
}

impl PolicyChange {
    /// Reads the treatment of each group of accounts by its name, given the one before.
    ///
    /// # Errors
    /// Those of `treatment`.
    pub fn read(
        before: &NotificationPolicy,
        treatment: impl Fn(&str, Treatment) -> Result<Option<Treatment>>,
    ) -> Result<Self> {
        Ok(Self {
            not_following: treatment("not_following", before.not_following)?,
            not_followers: treatment("not_followers", before.not_followers)?,
            new_accounts: treatment("new_accounts", before.new_accounts)?,
            private_mentions: treatment("private_mentions", before.private_mentions)?,
            limited_accounts: treatment("limited_accounts", before.limited_accounts)?,
            bots: treatment("bots", before.bots)?,
        })
    }
}

/// Changes the policy for notifications that arrive from now on.
pub fn change(domain: &Arc<Domain>, change: PolicyChange) -> Result<NotificationPolicy> {
    domain.transact(move |tx| {
        let before = get(tx)?;
        let after = NotificationPolicy {
            not_following: change.not_following.unwrap_or(before.not_following),
            not_followers: change.not_followers.unwrap_or(before.not_followers),
            new_accounts: change.new_accounts.unwrap_or(before.new_accounts),
            private_mentions: change.private_mentions.unwrap_or(before.private_mentions),
            limited_accounts: change.limited_accounts.unwrap_or(before.limited_accounts),
            bots: change.bots.unwrap_or(before.bots),
        };
        settings::set(tx, settings::NOTIFICATION_POLICY, &to_json(&after))?;
        Ok(after)
    })
}

/// What happens to a notification of this kind by an actor.
pub(super) fn treatment(
    conn: &Conn,
    domain: &Domain,
    kind: NotificationKind,
    actor: ActorId,
    status: Option<&Status>,
) -> Result<Treatment> {
    use NotificationKind::{Poll, QuotedUpdate, Report, Severed, Update};
    // As in Mastodon: these are about something that the owner has chosen.
    if matches!(kind, Poll | Update | QuotedUpdate | Report | Severed) {
        return Ok(Treatment::Accept);
    }
    let policy = get(conn)?;
    if policy == ALL_ACCEPTED {
        return Ok(Treatment::Accept);
    }
    let Some(actor) = actors::get(conn, actor)? else { return Ok(Treatment::Accept) };
    let strictest = strictest(conn, domain, &policy, &actor, (kind, status))?;
    if strictest == Treatment::Accept || requests::is_permitted(conn, actor.id)? {
        return Ok(Treatment::Accept);
    }
    Ok(strictest)
}

const ALL_ACCEPTED: NotificationPolicy = NotificationPolicy {
    not_following: Treatment::Accept,
    not_followers: Treatment::Accept,
    new_accounts: Treatment::Accept,
    private_mentions: Treatment::Accept,
    limited_accounts: Treatment::Accept,
    bots: Treatment::Accept,
};

/// The strictest treatment among those that apply to an actor.
fn strictest(
    conn: &Conn,
    domain: &Domain,
    policy: &NotificationPolicy,
    actor: &Actor,
    (kind, status): (NotificationKind, Option<&Status>),
) -> Result<Treatment> {
    let (owner, now) = (domain.owner()?.id, domain.now());
    let is_followed = follows::is_accepted(conn, owner, actor.id)?;
    let follower = follows::between(conn, actor.id, owner)?;
    let old_enough = now.minus(limits::NEW_FOLLOWER_AGE);
    let is_follower = follower.is_some_and(|f| f.accepted && time_of(f.id.0) <= old_enough);
    let is_new = actor.created_at > now.minus(limits::NEW_ACCOUNT_AGE);
    let is_unsolicited = |s: &Status| s.visibility == Visibility::Direct && s.in_reply_to_actor != Some(owner);
    let is_private = kind == NotificationKind::Mention && status.is_some_and(is_unsolicited);
    let applies = [
        (policy.not_following, !is_followed),
        (policy.not_followers, !is_follower),
        (policy.new_accounts, !is_followed && is_new),
        (policy.private_mentions, !is_followed && is_private),
        (policy.limited_accounts, !is_followed && actor.limited != Severity::Allow),
        (policy.bots, !is_followed && actor.kind.is_automated()),
    ];
    Ok(applies.into_iter().filter(|(_, applies)| *applies).map(|(treatment, _)| treatment).max().unwrap_or_default())
}
