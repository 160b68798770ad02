//! A quoted post.

use serde::Serialize;

use super::super::attachment::{Attachment, attachment};
use super::super::content::content;
use super::super::emoji::{Painter, emoji_address};
use super::super::link::link;
use super::super::person::{Person, person};
use crate::app::App;
use crate::domain::queries::status_view::StatusView;
use crate::limits;
use crate::protocol::html;
use crate::store::statuses::ApprovalState;
use crate::store::visibility::Viewer;
use crate::web::locale::Message;
use crate::web::templates::{Html, Time, time};

/// A quoted post, or the reason why it is not shown.
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
    /// Its media are hidden until opened.
    pub sensitive: bool,
    /// The options of its poll.
    pub options: Vec<Html>,
    /// When it was written.
    pub time: Option<Time>,
    /// Its page.
    pub link: String,
    /// The reason why it is not shown; none if it is shown.
    pub notice: Option<Message>,
}

pub(super) fn quote(app: &App, view: &StatusView, viewer: Viewer) -> Option<Quote> {
    let q = view.quote.as_ref()?;
    let of_owner = app.domain.site.owns(&q.uri);
    let notice = match (q.state, &q.status) {
        _ if q.blocked && viewer.is_owner() => Some(Message::new("quote-blocked")),
        _ if q.blocked => Some(Message::new("quote-hidden")),
        (ApprovalState::Pending | ApprovalState::Rejected | ApprovalState::Revoked, _) if of_owner => {
            Some(Message::new("quote-not-approved"))
        }
        (ApprovalState::Accepted, Some(_)) => None,
        (ApprovalState::Accepted, None) if q.deleted => Some(Message::new("quote-deleted")),
        (ApprovalState::Accepted, None) => Some(Message::new("quote-unavailable")),
        (ApprovalState::Pending, _) => Some(Message::new("quote-pending")),
        (ApprovalState::Rejected | ApprovalState::Revoked, _) => Some(Message::new("quote-rejected")),
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
    let Some(inner) = q.status.as_ref().filter(|_| hidden.notice.is_none()) else { return Some(hidden) };
    let s = &inner.status;
    let address = emoji_address(app, viewer);
    let mut emoji = Painter::new(&s.emoji, limits::EMOJI_HTML, &address);
    Some(Quote {
        author: Some(person(app, &inner.author, viewer)),
        warning: emoji.paint(&html::escape(&s.summary)),
        content: content(&mut emoji, &s.content),
        media: inner.media.iter().map(|m| attachment(app, m, viewer)).collect(),
        sensitive: s.sensitive,
        options: inner.poll.iter().flat_map(|p| &p.options).map(|o| emoji.paint(&html::escape(&o.title))).collect(),
        time: Some(time(s.created_at)),
        link: link(inner, viewer),
        notice: None,
    })
}
