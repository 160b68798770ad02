//! Whom a text of the owner names, and what its HTML makes of them.

use std::sync::Arc;

use super::TextFormat;
use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::ids::ActorId;
use crate::protocol::markdown;
use crate::protocol::text::{self, Handle, MentionLink, Rendered};
use crate::store::statuses::Status;
use crate::store::statuses::tags;
use crate::store::{Conn, actors};

/// An account that a text mentions.
#[derive(Debug, Clone)]
pub(in crate::domain) struct Named {
    /// As the text has it.
    pub(crate) handle: Handle,
    /// Who it is.
    pub(crate) actor: ActorId,
    /// Their page.
    pub(crate) url: String,
}

/// Looks up the accounts that a text mentions. A bare `@name` means a participant of the thread, or the owner. Each
/// spelling of a name is looked up, because some servers distinguish letter case.
pub(in crate::domain) fn find_named(
    domain: &Arc<Domain>,
    text: &str,
    format: TextFormat,
    parent: Option<&Status>,
) -> Result<Vec<Named>> {
    let mentions = match format {
        TextFormat::Plain => text::find_mentions(text),
        TextFormat::Markdown => markdown::find_mentions(text),
    };
    if mentions.len() > limits::POST_MENTIONS {
        return Err(Error::invalid(format!("Cannot mention more than {} people", limits::POST_MENTIONS)));
    }
    let mut named: Vec<Named> = Vec::new();
    for handle in mentions {
        let username = handle.username.as_str();
        let found = match &handle.host {
            Some(host) if !domain.site.owns_domain(host) => domain.remote()?.actor_by_handle(username, host).ok(),
            Some(_) => domain.store.read(|c| actors::by_handle(c, username, ""))?.map(|a| a.id),
            None => participant(domain, username, parent)?,
        };
        let Some(id) = found else { continue };
        if let Some(actor) = domain.store.read(|c| actors::get(c, id))? {
            let url = actor.url.unwrap_or(actor.uri);
            named.push(Named { handle, actor: id, url });
        }
    }
    Ok(named)
}

fn participant(domain: &Domain, username: &str, parent: Option<&Status>) -> Result<Option<ActorId>> {
    domain.store.read(|c| {
        if let Some(own) = actors::by_handle(c, username, "")?.filter(|a| a.kind != ActorKind::Application) {
            return Ok(Some(own.id));
        }
        let Some(parent) = parent else { return Ok(None) };
        let mut candidates = vec![parent.actor_id];
        candidates.extend(tags::mentions_of(c, parent.id)?.into_iter().map(|m| m.actor_id));
        for id in candidates {
            if actors::get(c, id)?.is_some_and(|a| a.username.eq_ignore_ascii_case(username)) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    })
}

/// The HTML of a text, with links to the accounts that it mentions.
pub(in crate::domain) fn render(domain: &Domain, text: &str, format: TextFormat, named: &[Named]) -> Rendered {
    let mention = |username: &str, host: Option<&str>| {
        let handle = Handle { username: username.to_owned(), host: host.map(str::to_owned) };
        let found = named.iter().find(|n| n.handle.is(&handle))?;
        Some(MentionLink { url: found.url.clone(), username: found.handle.username.clone() })
    };
    let tag = |tag: &str| domain.site.tag(tag);
    match format {
        TextFormat::Plain => text::render(text, &mention, &tag),
        TextFormat::Markdown => markdown::render(text, &mention, &tag),
    }
}

/// Whom a direct post is for: those whom it names, and whom it answers.
pub(crate) fn meant(named: &[Named], parent: Option<&Status>) -> Vec<ActorId> {
    named.iter().map(|n| n.actor).chain(parent.map(|p| p.actor_id)).collect()
}

/// The community that a post is for: the one that it names, else the one of what it answers.
pub(crate) fn named_group(conn: &Conn, named: &[Named], parent: Option<&Status>) -> Result<Option<ActorId>> {
    if let Some(group) = parent.and_then(|p| p.group) {
        return Ok(Some(group));
    }
    for name in named {
        if actors::get(conn, name.actor)?.is_some_and(|a| a.kind == ActorKind::Group) {
            return Ok(Some(name.actor));
        }
    }
    Ok(None)
}
