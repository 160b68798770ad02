//! Who may like, answer, boost or quote a post: its author's interaction policy (GoToSocial, FEP-044f), read for
//! somebody.

use serde_json::Value;

use super::{Domain, Owner, sending};
use crate::error::Result;
use crate::protocol::activitystreams::types::{Interaction, InteractionPolicy, PUBLIC, Rule};
use crate::protocol::activitystreams::write;
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::statuses::Status;
use crate::store::{Conn, actors, follows};

/// What a policy says to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
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
pub fn of_rule(conn: &Conn, rule: &Rule, author: &Actor, who: &Actor) -> Result<Consent> {
    if author.id == who.id {
        return Ok(Consent::Automatic);
    }
    if names(conn, &rule.automatic, author, who)? {
        return Ok(Consent::Automatic);
    }
    Ok(if names(conn, &rule.manual, author, who)? { Consent::Manual } else { Consent::Never })
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
    Ok(of_rule(conn, rule, &me, who)? == Consent::Automatic)
}

/// True if a list of actors and collections holds somebody, as far as we can know.
fn names(conn: &Conn, list: &[String], author: &Actor, who: &Actor) -> Result<bool> {
    for id in list {
        let holds = id == PUBLIC
            || *id == who.uri
            || author.followers_uri.as_ref() == Some(id) && follows::is_accepted(conn, who.id, author.id)?
            || author.following_uri.as_ref() == Some(id) && follows::is_accepted(conn, author.id, who.id)?;
        if holds {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The end of the id of a request of ours to do something with a post; before it stands the id of the post that asks.
fn suffix(wish: Interaction) -> String {
    format!("/{}", wish.as_str().to_lowercase())
}

/// The post of ours that asks in the request with this id.
pub(super) fn asking(request: &str, wish: Interaction) -> Option<&str> {
    request.strip_suffix(&suffix(wish))
}

/// Asks the author of `object` to let a post of ours answer or quote it.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn ask(
    conn: &Conn,
    domain: &Domain,
    wish: Interaction,
    (post, document): (&Status, Value),
    (object, author): (&str, &Actor),
) -> Result<()> {
    let owner = domain.owner()?;
    let request = write::Request {
        kind: wish,
        id: &format!("{}{}", post.uri, suffix(wish)),
        actor: &owner.uri,
        object,
        author: &author.uri,
    };
    sending::send_to(conn, domain, owner.id, author, write::request(&request, document))
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
