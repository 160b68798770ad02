//! The parameters that create or edit a status.

use crate::api::media::details;
use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::domain::posts::attachments::MediaDetails;
use crate::domain::posts::polls::{DraftPoll, PollChange};
use crate::domain::posts::{Draft, Revision, TextFormat};
use crate::error::refusal::InteractionRefusal;
use crate::error::{Error, Result};
use crate::http::Form;
use crate::limits;
use crate::protocol::ids::{AppId, MediaId, StatusId, TokenId};
use crate::protocol::text::known_language;
use crate::protocol::time::Timestamp;
use crate::protocol::visibility::Visibility;
use crate::store::statuses::Status;

/// The parameters that a new status and an edit have in common.
struct StatusForm {
    text: Option<String>,
    format: Option<TextFormat>,
    summary: Option<String>,
    sensitive: Option<bool>,
    language: Option<String>,
    poll: Option<DraftPoll>,
    media: Vec<MediaId>,
    quote_policy: Option<QuotePolicy>,
}

impl StatusForm {
    fn read(form: &Form) -> Result<Self> {
        Ok(Self {
            text: form.text("status")?,
            format: format(form)?,
            summary: form.text("spoiler_text")?,
            sensitive: form.choice("sensitive")?,
            // As in Mastodon, an unknown language counts as absent: some apps send the locale of the device as it is.
            language: form.single_filled("language")?.and_then(known_language),
            poll: poll(form)?,
            media: media_ids(form)?,
            quote_policy: quote_policy(form)?,
        })
    }
}

/// A new status.
pub(super) struct NewStatusForm {
    content: StatusForm,
    visibility: Option<Visibility>,
    in_reply_to: Option<StatusId>,
    quote: Option<StatusId>,
    /// When it is published, if that is later.
    pub(super) scheduled_at: Option<Timestamp>,
}

/// Where a new status comes from.
pub(super) struct Origin {
    /// The app that posts it.
    pub app: Option<AppId>,
    /// The token that posts it.
    pub token: TokenId,
    /// The digest of the `Idempotency-Key`.
    pub idempotency: Option<String>,
}

impl NewStatusForm {
    /// Reads the form.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming an invalid value; [`Error::Missing`] if the post that it replies to or quotes has no valid id.
    pub(super) fn read(form: &Form) -> Result<Self> {
        Ok(Self {
            content: StatusForm::read(form)?,
            visibility: visibility(form)?,
            in_reply_to: status_id(form, "in_reply_to_id", InteractionRefusal::ParentMissing)?,
            quote: status_id(form, "quoted_status_id", InteractionRefusal::QuotedMissing)?,
            scheduled_at: scheduled_at(form)?,
        })
    }

    /// The draft of the status.
    pub(super) fn into_draft(self, origin: Origin) -> Draft {
        let content = self.content;
        Draft {
            text: content.text.unwrap_or_default(),
            format: content.format.unwrap_or_default(),
            summary: content.summary.unwrap_or_default(),
            sensitive: content.sensitive,
            visibility: self.visibility,
            language: content.language,
            in_reply_to: self.in_reply_to,
            poll: content.poll,
            quote: self.quote,
            quote_policy: content.quote_policy,
            media: content.media,
            app: origin.app,
            token: Some(origin.token),
            idempotency: origin.idempotency,
        }
    }
}

/// An edit of a status.
pub(super) struct StatusEditForm {
    content: StatusForm,
    media_details: Vec<(MediaId, MediaDetails)>,
}

impl StatusEditForm {
    /// Reads the form.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming an invalid value, or one that an edit cannot change.
    pub(super) fn read(form: &Form, before: &Status) -> Result<Self> {
        // As in Mastodon, the visibility is not read: apps send the one of the next new post with each edit.
        if status_id(form, "in_reply_to_id", InteractionRefusal::ParentMissing)?
            .is_some_and(|wanted| Some(wanted) != before.in_reply_to)
        {
            return Err(Error::invalid("A published post cannot become a reply to another one"));
        }
        form.refuse("scheduled_at", "A published post cannot be scheduled")?;
        let mut media_details = Vec::new();
        for attributes in form.exact_records("media_attributes")?.into_iter().take(limits::POST_MEDIA) {
            let id = attributes.exact::<i64>("id")?;
            let id = id.ok_or_else(|| Error::invalid("media_attributes must be a list of records with id"))?;
            media_details.push((MediaId(id), details(&attributes)?));
        }
        Ok(Self { content: StatusForm::read(form)?, media_details })
    }

    /// The new version of the status. As with Mastodon, what is not named is removed: the official Android app names neither
    /// media, poll nor warning when the last of them was taken away. Only text and language are kept.
    pub(super) fn into_revision(self, token: TokenId) -> Revision {
        let content = self.content;
        Revision {
            text: content.text,
            format: content.format,
            summary: Some(content.summary.unwrap_or_default()),
            sensitive: Some(content.sensitive.unwrap_or(false)),
            language: content.language,
            poll: Some(content.poll.map_or(PollChange::Remove, PollChange::Set)),
            media: Some(content.media),
            media_details: self.media_details,
            quote_policy: content.quote_policy,
            token: Some(token),
        }
    }
}

/// When a post is published.
pub(super) fn scheduled_at(form: &Form) -> Result<Option<Timestamp>> {
    form.one_of("scheduled_at", "the times, like 2026-11-20T23:19:53Z", Timestamp::parse)
}

/// The visibility of a new status or boost.
pub(super) fn visibility(form: &Form) -> Result<Option<Visibility>> {
    form.one_of("visibility", "public, unlisted, private, direct", Visibility::parse)
}

/// Who may quote a status.
pub(super) fn quote_policy(form: &Form) -> Result<Option<QuotePolicy>> {
    form.one_of("quote_approval_policy", "public, followers, nobody", QuotePolicy::parse)
}

fn media_ids(form: &Form) -> Result<Vec<MediaId>> {
    let ids: Result<Vec<MediaId>, _> = form.values("media_ids")?.iter().map(|id| id.parse()).collect();
    ids.map_err(|_| Error::invalid("Media: an id is not a number"))
}

fn format(form: &Form) -> Result<Option<TextFormat>> {
    form.one_of("content_type", "text/plain, text/markdown", TextFormat::parse)
}

/// The poll of a new post.
fn poll(form: &Form) -> Result<Option<DraftPoll>> {
    let options: Vec<String> = form.values("poll[options]")?.into_iter().map(str::to_owned).collect();
    let details = ["poll[expires_in]", "poll[multiple]", "poll[hide_totals]"];
    if options.is_empty() && details.iter().all(|key| form.filled(key).is_none()) {
        // A poll that is plain text would otherwise be ignored.
        form.refuse("poll", "poll must have options and expires_in")?;
        return Ok(None);
    }
    Ok(Some(DraftPoll {
        options,
        seconds: form.exact("poll[expires_in]")?.ok_or_else(|| Error::invalid("Poll expires_in can't be blank"))?,
        multiple: form.choice("poll[multiple]")?.unwrap_or(false),
        hide_totals: form.choice("poll[hide_totals]")?.unwrap_or(false),
    }))
}

fn status_id(form: &Form, key: &str, missing: InteractionRefusal) -> Result<Option<StatusId>> {
    form.single_filled(key)?.map(|id| id.parse().map_err(|_| Error::Missing(missing.into()))).transpose()
}
