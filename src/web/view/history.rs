//! What a post said before it was edited.

use serde::Serialize;

use super::{Attachment, Painter, attachment, with_emoji};
use crate::app::App;
use crate::domain::posts::edit_history::StatusVersion;
use crate::limits;
use crate::protocol::html;
use crate::web::templates::{Html, Time, time};

/// One state of a post.
#[derive(Debug, Clone, Serialize)]
pub struct EditView {
    /// Since when it said this.
    pub time: Time,
    /// Its content, with custom emoji.
    pub content: Html,
    /// Its content warning, with custom emoji; empty for none.
    pub warning: Html,
    /// Its media were hidden at first.
    pub sensitive: bool,
    /// Its media, as far as they are still here.
    pub media: Vec<Attachment>,
}

/// The states of a post as pages show them, in the order in which they are given.
pub fn states(app: &App, versions: &[StatusVersion]) -> Vec<EditView> {
    let state = |s: &StatusVersion| EditView {
        time: time(s.created_at),
        content: Painter::new(&s.emoji, limits::EMOJI_HTML).paint(&s.content),
        warning: with_emoji(&html::escape(&s.summary), &s.emoji),
        sensitive: s.sensitive,
        media: s.media.iter().map(|m| attachment(app, m)).collect(),
    };
    versions.iter().map(state).collect()
}
