//! HTML of other people: cleaned to a short list of elements, or read as plain text.
//!
//! Two walls: [`balance`] makes the input small, shallow and well nested, then ammonia (a real parser) keeps only
//! what is on the list. The list is Mastodon's with ruby, sub, sup, q, bdi, details and summary added: without them the words would say
//! something else, or show what their author hides.

mod balance;
mod formula;
mod plain;
#[cfg(test)]
mod tests;
mod tokens;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use crate::limits;
use crate::protocol::characters::{cut_bytes, is_hidden};
use crate::protocol::links::{OTHER_SCHEMES, is_accepted_link};

pub use super::escape::escape;
pub use super::links::{LINK_REL, is_web_link};
pub use plain::{to_preview, to_text};

/// Elements that survive cleaning.
pub const TAGS: [&str; 26] = [
    "p",
    "br",
    "a",
    "span",
    "del",
    "s",
    "pre",
    "code",
    "blockquote",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ul",
    "ol",
    "li",
    "ruby",
    "rt",
    "rp",
    "sub",
    "sup",
    "q",
    "bdi",
    "details",
    "summary",
];

/// Cleans HTML for storing and showing: only [`TAGS`] and few attributes, links of few schemes, at most
/// [`limits::HTML_DEPTH`] deep, [`limits::HTML_ELEMENTS`] elements and [`limits::CLEAN_HTML`] bytes. Headings become
/// bold paragraphs, other blocks line breaks, pictures links. Input beyond [`limits::REMOTE_HTML`] is cut. Cleaning twice is the
/// same as cleaning once.
pub fn clean(html: &str) -> String {
    clean_within(html, limits::CLEAN_HTML, str::len)
}

/// Like [`clean`], with a smaller limit on what comes out, in the unit of `measure`.
pub fn clean_within(html: &str, max: usize, measure: impl Fn(&str) -> usize) -> String {
    let input: String = cut_bytes(html, limits::REMOTE_HTML).chars().filter(|c| !is_hidden(*c) && *c != '\r').collect();
    let mut budget = limits::CLEAN_HTML.min(max.saturating_mul(4));
    // The attributes that are added to links and the characters that are escaped lengthen it; then less goes in.
    // Each round takes at least a tenth less, so that few rounds are enough.
    for _ in 0..12 {
        let balanced = balance::balance(&input, budget);
        let mut cleaned = once(&balanced);
        // Losing its address leaves a link's other attributes in another order; the next cleaning settles it.
        if cleaned.match_indices("<a ").any(|(at, _)| !cleaned[at..].starts_with("<a href")) {
            cleaned = once(&balance::balance(&cleaned, budget));
        }
        let size = measure(&cleaned);
        if size <= max && cleaned.len() <= limits::CLEAN_HTML {
            return cleaned;
        }
        budget = budget.min(balanced.len());
        budget = (budget / 2).max(budget.saturating_mul(max) / size.max(1) / 10 * 9).min(budget / 10 * 9);
    }
    String::new()
}

fn once(html: &str) -> String {
    let mut cleaned = CLEANER.clean(html).to_string();
    // A parser drops the first line break of `pre`, so that the next cleaning would differ.
    if cleaned.contains("<pre>\n") {
        let mut parts = cleaned.split("<pre>");
        let first = parts.next().unwrap_or_default().to_owned();
        cleaned = parts.fold(first, |out, part| out + "<pre>" + part.trim_start_matches('\n'));
    }
    match cleaned.trim() {
        trimmed if trimmed.len() == cleaned.len() => cleaned,
        trimmed => trimmed.to_owned(),
    }
}

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "class", "translate"])),
            ("span", HashSet::from(["class", "translate", "dir"])),
            ("p", HashSet::from(["class", "dir"])),
            ("ol", HashSet::from(["start", "reversed", "dir"])),
            ("li", HashSet::from(["value", "dir"])),
            ("ul", HashSet::from(["dir"])),
            ("blockquote", HashSet::from(["dir"])),
            ("pre", HashSet::from(["dir"])),
            ("q", HashSet::from(["dir"])),
            ("bdi", HashSet::from(["dir"])),
        ]))
        .url_schemes(["http", "https"].into_iter().chain(OTHER_SCHEMES).collect())
        .url_relative(UrlRelative::Deny)
        .link_rel(Some(LINK_REL))
        .set_tag_attribute_value("a", "target", "_blank")
        .strip_comments(true)
        .attribute_filter(|_, attribute, value| filter_attribute(attribute, value));
    cleaner
});

fn filter_attribute<'u>(attribute: &str, value: &'u str) -> Option<Cow<'u, str>> {
    match attribute {
        "href" => is_accepted_link(value).then_some(Cow::Borrowed(value)),
        "dir" => ["ltr", "rtl", "auto"].into_iter().find(|d| value.trim().eq_ignore_ascii_case(d)).map(Cow::Borrowed),
        "class" => {
            let classes: Vec<_> = value.split_ascii_whitespace().filter(|c| class_is_kept(c)).collect();
            (!classes.is_empty()).then(|| Cow::Owned(classes.join(" ")))
        }
        "translate" => (value == "no").then_some(Cow::Borrowed(value)),
        "start" | "value" => value.trim().parse::<i32>().ok().map(|n| Cow::Owned(n.to_string())),
        "reversed" => Some(Cow::Borrowed("")),
        // `rel` and `target` are ours.
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Classes that apps know: microformats, mentions, hashtags and shortened links.
fn class_is_kept(class: &str) -> bool {
    let plain = class.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let known = matches!(class, "mention" | "hashtag" | "ellipsis" | "invisible" | "quote-inline");
    let format = ["h-", "p-", "u-", "dt-", "e-"].iter().any(|prefix| class.starts_with(prefix));
    plain && class.len() <= 64 && (known || format)
}
