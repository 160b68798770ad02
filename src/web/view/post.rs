//! A post. The one place where a stored status becomes an HTML view.

mod brief;
mod card;
mod covered;
mod excerpt;
mod interaction;
mod link_preview;
mod parent;
mod poll;
mod quote;
mod reaction;

pub use brief::{Brief, brief, brief_in};
pub use card::Card;
pub use covered::Covered;
pub use excerpt::Excerpt;
pub use link_preview::{LinkPreview, headline, link_preview, short};
pub use parent::AbsentParent;
pub use poll::{Poll, PollOption};
pub use quote::Quote;
pub use reaction::Reaction;
pub(super) use reaction::face;

use serde::Serialize;

use super::attachment::{Attachment, attachment};
use super::content::content;
use super::emoji::{Painter, emoji_address};
use super::link::link;
use super::person::{Person, person};
use super::visibility::{VisibilityView, visibility};
use crate::app::App;
use crate::domain::interactions::interaction_policy::is_shareable;
use crate::domain::queries::status_view::StatusView;
use crate::limits;
use crate::protocol::activitystreams::types::Interaction;
use crate::protocol::html;
use crate::store::filters::FilterContext;
use crate::store::visibility::Viewer;
use crate::web::locale::Message;
use crate::web::templates::{Html, Time, time};
use card::card;
use covered::covered;
use excerpt::{duration, excerpt};
use interaction::{is_forbidden, reply_state, restrictions};
use poll::poll;
use quote::quote;
use reaction::reactions;

/// A post.
#[derive(Debug, Clone, Serialize)]
pub struct Post {
    /// Its local id (of a boost: the id of the boosted post).
    pub id: String,
    /// The id of the row in the timeline: the cursor.
    pub cursor: String,
    /// The actor that boosted it.
    pub boosted_by: Option<Person>,
    /// Its author.
    pub author: Person,
    /// Its content, with custom emoji.
    pub content: Html,
    /// Its content warning, with custom emoji; empty for none.
    pub warning: Html,
    /// Media are hidden until opened.
    pub sensitive: bool,
    /// The owner's filter that covers it.
    pub covered: Option<Covered>,
    /// Its language.
    pub language: Option<String>,
    /// Its visibility.
    pub visibility: VisibilityView,
    /// Whom it replies to, if it is a reply.
    pub reply: Option<Message>,
    /// The id of the post that it replies to.
    pub in_reply_to: Option<String>,
    /// The post that it replies to, if that is not stored.
    pub absent_parent: Option<AbsentParent>,
    /// Its page: on this server if it is the owner's or the owner is signed in.
    pub link: String,
    /// Its page on its own server.
    pub url: String,
    /// When it was written.
    pub time: Time,
    /// When it was edited.
    pub edited: Option<Time>,
    /// The page of its earlier versions, if it was edited and they are stored.
    pub history: Option<String>,
    /// Its media.
    pub media: Vec<Attachment>,
    /// Its poll.
    pub poll: Option<Poll>,
    /// The post that it quotes.
    pub quote: Option<Quote>,
    /// The preview of its link.
    pub card: Option<Card>,
    /// Its emoji reactions.
    pub reactions: Vec<Reaction>,
    /// The community that it was posted in.
    pub group: Option<Person>,
    /// The beginning of a long article, for lists.
    pub excerpt: Option<Excerpt>,
    /// The duration of a video or audio post.
    pub duration: Option<String>,
    /// It is an event with a start time.
    pub event: bool,
    /// The restrictions of its interaction policy, in words.
    pub restrictions: Vec<Message>,
    /// The owner may reply to it.
    pub answerable: bool,
    /// The owner may quote it.
    pub quotable: bool,
    /// The state of the approval of this reply of the owner, unless it is approved.
    pub reply_state: Option<Message>,
    /// Replies.
    pub replies: i64,
    /// Boosts.
    pub boosts: i64,
    /// Favourites.
    pub favourites: i64,
    /// The owner favourited it.
    pub favourited: bool,
    /// The owner boosted it.
    pub boosted: bool,
    /// The owner bookmarked it.
    pub bookmarked: bool,
    /// It is pinned.
    pub pinned: bool,
    /// The owner wrote it.
    pub own: bool,
    /// It can be boosted.
    pub boostable: bool,
    /// Other web pages may embed it.
    pub embeddable: bool,
    /// Its depth in its thread, 0 to 5.
    pub depth: usize,
}

/// A post as pages show it that the owner has opened: no filter covers it.
pub fn post(app: &App, view: &StatusView, viewer: Viewer) -> Post {
    let inner = view.content();
    let s = &inner.status;
    let address = emoji_address(app, viewer);
    let mut emoji = Painter::new(&s.emoji, limits::EMOJI_HTML, &address);
    Post {
        id: s.id.to_string(),
        cursor: view.status.id.to_string(),
        boosted_by: view.boost_of.is_some().then(|| person(app, &view.author, viewer)),
        author: person(app, &inner.author, viewer),
        warning: emoji.paint(&html::escape(&s.summary)),
        content: content(&mut emoji, &s.content),
        sensitive: s.sensitive,
        covered: None,
        language: s.language.clone(),
        visibility: visibility(s.visibility),
        reply: parent::reply(inner),
        in_reply_to: s.in_reply_to_uri.clone(),
        absent_parent: parent::absent_parent(s),
        history: history(inner, viewer),
        link: link(inner, viewer),
        url: inner.page().to_owned(),
        time: time(s.created_at),
        edited: s.edited_at.map(time),
        media: inner.media.iter().map(|m| attachment(app, m, viewer)).collect(),
        poll: poll(inner, viewer, &mut emoji),
        quote: quote(app, inner, viewer),
        card: card(app, inner, viewer),
        reactions: reactions(app, inner, viewer),
        group: inner.group.as_ref().map(|g| person(app, g, viewer)),
        excerpt: excerpt(s),
        duration: duration(s),
        event: s.details.as_ref().is_some_and(|d| d.starts_at.is_some()),
        restrictions: restrictions(inner),
        answerable: !is_forbidden(inner, Interaction::Reply),
        quotable: inner.quoting().is_ok(),
        reply_state: reply_state(s).filter(|_| viewer.is_owner()),
        replies: s.replies_count,
        boosts: s.boosts_count,
        favourites: s.favourites_count,
        favourited: inner.marks.favourited,
        boosted: inner.marks.boosted,
        bookmarked: inner.marks.bookmarked,
        pinned: s.pinned_at.is_some(),
        own: inner.author.local,
        boostable: is_shareable(s, inner.author.local),
        embeddable: inner.author.local && s.visibility.is_open(),
        depth: 0,
    }
}

/// The page of the earlier versions of a post. Those of remote posts are for the owner.
fn history(view: &StatusView, viewer: Viewer) -> Option<String> {
    let status = &view.status;
    let is_shown = status.edited_at.is_some() && (status.local || viewer.is_owner());
    is_shown.then(|| format!("{}/history", link(view, viewer)))
}

/// A post in a list of this kind, which a filter may cover.
pub fn post_in(app: &App, view: &StatusView, viewer: Viewer, context: FilterContext) -> Post {
    Post { covered: covered(view, context), ..post(app, view, viewer) }
}

/// The posts of a list of this kind.
pub fn posts(app: &App, views: &[StatusView], viewer: Viewer, context: FilterContext) -> Vec<Post> {
    views.iter().map(|v| post_in(app, v, viewer, context)).collect()
}
