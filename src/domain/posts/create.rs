//! New posts of the owner.

use std::sync::Arc;

use super::mentions::{community_of, direct_recipients, find_mentions};
use super::polls::{self, DraftPoll};
use super::post_text::PostText;
use super::posting_defaults::{self, default_quote_policy};
use super::text_format::TextFormat;
use super::validation::{check_lengths, check_media, check_media_count, check_poll_without_media, text_or_warning};
use crate::domain::account::moved;
use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::domain::interactions::{quotes, reply_approval, target};
use crate::domain::outbox::{builders, queue, recipients};
use crate::domain::queries::status_view::StatusView;
use crate::domain::relationships::timelines;
use crate::domain::{Domain, Owner, Tx};
use crate::error::refusal::{InteractionRefusal, PostRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::{AppId, MediaId, StatusId, TokenId};
use crate::protocol::secret;
use crate::protocol::visibility::Visibility;
use crate::store::account::apps::{self, Idempotency};
use crate::store::account::scheduled_statuses;
use crate::store::statuses::{self, NewStatus, Status};
use crate::store::{actors, media};

/// A new post of the owner. The owner's posting defaults apply to what is `None`.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The text as written.
    pub text: String,
    /// The format of the text.
    pub format: TextFormat,
    /// The content warning.
    pub summary: String,
    /// True if media are hidden at first.
    pub sensitive: Option<bool>,
    /// Who can see it.
    pub visibility: Option<Visibility>,
    /// BCP 47 language.
    pub language: Option<String>,
    /// The post that it replies to.
    pub in_reply_to: Option<StatusId>,
    /// Uploads, in order.
    pub media: Vec<MediaId>,
    /// Its poll.
    pub poll: Option<DraftPoll>,
    /// The post that it quotes.
    pub quote: Option<StatusId>,
    /// Who may quote it.
    pub quote_policy: Option<QuotePolicy>,
    /// The app that posts it.
    pub app: Option<AppId>,
    /// The token that posts it.
    pub token: Option<TokenId>,
    /// The digest of the request's `Idempotency-Key`: the same key with the same token posts once.
    pub idempotency: Option<String>,
}

impl Draft {
    /// The number of media and quotes.
    fn attachments(&self) -> usize {
        self.media.len() + usize::from(self.quote.is_some())
    }

    /// Identifies a repeated request: the key, the token, and a digest of the content.
    pub(super) fn idempotency(&self) -> Option<Idempotency> {
        let (key, token) = self.idempotency.clone().zip(self.token)?;
        let digest = secret::hash(&format!("{:?}", Draft { idempotency: None, ..self.clone() }));
        Some(Idempotency { key, token, digest })
    }
}

/// Creates a post. Mentions are resolved first (an unknown mention stays plain text); then the post, its media, hashtags,
/// home row and activity are stored in one write. Returns the post as the owner sees it.
///
/// # Errors
/// [`Error::Invalid`] with the rule that the draft breaks; [`Error::Missing`] if the owner may not see the post that it
/// replies to or quotes.
pub fn create(domain: &Arc<Domain>, draft: Draft) -> Result<StatusView> {
    let prepared = prepare(domain, draft)?;
    domain.transact(move |tx| prepared.insert(tx))
}

/// Checks a draft and renders its text, as far as that needs no write.
///
/// # Errors
/// As [`create`].
pub(super) fn prepare(domain: &Arc<Domain>, draft: Draft) -> Result<PreparedPost> {
    let owner = domain.owner()?;
    domain.store.read(|c| moved::check_not_moved(c, domain, owner.id))?;
    let mut draft = draft;
    if draft.attachments() == 0 {
        (draft.text, draft.summary) = text_or_warning(draft.text, draft.summary);
    }
    let parent = match draft.in_reply_to {
        Some(id) => {
            let missing = InteractionRefusal::ParentMissing;
            Some(domain.store.read(|c| target::find_named(c, &owner, id, missing))?)
        }
        None => None,
    };
    check_lengths(&draft.text, &draft.summary, draft.attachments())?;
    check_media_count(&draft.media)?;
    if let Some(poll) = &draft.poll {
        polls::check(poll)?;
        check_poll_without_media(&draft.media)?;
    }
    let text = PostText::render(domain, &draft.text, draft.format, parent.as_ref())?;
    text.check_not_blank(draft.attachments())?;
    let unknown = if text.mentions.is_empty() { unknown_mention(&draft) } else { None };
    Ok(PreparedPost { owner, draft, parent, text, unknown })
}

