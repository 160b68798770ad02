//! Interaction policies: who may like, reply to, boost or quote a post, as its author states it (GoToSocial, FEP-044f).

use std::collections::HashSet;

use crate::domain::Owner;
use crate::error::Result;
use crate::error::refusal::InteractionRefusal;
use crate::protocol::activitystreams::types::{Interaction, InteractionPolicy, PUBLIC, Rule};
use crate::protocol::ids::ActorId;
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::relationships::follows;
use crate::store::statuses::Status;
use crate::store::statuses::mentions::{self, StoredMention};
use crate::store::{Conn, actors};

/// The result of a policy for one actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyDecision {
    /// Allowed without a request.
    Automatic,
    /// The author decides on request.
    Manual,
    /// Not allowed.
    Never,
}

/// Evaluates a rule of `author` for `actor`. `follows` returns whether the first actor follows the second.
fn evaluate(
    rule: &Rule,
    author: &Actor,
    actor: &Actor,
    follows: impl Fn(ActorId, ActorId) -> Result<bool>,
) -> Result<PolicyDecision> {
    if author.id == actor.id || includes(&rule.automatic, author, actor, &follows)? {
        return Ok(PolicyDecision::Automatic);
    }
    Ok(if includes(&rule.manual, author, actor, &follows)? { PolicyDecision::Manual } else { PolicyDecision::Never })
}

fn evaluate_stored(conn: &Conn, rule: &Rule, author: &Actor, actor: &Actor) -> Result<PolicyDecision> {
    evaluate(rule, author, actor, |follower, target| follows::is_accepted(conn, follower, target))
}

/// True if a list of actors and collections includes an actor, as far as this server knows the collections.
fn includes(
    list: &[String],
    author: &Actor,
    actor: &Actor,
    follows: &impl Fn(ActorId, ActorId) -> Result<bool>,
) -> Result<bool> {
    for id in list {
        let included = id == PUBLIC
            || *id == actor.uri
            || author.followers_uri.as_ref() == Some(id) && follows(actor.id, author.id)?
            || author.following_uri.as_ref() == Some(id) && follows(author.id, actor.id)?;
        if included {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The interactions with a post that its author does not allow the owner automatically: [`for_owner`] for every kind of
/// interaction, where mentions and follows are already loaded.
pub fn restrictions(
    status: &Status,
    author: &Actor,
    owner: &Actor,
    mentions: &[StoredMention],
    follows: &HashSet<(ActorId, ActorId)>,
) -> Vec<(Interaction, PolicyDecision)> {
    let Some(policy) = &status.policy else { return Vec::new() };
    let is_addressed = status.in_reply_to_actor == Some(owner.id) || mentions.iter().any(|m| m.actor_id == owner.id);
    let restriction = |interaction: Interaction| {
        let rule = policy.rule(interaction).filter(|_| interaction != Interaction::Reply || !is_addressed)?;
        let decision =
            evaluate(rule, author, owner, |follower, target| Ok(follows.contains(&(follower, target)))).ok()?;
        (decision != PolicyDecision::Automatic).then_some((interaction, decision))
    };
    Interaction::ALL.into_iter().filter_map(restriction).collect()
}

/// Whether the owner may quote a post, and whether its author decides on request. `own` if the owner wrote it, `stated` is what its
/// policy says of quotes by the owner. As in Mastodon, direct posts are never quoted, and own posts for followers are.
///
/// # Errors
/// The reason why it may not be quoted.
pub fn quoting(status: &Status, own: bool, stated: PolicyDecision) -> Result<PolicyDecision, InteractionRefusal> {
    match stated {
        _ if !is_shareable(status, own) => Err(InteractionRefusal::QuoteNotOpen),
        _ if own => Ok(PolicyDecision::Automatic),
        PolicyDecision::Never => Err(InteractionRefusal::QuoteForbidden),
        PolicyDecision::Automatic | PolicyDecision::Manual => Ok(stated),
    }
}

/// Returns `true` if the owner may boost a post, as far as its visibility says: an open one, or an own one for followers.
pub fn is_shareable(status: &Status, own: bool) -> bool {
    status.visibility.is_open() || own && status.visibility == Visibility::Private
}

/// True if a remote actor may interact with a post of the owner. Only quotes have a policy; every actor that can see a
/// post may like it and reply to it, and boost it if it is open.
pub fn allows_remote(
    conn: &Conn,
    owner: &Owner,
    status: &Status,
    actor: &Actor,
    interaction: Interaction,
) -> Result<bool> {
    if matches!(interaction, Interaction::Announce | Interaction::Quote) && !status.visibility.is_open() {
        return Ok(false);
    }
    let Some(rule) = status.policy.as_ref().and_then(|p| p.rule(interaction)) else { return Ok(true) };
    let Some(author) = actors::get(conn, owner.id)? else { return Ok(false) };
    Ok(evaluate_stored(conn, rule, &author, actor)? == PolicyDecision::Automatic)
}

/// Whether the author of a post allows the owner an interaction. Actors that a post mentions or replies to may always
/// reply, as in GoToSocial; without a stated policy everything is allowed.
pub fn for_owner(conn: &Conn, owner: ActorId, status: &Status, interaction: Interaction) -> Result<PolicyDecision> {
    let Some(rule) = status.policy.as_ref().and_then(|p| p.rule(interaction)) else {
        return Ok(PolicyDecision::Automatic);
    };
    if interaction == Interaction::Reply && addresses(conn, status, owner)? {
        return Ok(PolicyDecision::Automatic);
    }
    match (actors::get(conn, status.actor_id)?, actors::get(conn, owner)?) {
        (Some(author), Some(actor)) => evaluate_stored(conn, rule, &author, &actor),
        _ => Ok(PolicyDecision::Automatic),
    }
}

/// True if the owner has to request an interaction with a post: because its author decides, or because the servers that
/// verify the interaction do not know the author's followers and follows (GoToSocial).
pub fn requires_request(conn: &Conn, owner: &Owner, status: &Status, interaction: Interaction) -> Result<bool> {
    let Some(rule) = status.policy.as_ref().and_then(|p| p.rule(interaction)) else { return Ok(false) };
    let is_verifiable = rule.automatic.iter().any(|id| id == PUBLIC || *id == owner.uri) || status.actor_id == owner.id;
    Ok(match for_owner(conn, owner.id, status, interaction)? {
        PolicyDecision::Manual => true,
        PolicyDecision::Automatic => {
            !is_verifiable && (interaction != Interaction::Reply || !addresses(conn, status, owner.id)?)
        }
        PolicyDecision::Never => false,
    })
}

/// True if a post replies to or mentions an actor.
fn addresses(conn: &Conn, status: &Status, actor: ActorId) -> Result<bool> {
    Ok(status.in_reply_to_actor == Some(actor)
        || mentions::of_status(conn, status.id)?.iter().any(|m| m.actor_id == actor))
}

/// Who may quote a post of the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuotePolicy {
    /// Everyone.
    #[default]
    Public,
    /// Followers.
    Followers,
    /// Only the owner.
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

    /// Parses the name in the client API.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Public, Self::Followers, Self::Nobody].into_iter().find(|p| p.as_str() == name)
    }

    /// The interaction policy of a post of the owner. Posts that are not open cannot be quoted by others.
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
}
