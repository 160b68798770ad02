//! Earlier versions of a post.

use serde::Serialize;

use super::attachment::{Attachment, attachment};
use super::content::content;
use super::emoji::{Painter, emoji_address, with_emoji};
use crate::app::App;
use crate::domain::posts::edit_history::StatusVersion;
use crate::limits;
use crate::protocol::html;
use crate::store::visibility::Viewer;
use crate::web::templates::{Html, Time, time};

/// One version of a post.
#[derive(Debug, Clone, Serialize)]
pub struct EditView {
    /// When this version was written.
    pub time: Time,
    /// Its content, with custom emoji.
    pub content: Html,
    /// Its content warning, with custom emoji; empty for none.
    pub warning: Html,
    /// Media are hidden until opened.
    pub sensitive: bool,
    /// Its media, as far as they are stored.
    pub media: Vec<Attachment>,
}

/// Versions of a post as pages show them, in the given order.
pub fn versions(app: &App, versions: &[StatusVersion], viewer: Viewer) -> Vec<EditView> {
    let address = emoji_address(app, viewer);
    let state = |s: &StatusVersion| EditView {
        time: time(s.created_at),
        content: content(&mut Painter::new(&s.emoji, limits::EMOJI_HTML, &address), &s.content),
        warning: with_emoji(&html::escape(&s.summary), &s.emoji, &address),
        sensitive: s.sensitive,
        media: s.media.iter().map(|m| attachment(app, m, viewer)).collect(),
    };
    versions.iter().map(state).collect()
}
