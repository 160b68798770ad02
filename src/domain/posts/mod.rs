//! The owner writes, edits and deletes.

pub mod attachments;
pub mod edit_history;
mod mentions;
pub mod polls;
mod posting_defaults;
mod written;

use std::sync::Arc;

pub use posting_defaults::{default_quote_policy, default_visibility};

use mentions::{Named, meant, named_group};
pub(super) use mentions::{find_named, render};
use written::Written;

use super::interactions::interaction_policy::QuotePolicy;
use super::interactions::{quotes, reply_approval};
use super::outbox::builders;
use super::outbox::queue::{self, Outgoing};
use super::outbox::recipients;
use super::outbox::recipients::Change;
use super::queries::status_view::{StatusLoader, StatusView};
use super::{Domain, Owner};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::{ActorId, AppId, MediaId, StatusId, TokenId};
use crate::protocol::secret;
use crate::protocol::visibility::Visibility;
use crate::protocol::{markdown, text};
use crate::store::account::apps;
use crate::store::account::apps::Idempotency;
use crate::store::interactions::favourites;
use crate::store::media::Media;
use crate::store::queues::deliveries::Lane;
use crate::store::statuses::{self, tags, tombstones};
use crate::store::statuses::{Edit, NewStatus, Status};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, media, search, timelines};
use attachments::MediaDetails;
use polls::{DraftPoll, PollChange};

/// How the owner's text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextFormat {
    /// Lines and paragraphs as they stand.
    #[default]
    Plain,
    /// Markdown.
    Markdown,
}

impl TextFormat {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Plain => "text/plain",
            Self::Markdown => "text/markdown",
        }
    }

    /// From a media type; anything unknown is plain.
    pub fn of_media_type(media_type: &str) -> Self {
        if media_type == "text/markdown" { Self::Markdown } else { Self::Plain }
    }
}

/// A status that the owner is about to post.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// As written.
    pub text: String,
    /// How it is written.
    pub format: TextFormat,
    /// The content warning.
    pub summary: String,
    /// Media are hidden at first; the owner's default if not said.
    pub sensitive: Option<bool>,
    /// Who it is for; the owner's default if not said.
    pub visibility: Option<Visibility>,
    /// BCP 47 language; the owner's default if not said.
    pub language: Option<String>,
    /// What it answers.
    pub in_reply_to: Option<StatusId>,
    /// Uploads, in order.
    pub media: Vec<MediaId>,
    /// Its poll.
    pub poll: Option<DraftPoll>,
    /// What it quotes.
    pub quote: Option<StatusId>,
    /// Who may quote it; the owner's default if not said.
    pub quote_policy: Option<QuotePolicy>,
    /// The app that posts it.
    pub app: Option<AppId>,
    /// The token that posts it.
    pub token: Option<TokenId>,
    /// The digest of the request's `Idempotency-Key`: the same key by the same token posts once.
    pub idempotency: Option<String>,
}

/// What an edit changes; what is not said stays.
#[derive(Debug, Clone, Default)]
pub struct Revision {
    /// New text.
    pub text: Option<String>,
    /// How it is written; as before if not said.
    pub format: Option<TextFormat>,
    /// New content warning.
    pub summary: Option<String>,
    /// Media are hidden at first.
    pub sensitive: Option<bool>,
    /// New language.
    pub language: Option<String>,
    /// The media that it has from now on.
    pub media: Option<Vec<MediaId>>,
    /// What is said about some of them from now on.
    pub about_media: Vec<(MediaId, MediaDetails)>,
    /// Who may quote it from now on.
    pub quote_policy: Option<QuotePolicy>,
    /// What becomes of its poll.
    pub poll: Option<PollChange>,
    /// The token that edits it.
    pub token: Option<TokenId>,
}

/// Posts. Mentions are looked up first (a mention that leads nowhere stays plain text); then everything is one
/// write: status, media, tags, home row, and the activity in the delivery queue.
///
/// # Errors
/// [`Error::Invalid`] naming the rule that the draft breaks; [`Error::NotFound`] when it answers something that
/// is not there.
pub fn publish(domain: &Arc<Domain>, draft: Draft) -> Result<StatusId> {
    let owner = domain.owner()?;
    let mut draft = draft;
    if draft.media.is_empty() && draft.quote.is_none() {
        (draft.text, draft.summary) = text_or_warning(draft.text, draft.summary);
    }
    let parent = match draft.in_reply_to {
        Some(id) => {
            Some(domain.store.read(|c| statuses::visible(c, Viewer::Owner(owner.id), id))?.ok_or(Error::NotFound)?)
        }
        None => None,
    };
    check_text(&draft.text, &draft.summary, draft.media.len() + usize::from(draft.quote.is_some()))?;
    if let Some(poll) = &draft.poll {
        polls::check(poll)?;
        if !draft.media.is_empty() {
            return Err(Error::invalid("A poll cannot have media; post them as two posts"));
        }
    }
    let text = Written::read(domain, &draft.text, draft.format, parent.as_ref())?;
    text.check(draft.media.len() + usize::from(draft.quote.is_some()))?;
    let ctx = domain.clone();
    let id = domain.store.write(move |conn| insert(conn, &ctx, &owner, &draft, parent.as_ref(), &text))?;
    domain.signals.delivery.notify();
    Ok(id)
}

