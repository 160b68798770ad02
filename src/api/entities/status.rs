//! Status: the one place where a stored status becomes an API entity.

use serde::Serialize;
use serde_json::{Value, json};

use super::Context;
use super::account::{Account, CustomEmoji, account, emojis};
use super::filter::{self, FilterResult};
use super::media::{MediaAttachment, media, media_of};
use super::preview_card::{PreviewCard, preview_card};
use crate::domain::interactions::interaction_policy::PolicyDecision;
use crate::domain::posts::edit_history::StatusVersion;
use crate::domain::posts::polls;
use crate::domain::queries::status_view::StatusView;
use crate::domain::remote_files::RemoteFile;
use crate::protocol::activitystreams::types::{self, Interaction, PUBLIC};
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::actors::Actor;
use crate::store::interactions::reactions::ReactionCount;
use crate::store::statuses::ApprovalState;

#[derive(Debug, Serialize)]
struct Application<'a> {
    name: &'a str,
    website: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Mention<'a> {
    id: ActorId,
    username: &'a str,
    url: &'a str,
    acct: String,
}

#[derive(Debug, Serialize)]
struct Tag<'a> {
    name: &'a str,
    url: String,
}

/// Poll, as counted by its own server.
#[derive(Debug, Serialize)]
pub struct Poll<'a> {
    id: StatusId,
    expires_at: Option<String>,
    expired: bool,
    multiple: bool,
    votes_count: u64,
    voters_count: Option<u64>,
    options: Vec<PollOption<'a>>,
    emojis: Vec<CustomEmoji<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    voted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_votes: Option<&'a [usize]>,
}

#[derive(Debug, Serialize)]
struct PollOption<'a> {
    title: &'a str,
    /// `None` in a poll with `hide_totals` until it ends.
    votes_count: Option<u64>,
}

/// The poll of a status as the API shows it, if it has one.
pub fn poll<'a>(ctx: Context<'_>, view: &'a StatusView) -> Option<Poll<'a>> {
    let p = view.poll.as_ref()?;
    let own = view.author.local;
    let hidden = polls::hides_counts(p, crate::domain::now());
    let option = |o: &'a types::PollOption| PollOption { title: &o.title, votes_count: (!hidden).then_some(o.votes) };
    Some(Poll {
        id: view.status.id,
        expires_at: p.ends_at.map(Timestamp::to_api),
        expired: polls::is_over(p, crate::domain::now()),
        multiple: p.multiple,
        votes_count: p.votes(),
        voters_count: p.voters,
        options: p.options.iter().map(option).collect(),
        emojis: emojis(ctx, &view.status.emoji),
        voted: ctx.owner.then_some(own || !view.own_votes.is_empty()),
        own_votes: ctx.owner.then_some(&*view.own_votes),
    })
}

/// A quote, one level deep.
#[derive(Debug, Serialize)]
struct Quote<'a> {
    state: &'static str,
    quoted_status: Option<Box<Status<'a>>>,
}

fn quote<'a>(ctx: Context<'_>, view: &'a StatusView) -> Option<Quote<'a>> {
    let q = view.quote.as_ref()?;
    let state = match (q.state, &q.status) {
        _ if q.blocked => "blocked_account",
        (ApprovalState::Accepted, None) if q.deleted => "deleted",
        (ApprovalState::Accepted, None) => "unauthorized",
        (state, _) => state.as_str(),
    };
    Some(Quote { state, quoted_status: q.status.as_ref().map(|s| Box::new(status(ctx, s))) })
}

/// QuoteApproval: who may quote a status.
#[derive(Debug, Serialize)]
struct QuoteApproval {
    automatic: Vec<&'static str>,
    manual: Vec<&'static str>,
    current_user: &'static str,
}

/// The groups of actors in a list of a quote policy. Its author may always quote and is not named.
fn quote_groups(author: &Actor, list: &[String]) -> Vec<&'static str> {
    let group = |id: &String| match id {
        id if id == PUBLIC => "public",
        id if author.followers_uri.as_ref() == Some(id) => "followers",
        id if author.following_uri.as_ref() == Some(id) => "following",
        _ => "unsupported_policy",
    };
    let mut groups: Vec<&str> = list.iter().filter(|id| **id != author.uri).map(group).collect();
    groups.dedup();
    groups
}

fn quote_approval(ctx: Context<'_>, view: &StatusView) -> QuoteApproval {
    // A boost is quoted as the post itself.
    let post = view.content();
    let (automatic, manual) = match post.status.policy.as_ref().and_then(|p| p.rule(Interaction::Quote)) {
        Some(rule) => (quote_groups(&post.author, &rule.automatic), quote_groups(&post.author, &rule.manual)),
        None if post.status.visibility.is_open() => (vec!["public"], vec![]),
        None => (vec![], vec![]),
    };
    let current_user = match post.quoting() {
        Ok(PolicyDecision::Automatic) if ctx.owner => "automatic",
        Ok(PolicyDecision::Manual) if ctx.owner => "manual",
        _ => "denied",
    };
    QuoteApproval { automatic, manual, current_user }
}

/// Reaction: an emoji with its count.
#[derive(Debug, Serialize)]
struct Reaction<'a> {
    name: &'a str,
    count: i64,
    me: bool,
    url: Option<String>,
    static_url: Option<String>,
}

fn reaction<'a>(ctx: Context<'_>, t: &'a ReactionCount) -> Reaction<'a> {
    let url = t.url.as_ref().map(|url| ctx.proxied(RemoteFile::Emoji, url));
    let name = if url.is_some() { t.emoji.trim_matches(':') } else { &t.emoji };
    Reaction { name, count: t.count, me: t.own, static_url: url.clone(), url }
}

