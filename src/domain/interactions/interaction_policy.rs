//! Who may like, answer, boost or quote a post: its author's interaction policy (GoToSocial, FEP-044f), read for
//! somebody.

use std::collections::HashSet;

use crate::domain::Owner;
use crate::error::Result;
use crate::protocol::activitystreams::types::{Interaction, InteractionPolicy, PUBLIC, Rule};
use crate::protocol::ids::ActorId;
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::relationships::follows;
use crate::store::statuses::Status;
use crate::store::statuses::tags;
use crate::store::statuses::tags::StoredMention;
use crate::store::{Conn, actors};

/// What a policy says to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyDecision {
    /// Yes, without asking.
    Automatic,
    /// Ask; the author decides.
    Manual,
    /// No.
    Never,
}

/// What a rule of `author` says to `who`.
///
/// # Errors
/// When the database cannot be read.
pub fn of_rule(conn: &Conn, rule: &Rule, author: &Actor, who: &Actor) -> Result<PolicyDecision> {
    of_rule_with(rule, author, who, |follower, target| follows::is_accepted(conn, follower, target))
}

/// As [`of_rule`], where it is known already who follows whom.
fn of_rule_with(
    rule: &Rule,
    author: &Actor,
    who: &Actor,
    follows: impl Fn(ActorId, ActorId) -> Result<bool>,
) -> Result<PolicyDecision> {
    if author.id == who.id || names(&rule.automatic, author, who, &follows)? {
        return Ok(PolicyDecision::Automatic);
    }
    Ok(if names(&rule.manual, author, who, &follows)? { PolicyDecision::Manual } else { PolicyDecision::Never })
}

/// What the author of a post lets the owner do with it only when asked, or not at all: [`to_owner`] for every kind of
/// interaction, where mentions and follows are known already.
pub fn terms(
    status: &Status,
    (author, me): (&Actor, &Actor),
    mentions: &[StoredMention],
    follows: &HashSet<(ActorId, ActorId)>,
) -> Vec<(Interaction, PolicyDecision)> {
    let Some(policy) = &status.policy else { return Vec::new() };
    let concerned = status.in_reply_to_actor == Some(me.id) || mentions.iter().any(|m| m.actor_id == me.id);
    let consent = |wish: Interaction| {
        let rule = policy.rule(wish).filter(|_| wish != Interaction::Reply || !concerned)?;
        let consent =
            of_rule_with(rule, author, me, |follower, target| Ok(follows.contains(&(follower, target)))).ok()?;
        (consent != PolicyDecision::Automatic).then_some((wish, consent))
    };
    Interaction::ALL.into_iter().filter_map(consent).collect()
}

/// What the owner lets somebody do with a post of the owner. Only quoting is guarded by a policy; whoever may see a post
/// may like, answer and boost it.
///
/// # Errors
/// When the database cannot be read.
pub fn to_ours(conn: &Conn, owner: &Owner, status: &Status, who: &Actor, wish: Interaction) -> Result<bool> {
    if matches!(wish, Interaction::Announce | Interaction::Quote) && !status.visibility.is_open() {
        return Ok(false);
    }
    let Some(rule) = status.policy.as_ref().and_then(|p| p.rule(wish)) else { return Ok(true) };
    let Some(me) = actors::get(conn, owner.id)? else { return Ok(false) };
    Ok(of_rule(conn, rule, &me, who)? == PolicyDecision::Automatic)
}

/// True if a list of actors and collections holds somebody, as far as we can know.
fn names(
    list: &[String],
    author: &Actor,
    who: &Actor,
    follows: &impl Fn(ActorId, ActorId) -> Result<bool>,
) -> Result<bool> {
    for id in list {
        let holds = id == PUBLIC
            || *id == who.uri
            || author.followers_uri.as_ref() == Some(id) && follows(who.id, author.id)?
            || author.following_uri.as_ref() == Some(id) && follows(author.id, who.id)?;
        if holds {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the author of a post says to something that the owner would do with it. Whom a post names or answers may always
/// answer it, as in GoToSocial; where nothing is stated, everything is allowed.
///
/// # Errors
/// When the database cannot be read.
pub fn to_owner(conn: &Conn, owner: ActorId, status: &Status, wish: Interaction) -> Result<PolicyDecision> {
    let Some(rule) = status.policy.as_ref().and_then(|p| p.rule(wish)) else { return Ok(PolicyDecision::Automatic) };
    if wish == Interaction::Reply && concerns(conn, status, owner)? {
        return Ok(PolicyDecision::Automatic);
    }
    match (actors::get(conn, status.actor_id)?, actors::get(conn, owner)?) {
        (Some(author), Some(me)) => of_rule(conn, rule, &author, &me),
        _ => Ok(PolicyDecision::Automatic),
    }
}

/// True if the author of a post has to be asked before the owner does something with it: because the author decides, or
/// because those whom others have to believe it do not know whom the author follows or is followed by (GoToSocial).
///
/// # Errors
/// When the database cannot be read.
pub fn must_ask(conn: &Conn, owner: &Owner, status: &Status, wish: Interaction) -> Result<bool> {
    let Some(rule) = status.policy.as_ref().and_then(|p| p.rule(wish)) else { return Ok(false) };
    let plain = rule.automatic.iter().any(|id| id == PUBLIC || *id == owner.uri) || status.actor_id == owner.id;
    Ok(match to_owner(conn, owner.id, status, wish)? {
        PolicyDecision::Manual => true,
        PolicyDecision::Automatic => !plain && (wish != Interaction::Reply || !concerns(conn, status, owner.id)?),
        PolicyDecision::Never => false,
    })
}

/// True if a post answers or names somebody.
fn concerns(conn: &Conn, status: &Status, who: ActorId) -> Result<bool> {
    Ok(status.in_reply_to_actor == Some(who) || tags::mentions_of(conn, status.id)?.iter().any(|m| m.actor_id == who))
}

/// Whom the owner lets quote a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuotePolicy {
    /// Everybody.
    #[default]
    Public,
    /// Followers.
    Followers,
    /// Nobody but the owner.
    Nobody,
}

impl QuotePolicy {
    /// The name in the client API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Followers => "followers",
            Self::Nobody => "nobody",
        }
    }

    /// Reads the name of the client API.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Public, Self::Followers, Self::Nobody].into_iter().find(|p| p.as_str() == name)
    }

    /// The policy of a post of the owner. What only some may see cannot be quoted by others.
    pub fn of_post(self, visibility: Visibility, owner: &Actor) -> InteractionPolicy {
        let open = visibility.is_open();
        let automatic = match self {
            Self::Public if open => PUBLIC.to_owned(),
            Self::Followers if open => owner.followers_uri.clone().unwrap_or_else(|| owner.uri.clone()),
            _ => owner.uri.clone(),
        };
        let quote = Rule { automatic: vec![automatic], manual: vec![] };
        InteractionPolicy { quote: Some(quote), ..InteractionPolicy::default() }
    }

    /// What the policy of a post of the owner amounts to.
    pub fn of_rule(rule: Option<&Rule>, owner: &Actor) -> Self {
        match rule.and_then(|r| r.automatic.first()) {
            Some(id) if *id == owner.uri => Self::Nobody,
            Some(id) if owner.followers_uri.as_ref() == Some(id) => Self::Followers,
            _ => Self::Public,
        }
    }
}
