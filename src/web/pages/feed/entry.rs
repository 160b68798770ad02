//! A post as an entry of a feed.

use serde::Serialize;

use crate::app::App;
use crate::domain::queries::status_view::{QuoteView, StatusView};
use crate::limits;
use crate::media::media_type_of;
use crate::protocol::activitystreams::types::MediaKind;
use crate::protocol::html;
use crate::protocol::time::Timestamp;
use crate::store::media::Media;
use crate::store::statuses::ApprovalState;
use crate::store::visibility::Viewer;
use crate::web::view::{self, Painter, emoji_address, short};

/// A post of a feed.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Entry {
    /// Identifies it, also after an edit.
    pub id: String,
    /// Its page.
    pub url: String,
    pub title: String,
    /// The content warning; may be empty.
    pub warning: String,
    /// The id of the post that it replies to.
    pub in_reply_to: Option<String>,
    #[serde(skip)]
    pub published_at: Timestamp,
    pub published: String,
    pub updated: String,
    /// The time in the form of RSS.
    pub date: String,
    /// All of it as HTML.
    pub content: String,
    pub language: Option<String>,
    pub tags: Vec<String>,
    pub media: Vec<Enclosure>,
    pub author: String,
    pub author_url: String,
}

/// A file of a post.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Enclosure {
    pub url: String,
    pub media_type: String,
    pub alt: String,
    /// In bytes, if this server has it.
    pub length: Option<u64>,
}

/// The entry of a post, or of the post that it boosts.
pub(super) fn entry(app: &App, view: &StatusView) -> Entry {
    let v = view.boost_of.as_ref().unwrap_or(view);
    let s = &v.status;
    let text = html::to_preview(&s.content);
    let own = if s.summary.is_empty() { short(&text) } else { s.summary.clone() };
    let own = if own.is_empty() { untitled(v) } else { own };
    let author = view::person(app, &v.author, Viewer::Anonymous);
    let is_boost = view.boost_of.is_some();
    let posted = view.status.created_at;
    Entry {
        id: if is_boost { view.status.uri.clone() } else { v.page().to_owned() },
        url: v.page().to_owned(),
        title: xml_text(&if is_boost { format!("{}: {own}", author.plain_name) } else { own }),
        warning: xml_text(&s.summary),
        in_reply_to: s.in_reply_to_uri.clone(),
        published_at: posted,
        published: posted.to_seconds(),
        updated: s.edited_at.unwrap_or(s.created_at).max(posted).to_seconds(),
        date: posted.to_http(),
        content: content(app, v),
        language: s.language.clone(),
        tags: v.tags.clone(),
        media: v.media.iter().filter_map(|m| enclosure(app, m)).collect(),
        author: xml_text(&author.plain_name),
        author_url: author.url,
    }
}

/// The title of a post without text: the description of its first file, or what it is.
fn untitled(v: &StatusView) -> String {
    let described =
        v.media.iter().find_map(|m| m.description.as_deref().filter(|d| !d.is_empty() && !v.status.sensitive));
    match (described, v.media.first().map(|m| m.kind), &v.poll) {
        (Some(description), _, _) => short(description),
        (None, Some(MediaKind::Image), _) => "A picture".to_owned(),
        (None, Some(MediaKind::Video | MediaKind::Gifv), _) => "A video".to_owned(),
        (None, Some(MediaKind::Audio), _) => "A recording".to_owned(),
        (None, None, Some(_)) => "A poll".to_owned(),
        _ => "A post".to_owned(),
    }
}

fn enclosure(app: &App, m: &Media) -> Option<Enclosure> {
    let stated = m.media_type.clone().or_else(|| m.file.as_deref().and_then(media_type_of).map(str::to_owned))?;
    let shown = view::attachment(app, m, Viewer::Anonymous);
    let length = m.file.as_deref().and_then(|file| app.media.locate(file).ok()).map(|(_, length)| length);
    Some(Enclosure { url: shown.url, media_type: stated, alt: xml_text(&shown.alt), length })
}

/// All of a post as HTML: its text, media, poll and what it quotes, behind its content warning.
fn content(app: &App, v: &StatusView) -> String {
    let address = emoji_address(app, Viewer::Anonymous);
    let mut emoji = Painter::new(&v.status.emoji, limits::EMOJI_HTML, &address);
    let mut out = emoji.paint(&v.status.content).0;
    let mut media = String::new();
    for m in &v.media {
        let shown = view::attachment(app, m, Viewer::Anonymous);
        let (url, alt) = (html::escape(&shown.url), html::escape(&shown.alt));
        media.push_str(&match shown.kind {
            "image" => format!("<p><a href=\"{url}\"><img src=\"{url}\" alt=\"{alt}\"></a></p>"),
            "video" => format!("<p><video src=\"{url}\" title=\"{alt}\" controls></video></p>"),
            "audio" => format!("<p><audio src=\"{url}\" title=\"{alt}\" controls></audio></p>"),
            _ => format!("<p><a href=\"{url}\">{}</a></p>", if alt.is_empty() { &url } else { &alt }),
        });
    }
    if v.status.sensitive && v.status.summary.is_empty() && !media.is_empty() {
        media = format!("<details><summary>Sensitive media</summary>{media}</details>");
    }
    out.push_str(&media);
    if let Some(poll) = &v.poll {
        let options: String =
            poll.options.iter().map(|o| format!("<li>{}</li>", emoji.paint(&html::escape(&o.title)).0)).collect();
        out.push_str(&format!("<ul>{options}</ul>"));
    }
    if let Some(quote) = &v.quote {
        out.push_str(&quoted(app, quote));
    }
    if !v.status.summary.is_empty() {
        out = format!("<details><summary>{}</summary>{out}</details>", html::escape(&v.status.summary));
    }
    xml_text(&out)
}

/// A quoted post: its author and its text, or only its warning, with a link; only the link if it is not shown.
fn quoted(app: &App, quote: &QuoteView) -> String {
    let page = html::escape(quote.page());
    let shown = quote.status.as_ref().filter(|_| quote.state == ApprovalState::Accepted && !quote.blocked);
    let Some(q) = shown else { return format!("<p>RE: <a href=\"{page}\">{page}</a></p>") };
    let author = html::escape(&view::person(app, &q.author, Viewer::Anonymous).plain_name);
    let address = emoji_address(app, Viewer::Anonymous);
    let text = match q.status.summary.as_str() {
        "" => Painter::new(&q.status.emoji, limits::EMOJI_HTML, &address).paint(&q.status.content).0,
        warning => format!("<p>{}</p>", html::escape(warning)),
    };
    format!("<blockquote cite=\"{page}\"><p><a href=\"{page}\">{author}</a>:</p>{text}</blockquote>")
}

/// A text without the characters that XML cannot hold.
pub(super) fn xml_text(text: &str) -> String {
    let fits =
        |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(fits).collect()
}
