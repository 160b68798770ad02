//! Attachments of a post.

use std::borrow::Cow;

use serde_json::Value;

use crate::limits;
use crate::protocol::characters::cut_bytes;

use super::values::{Link, count, is_kind, kind_of, largest, links, list, media_type, paragraph, picture};
use crate::protocol::activitystreams::literal::string;
use crate::protocol::activitystreams::types::{Attachment, MediaKind, ObjectKind};

/// Reads the media of an object, at most [`limits::REMOTE_ATTACHMENTS`]: its attachments, its featured picture
/// (`image` of Lemmy and WordPress), the poster of a video or recording (`icon`) and the recording itself.
pub(crate) fn attachments(doc: &Value, kind: ObjectKind) -> Vec<Attachment> {
    // Some documents have many attachments that are not media; ten times the limit is enough.
    let looked_at = limits::REMOTE_ATTACHMENTS * 10;
    let mut found: Vec<_> = list(doc.get("attachment")).iter().take(looked_at).filter_map(attachment).collect();
    let own = links(doc.get("url"));
    let first = |start: &str| own.iter().find(|l| l.media_type.starts_with(start));
    match kind {
        ObjectKind::Audio => found.extend(first("audio/").map(|l| bare(l.href, MediaKind::Audio, Some(&l.media_type)))),
        ObjectKind::Image => found.extend(first("image/").map(|l| bare(l.href, MediaKind::Image, Some(&l.media_type)))),
        _ => {}
    }
    let is_untyped = |l: &&Link<'_>| l.media_type.is_empty() && is_file(kind, l.href);
    found.extend(own.iter().find(is_untyped).map(|l| bare(l.href, by_extension(l.href), None)));
    if matches!(kind, ObjectKind::Video | ObjectKind::Audio) {
        found.extend(largest(doc.get("icon")).map(|icon| poster(&icon)));
    }
    for image in list(doc.get("image")).iter().take(limits::REMOTE_ATTACHMENTS) {
        let Some(url) = picture(Some(image)) else { continue };
        let described = Attachment { description: description(image), ..bare(&url, MediaKind::Image, None) };
        found.push(Attachment { media_type: media_type(image), ..described });
    }
    let mut kept: Vec<Attachment> = Vec::new();
    for attachment in found {
        if kept.len() < limits::REMOTE_ATTACHMENTS && !kept.iter().any(|k| k.url == attachment.url) {
            kept.push(attachment);
        }
    }
    let mut room = limits::REMOTE_ALT_BYTES;
    for described in kept.iter_mut().filter_map(|a| a.description.as_mut()) {
        described.truncate(cut_bytes(described, room).len());
        room -= described.len();
    }
    kept
}

/// The addresses of pages among the attachments: what a link post of Lemmy or Mbin is about.
pub(crate) fn linked_pages(doc: &Value) -> Vec<&str> {
    let is_page = |value: &&Value| is_kind(value, "Link") && attachment(value).is_none();
    let attached = list(doc.get("attachment")).iter().take(limits::REMOTE_ATTACHMENTS).filter(is_page);
    attached.flat_map(|value| links(Some(value))).map(|l| l.href).take(4).collect()
}

/// The poster of a video or recording, with its size.
fn poster(icon: &Link<'_>) -> Attachment {
    let side = |n: Option<u64>| n.and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
    let media_type = Some(icon.media_type.as_str()).filter(|m| !m.is_empty());
    Attachment { width: side(icon.width), height: side(icon.height), ..bare(icon.href, MediaKind::Image, media_type) }
}

fn bare(url: &str, kind: MediaKind, media_type: Option<&str>) -> Attachment {
    Attachment {
        kind,
        media_type: media_type.map(str::to_owned),
        url: url.to_owned(),
        description: None,
        blurhash: None,
        width: None,
        height: None,
        focus: None,
    }
}

