//! Parts of a post that not every post has.

use serde::Serialize;

use super::{Painter, Person, attachment, person, with_emoji};
use crate::app::App;
use crate::domain::interactions::interaction_policy::PolicyDecision;
use crate::domain::posts::polls;
use crate::domain::queries::status_view::StatusView;
use crate::limits;
use crate::protocol::activitystreams::types::{self, Emoji, Interaction};
use crate::protocol::html;
use crate::store::statuses::{ApprovalState, Status};
use crate::web::templates::{Html, Time, time};

use super::Attachment;

/// An option of a poll.
#[derive(Debug, Clone, Serialize)]
pub struct PollOption {
    /// Its text, with custom emoji.
    pub title: Html,
    /// Its votes.
    pub votes: u64,
    /// Its share of all votes, 0 to 100.
    pub percent: u64,
    /// The owner chose it.
    pub own: bool,
}

/// A poll.
#[derive(Debug, Clone, Serialize)]
pub struct Poll {
    /// Its options.
    pub options: Vec<PollOption>,
    /// Several may be chosen.
    pub multiple: bool,
    /// The owner can vote in it now.
    pub open: bool,
    /// It is over.
    pub over: bool,
    /// The counts of its options are hidden until then.
    pub hidden: bool,
    /// How many people, or votes, there are.
    pub votes: u64,
    /// It is people who are counted.
    pub by_people: bool,
    /// When it ends or ended.
    pub ends: Option<Time>,
}

pub(super) fn poll(view: &StatusView, owner: bool, emoji: &mut Painter<'_>) -> Option<Poll> {
    let p = view.poll.as_ref()?;
    // Where several may be chosen, a share is one of the people and not of the votes.
    let most = p.options.iter().map(|o| o.votes).max().unwrap_or(0);
    let total = if p.multiple { p.voters.unwrap_or(0).max(most) } else { p.votes() };
    let over = polls::is_over(p, crate::domain::now());
    let hidden = polls::hides_counts(p, crate::domain::now());
    let shown = |votes: u64| if hidden { 0 } else { votes };
    let option = |(n, o): (usize, &types::PollOption)| PollOption {
        title: emoji.paint(&html::escape(&o.title)),
        votes: shown(o.votes),
        percent: shown(o.votes).saturating_mul(100).checked_div(total).unwrap_or(0),
        own: view.own_votes.contains(&n),
    };
    Some(Poll {
        options: p.options.iter().enumerate().map(option).collect(),
        multiple: p.multiple,
        open: owner && !over && !view.author.local && view.own_votes.is_empty(),
        over,
        hidden,
        votes: p.voters.unwrap_or_else(|| p.votes()),
        by_people: p.voters.is_some(),
        ends: p.ends_at.map(time),
    })
}

/// A quoted post, or why it is not shown.
#[derive(Debug, Clone, Serialize)]
pub struct Quote {
    /// Its author.
    pub author: Option<Person>,
    /// Its content.
    pub content: Html,
    /// Its content warning, with custom emoji; empty for none.
    pub warning: Html,
    /// Its media.
    pub media: Vec<Attachment>,
    /// Its media are hidden at first.
    pub sensitive: bool,
    /// The options of its poll.
    pub options: Vec<Html>,
    /// When it was written.
    pub time: Option<Time>,
    /// Its page.
    pub link: String,
    /// Why it is not shown; empty when it is.
    pub notice: &'static str,
}

pub(super) fn quote(app: &App, view: &StatusView, owner: bool) -> Option<Quote> {
    let q = view.quote.as_ref()?;
    let of_owner = app.domain.site.owns(&q.uri);
    let notice = match (q.state, &q.status) {
        _ if q.blocked && owner => "You block the author of the quoted post.",
        _ if q.blocked => "The quoted post is not shown here.",
        (ApprovalState::Pending | ApprovalState::Rejected | ApprovalState::Revoked, _) if of_owner => {
            "A post of this server, whose author has not agreed to being quoted here."
        }
        (ApprovalState::Accepted, Some(_)) => "",
        (ApprovalState::Accepted, None) if q.deleted => "The quoted post was deleted.",
        (ApprovalState::Accepted, None) => "The quoted post is not here.",
        (ApprovalState::Pending, _) => "A quoted post, whose author has not agreed to it yet.",
        (ApprovalState::Rejected | ApprovalState::Revoked, _) => {
            "The author of the quoted post does not agree to this."
        }
    };
    let hidden = Quote {
        author: None,
        content: Html::default(),
        warning: Html::default(),
        media: Vec::new(),
        sensitive: false,
        options: Vec::new(),
        time: None,
        link: q.uri.clone(),
        notice,
    };
    let Some(inner) = q.status.as_ref().filter(|_| notice.is_empty()) else { return Some(hidden) };
    let s = &inner.status;
    let mut emoji = Painter::new(&s.emoji, limits::EMOJI_HTML);
    Some(Quote {
        author: Some(person(app, &inner.author, owner)),
        warning: emoji.paint(&html::escape(&s.summary)),
        content: emoji.paint(&s.content),
        media: inner.media.iter().map(|m| attachment(app, m)).collect(),
        sensitive: s.sensitive,
        options: inner.poll.iter().flat_map(|p| &p.options).map(|o| emoji.paint(&html::escape(&o.title))).collect(),
        time: Some(time(s.created_at)),
        link: super::link(inner, owner),
        notice,
    })
}

