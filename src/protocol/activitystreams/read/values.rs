//! Readers of single values in all the shapes that peers send.

use std::borrow::Cow;

use serde_json::Value;

use crate::limits;
use crate::protocol::characters::cut_bytes;
use crate::protocol::html;
use crate::protocol::links::is_web_link;
use crate::protocol::text::{clean_name, clean_text};
use crate::protocol::time::Timestamp;

use crate::protocol::activitystreams::literal::{LITERAL_DEPTH, Literal, language_map, literal, plain, string};
use crate::protocol::activitystreams::origin::{is_id, same_origin};
use crate::protocol::activitystreams::types::PUBLIC;

/// The full spelling of ActivityStreams terms, which some peers put before a type instead of `as:`.
const VOCABULARY: &str = "https://www.w3.org/ns/activitystreams#";

/// The type of a document without `as:`; of several, the first. `None` if it has none.
pub fn kind_of(doc: &Value) -> Option<String> {
    kinds(doc).next().map(str::to_owned)
}

/// All types of a document, without prefix.
pub(crate) fn kinds(doc: &Value) -> impl Iterator<Item = &str> {
    let value = doc.get("type").or_else(|| doc.get("@type"));
    // Peers send at most two, except with FEP-2277.
    list(value)
        .iter()
        .take(8)
        .filter_map(Value::as_str)
        .filter(|t| t.len() <= 256)
        .map(|t| t.strip_prefix("as:").or_else(|| t.strip_prefix(VOCABULARY)).unwrap_or(t))
}

/// A document with the plain names of what it calls `as:sensitive` or `toot:discoverable`: Takahē and others do so where
/// their context does not define the short name. A plain name that is there too counts alone.
pub(crate) fn plain_names(doc: &Value) -> Cow<'_, Value> {
    const PREFIXES: [&str; 2] = ["as:", "toot:"];
    let plain = |name: &str| PREFIXES.iter().find_map(|p| name.strip_prefix(p)).map(str::to_owned);
    let prefixed: Vec<(String, &Value)> =
        doc.as_object().into_iter().flatten().filter_map(|(name, value)| Some((plain(name)?, value))).collect();
    if prefixed.is_empty() {
        return Cow::Borrowed(doc);
    }
    let mut doc = doc.clone();
    if let Some(members) = doc.as_object_mut() {
        for (name, value) in prefixed {
            members.entry(name).or_insert_with(|| value.clone());
        }
    }
    Cow::Owned(doc)
}

/// Returns `true` if the document has this type.
pub(crate) fn is_kind(doc: &Value, kind: &str) -> bool {
    kinds(doc).any(|k| k == kind)
}

/// The id of a document as written, valid or not.
pub fn id_of(doc: &Value) -> Option<&str> {
    doc.get("id").or_else(|| doc.get("@id")).and_then(Value::as_str)
}

/// A value as a list: nothing or `null` is none, one value is one (GoToSocial and Ghost collapse such arrays).
pub(crate) fn list(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(Value::Object(members)) => match members.get("@list").or_else(|| members.get("@set")) {
            Some(inner) => list(Some(inner)),
            None => value.map_or(&[], std::slice::from_ref),
        },
        Some(one) => std::slice::from_ref(one),
    }
}

/// The id of a value: a string, an object's `id`, a Link's `href`.
pub(crate) fn reference(value: &Value) -> Option<&str> {
    let id = match value {
        Value::String(s) => s,
        Value::Object(_) => id_of(value).or_else(|| value.get("href").and_then(Value::as_str))?,
        _ => return None,
    };
    is_id(id).then_some(id)
}

/// All ids in a member, at most `max`.
pub(crate) fn ids(value: Option<&Value>, max: usize) -> Vec<String> {
    list(value).iter().filter_map(reference).take(max).map(str::to_owned).collect()
}

/// The first id in a member.
pub fn first_id(value: Option<&Value>) -> Option<String> {
    list(value).iter().find_map(reference).map(str::to_owned)
}

