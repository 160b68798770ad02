//! The content of an object as sanitised HTML.

use std::fmt::Write as _;

use serde_json::Value;

use crate::limits;
use crate::protocol::characters::cut_bytes;
use crate::protocol::text::{clean_name, link};
use crate::protocol::{html, markdown, text};

use super::details::{doubt, stars};
use super::media::linked_pages;
use super::quote::{without_fallback, without_last_breaks};
use super::values::{Link, id_of, kind_of, line, links, list, media_type, moment, restricts, text as member};
use crate::protocol::activitystreams::literal::{plain, string};
use crate::protocol::activitystreams::origin::same_origin;
use crate::protocol::activitystreams::types::{Attachment, EventStatus, ObjectKind, Quote};

/// The content of an object by its media type: HTML, Markdown (PeerTube) or plain text. Not yet cleaned.
fn content(doc: &Value) -> Option<String> {
    // Cut first, so that no scan sees more.
    let written = member(doc, "content")?;
    let written = cut_bytes(&written, limits::REMOTE_HTML);
    let (unresolved, no_page) = (|_: &str, _: Option<&str>| None, |_: &str| String::new());
    Some(match media_type(doc).as_deref() {
        Some("text/markdown") => markdown::render(written, &unresolved, &no_page).html,
        Some("text/plain") => text::render(written, &unresolved, &no_page).html,
        // Some send plain text as HTML (Bandwagon, Gancio).
        _ => with_breaks(written),
    })
}

/// Turns line breaks of plain text that is labelled as HTML into `br`.
pub(crate) fn with_breaks(written: &str) -> String {
    if written.contains('<') { written.to_owned() } else { written.trim().replace('\n', "<br>") }
}

/// Returns `true` if the object has `content`.
pub(crate) fn has_content(doc: &Value) -> bool {
    member(doc, "content").is_some()
}

/// Returns `true` if the content begins with these words, regardless of markup.
pub(crate) fn begins_with(doc: &Value, words: &str) -> bool {
    repeats(&html::escape(words), &member(doc, "content").unwrap_or_default())
}

/// Returns `true` if the summary is a content warning: of short posts, and of other objects marked as sensitive (BookWyrm's reviews,
/// PeerTube's films, WordPress' articles). Otherwise it is an abstract.
pub(crate) fn warns(doc: &Value, kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Note | ObjectKind::Question) || restricts(doc, "sensitive")
}

/// Members of an object that its content depends on.
pub(crate) struct Known<'a> {
    pub(crate) kind: ObjectKind,
    pub(crate) title: Option<&'a str>,
    /// Its page for people.
    pub(crate) page: Option<&'a str>,
    pub(crate) quote: Option<&'a Quote>,
    pub(crate) attachments: &'a [Attachment],
}

/// The HTML of an object, cleaned and at most [`limits::CLEAN_HTML`] bytes: of a Note its content, in a community below
/// its title; of the other kinds title, stars of a review, dates and place of an event, abstract, content, linked pages
/// and the page itself.
pub(crate) fn body(doc: &Value, known: &Known<'_>) -> String {
    let Known { kind, title, page, .. } = *known;
    let content = without_shown(&content(doc).unwrap_or_default(), known.attachments);
    let content = match known.quote {
        Some(quote) => without_fallback(&content, &quote.uri),
        None => content,
    };
    let content = match kind {
        ObjectKind::Question => with_options_left_out(doc, content, page),
        _ => content,
    };
    if kind == ObjectKind::Question
        && let Some(question) = line(doc, "name", limits::SUMMARY_CHARS)
    {
        // Smithereen asks in the name and says more in the content.
        return html::clean(&format!("<p>{}</p>{content}", html::escape(&question)));
    }
    if matches!(kind, ObjectKind::Note | ObjectKind::Question) {
        let title = title.map(|title| format!("<p><strong>{}</strong></p>", html::escape(title))).unwrap_or_default();
        let html = html::clean(&format!("{title}{content}"));
        return if known.quote.is_some() { html::clean(&without_last_breaks(&html)) } else { html };
    }
    let head = head(doc, known, &content);
    let mut tail = String::new();
    for url in linked_pages(doc).into_iter().chain(subject(doc, kind)).chain(page) {
        let _ = write!(tail, "<p>{}</p>", link(url));
    }
    // Head and tail are never cut, so that a very long article keeps its link.
    let head = html::clean_within(&head, limits::CLEAN_HTML / 4, str::len);
    let tail = html::clean_within(&tail, limits::CLEAN_HTML / 4, str::len);
    let middle = html::clean_within(&content, limits::CLEAN_HTML - head.len() - tail.len() - BREAKS, str::len);
    html::clean(&format!("{head}<div>{middle}</div>{tail}"))
}

