//! A post in two lines, for lists of other things.

use serde::Serialize;

use super::super::attachment::{Attachment, attachment};
use super::super::emoji::{emoji_address, with_emoji};
use super::super::link::link;
use super::covered::covered;
use crate::app::App;
use crate::domain::queries::status_view::StatusView;
use crate::protocol::activitystreams::types::MediaKind;
use crate::protocol::html;
use crate::store::filters::FilterContext;
use crate::store::visibility::Viewer;
use crate::web::locale::Message;
use crate::web::templates::Html;

/// Characters that are more than two lines.
const CHARS: usize = 240;

/// The text of a post in two lines.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum BriefText {
    /// Its own, with custom emoji.
    Own(Html),
    /// Words of the page.
    Ours(Message),
}

/// A post in two lines.
#[derive(Debug, Clone, Serialize)]
pub struct Brief {
    /// Its page.
    pub link: String,
    /// Its warning, or the beginning of its text, with custom emoji; of a post without text, that it has none.
    pub text: BriefText,
    /// Its first picture, unless that is sensitive.
    pub picture: Option<Attachment>,
}

/// A post in two lines.
pub fn brief(app: &App, view: &StatusView, viewer: Viewer) -> Brief {
    let inner = view.content();
    let s = &inner.status;
    let whole = if s.summary.is_empty() { html::to_preview(&s.content) } else { s.summary.clone() };
    let line = whole.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = match (line.char_indices().nth(CHARS), inner.media.is_empty()) {
        (Some((at, _)), _) => Some(format!("{}…", &line[..at])),
        (None, false) if line.is_empty() => None,
        (None, _) => Some(line),
    };
    let own = |text: String| BriefText::Own(with_emoji(&html::escape(&text), &s.emoji, &emoji_address(app, viewer)));
    let is_open = !s.sensitive && s.summary.is_empty();
    let picture = inner.media.first().filter(|m| is_open && m.kind == MediaKind::Image);
    Brief {
        link: link(inner, viewer),
        text: text.map_or_else(|| BriefText::Ours(Message::new("post-without-text")), own),
        picture: picture.map(|m| attachment(app, m, viewer)),
    }
}

/// A post in two lines in a list of this kind. Of a post that a filter covers, only the filter is shown.
pub fn brief_in(app: &App, view: &StatusView, viewer: Viewer, context: FilterContext) -> Brief {
    let shown = brief(app, view, viewer);
    match covered(view, context) {
        Some(filter) if filter.media_only => Brief { picture: None, ..shown },
        Some(filter) => {
            let text = BriefText::Ours(Message::new("post-filtered").with("title", filter.title));
            Brief { text, picture: None, ..shown }
        }
        None => shown,
    }
}