/// Returns `true` for the public collection in its three spellings (Ghost, Threads and WordPress send `as:Public`).
pub(crate) fn is_public(id: &str) -> bool {
    id == PUBLIC || id == "as:Public" || id == "Public"
}

/// A text of a document: the member, else the first of its language map (`contentMap`), else nothing.
pub(crate) fn text<'a>(doc: &'a Value, member: &str) -> Option<Cow<'a, str>> {
    text_with_language(doc, member).map(|(text, _)| text)
}

/// A text with its language: the one that it states, else the key under which the language map holds it. Where the map
/// holds it under none, the first key: Friendica, WordPress and WriteFreely write the text of the map a little otherwise
/// than that of the member.
pub(crate) fn text_with_language<'a>(doc: &'a Value, member: &str) -> Option<Literal<'a>> {
    let map = doc.get(format!("{member}Map"));
    let texts = || language_map(map.unwrap_or(&Value::Null)).filter_map(|(l, v)| Some((string(Some(v))?, l)));
    let Some((text, language)) = doc.get(member).and_then(|value| literal(value, LITERAL_DEPTH)) else {
        let first = texts().next().map(|(text, language)| (text, Some(language)));
        return first.or_else(|| literal(map?, LITERAL_DEPTH));
    };
    let same = || texts().find(|(other, _)| *other == text).or_else(|| texts().next());
    let language = language.or_else(|| same().map(|(_, language)| language));
    Some((text, language))
}

/// A member that is plain text, as one line.
pub(crate) fn line(doc: &Value, member: &str, max_chars: usize) -> Option<String> {
    Some(clean_name(&text(doc, member)?, max_chars)).filter(|t| !t.is_empty())
}

/// A content warning as one line: plain text to Mastodon, HTML to Pleroma, so markup is removed.
pub(crate) fn warning(doc: &Value, max_chars: usize) -> Option<String> {
    // Cut first: four bytes a character and room for markup is more than ever survives.
    let text = text(doc, "summary")?;
    let text = cut_bytes(&text, max_chars.saturating_mul(8));
    let plain = if text.contains(['<', '&']) { html::to_text(&html::clean(text)) } else { text.to_owned() };
    Some(clean_name(&plain, max_chars)).filter(|t| !t.is_empty())
}

/// A member that is plain text of several lines.
pub(crate) fn paragraph(doc: &Value, member: &str, max_chars: usize) -> Option<String> {
    Some(clean_text(&text(doc, member)?, max_chars)).filter(|t| !t.is_empty())
}

/// Parses a time. An invalid one is `None`. The shortest that peers send is a date, ten characters.
pub(crate) fn moment(written: &str) -> Option<Timestamp> {
    let written = written.trim();
    if written.len() < 10 { None } else { Timestamp::parse(written) }
}

/// The time in a member.
pub(crate) fn when(doc: &Value, member: &str) -> Option<Timestamp> {
    string(doc.get(member)).and_then(|written| moment(&written))
}

/// A boolean, also in the other spellings of `xsd:boolean`: `"true"`, `"1"`, and the number 1. Anything else is `None`.
pub(crate) fn boolean(value: Option<&Value>) -> Option<bool> {
    match plain(value)? {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => number.as_u64().and_then(|n| [false, true].get(usize::try_from(n).ok()?).copied()),
        Value::String(text) => match text.trim() {
            "1" => Some(true),
            "0" => Some(false),
            text => text.to_ascii_lowercase().parse().ok(),
        },
        _ => None,
    }
}

/// Returns `true` if a member is a yes in any spelling: for what restricts, so that a sensitive picture that is marked with a
/// text stays hidden.
pub(crate) fn restricts(doc: &Value, member: &str) -> bool {
    boolean(doc.get(member)).unwrap_or(false)
}

/// Returns `true` only for the boolean `true`: for what permits.
pub(crate) fn permits(doc: &Value, member: &str) -> bool {
    plain(doc.get(member)).and_then(Value::as_bool).unwrap_or(false)
}