/// Reads an attachment. A Link (Lemmy) or untyped document counts only if its media type or file name shows that it is media.
fn attachment(value: &Value) -> Option<Attachment> {
    let type_name = kind_of(value).unwrap_or_default();
    let by_type = match type_name.as_str() {
        "Image" => MediaKind::Image,
        "Video" => MediaKind::Video,
        "Audio" => MediaKind::Audio,
        "Document" | "Link" | "" => MediaKind::Unknown,
        _ => return None,
    };
    let value = &*without_spaces(value);
    let urls = links(Some(value));
    let link = best(&urls, by_type)?;
    let media_type = media_type(value).or_else(|| Some(link.media_type.clone()).filter(|m| !m.is_empty()));
    let stated = media_type.as_deref().map_or(MediaKind::Unknown, MediaKind::of_media_type);
    let shown = by_extension(link.href);
    let kind = [stated, by_type, shown].into_iter().find(|k| *k != MediaKind::Unknown).unwrap_or(MediaKind::Unknown);
    if kind == MediaKind::Unknown && type_name != "Document" {
        return None;
    }
    let size = |member: &str, of_link: Option<u64>| {
        count(value.get(member)).or(of_link).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0)
    };
    Some(Attachment {
        kind,
        media_type,
        url: link.href.to_owned(),
        description: description(value),
        blurhash: string(value.get("blurhash")).filter(|b| is_blurhash(b)).map(Cow::into_owned),
        width: size("width", link.width),
        height: size("height", link.height),
        focus: focus(value),
    })
}

/// Uploads to older Pleroma servers have spaces in their addresses.
fn without_spaces(value: &Value) -> Cow<'_, Value> {
    match value.get("url").and_then(Value::as_str).filter(|url| url.len() <= limits::URL && url.contains(' ')) {
        Some(url) => {
            let mut spelled = value.clone();
            spelled["url"] = Value::String(url.trim().replace(' ', "%20"));
            Cow::Owned(spelled)
        }
        None => Cow::Borrowed(value),
    }
}

/// Of several addresses of one thing, the first whose type fits, else the first.
fn best<'a>(links: &'a [Link<'a>], kind: MediaKind) -> Option<&'a Link<'a>> {
    let fits = |l: &&Link<'_>| kind != MediaKind::Unknown && MediaKind::of_media_type(&l.media_type) == kind;
    links.iter().find(fits).or_else(|| links.first())
}

/// GoToSocial writes the description in `summary` and the same or the file's name in `name`; everyone else in `name`.
fn description(value: &Value) -> Option<String> {
    paragraph(value, "summary", limits::REMOTE_ALT_CHARS).or_else(|| paragraph(value, "name", limits::REMOTE_ALT_CHARS))
}

/// Returns `true` if the file name of a URL shows that it is the media of this kind of object, not a page about it.
pub(crate) fn is_file(kind: ObjectKind, url: &str) -> bool {
    let shown = by_extension(url);
    match kind {
        ObjectKind::Image => shown == MediaKind::Image,
        ObjectKind::Audio | ObjectKind::Video => matches!(shown, MediaKind::Audio | MediaKind::Video),
        _ => false,
    }
}

fn by_extension(url: &str) -> MediaKind {
    let path = url.split(['?', '#']).next().unwrap_or("");
    let file = path.rsplit('/').next().unwrap_or("");
    match file.rsplit_once('.').map(|(_, ext)| ext.to_ascii_lowercase()).as_deref() {
        Some("jpg" | "jpeg" | "png" | "gif" | "webp" | "avif" | "heic" | "jxl") => MediaKind::Image,
        Some("mp4" | "webm" | "mov" | "m4v" | "ogv") => MediaKind::Video,
        Some("mp3" | "ogg" | "oga" | "opus" | "flac" | "wav" | "m4a" | "aac") => MediaKind::Audio,
        _ => MediaKind::Unknown,
    }
}

/// The digits of base 83, in their order (blurhash specification).
const BASE83: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

/// A blurhash is valid if its length matches the number of components in its first digit.
fn is_blurhash(hash: &str) -> bool {
    let digit = |b: &u8| BASE83.iter().position(|d| d == b);
    let Some(components) = hash.as_bytes().first().and_then(digit) else { return false };
    let count = (components % 9 + 1) * (components / 9 + 1);
    components < 81 && hash.len() == 4 + 2 * count && hash.as_bytes().iter().all(|b| digit(b).is_some())
}

fn focus(value: &Value) -> Option<(f32, f32)> {
    let [x, y] = list(value.get("focalPoint")) else { return None };
    let within = |v: &Value| v.as_f64().filter(|n| (-1.0..=1.0).contains(n)).map(|n| n as f32);
    Some((within(x)?, within(y)?))
}
