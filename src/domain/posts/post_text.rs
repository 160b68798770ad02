//! The text of a post by the owner, rendered before the database is written.

use std::sync::Arc;

use super::mentions::{ResolvedMention, render, resolve_mentions};
use super::text_format::TextFormat;
use crate::domain::Domain;
use crate::error::refusal::PostRefusal;
use crate::error::{Error, Result};
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::protocol::{html, text};
use crate::store::statuses::{self, Status, hashtags, mentions as stored_mentions};
use crate::store::{Conn, search};

/// A text of the owner with its mentions, its hashtags, its HTML, and what that shows as plain text.
pub(super) struct PostText {
    pub(super) mentions: Vec<ResolvedMention>,
    pub(super) html: String,
    hashtags: Vec<String>,
    plain: String,
}

/// The HTML of a text as a post of the owner would show it. `in_reply_to` is the post that it replies to.
///
/// # Errors
/// [`Error::Invalid`] if there are too many mentions.
pub fn preview(domain: &Arc<Domain>, text: &str, format: TextFormat, in_reply_to: Option<StatusId>) -> Result<String> {
    let parent = match in_reply_to {
        Some(id) => domain.store.read(|c| statuses::visible(c, domain.as_owner()?, id))?,
        None => None,
    };
    Ok(PostText::render(domain, text, format, parent.as_ref())?.html)
}

impl PostText {
    /// Resolves the mentions of a text and renders it. `parent` is the post that it replies to.
    pub(super) fn render(
        domain: &Arc<Domain>,
        text: &str,
        format: TextFormat,
        parent: Option<&Status>,
    ) -> Result<Self> {
        let mentions = resolve_mentions(domain, text, format, parent)?;
        let rendered = render(domain, text, format, &mentions);
        let plain = html::to_text(&rendered.html);
        Ok(Self { mentions, html: rendered.html, hashtags: rendered.hashtags, plain })
    }

    /// Checks that a post without attachments shows a text: a comment, a rule, a definition of Markdown and invisible
    /// characters show nothing.
    pub(super) fn check_not_blank(&self, attachments: usize) -> Result<()> {
        match attachments == 0 && text::is_blank(&self.plain) {
            true => Err(Error::invalid(PostRefusal::Invisible)),
            false => Ok(()),
        }
    }

    /// Stores the hashtags and mentions of a post with this text, and indexes it for search. Actors that the post
    /// mentioned before an edit stay as silent mentions, so that they receive later changes.
    pub(super) fn store(&self, conn: &Conn, status: &Status, parent: Option<&Status>) -> Result<()> {
        hashtags::replace(conn, status.id, &self.hashtags)?;
        let mut mentions: Vec<(ActorId, bool)> = self.mentions.iter().map(|m| (m.actor, false)).collect();
        if status.visibility == Visibility::Direct
            && let Some(parent) = parent
            && parent.actor_id != status.actor_id
        {
            mentions.push((parent.actor_id, true));
        }
        mentions.extend(stored_mentions::of_status(conn, status.id)?.into_iter().map(|m| (m.actor_id, true)));
        stored_mentions::replace(conn, status.id, &mentions)?;
        search::index(conn, status.id, &format!("{}\n{}", status.summary, self.plain))
    }
}
