//! Untrusted HTML: sanitised to a list of elements, or converted to plain text.
//!
//! There are two stages: [`balance`] makes the input small, shallow and well nested, then ammonia keeps only listed elements.
//! The list is Mastodon's with ruby, sub, sup, q, bdi, details and summary, because a text without them changes its
//! meaning or shows what its author hides.

mod balance;
mod formula;
mod links;
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
use crate::write_guard;

pub use super::escape::escape;
pub use super::links::{LINK_REL, is_web_link};
pub use links::links;
pub use plain::{to_preview, to_text};
pub(crate) use tokens::{PageToken, page_tokens};

/// Elements that sanitised HTML may contain.
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

/// Sanitises HTML for storing and showing. The result has only elements of [`TAGS`], few attributes and link schemes, and at most
/// [`limits::HTML_DEPTH`] levels, [`limits::HTML_ELEMENTS`] elements and [`limits::CLEAN_HTML`] bytes. Headings become bold
/// paragraphs, other blocks line breaks, pictures links. Input beyond [`limits::REMOTE_HTML`] bytes is cut. Sanitising
/// the result again does not change it.
///
/// ```
/// use dassie::protocol::html::clean;
///
/// assert_eq!(clean("<h1 onclick=x>Hi</h1><script>alert(1)</script>"), "<p><strong>Hi</strong></p>");
/// ```
pub fn clean(html: &str) -> String {
    clean_within(html, limits::CLEAN_HTML, str::len)
}

/// Like [`clean`], with a smaller limit `max` on the result in the unit of `measure`.
pub fn clean_within(html: &str, max: usize, measure: impl Fn(&str) -> usize) -> String {
    write_guard::assert_outside("HTML is sanitised");
    let input: String = cut_bytes(html, limits::REMOTE_HTML).chars().filter(|c| !is_hidden(*c) && *c != '\r').collect();
    let mut budget = limits::CLEAN_HTML.min(max.saturating_mul(4));
    // Added attributes and escapes may make the result too long; then the input is cut further. Each round cuts at least a
    // tenth, so that few rounds are enough.
    for _ in 0..12 {
        let balanced = balance::balance(&input, budget);
        let mut cleaned = once(&balanced);
        // A link that lost its address has its other attributes in another order, which a second pass corrects.
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
    // Parsers drop the first line break of `pre`, so that a second pass would differ.
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
        // `rel` and `target` are set by us.
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Classes that apps style: microformats, mentions, hashtags and shortened links.
fn class_is_kept(class: &str) -> bool {
    let plain = class.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let known = matches!(class, "mention" | "hashtag" | "ellipsis" | "invisible" | "quote-inline");
    let format = ["h-", "p-", "u-", "dt-", "e-"].iter().any(|prefix| class.starts_with(prefix));
    plain && class.len() <= 64 && (known || format)
}