/// The first account on another server that a draft mentions, of which none was found.
fn unknown_mention(draft: &Draft) -> Option<String> {
    let mentions = find_mentions(&draft.text, draft.format);
    mentions.into_iter().find_map(|m| Some(format!("{}@{}", m.username, m.host?)))
}

/// The digest of token and key, by which a scheduled post is found again.
pub(super) fn scheduled_key(repeated: &Idempotency) -> String {
    secret::hash(&format!("{} {}", repeated.token, repeated.key))
}

/// The error of a request that repeats the `Idempotency-Key` of another one.
pub(super) fn key_was_used() -> Error {
    Error::invalid("The Idempotency-Key was used for another post already; send a new one")
}

/// A valid draft with the post that it replies to and its rendered text.
pub(super) struct PreparedPost {
    owner: Owner,
    draft: Draft,
    parent: Option<Status>,
    text: PostText,
    /// A mention of which no account was found, if that is so of all.
    unknown: Option<String>,
}

impl PreparedPost {
    /// The draft with the owner's posting defaults, after all checks.
    ///
    /// # Errors
    /// As [`create`].
    pub(super) fn resolved(&self, tx: &Tx<'_>) -> Result<Draft> {
        let oldest = tx.now().minus(limits::IDEMPOTENCY_MEMORY);
        if let Some(repeated) = self.draft.idempotency()
            && apps::idempotent_status(tx, &repeated, oldest)?.is_some()
        {
            return Err(key_was_used());
        }
        self.check(tx)?;
        let row = self.row(tx)?;
        self.check_has_recipients(row.visibility)?;
        Ok(Draft {
            visibility: Some(row.visibility),
            sensitive: Some(row.sensitive),
            language: row.language,
            quote_policy: Some(self.quote_policy(tx)?),
            ..self.draft.clone()
        })
    }

    /// Checks that the reply is allowed and the uploads are usable.
    fn check(&self, tx: &Tx<'_>) -> Result<()> {
        if let Some(parent) = &self.parent {
            reply_approval::check_allowed(tx, &self.owner, parent)?;
        }
        check_media(tx, &self.draft.media, self.draft.token, None)
    }

    fn quote_policy(&self, tx: &Tx<'_>) -> Result<QuotePolicy> {
        self.draft.quote_policy.map_or_else(|| default_quote_policy(tx), Ok)
    }

    /// Stores and sends the post, and returns it as the owner sees it.
    pub(super) fn insert(&self, tx: &Tx<'_>) -> Result<StatusView> {
        let now = tx.now();
        let oldest = now.minus(limits::IDEMPOTENCY_MEMORY);
        let idempotency = self.draft.idempotency();
        if let Some(repeated) = &idempotency
            && let Some((id, digest)) = apps::idempotent_status(tx, repeated, oldest)?
        {
            return match digest.as_ref() == Some(&repeated.digest) {
                true => queue::own_status(tx, &self.owner, id),
                false => Err(key_was_used()),
            };
        }
        if let Some(repeated) = &idempotency
            && scheduled_statuses::by_idempotency(tx, &scheduled_key(repeated))?.is_some()
        {
            return Err(key_was_used());
        }
        self.check(tx)?;
        let row = self.row(tx)?;
        self.check_has_recipients(row.visibility)?;
        let id = row.id;
        let status = statuses::insert(tx, &row)?.ok_or_else(|| Error::internal("new status id is already in use"))?;
        media::attach(tx, id, &self.draft.media)?;
        if let Some(poll) = &self.draft.poll {
            polls::attach(tx, id, poll, now)?;
        }
        self.text.store(tx, &status, self.parent.as_ref())?;
        timelines::add_own(tx, tx.domain(), id)?;
        if let Some(idempotency) = &idempotency {
            apps::remember_idempotency(tx, idempotency, id, now, oldest)?;
        }
        self.send(tx, &status)
    }

