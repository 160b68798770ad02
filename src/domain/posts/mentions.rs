//! Mentions in a text of the owner: who they are, and the HTML with links to them.

use std::sync::Arc;

use super::text_format::TextFormat;
use crate::domain::Domain;
use crate::error::refusal::PostRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::ids::ActorId;
use crate::protocol::markdown;
use crate::protocol::text::{self, Handle, MentionLink, Rendered};
use crate::store::statuses::Status;
use crate::store::statuses::mentions;
use crate::store::{Conn, actors};
use crate::write_guard;

/// A mention whose actor was found.
#[derive(Debug, Clone)]
pub(in crate::domain) struct ResolvedMention {
    /// The handle as written in the text.
    pub(super) handle: Handle,
    /// The mentioned actor.
    pub(super) actor: ActorId,
    /// The page of the actor.
    url: String,
}

/// The handles that a text mentions.
pub(super) fn find_mentions(text: &str, format: TextFormat) -> Vec<Handle> {
    match format {
        TextFormat::Plain => text::find_mentions(text),
        TextFormat::Markdown => markdown::find_mentions(text),
    }
}

/// Finds the actors that a text mentions. A bare `@name` means the owner or a participant of the thread of `parent`. Each
/// spelling of a name is looked up, because some servers distinguish letter case.
///
/// # Errors
/// [`Error::Invalid`] if there are too many mentions.
pub(in crate::domain) fn resolve_mentions(
    domain: &Arc<Domain>,
    text: &str,
    format: TextFormat,
    parent: Option<&Status>,
) -> Result<Vec<ResolvedMention>> {
    let mentions = find_mentions(text, format);
    if mentions.len() > limits::POST_MENTIONS {
        return Err(Error::invalid(PostRefusal::TooManyMentions(limits::POST_MENTIONS)));
    }
    let mut resolved = Vec::new();
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
            resolved.push(ResolvedMention { handle, actor: id, url });
        }
    }
    Ok(resolved)
}

/// The owner or a participant of a thread with this username.
fn participant(domain: &Domain, username: &str, parent: Option<&Status>) -> Result<Option<ActorId>> {
    domain.store.read(|c| {
        if let Some(own) = actors::by_handle(c, username, "")?.filter(|a| a.kind != ActorKind::Application) {
            return Ok(Some(own.id));
        }
        let Some(parent) = parent else { return Ok(None) };
        let mut candidates = vec![parent.actor_id];
        candidates.extend(mentions::of_status(c, parent.id)?.into_iter().map(|m| m.actor_id));
        for id in candidates {
            if actors::get(c, id)?.is_some_and(|a| a.username.eq_ignore_ascii_case(username)) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    })
}

/// The HTML of a text, with links to the actors that it mentions.
pub(in crate::domain) fn render(
    domain: &Domain,
    text: &str,
    format: TextFormat,
    mentions: &[ResolvedMention],
) -> Rendered {
    write_guard::assert_outside("a post is rendered");
    let mention = |username: &str, host: Option<&str>| {
        let handle = Handle { username: username.to_owned(), host: host.map(str::to_owned) };
        let found = mentions.iter().find(|m| m.handle.is(&handle))?;
        Some(MentionLink { url: found.url.clone(), username: found.handle.username.clone() })
    };
    let tag = |tag: &str| domain.site.tag(tag);
    match format {
        TextFormat::Plain => text::render(text, &mention, &tag),
        TextFormat::Markdown => markdown::render(text, &mention, &tag),
    }
}

/// The recipients of a direct post: the mentioned actors, and the author of the post that it replies to.
pub(super) fn direct_recipients(mentions: &[ResolvedMention], parent: Option<&Status>) -> Vec<ActorId> {
    mentions.iter().map(|m| m.actor).chain(parent.map(|p| p.actor_id)).collect()
}

/// The community of a post: that of the post that it replies to, else the first that it mentions.
pub(super) fn community_of(
    conn: &Conn,
    mentions: &[ResolvedMention],
    parent: Option<&Status>,
) -> Result<Option<ActorId>> {
    if let Some(group) = parent.and_then(|p| p.group) {
        return Ok(Some(group));
    }
    for mention in mentions {
        if actors::get(conn, mention.actor)?.is_some_and(|a| a.kind == ActorKind::Group) {
            return Ok(Some(mention.actor));
        }
    }
    Ok(None)
}
