//! Public posts of the owner as other web pages embed them: in a frame that shows the post's embed page.

use super::status_view::StatusView;
use super::statuses;
use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::MediaKind;
use crate::protocol::escape::escape;
use crate::protocol::html;
use crate::protocol::ids::StatusId;
use crate::store::visibility::Viewer;

/// Widths of a frame in pixels: the default, the least, and the greatest.
const WIDTHS: (u32, u32, u32) = (400, 220, 1_000);
/// The least and the greatest height of a frame in pixels. What is higher scrolls inside.
const HEIGHTS: (u32, u32) = (160, 900);

/// The frame of an embedded post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embed {
    /// The URL of the embed page.
    pub url: String,
    /// What it shows, for screen readers.
    pub title: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels: about that of the post.
    pub height: u32,
}

/// The post with this id, if it can be embedded: a post of the owner that anyone may see.
///
/// # Errors
/// [`Error::NotFound`] for all others.
pub fn post(domain: &Domain, id: StatusId) -> Result<StatusView> {
    let view = statuses::get(domain, Viewer::Anonymous, id)?;
    if view.author.local && view.boost_of.is_none() { Ok(view) } else { Err(Error::NotFound) }
}

impl Embed {
    /// The frame of a post on a page with room for this much.
    pub fn new(view: &StatusView, max_width: Option<u32>, max_height: Option<u32>) -> Self {
        let (default, least, most) = WIDTHS;
        let width = max_width.unwrap_or(default).clamp(least, most);
        let height = height(view, width).clamp(HEIGHTS.0, HEIGHTS.1).min(max_height.unwrap_or(HEIGHTS.1));
        let title = format!("Post by {}", view.author.shown_name());
        Self { url: format!("{}/embed", view.page()), title, width, height }
    }

    /// The HTML that a page contains to show the post.
    pub fn html(&self) -> String {
        format!(
            "<iframe src=\"{}\" title=\"{}\" width=\"{}\" height=\"{}\" loading=\"lazy\" allowfullscreen \
             style=\"border:0;max-width:100%\"></iframe>",
            escape(&self.url),
            escape(&self.title),
            self.width,
            self.height
        )
    }
}

/// About the height of a post in a frame of this width. A warned post is measured while it is closed.
fn height(view: &StatusView, width: u32) -> u32 {
    /// The author, the two lines below the post, and the space around them.
    const FRAME: u32 = 140;
    /// The author's picture and the margins, beside the text.
    const BESIDE: u32 = 88;
    let s = &view.status;
    let reactions = if view.reactions.is_empty() { 0 } else { 44 };
    if !s.summary.is_empty() {
        return FRAME + 56 + reactions;
    }
    let inside = width.saturating_sub(BESIDE);
    let text = html::to_text(&s.content);
    let lines = |line: &str| 1 + (line.chars().count() as u32).saturating_mul(8) / inside.max(1);
    let text = text.lines().map(lines).fold(0, u32::saturating_add).saturating_mul(24);
    let media = match (view.media.as_slice(), s.sensitive) {
        ([], _) => 0,
        (_, true) => 56,
        ([one], false) if one.kind == MediaKind::Audio => 80,
        ([one], false) => {
            let (w, h) = one.preview_size.or(one.size).filter(|(w, _)| *w > 0).unwrap_or((16, 9));
            12 + u32::try_from(u64::from(inside) * u64::from(h) / u64::from(w)).map_or(512, |h| h.min(512))
        }
        (_, false) => 12 + inside * 3 / 4,
    };
    let poll = view.poll.as_ref().map_or(0, |p| 70 + 44 * p.options.len() as u32);
    let quote = if view.quote.is_some() { 180 } else { 0 };
    let card = if view.card.is_some() { 130 } else { 0 };
    [text, media, poll, quote, card, reactions].into_iter().fold(FRAME, u32::saturating_add)
}
