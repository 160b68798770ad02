//! How other sites and apps preview a link to a post (Open Graph, Twitter cards). Nothing that the post hides appears in it.

use serde::Serialize;

use super::super::attachment::{Attachment, attachment};
use super::super::person::preview;
use crate::app::App;
use crate::domain::queries::status_view::StatusView;
use crate::media::media_type_of;
use crate::protocol::html;
use crate::store::media::Media;
use crate::store::statuses::Status;
use crate::store::visibility::Viewer;

/// The preview of a link to a post.
#[derive(Debug, Clone, Serialize)]
pub struct LinkPreview {
    /// Its content warning, or the beginning of its text with the options of its poll.
    pub description: String,
    /// Its first picture, the still of its video, or its author's avatar.
    pub image: String,
    /// The description of that picture; empty for none.
    pub alt: String,
    /// Width and height of that picture, if known.
    pub width: Option<u32>,
    /// Its height.
    pub height: Option<u32>,
    /// The picture is one of the post, and is shown large.
    pub large: bool,
    /// Its first video, with its media type.
    pub video: Option<String>,
    /// The media type of the video.
    pub video_type: Option<String>,
}

/// The beginning of a text in one line: 200 characters.
pub fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(200) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// The beginning of a post in one line: its content warning, if it has one, and otherwise its text.
pub fn headline(status: &Status) -> String {
    short(&if status.summary.is_empty() { html::to_preview(&status.content) } else { status.summary.clone() })
}

/// The preview of a link to a post.
pub fn link_preview(app: &App, view: &StatusView) -> LinkPreview {
    let s = &view.status;
    let is_open = s.summary.is_empty() && !s.sensitive;
    let shown = |m: &Media| attachment(app, m, Viewer::Anonymous);
    let media: Vec<(&Media, Attachment)> = match is_open {
        true => view.media.iter().map(|m| (m, shown(m))).collect(),
        false => Vec::new(),
    };
    let picture = media.iter().map(|(_, a)| a).find(|a| a.kind == "image" || a.kind == "video" && a.preview != a.url);
    let video = media.iter().find(|(_, a)| a.kind == "video");
    let stated = |m: &Media| m.media_type.clone().or_else(|| m.file.as_deref().and_then(media_type_of).map(Into::into));
    LinkPreview {
        description: description(view, &media),
        image: picture.map_or_else(|| preview(app, &view.author), |p| p.preview.clone()),
        alt: picture.map(|p| p.alt.clone()).unwrap_or_default(),
        width: picture.and_then(|p| p.width),
        height: picture.and_then(|p| p.height),
        large: picture.is_some(),
        video: video.map(|(_, a)| a.url.clone()),
        video_type: video.and_then(|(m, _)| stated(m)),
    }
}

fn description(view: &StatusView, media: &[(&Media, Attachment)]) -> String {
    let text = headline(&view.status);
    if !view.status.summary.is_empty() {
        return text;
    }
    let options: Vec<&str> = view.poll.iter().flat_map(|p| &p.options).map(|o| o.title.as_str()).collect();
    let alt = media.iter().map(|(_, a)| a.alt.as_str()).find(|alt| !alt.is_empty()).unwrap_or_default();
    match (text.is_empty(), options.is_empty()) {
        (false, true) => text,
        (false, false) => short(&format!("{text} – {}", options.join(" · "))),
        (true, false) => short(&options.join(" · ")),
        (true, true) => short(alt),
    }
}
