//! Quotes in all forms that peers use: `quote` (FEP-044f), `quoteUri`, `quoteUrl`, `_misskey_quote`, object links
//! (FEP-e232), and the fallback text for peers without support.

use serde_json::Value;

use super::values::{first_id, is_kind, kind_of, list};
use crate::limits;
use crate::protocol::activitystreams::literal::string;
use crate::protocol::activitystreams::origin::same_origin;
use crate::protocol::activitystreams::types::Quote;
use crate::protocol::html::to_text;

/// The `rel` of a Link tag that is a quote.
pub const QUOTE_REL: &str = "https://misskey-hub.net/ns#_misskey_quote";

/// Reads the quote of a post from the most expressive form present. A quote of the post itself is ignored. BookWyrm's `quote` of a
/// Quotation is prose, not an id.
pub(crate) fn quote(doc: &Value, id: &str) -> Option<Quote> {
    let by_fep = || {
        let uri = first_id(doc.get("quote")).filter(|_| kind_of(doc).as_deref() != Some("Quotation"))?;
        Some(Quote { uri, needs_approval: true, authorization: first_id(doc.get("quoteAuthorization")) })
    };
    let legacy = || {
        let member = ["quoteUri", "quoteUrl", "_misskey_quote"].iter().find_map(|name| first_id(doc.get(*name)));
        let uri = member.or_else(|| linked(doc))?;
        Some(Quote { uri, needs_approval: false, authorization: None })
    };
    by_fep().or_else(legacy).filter(|quote| quote.uri != id)
}

/// Finds a Link tag with the quote relation, or with the media type of ActivityPub (FEP-e232).
fn linked(doc: &Value) -> Option<String> {
    let tags = || list(doc.get("tag")).iter().take(limits::REMOTE_TAGS).filter(|tag| is_kind(tag, "Link"));
    let rel = |tag: &&Value| {
        list(tag.get("rel")).iter().filter_map(|rel| string(Some(rel))).any(|rel| rel.ends_with("#_misskey_quote"))
    };
    let object = |tag: &&Value| {
        string(tag.get("mediaType")).is_some_and(|written| {
            let media_type = written.trim().to_ascii_lowercase();
            media_type.starts_with("application/activity+json")
                || media_type.starts_with("application/ld+json") && media_type.contains("activitystreams")
        })
    };
    let href = |tag: &Value| first_id(tag.get("href"));
    tags().find(rel).or_else(|| tags().find(object)).and_then(href)
}

/// Removes the fallback text for peers without quotes: elements with the class `quote-inline`, and a last line of `RE:` or `QT:`
/// with the quoted URL (older Misskey, FEP-e232). The HTML is not sanitised yet; malformed parts are kept.
pub(crate) fn without_fallback(html: &str, quoted: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, element, after)) = next_fallback(rest) {
        out.push_str(before);
        if element.is_empty() {
            break;
        }
        rest = after;
    }
    out.push_str(rest);
    match last_line(&out, quoted) {
        Some(at) => out[..at].to_owned(),
        None => out,
    }
}

/// Returns the position of the last line, if it is only `RE:` and the quoted URL: the id, or a page on the same server. Breaks and tags just before it belong to it; the tags that stay open are closed by cleaning.
fn last_line(html: &str, quoted: &str) -> Option<usize> {
    let at = ["RE:", "QT:"].iter().filter_map(|mark| html.rfind(mark)).max()?;
    let line = &html[at + 3..];
    let words = to_text(line);
    let words = words.trim();
    let is_quoted = |address: &str| address == quoted || same_origin(address, quoted);
    let alone = || {
        let (before, link) = line.split_once("<a ")?;
        let (link, after) = link.split_once("</a>")?;
        let blank = to_text(before).trim().is_empty() && to_text(after).trim().is_empty();
        let href = link.split_once("href=\"")?.1.split('"').next()?;
        Some(blank && is_quoted(&to_text(href)))
    };
    if !is_quoted(words) && !alone().unwrap_or(false) {
        return None;
    }
    let mut before = &html[..at];
    let mut begins = before.trim_end().is_empty();
    loop {
        before = before.trim_end();
        let tag = ["<br>", "<br/>", "<br />", "<p>", "<div>", "</p>"].iter().find_map(|tag| before.strip_suffix(tag));
        begins |= tag.is_some();
        match tag.or_else(|| before.strip_suffix("<span>")) {
            // The end of a paragraph is no longer part of the line.
            Some(rest) if !before.ends_with("</p>") => before = rest,
            _ => return begins.then_some(before.len()),
        }
    }
}