/// The content of a poll with more options than are kept: how many there are, and where they are shown.
fn with_options_left_out(doc: &Value, content: String, page: Option<&str>) -> String {
    let options = list(doc.get("oneOf")).len().max(list(doc.get("anyOf")).len());
    let kept = limits::REMOTE_POLL_OPTIONS;
    if options <= kept {
        return content;
    }
    // The notice must not be what is cut of a long text.
    let content = html::clean_within(&content, limits::CLEAN_HTML - limits::URL * 4, str::len);
    let place = page.or_else(|| id_of(doc)).map(|url| format!(": {}", link(url))).unwrap_or_default();
    let more = options - kept;
    format!("{content}<p>This poll has {options} options, {more} more than the first {kept} shown here{place}</p>")
}

/// The HTML of a Note that says everything in its `name`.
pub(crate) fn name_alone(doc: &Value, kind: ObjectKind) -> Option<String> {
    let name = line(doc, "name", limits::SUMMARY_CHARS).filter(|_| kind == ObjectKind::Note)?;
    Some(html::clean(&format!("<p>{}</p>", html::escape(&name))))
}

/// The part above the content of objects other than Notes: title, stars, passage, dates and place, abstract.
fn head(doc: &Value, known: &Known<'_>, content: &str) -> String {
    let Known { kind, title, page, .. } = *known;
    let mut out = String::new();
    if let Some(title) = title {
        let title = html::escape(title);
        let title = page.map(|url| format!("<a href=\"{}\">{title}</a>", html::escape(url))).unwrap_or(title);
        // Writing to a string cannot fail.
        let _ = write!(out, "<p><strong>{title}</strong></p>");
    }
    if let Some(rating) = plain(doc.get("rating")).and_then(Value::as_f64).filter(|r| (0.5..=5.0).contains(r)) {
        let _ = write!(out, "<p>{}</p>", stars(rating as f32));
    }
    if kind_of(doc).as_deref() == Some("Quotation")
        && let Some(passage) = string(doc.get("quote"))
    {
        // BookWyrm: the passage of the book that the content is about.
        let passage = html::clean_within(&passage, limits::CLEAN_HTML / 8, str::len);
        let _ = write!(out, "<blockquote>{passage}</blockquote>");
    }
    if kind == ObjectKind::Event {
        event(doc, &mut out);
    }
    if let Some(summary) = member(doc, "summary").filter(|_| !warns(doc, kind)) {
        let summary = html::clean_within(&summary, limits::SUMMARY_CHARS * 4, str::len);
        if !repeats(&summary, content) {
            let _ = write!(out, "<p>{summary}</p>");
        }
    }
    out
}

/// The page that a link post is about, if it is in `url` (lotide): one on another server.
fn subject(doc: &Value, kind: ObjectKind) -> Option<&str> {
    let id = id_of(doc).filter(|_| matches!(kind, ObjectKind::Page | ObjectKind::Article))?;
    let links = links(doc.get("url"));
    let is_page = |l: &&Link<'_>| matches!(l.media_type.as_str(), "" | "text/html") && !same_origin(l.href, id);
    links.iter().find(is_page).map(|l| l.href)
}