    fn row(&self, tx: &Tx<'_>) -> Result<NewStatus> {
        let (draft, owner, parent) = (&self.draft, &self.owner, self.parent.as_ref());
        let id = tx.next_status_id()?;
        let uri = tx.site().status(&owner.username, id);
        let quoted = draft.quote.map(|quoted| quotes::quoted(tx, owner, quoted)).transpose()?;
        let requested = posting_defaults::visibility(tx, draft.visibility, parent)?;
        let visibility = quoted.as_ref().map_or(requested, |quoted| quotes::visibility(owner, quoted, requested));
        let author = actors::get(tx, owner.id)?.ok_or(Error::NotFound)?;
        let quote_policy = self.quote_policy(tx)?;
        let quote = match &quoted {
            Some(quoted) => {
                let recipients = direct_recipients(&self.text.mentions, parent);
                Some(quotes::new_quote(tx, owner, quoted, visibility, &recipients)?)
            }
            None => None,
        };
        Ok(NewStatus {
            id,
            url: Some(tx.site().status_page(&owner.username, id)),
            local: true,
            actor_id: owner.id,
            boost_of: None,
            in_reply_to_uri: parent.map(|p| p.uri.clone()),
            conversation: parent.is_none().then(|| format!("{uri}/context")),
            uri,
            kind: if draft.poll.is_some() { "Question" } else { "Note" }.into(),
            visibility,
            content: self.text.html.clone(),
            source: Some((draft.text.clone(), draft.format.media_type().into())),
            title: None,
            summary: draft.summary.trim().to_owned(),
            sensitive: posting_defaults::sensitive(tx, draft.sensitive, &draft.summary)?,
            language: posting_defaults::language(tx, draft.language.as_ref())?,
            emoji: Vec::new(),
            app_id: draft.app,
            created_at: parent.map_or(tx.now(), |p| p.created_at.max(tx.now())),
            edited_at: None,
            replies_uri: None,
            counts: (0, 0),
            quote,
            policy: Some(quote_policy.of_post(visibility, &author)),
            details: None,
            group: community_of(tx, &self.text.mentions, parent)?,
        })
    }

    /// Refuses a direct post none of whose mentions was found: it would look sent, and have no recipient. One without
    /// mentions is a note to oneself, as in Mastodon.
    fn check_has_recipients(&self, visibility: Visibility) -> Result<()> {
        let is_for_nobody_else = self.parent.as_ref().is_none_or(|p| p.actor_id == self.owner.id);
        match &self.unknown {
            Some(handle) if visibility == Visibility::Direct && is_for_nobody_else => {
                Err(Error::invalid(PostRefusal::NoRecipient(handle.clone())))
            }
            _ => Ok(()),
        }
    }

    /// Queues the new post for delivery, and the requests for approval of its reply and its quote.
    fn send(&self, tx: &Tx<'_>, status: &Status) -> Result<StatusView> {
        if let Some(parent) = &self.parent {
            reply_approval::request(tx, &self.owner, parent, status)?;
        }
        let view = queue::own_status(tx, &self.owner, status.id)?;
        queue::send_origin(tx, &self.owner, &view, recipients::of_status(tx, status.id)?)?;
        if status.quote.is_none() {
            return Ok(view);
        }
        quotes::request_approval(tx, status, builders::note_document(tx, tx.site(), &view)?)?;
        queue::own_status(tx, &self.owner, status.id)
    }
}