/// Finds the next element of the class. Returns the HTML before, in and after it.
fn next_fallback(html: &str) -> Option<(&str, &str, &str)> {
    let class = html.find("quote-inline")?;
    let start = html[..class].rfind('<')?;
    let name: &str = html[start + 1..].split(|c: char| !c.is_ascii_alphanumeric()).next().filter(|n| !n.is_empty())?;
    if html[start..class].contains('>') {
        return None;
    }
    // One walk over the tags of this name: nothing is read twice, however many of them there are.
    let (mut depth, mut at) = (0_usize, start);
    while let Some(next) = html[at..].find('<').map(|i| at + i) {
        let closes = html[next + 1..].starts_with('/');
        let tag = &html[next + 1 + usize::from(closes)..];
        let is_same = tag.starts_with(name) && !tag[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
        at = next + 1;
        if is_same && !closes {
            depth += 1;
        } else if is_same {
            at = next + html[next..].find('>')? + 1;
            depth -= 1;
            if depth == 0 {
                return Some((&html[..start], &html[start..at], &html[at..]));
            }
        }
    }
    None
}

/// Cleaned HTML without the line breaks and empty elements at its end (Misskey writes two breaks before the fallback).
pub(crate) fn without_last_breaks(html: &str) -> String {
    let (mut kept, mut ends) = (html.trim_end(), String::new());
    loop {
        let before = kept;
        for gone in ["<br>", "&nbsp;", "\u{a0}"] {
            kept = kept.strip_suffix(gone).unwrap_or(kept).trim_end();
        }
        if let Some(end) = kept
            .strip_suffix('>')
            .and_then(|inner| inner.rfind("</"))
            .filter(|at| !kept[*at + 2..kept.len() - 1].contains('<'))
        {
            let name = &kept[end + 2..kept.len() - 1];
            if matches!(name, "p" | "span") {
                ends.insert_str(0, &kept[end..]);
                kept = &kept[..end];
            }
        }
        if kept.len() == before.len() {
            return format!("{kept}{ends}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn uri(doc: Value) -> Option<String> {
        quote(&doc, "https://a.example/1").map(|q| q.uri)
    }

    #[test]
    fn all_forms_are_read_and_fep_044f_first() {
        let (q, other) = ("https://b.example/2", "https://b.example/3");
        for member in ["quote", "quoteUri", "quoteUrl", "_misskey_quote"] {
            assert_eq!(uri(json!({ member: q })).as_deref(), Some(q), "{member}");
        }
        assert_eq!(uri(json!({"quoteUrl": other, "quote": q})).as_deref(), Some(q));
        let link = |extra: Value| {
            let mut tag = json!({"type": "Link", "href": q});
            tag.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            json!({"tag": tag})
        };
        assert_eq!(uri(link(json!({"rel": QUOTE_REL}))).as_deref(), Some(q));
        assert_eq!(uri(link(json!({"mediaType": "application/activity+json"}))).as_deref(), Some(q));
        assert_eq!(uri(link(json!({"mediaType": "text/html"}))), None);
        let requested = quote(&json!({"quote": q, "quoteAuthorization": other}), "https://a.example/1").unwrap();
        assert!(requested.needs_approval && requested.authorization.as_deref() == Some(other));
    }

    #[test]
    fn prose_and_the_post_itself_are_not_quotes() {
        assert_eq!(uri(json!({"quote": "https://a.example/1"})), None);
        assert_eq!(uri(json!({"quote": "<p>A fine book</p>"})), None);
        assert_eq!(uri(json!({"type": "Quotation", "quote": "https://b.example/2"})), None);
    }

    #[test]
    fn breaks_before_the_fallback_are_removed() {
        for (html, wanted) in [
            ("<p><span>a<br><br></span></p>", "<p><span>a</span></p>"),
            ("<p>a<br><br></p>", "<p>a</p>"),
            ("a<br>b<br> <br>", "a<br>b"),
            ("<p>a</p><p><br></p>", "<p>a</p><p></p>"),
            ("<ul><li>a<br></li></ul>", "<ul><li>a<br></li></ul>"),
            ("<br>", ""),
            ("", ""),
        ] {
            assert_eq!(without_last_breaks(html), wanted);
        }
    }

    #[test]
    fn only_the_fallback_is_removed() {
        let cases = [
            ("<p>a<span class=\"quote-inline\"><br>RE: <a href=\"x\"><span>x</span></a></span> b</p>", "<p>a b</p>"),
            ("<p class=\"quote-inline\">RE: x</p><p>a</p>", "<p>a</p>"),
            ("<p>about the class quote-inline</p>", "<p>about the class quote-inline</p>"),
            ("<p>a<span class=\"quote-inline\">RE: x", "<p>a<span class=\"quote-inline\">RE: x"),
            ("plain", "plain"),
            ("<p><span>a<br><br>RE: </span><a href=\"https://b.example/@x/2\">it</a></p>", "<p><span>a"),
            ("<p>a</p><p>QT: https://b.example/2</p>", "<p>a</p>"),
            ("a:<br>RE: https://b.example/2", "a:"),
            ("RE: https://b.example/2", ""),
            ("a<br>RE: <a href=\"https://b.example/2\">https://b.exa…</a>\n", "a"),
            // Another server, more words, not the last line, not a line of its own.
            ("a<br>RE: https://c.example/2", "a<br>RE: https://c.example/2"),
            ("a<br>RE: https://b.example/2 yes", "a<br>RE: https://b.example/2 yes"),
            ("a<br>RE: <a href=\"https://b.example/2\">x</a> b", "a<br>RE: <a href=\"https://b.example/2\">x</a> b"),
            ("<p>RE: https://b.example/2</p><p>b</p>", "<p>RE: https://b.example/2</p><p>b</p>"),
            ("SCORE: https://b.example/2", "SCORE: https://b.example/2"),
        ];
        for (html, wanted) in cases {
            assert_eq!(without_fallback(html, "https://b.example/2"), wanted);
        }
    }
}