fn insert(
    conn: &Conn,
    domain: &Domain,
    owner: &Owner,
    draft: &Draft,
    parent: Option<&Status>,
    text: &Written,
) -> Result<StatusId> {
    let now = domain.now();
    let memory = now.minus(limits::IDEMPOTENCY_MEMORY);
    let idempotency = idempotency(draft);
    if let Some(asked) = &idempotency
        && let Some((id, request)) = apps::idempotent_status(conn, asked, memory)?
    {
        return if request == asked.request {
            Ok(id)
        } else {
            Err(Error::invalid("The Idempotency-Key was used for another post already; send a new one"))
        };
    }
    if let Some(parent) = parent {
        reply_approval::check(conn, owner, parent)?;
    }
    let media = check_media(conn, &draft.media, draft.token, None)?;
    let new = new_status(conn, domain, owner, draft, parent, text)?;
    check_reaches_somebody(draft, &new, &text.named, parent)?;
    let id = new.id;
    let status = statuses::insert(conn, &new)?.ok_or_else(|| Error::internal("a new id was taken already"))?;
    media::attach(conn, id, &media)?;
    if let Some(poll) = &draft.poll {
        polls::attach(conn, id, poll, now)?;
    }
    describe(conn, &status, text, parent)?;
    timelines::insert(conn, timelines::HOME, id)?;
    if let Some(asked) = &idempotency {
        apps::remember_idempotency(conn, asked, id, now, memory)?;
    }
    send_new(conn, domain, owner, &status, parent)?;
    Ok(id)
}

/// What tells a repeated request from another one: the key of its token, and what it says.
fn idempotency(draft: &Draft) -> Option<Idempotency> {
    let (key, token) = draft.idempotency.clone().zip(draft.token)?;
    let request = secret::hash(&format!("{:?}", Draft { idempotency: None, ..draft.clone() }));
    Some(Idempotency { key, token, request })
}

/// Refuses a direct post whose mentions all lead nowhere: it would look sent, and nobody would get it. One that mentions
/// nobody is a note to oneself, as in Mastodon.
fn check_reaches_somebody(draft: &Draft, new: &NewStatus, named: &[Named], parent: Option<&Status>) -> Result<()> {
    let to_nobody = new.visibility == Visibility::Direct
        && named.iter().all(|n| n.actor == new.actor_id)
        && parent.is_none_or(|p| p.actor_id == new.actor_id);
    let mentions = match draft.format {
        TextFormat::Plain => text::find_mentions(&draft.text),
        TextFormat::Markdown => markdown::find_mentions(&draft.text),
    };
    let lost = mentions.into_iter().find(|m| m.host.is_some());
    match lost.filter(|_| to_nobody && named.is_empty()) {
        Some(m) => Err(Error::invalid(format!(
            "@{}@{} was not found, so nobody would get this direct message",
            m.username,
            m.host.unwrap_or_default()
        ))),
        None => Ok(()),
    }
}

/// Sends a new post; before and after it, what has to be asked of those whom it answers and quotes.
fn send_new(conn: &Conn, domain: &Domain, owner: &Owner, status: &Status, parent: Option<&Status>) -> Result<()> {
    if let Some(parent) = parent {
        reply_approval::ask(conn, domain, owner, parent, status)?;
    }
    queue::send_origin(conn, domain, owner, status.id, recipients::of_status(conn, status.id)?)?;
    if status.quote.is_some() {
        let view = StatusLoader::new(conn, Viewer::Owner(owner.id)).status(status.id)?.ok_or(Error::NotFound)?;
        let note = builders::note_document(conn, &domain.site, &view)?;
        quotes::ask(conn, domain, status, note)?;
    }
    Ok(())
}