/// A count: a whole number that is not negative, also as `3.0` or `"3"`.
pub(crate) fn count(value: Option<&Value>) -> Option<u64> {
    let value = plain(value)?;
    if let Some(n) = value.as_u64() {
        return Some(n);
    }
    if let Some(n) = value.as_f64() {
        // Whole numbers up to 2^53 are exact in a double.
        return (n >= 0.0 && n.fract() == 0.0 && n <= 9_007_199_254_740_992.0).then_some(n as u64);
    }
    value.as_str()?.trim().parse().ok()
}

/// The `totalItems` of an embedded collection.
pub(crate) fn total(doc: &Value, member: &str) -> Option<u64> {
    count(doc.get(member)?.get("totalItems"))
}

/// A URL with its media type and size.
pub(crate) struct Link<'a> {
    pub(crate) href: &'a str,
    /// Lower-case media type, or empty.
    pub(crate) media_type: String,
    pub(crate) width: Option<u64>,
    pub(crate) height: Option<u64>,
}

/// The web addresses in a `url`, `href`, `icon` or `image` value: strings, Links, and Images with a `url` of their
/// own, in arrays of arrays (PeerTube). Other schemes are left out (Threads' `threads:`, PeerTube's magnets).
pub(crate) fn links(value: Option<&Value>) -> Vec<Link<'_>> {
    let mut out = Vec::new();
    collect_links(value, 0, &mut out);
    out
}

fn collect_links<'a>(value: Option<&'a Value>, depth: usize, out: &mut Vec<Link<'a>>) {
    // PeerTube nests three deep.
    if depth > 4 {
        return;
    }
    for value in list(value) {
        if out.len() >= limits::REMOTE_TAGS {
            return;
        }
        match value {
            Value::String(href) => push_link(href, value, out),
            Value::Array(_) => collect_links(Some(value), depth + 1, out),
            Value::Object(_) => match (value.get("href").and_then(Value::as_str), value.get("url")) {
                (Some(href), _) => push_link(href, value, out),
                (None, Some(Value::String(href))) => push_link(href, value, out),
                (None, inner) => collect_links(inner, depth + 1, out),
            },
            _ => {}
        }
    }
}

fn push_link<'a>(href: &'a str, of: &'a Value, out: &mut Vec<Link<'a>>) {
    if is_web_link(href) {
        let (width, height) = (count(of.get("width")), count(of.get("height")));
        out.push(Link { href, media_type: media_type(of).unwrap_or_default(), width, height });
    }
}

/// The media type of a document or Link, lower-case and without parameters (Funkwhale writes `mimeType`).
pub(crate) fn media_type(doc: &Value) -> Option<String> {
    let written = string(doc.get("mediaType")).or_else(|| string(doc.get("mimeType")))?;
    let essence = written.split(';').next().unwrap_or("").trim();
    let valid = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'/' | b'+' | b'-' | b'.' | b'_');
    let fits = (3..=127).contains(&essence.len()) && essence.bytes().all(valid) && essence.matches('/').count() == 1;
    fits.then(|| essence.to_ascii_lowercase())
}

/// The page for people: an HTML Link, else a plain address that is no file, but only on the id's own origin (what is shown
/// as "the original" must not lead elsewhere).
pub(crate) fn page(doc: &Value, id: &str, is_file: impl Fn(&str) -> bool) -> Option<String> {
    let links = links(doc.get("url"));
    let own = |link: &&Link<'_>| same_origin(link.href, id);
    let html = links.iter().filter(|l| l.media_type == "text/html").find(own);
    let plain = || links.iter().filter(|l| l.media_type.is_empty() && !is_file(l.href)).find(own);
    html.or_else(plain).map(|l| l.href.to_owned())
}

/// The largest picture of an `icon` or `image` member; the first if no sizes are stated.
pub(crate) fn picture(value: Option<&Value>) -> Option<String> {
    largest(value).map(|l| l.href.to_owned())
}

/// The largest picture with its media type and size.
pub(crate) fn largest(value: Option<&Value>) -> Option<Link<'_>> {
    links(value).into_iter().rev().max_by_key(|l| l.width.unwrap_or(0))
}