/// The owner's interactions, present only for the owner.
#[derive(Debug, Serialize)]
struct Marks {
    favourited: bool,
    reblogged: bool,
    muted: bool,
    bookmarked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<bool>,
    filtered: Vec<FilterResult>,
}

/// Status.
#[derive(Debug, Serialize)]
pub struct Status<'a> {
    id: StatusId,
    created_at: String,
    in_reply_to_id: Option<StatusId>,
    in_reply_to_account_id: Option<ActorId>,
    sensitive: bool,
    spoiler_text: &'a str,
    visibility: &'static str,
    language: Option<&'a str>,
    uri: &'a str,
    url: &'a str,
    replies_count: i64,
    reblogs_count: i64,
    favourites_count: i64,
    quotes_count: i64,
    edited_at: Option<String>,
    content: &'a str,
    reblog: Option<Box<Status<'a>>>,
    quote: Option<Quote<'a>>,
    quote_approval: QuoteApproval,
    reactions: Vec<Reaction<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<Application<'a>>,
    account: Account<'a>,
    media_attachments: Vec<MediaAttachment>,
    mentions: Vec<Mention<'a>>,
    tags: Vec<Tag<'a>>,
    emojis: Vec<CustomEmoji<'a>>,
    card: Option<PreviewCard<'a>>,
    poll: Option<Poll<'a>>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    marks: Option<Marks>,
    /// The source, in the response to a deletion ("delete and redraft").
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

fn mentions(view: &StatusView) -> Vec<Mention<'_>> {
    view.mentions
        .iter()
        .filter(|m| !m.silent)
        .map(|m| Mention {
            id: m.actor_id,
            username: &m.username,
            url: m.url.as_deref().unwrap_or(&m.uri),
            acct: if m.domain.is_empty() { m.username.clone() } else { format!("{}@{}", m.username, m.domain) },
        })
        .collect()
}

/// A status as the API shows it.
pub fn status<'a>(ctx: Context<'_>, view: &'a StatusView) -> Status<'a> {
    let s = &view.status;
    let own = view.author.local;
    Status {
        id: s.id,
        created_at: s.created_at.to_api(),
        in_reply_to_id: s.in_reply_to,
        in_reply_to_account_id: s.in_reply_to_actor,
        sensitive: s.sensitive,
        spoiler_text: &s.summary,
        visibility: s.visibility.as_str(),
        language: s.language.as_deref(),
        uri: &s.uri,
        url: view.page(),
        replies_count: s.replies_count,
        reblogs_count: s.boosts_count,
        favourites_count: s.favourites_count,
        quotes_count: view.quotes,
        edited_at: s.edited_at.map(Timestamp::to_api),
        content: &s.content,
        reblog: view.boost_of.as_ref().map(|inner| Box::new(status(ctx, inner))),
        quote: quote(ctx, view),
        quote_approval: quote_approval(ctx, view),
        reactions: view.reactions.iter().map(|t| reaction(ctx, t)).collect(),
        application: view.app.as_ref().map(|(name, website)| Application { name, website: website.as_deref() }),
        account: account(ctx, &view.author),
        media_attachments: view.media.iter().map(|m| media_of(ctx, s, m)).collect(),
        mentions: mentions(view),
        tags: view.tags.iter().map(|t| Tag { name: t, url: ctx.site.tag(t) }).collect(),
        emojis: emojis(ctx, &s.emoji),
        card: view.card.as_ref().map(|card| preview_card(ctx, card)),
        poll: poll(ctx, view),
        marks: ctx.owner.then(|| marks(view, own)),
        text: None,
    }
}

fn marks(view: &StatusView, own: bool) -> Marks {
    // Interactions with a boost are interactions with the boosted status.
    let of = &view.content().marks;
    Marks {
        favourited: of.favourited,
        reblogged: of.boosted,
        muted: of.muted,
        bookmarked: of.bookmarked,
        pinned: (own && view.boost_of.is_none()).then_some(view.status.pinned_at.is_some()),
        filtered: view.filtered.iter().map(filter::result).collect(),
    }
}

/// A deleted status with its source, for "delete and redraft".
pub fn deleted<'a>(ctx: Context<'_>, view: &'a StatusView) -> Status<'a> {
    Status { text: Some(view.status.source.as_deref().unwrap_or_default()), ..status(ctx, view) }
}

/// StatusEdit: one version of a status.
#[derive(Debug, Serialize)]
pub struct StatusEdit<'a> {
    content: &'a str,
    spoiler_text: &'a str,
    sensitive: bool,
    created_at: String,
    account: Account<'a>,
    media_attachments: Vec<MediaAttachment>,
    emojis: Vec<CustomEmoji<'a>>,
    poll: Option<Value>,
}

/// A version of a status as the API shows it.
pub fn status_edit<'a>(ctx: Context<'_>, view: &'a StatusView, version: &'a StatusVersion) -> StatusEdit<'a> {
    StatusEdit {
        content: &version.content,
        spoiler_text: &version.summary,
        sensitive: version.sensitive,
        created_at: version.created_at.to_api(),
        account: account(ctx, &view.author),
        media_attachments: version.media.iter().map(|m| media(ctx, m)).collect(),
        emojis: emojis(ctx, &version.emoji),
        poll: version.poll.as_ref().map(|options| {
            let options: Vec<Value> = options.iter().map(|title| json!({"title": title})).collect();
            json!({"options": options})
        }),
    }
}