/// The row of a new post.
fn new_status(
    conn: &Conn,
    domain: &Domain,
    owner: &Owner,
    draft: &Draft,
    parent: Option<&Status>,
    text: &Written,
) -> Result<NewStatus> {
    let id = StatusId(domain.next_id());
    let uri = domain.site.status(&owner.username, id);
    let visibility = posting_defaults::visibility(conn, draft.visibility, parent)?;
    let me = actors::get(conn, owner.id)?.ok_or(Error::NotFound)?;
    let quote_policy = match draft.quote_policy {
        Some(policy) => policy,
        None => default_quote_policy(conn)?,
    };
    Ok(NewStatus {
        id,
        url: Some(domain.site.status_page(&owner.username, id)),
        local: true,
        actor_id: owner.id,
        boost_of: None,
        in_reply_to_uri: parent.map(|p| p.uri.clone()),
        conversation: parent.is_none().then(|| format!("{uri}/context")),
        uri,
        kind: if draft.poll.is_some() { "Question" } else { "Note" }.into(),
        visibility,
        content: text.html.clone(),
        source: Some((draft.text.clone(), draft.format.media_type().into())),
        title: None,
        summary: draft.summary.trim().to_owned(),
        sensitive: posting_defaults::sensitive(conn, draft.sensitive, &draft.summary)?,
        language: posting_defaults::language(conn, draft.language.as_ref())?,
        emoji: Vec::new(),
        app_id: draft.app,
        created_at: parent.map_or(domain.now(), |p| p.created_at.max(domain.now())),
        edited_at: None,
        replies_uri: None,
        counts: (0, 0),
        quote: match draft.quote {
            Some(quoted) => Some(quotes::quotable(conn, owner, quoted, visibility, &meant(&text.named, parent))?),
            None => None,
        },
        policy: Some(quote_policy.of_post(visibility, &me)),
        details: None,
        group: named_group(conn, &text.named, parent)?,
    })
}

/// Tags, mentions and the search index of a status of ours. An edit takes it from nobody who has it: whoever it named
/// before goes on hearing of it, silently.
fn describe(conn: &Conn, status: &Status, text: &Written, parent: Option<&Status>) -> Result<()> {
    tags::set_tags(conn, status.id, &text.hashtags)?;
    let mut mentions: Vec<(ActorId, bool)> = text.named.iter().map(|n| (n.actor, false)).collect();
    if status.visibility == Visibility::Direct
        && let Some(parent) = parent
        && parent.actor_id != status.actor_id
    {
        mentions.push((parent.actor_id, true));
    }
    mentions.extend(tags::mentions_of(conn, status.id)?.into_iter().map(|m| (m.actor_id, true)));
    tags::set_mentions(conn, status.id, &mentions)?;
    search::index(conn, status.id, &format!("{}\n{}", status.summary, text.plain))
}

/// A warning without a text is the text, as in Mastodon.
fn text_or_warning(text: String, summary: String) -> (String, String) {
    if text.trim().is_empty() && !summary.trim().is_empty() { (summary, String::new()) } else { (text, summary) }
}

fn check_text(text: &str, summary: &str, media: usize) -> Result<()> {
    if text.trim().is_empty() && media == 0 {
        return Err(Error::invalid("Text can't be blank"));
    }
    if summary.chars().count() > limits::POST_SUMMARY_CHARS {
        let most = limits::POST_SUMMARY_CHARS;
        return Err(Error::invalid(format!("Content warning is too long (maximum is {most} characters)")));
    }
    let chars = text::count_chars(text) + summary.chars().count();
    if chars > limits::POST_CHARS {
        return Err(Error::invalid(format!(
            "Text character limit of {} exceeded: it has {chars}, with the content warning",
            limits::POST_CHARS
        )));
    }
    if media > limits::POST_MEDIA {
        return Err(Error::invalid(format!("Cannot attach more than {} files", limits::POST_MEDIA)));
    }
    Ok(())
}

/// Uploads that may join a status: there, free (or its own already), and by this token.
fn check_media(conn: &Conn, ids: &[MediaId], token: Option<TokenId>, status: Option<StatusId>) -> Result<Vec<MediaId>> {
    for (i, id) in ids.iter().enumerate() {
        let usable = media::get(conn, *id)?.is_some_and(|m: Media| {
            let free = m.status_id.is_none() && m.file.is_some() && (m.token_id == token || m.token_id.is_none());
            free || (status.is_some() && m.status_id == status)
        });
        if !usable || ids[..i].contains(id) {
            return Err(Error::invalid(format!("Media {id} was not found, or belongs to another post already")));
        }
    }
    Ok(ids.to_vec())
}