/// How often one emoji stands under a post.
#[derive(Debug, Clone, Serialize)]
pub struct Reaction {
    /// The emoji, or the name of a custom one.
    pub name: String,
    /// The picture of a custom one.
    pub url: Option<String>,
    /// How many reacted with it.
    pub count: i64,
    /// The owner did.
    pub own: bool,
}

/// One reaction as a text shows it.
pub(super) fn face(reaction: &types::Reaction) -> Html {
    let name = html::escape(&reaction.text);
    let Some(url) = &reaction.url else { return Html(name) };
    let shortcode = reaction.text.trim_matches(':').to_owned();
    with_emoji(&name, &[Emoji { shortcode, url: url.clone() }])
}

pub(super) fn reactions(view: &StatusView) -> Vec<Reaction> {
    let reactions = view.reactions.iter();
    reactions.map(|t| Reaction { name: t.emoji.clone(), url: t.url.clone(), count: t.count, own: t.own }).collect()
}

/// Letters of a long text that a list shows.
const EXCERPT: usize = 500;
/// A text up to this length is shown whole.
const WHOLE: usize = 1_200;

/// The beginning of a long article or description, and how many minutes the whole takes to read.
#[derive(Debug, Clone, Serialize)]
pub struct Excerpt {
    /// Its title.
    pub title: String,
    /// Its beginning.
    pub text: String,
    /// Minutes to read it.
    pub minutes: usize,
}

pub(super) fn excerpt(status: &Status) -> Option<Excerpt> {
    if matches!(status.kind.as_str(), "Note" | "Question") || status.content.len() <= WHOLE {
        return None;
    }
    let text = html::to_preview(&status.content);
    let title = status.title.clone().unwrap_or_default();
    let rest = text.trim().strip_prefix(&title).unwrap_or(&text).trim();
    if rest.chars().count() <= WHOLE {
        return None;
    }
    let cut = rest.char_indices().nth(EXCERPT).map_or(rest.len(), |(at, _)| at);
    let end = rest[..cut].rfind(char::is_whitespace).unwrap_or(cut);
    // Two hundred words a minute, as most reading software counts.
    let minutes = (text.split_whitespace().count() / 200).max(1);
    Some(Excerpt { title, text: format!("{}…", rest[..end].trim_end()), minutes })
}

/// `1:02:03`.
pub(super) fn duration(status: &Status) -> Option<String> {
    let seconds = status.details.as_ref()?.seconds?;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    Some(match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    })
}

/// What the author of the answered post says to an answer of the owner.
pub(super) fn reply_state(status: &Status) -> Option<&'static str> {
    match status.reply_state? {
        ApprovalState::Pending => Some("The author of the answered post has not agreed to this answer yet."),
        ApprovalState::Accepted => None,
        ApprovalState::Rejected | ApprovalState::Revoked => {
            Some("The author of the answered post does not agree to this answer.")
        }
    }
}

/// What the author of a post lets the owner do with it only when asked, or not at all.
pub(super) fn terms(view: &StatusView) -> Vec<String> {
    let verb = |wish: Interaction| match wish {
        Interaction::Like => "favourite",
        Interaction::Reply => "reply",
        Interaction::Announce => "boost",
        Interaction::Quote => "quote",
    };
    let told = |(wish, consent): &(Interaction, PolicyDecision)| match consent {
        PolicyDecision::Never => format!("The author does not let you {}.", verb(*wish)),
        _ => format!("The author is asked before you may {}.", verb(*wish)),
    };
    view.restrictions.iter().map(told).collect()
}

/// True if the author of a post does not let the owner do this.
pub(super) fn is_forbidden(view: &StatusView, wish: Interaction) -> bool {
    view.restrictions.contains(&(wish, PolicyDecision::Never))
}
