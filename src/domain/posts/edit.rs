//! Edits of the owner's posts.

use std::sync::Arc;

use super::attachments::{self, MediaDetails};
use super::polls::{self, PollChange};
use super::post_text::PostText;
use super::text_format::TextFormat;
use super::validation::{check_lengths, check_media, check_media_count, check_poll_without_media, text_or_warning};
use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::domain::outbox::queue;
use crate::domain::preview_cards::requests;
use crate::domain::signal::Worker;
use crate::domain::{Domain, Owner, Tx};
use crate::error::{Error, Result};
use crate::protocol::ids::{MediaId, StatusId, TokenId};
use crate::store::statuses::{self, Edit, PartsBefore, Status};
use crate::store::{actors, media};

/// An edit of a post. What is `None` does not change.
#[derive(Debug, Clone, Default)]
pub struct Revision {
    /// The new text.
    pub text: Option<String>,
    /// The format of the text.
    pub format: Option<TextFormat>,
    /// The new content warning.
    pub summary: Option<String>,
    /// True if media are hidden at first.
    pub sensitive: Option<bool>,
    /// The new language.
    pub language: Option<String>,
    /// All media of the edited post.
    pub media: Option<Vec<MediaId>>,
    /// New descriptions of media of the edited post.
    pub media_details: Vec<(MediaId, MediaDetails)>,
    /// Who may quote it.
    pub quote_policy: Option<QuotePolicy>,
    /// The change of its poll.
    pub poll: Option<PollChange>,
    /// The token that edits it.
    pub token: Option<TokenId>,
}

/// Edits a post of the owner. Its former version is kept in the edit history, unless the edit changes nothing.
///
/// # Errors
/// [`Error::Invalid`] with the rule that the edited post breaks; [`Error::NotFound`] if the owner has no such post.
pub fn edit(domain: &Arc<Domain>, id: StatusId, revision: Revision) -> Result<()> {
    let owner = domain.owner()?;
    let before = own_status(domain, &owner, id)?;
    let source = revision.text.clone().or_else(|| before.source.clone()).unwrap_or_default();
    let summary = revision.summary.clone().unwrap_or_else(|| before.summary.clone());
    let media_before: Vec<MediaId> = domain.store.read(|c| media::of_status(c, id))?.iter().map(|m| m.id).collect();
    let media = revision.media.clone().unwrap_or_else(|| media_before.clone());
    let (source, summary) = if media.is_empty() { text_or_warning(source, summary) } else { (source, summary) };
    if matches!(revision.poll, Some(PollChange::Set(_))) {
        check_poll_without_media(&media)?;
    }
    check_lengths(&source, &summary, media.len() + usize::from(before.quote.is_some()))?;
    check_media_count(&media)?;
    let parent = match before.in_reply_to {
        Some(parent) => domain.store.read(|c| statuses::get(c, parent))?,
        None => None,
    };
    let format =
        revision.format.unwrap_or_else(|| TextFormat::of_media_type(before.source_type.as_deref().unwrap_or_default()));
    let text = PostText::render(domain, &source, format, parent.as_ref())?;
    text.check_not_blank(media.len() + usize::from(before.quote.is_some()))?;
    let prepared = PreparedEdit { owner, id, revision, source, format, summary, media_before, media, parent, text };
    domain.transact(move |tx| prepared.apply(tx))
}

/// A valid edit with its rendered text.
struct PreparedEdit {
    owner: Owner,
    id: StatusId,
    revision: Revision,
    source: String,
    format: TextFormat,
    summary: String,
    media_before: Vec<MediaId>,
    media: Vec<MediaId>,
    parent: Option<Status>,
    text: PostText,
}

impl PreparedEdit {
    fn apply(&self, tx: &Tx<'_>) -> Result<()> {
        let id = self.id;
        let before = statuses::get(tx, id)?.ok_or(Error::NotFound)?;
        check_media(tx, &self.media, self.revision.token, Some(id))?;
        let parts = PartsBefore { media: self.media_before.clone(), ..statuses::parts_before(tx, id)? };
        let edit = self.row(tx, &before)?;
        if !self.is_change(tx, &before, &edit)? {
            return Ok(());
        }
        statuses::edit(tx, &before, &parts, &edit)?;
        media::attach(tx, id, &self.media)?;
        for (media, details) in &self.revision.media_details {
            attachments::describe_of_post(tx, &self.media, *media, details)?;
        }
        // Media that the owner removes from a post are no longer served, not even as a part of its history.
        let removed: Vec<MediaId> = self.media_before.iter().copied().filter(|m| !self.media.contains(m)).collect();
        media::withdraw_detached(tx, &removed, tx.now())?;
        let after = statuses::get(tx, id)?.ok_or(Error::NotFound)?;
        self.text.store(tx, &after, self.parent.as_ref())?;
        requests::renew(tx, tx.domain(), &after)?;
        tx.wake(Worker::Delivery);
        queue::send_update(tx, &self.owner, id)
    }

    /// True if the edit changes anything: as in Mastodon, one that repeats the post leaves no version and is not sent.
    fn is_change(&self, tx: &Tx<'_>, before: &Status, edit: &Edit) -> Result<bool> {
        let changes_poll = match self.revision.poll {
            Some(PollChange::Set(_)) => true,
            Some(PollChange::Remove) => edit.kind != before.kind,
            None => false,
        };
        let source = before.source.clone().zip(before.source_type.clone());
        let is_same = self.media == self.media_before
            && (&edit.content, &edit.source, &edit.summary) == (&before.content, &source, &before.summary)
            && (edit.sensitive, &edit.language) == (before.sensitive, &before.language)
            && edit.policy == before.policy;
        if changes_poll || !is_same {
            return Ok(true);
        }
        for (media, details) in &self.revision.media_details {
            if attachments::would_change(tx, *media, details)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn row(&self, tx: &Tx<'_>, before: &Status) -> Result<Edit> {
        let revision = &self.revision;
        let author = actors::get(tx, self.owner.id)?.ok_or(Error::NotFound)?;
        Ok(Edit {
            kind: polls::change(tx, before, revision.poll.as_ref(), tx.now())?,
            content: self.text.html.clone(),
            source: Some((self.source.clone(), self.format.media_type().into())),
            title: None,
            sensitive: !self.summary.trim().is_empty() || revision.sensitive.unwrap_or(before.sensitive),
            summary: self.summary.trim().to_owned(),
            language: revision.language.clone().or_else(|| before.language.clone()),
            emoji: Vec::new(),
            policy: match revision.quote_policy {
                Some(policy) => Some(policy.of_post(before.visibility, &author)),
                None => before.policy.clone(),
            },
            details: None,
            edited_at: Some(tx.now()),
        })
    }
}

/// A post that the owner wrote.
///
/// # Errors
/// [`Error::NotFound`] if there is no such post, someone else wrote it, or it is a boost.
pub fn own_status(domain: &Domain, owner: &Owner, id: StatusId) -> Result<Status> {
    domain
        .store
        .read(|c| statuses::get(c, id))?
        .filter(|s| s.actor_id == owner.id && s.boost_of.is_none())
        .ok_or(Error::NotFound)
}