/// Edits a status of the owner. Its former state stays as history.
///
/// # Errors
/// As [`publish`].
pub fn edit(domain: &Arc<Domain>, id: StatusId, revision: Revision) -> Result<()> {
    let owner = domain.owner()?;
    let before = own_status(domain, &owner, id)?;
    let text = revision.text.clone().or_else(|| before.source.clone()).unwrap_or_default();
    let summary = revision.summary.clone().unwrap_or_else(|| before.summary.clone());
    let media_before: Vec<MediaId> = domain.store.read(|c| media::of_status(c, id))?.iter().map(|m| m.id).collect();
    let media_after = revision.media.clone().unwrap_or_else(|| media_before.clone());
    let (text, summary) = if media_after.is_empty() { text_or_warning(text, summary) } else { (text, summary) };
    if matches!(revision.poll, Some(PollChange::Set(_))) && !media_after.is_empty() {
        return Err(Error::invalid("A poll cannot have media; post them as two posts"));
    }
    check_text(&text, &summary, media_after.len())?;
    let parent = match before.in_reply_to {
        Some(parent) => domain.store.read(|c| statuses::get(c, parent))?,
        None => None,
    };
    let format =
        revision.format.unwrap_or_else(|| TextFormat::of_media_type(before.source_type.as_deref().unwrap_or_default()));
    let written = Written::read(domain, &text, format, parent.as_ref())?;
    written.check(media_after.len() + usize::from(before.quote.is_some()))?;
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        let before = statuses::get(conn, id)?.ok_or(Error::NotFound)?;
        let media = check_media(conn, &media_after, revision.token, Some(id))?;
        let me = actors::get(conn, owner.id)?.ok_or(Error::NotFound)?;
        let edit = Edit {
            kind: polls::change(conn, &before, revision.poll.as_ref(), ctx.now())?,
            content: written.html.clone(),
            source: Some((text, format.media_type().into())),
            title: None,
            sensitive: !summary.trim().is_empty() || revision.sensitive.unwrap_or(before.sensitive),
            summary: summary.trim().to_owned(),
            language: revision.language.or_else(|| before.language.clone()),
            emoji: Vec::new(),
            policy: match revision.quote_policy {
                Some(policy) => Some(policy.of_post(before.visibility, &me)),
                None => before.policy.clone(),
            },
            details: None,
            edited_at: Some(ctx.now()),
        };
        statuses::edit(conn, &before, &media_before, &edit)?;
        media::attach(conn, id, &media)?;
        for about in &revision.about_media {
            attachments::describe_in(conn, &media, about)?;
        }
        // What the owner takes out of a post is not served any more, also not as a part of its history.
        let removed: Vec<MediaId> = media_before.iter().copied().filter(|m| !media.contains(m)).collect();
        media::withdraw_detached(conn, &removed, ctx.now())?;
        let after = statuses::get(conn, id)?.ok_or(Error::NotFound)?;
        describe(conn, &after, &written, parent.as_ref())?;
        queue::send_update(conn, &ctx, &owner, id)
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

/// A status that the owner wrote.
///
/// # Errors
/// [`Error::NotFound`] when there is none with this id, or it is somebody else's, or a boost.
pub fn own_status(domain: &Domain, owner: &Owner, id: StatusId) -> Result<Status> {
    domain
        .store
        .read(|c| statuses::get(c, id))?
        .filter(|s| s.actor_id == owner.id && s.boost_of.is_none())
        .ok_or(Error::NotFound)
}

/// What becomes of the uploads of a post that is deleted. Either way they are no longer served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uploads {
    /// They are removed.
    Remove,
    /// They stay for [`limits::REDRAFT_UPLOAD_AGE`], so that "delete and redraft" can post them again.
    KeepForRedraft,
}

/// Deletes a status of the owner (or takes back a boost) and answers what it was.
///
/// # Errors
/// [`Error::NotFound`] when the owner has no such status.
pub fn delete(domain: &Arc<Domain>, id: StatusId, uploads: Uploads) -> Result<StatusView> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    let view = domain.store.write(move |conn| {
        let viewer = Viewer::Owner(owner.id);
        let view = StatusLoader::new(conn, viewer)
            .status(id)?
            .filter(|v| v.status.actor_id == owner.id)
            .ok_or(Error::NotFound)?;
        if view.boost_of.is_some() {
            crate::domain::interactions::react::remove_boost(conn, &ctx, &owner, &view)?;
        } else {
            remove(conn, &ctx, &owner, &view, uploads)?;
        }
        Ok(view)
    })?;
    domain.signals.delivery.notify();
    Ok(view)
}

fn remove(conn: &Conn, domain: &Domain, owner: &Owner, view: &StatusView, uploads: Uploads) -> Result<()> {
    let status = &view.status;
    let now = domain.now();
    let recipients = recipients::of_change(conn, status.id, Change::Ended)?;
    let document = builders::deletion(owner, &status.uri, true, builders::deletion_audience(view));
    let document = builders::for_group(document, view);
    let send = Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(status.id) };
    queue::send(conn, domain, send)?;
    let remove_at = match uploads {
        Uploads::Remove => now,
        Uploads::KeepForRedraft => now.plus(limits::REDRAFT_UPLOAD_AGE),
    };
    media::withdraw(conn, status.id, remove_at)?;
    favourites::set_thread_muted(conn, status.id, false, now)?;
    tombstones::insert_own(conn, &status.uri, &status.kind, status.visibility.is_open(), now)?;
    statuses::delete(conn, status)
}
