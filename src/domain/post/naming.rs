//! Whom a text of the owner names, and what its HTML makes of them.

use std::sync::Arc;

use super::TextFormat;
use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::ids::ActorId;
use crate::protocol::markdown;
use crate::protocol::text::{self, MentionLink, Rendered};
use crate::store::statuses::Status;
use crate::store::{Conn, actors, tags};

/// Somebody whom a text names, found.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// As the text has it.
    pub(super) username: String,
    /// As the text has it.
    pub(super) host: Option<String>,
    /// Who it is.
    pub(super) actor: ActorId,
    /// Their page.
    pub(super) url: String,
}

/// Looks up everybody whom a text names. A bare `@name` means somebody in the thread, or the owner.
pub(super) fn find_named(domain: &Arc<Domain>, text: &str, parent: Option<&Status>) -> Result<Vec<Named>> {
    let mut named: Vec<Named> = Vec::new();
    for reference in text::find_mentions(text) {
        if named.len() == limits::POST_MENTIONS {
            return Err(Error::invalid(format!("Cannot mention more than {} people", limits::POST_MENTIONS)));
        }
        let (username, host) = (reference.username, reference.host);
        if named.iter().any(|n| n.username.eq_ignore_ascii_case(&username) && n.host == host) {
            continue;
        }
        let found = match &host {
            Some(domain_name) if !domain.site.owns_domain(domain_name) => {
                domain.remote()?.actor_by_handle(&username, domain_name).ok()
            }
            Some(_) => domain.store.read(|c| actors::by_handle(c, &username, ""))?.map(|a| a.id),
            None => participant(domain, &username, parent)?,
        };
        let Some(id) = found else { continue };
        if let Some(actor) = domain.store.read(|c| actors::get(c, id))? {
            let url = actor.url.unwrap_or(actor.uri);
            named.push(Named { username, host, actor: id, url });
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

/// The HTML of a text, with links to whom it names.
pub(super) fn render(domain: &Domain, text: &str, format: TextFormat, named: &[Named]) -> Rendered {
    let mention = |username: &str, host: Option<&str>| {
        named
            .iter()
            .find(|n| n.username.eq_ignore_ascii_case(username) && n.host.as_deref() == host)
            .map(|n| MentionLink { url: n.url.clone(), username: n.username.clone() })
    };
    let tag = |tag: &str| domain.site.tag(tag);
    match format {
        TextFormat::Plain => text::render(text, &mention, &tag),
        TextFormat::Markdown => markdown::render(text, &mention, &tag),
    }
}

/// Whom a direct post is for: those whom it names, and whom it answers.
pub(super) fn meant(named: &[Named], parent: Option<&Status>) -> Vec<ActorId> {
    named.iter().map(|n| n.actor).chain(parent.map(|p| p.actor_id)).collect()
}

/// The community that a post is for: the one that it names, else the one of what it answers.
pub(super) fn named_group(conn: &Conn, named: &[Named], parent: Option<&Status>) -> Result<Option<ActorId>> {
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