/// The content without pictures that are attachments too.
fn without_shown(html: &str, attachments: &[Attachment]) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find("<img ") {
        let end = rest[start..].find('>').map_or(rest.len(), |end| start + end + 1);
        let is_shown = |a: &Attachment| {
            let quoted = |url: &str| ['"', '\''].iter().any(|q| rest[start..end].contains(&format!("src={q}{url}{q}")));
            quoted(&a.url) || a.url.contains('&') && quoted(&a.url.replace('&', "&amp;"))
        };
        let kept = if attachments.iter().any(is_shown) { start } else { end };
        out.push_str(&rest[..kept]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Bytes of the two line breaks around the middle part.
const BREAKS: usize = 8;

/// Returns `true` if the content begins with the abstract (Gancio sends the same text twice, WordPress an excerpt).
fn repeats(summary: &str, content: &str) -> bool {
    let fold = |html: &str| html::to_text(html).split_whitespace().collect::<String>();
    let (summary, content) = (fold(summary), fold(cut_bytes(content, limits::SUMMARY_CHARS * 8)));
    summary.is_empty() || content.starts_with(summary.trim_end_matches(['…', '.', ']', '[']))
}

/// Time and place, with symbols instead of words because the reader's language is unknown. Only the status of an event needs words.
fn event(doc: &Value, out: &mut String) {
    let time = |name: &str| string(doc.get(name)).and_then(|written| wall_clock(&written));
    let times: Vec<_> = ["startTime", "endTime"].into_iter().filter_map(time).collect();
    let doubt = doubt(doc).map(|doubt| match doubt {
        EventStatus::Cancelled => "Cancelled",
        EventStatus::Tentative => "Not yet certain",
    });
    let when = Some(times.join(" – ")).filter(|when| !when.is_empty());
    let said: Vec<String> = doubt.map(str::to_owned).into_iter().chain(when).collect();
    if !said.is_empty() {
        let _ = write!(out, "<p>📅 {}</p>", html::escape(&said.join(": ")));
    }
    for place in list(doc.get("location")).iter().take(5).filter_map(place) {
        let _ = write!(out, "<p>📍 {place}</p>");
    }
}

/// A time as written, with its offset, because the local hour matters.
fn wall_clock(written: &str) -> Option<String> {
    let parsed = moment(written)?;
    let written = written.trim();
    let local = written.get(..16).filter(|t| t.is_ascii() && matches!(t.as_bytes()[10], b'T' | b't' | b' '));
    let Some(local) = local else { return Some(parsed.to_date()) };
    let offset = match written[16..].rfind(['+', '-', 'Z', 'z']) {
        Some(at) if written[16 + at..].len() > 1 => &written[16 + at..],
        _ => "",
    };
    Some(format!("{} {} (UTC{offset})", &local[..10], &local[11..]))
}

/// A place as HTML: a name and an address that is text or a PostalAddress, or the address of a meeting on the web.
fn place(place: &Value) -> Option<String> {
    let line = |value: Option<&Value>| string(value).map(|s| clean_name(&s, limits::ACTOR_NAME_CHARS));
    if let Some(name) = line(Some(place)) {
        return Some(html::escape(&name)).filter(|n| !n.is_empty());
    }
    let address = place.get("address");
    let mut parts = vec![line(place.get("name")), line(address)];
    for member in ["streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"] {
        parts.push(line(address.and_then(|a| a.get(member))));
    }
    let mut shown: Vec<String> = Vec::new();
    for part in parts.into_iter().flatten().filter(|p| !p.is_empty()) {
        if !shown.contains(&part) {
            shown.push(part);
        }
    }
    let mut shown = html::escape(&shown.join(", "));
    if let Some(url) = links(place.get("url")).first() {
        let _ = write!(shown, " {}", link(url.href));
    }
    Some(shown.trim().to_owned()).filter(|s| !s.is_empty())
}
