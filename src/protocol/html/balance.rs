//! Rewrites HTML into balanced HTML of known tags with bounded depth and length, so that the parser after it needs no implied end
//! tags, adoption or reconstruction of formatting.

use crate::limits;
use crate::protocol::characters::{cut_bytes, is_hidden};
use crate::protocol::escape::escape;
use crate::protocol::links::{is_accepted_link, is_web_link};

use super::formula::Flattened;
use super::plain::unescape;
use super::tokens::Token;

/// Inline elements.
const INLINE: [&str; 22] = [
    "a", "span", "del", "s", "code", "b", "strong", "i", "em", "u", "ruby", "rt", "rp", "strike", "ins", "tt", "kbd",
    "samp", "sub", "sup", "q", "bdi",
];
/// Elements that end an open paragraph.
const BLOCK: [&str; 14] =
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "pre", "details", "summary"];
/// Elements that are removed, but whose edges become line breaks.
const BREAKING: [&str; 22] = [
    "div",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "aside",
    "nav",
    "figure",
    "figcaption",
    "table",
    "tr",
    "dl",
    "dt",
    "dd",
    "address",
    "form",
    "fieldset",
    "hr",
    "center",
    "caption",
    "body",
];

/// Bytes before the current position that are searched for the edge of a block.
const EDGE_BYTES: usize = 512;

struct Open {
    name: &'static str,
    /// Positions of its start tag and its content in the output.
    tag_at: usize,
    content_at: usize,
}

struct Balance {
    out: String,
    open: Vec<Open>,
    /// Open elements of [`BREAKING`], with their writing direction.
    around: Vec<(String, Option<&'static str>)>,
    elements: usize,
    gap: Gap,
}

/// What replaces the elements that were removed since the last text.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    /// A bar between two cells of a table.
    Cell,
    /// A line break.
    Line,
}

/// Balances HTML. The result has at most `budget` bytes plus end tags. The caller removes hidden characters.
pub(super) fn balance(html: &str, budget: usize) -> String {
    let mut b = Balance { out: String::new(), open: Vec::new(), around: Vec::new(), elements: 0, gap: Gap::None };
    for token in Flattened::new(html) {
        if b.out.len() >= budget {
            break;
        }
        match token {
            Token::Text(text) => b.text(text, budget),
            Token::Open(name, attributes) => b.start(&name, &attributes, budget),
            Token::Close(name) => b.end(&name),
        }
    }
    b.close_from(0);
    b.out
}

/// Returns the name under which an element is kept; `h` is a heading, written as a bold paragraph.
fn kept(name: &str) -> Option<&'static str> {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some("h"),
        "strike" => Some("s"),
        "ins" => Some("u"),
        "tt" | "kbd" | "samp" => Some("code"),
        _ => INLINE.iter().chain(&BLOCK).find(|kept| **kept == name).copied(),
    }
}

fn is_paragraph(name: &str) -> bool {
    matches!(name, "p" | "h")
}

impl Balance {
    fn text(&mut self, text: &str, budget: usize) {
        if !text.trim().is_empty() {
            self.fill_gap();
        }
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if self.out.len() >= budget {
                return;
            }
            let mut len = c.len_utf8();
            match c {
                '<' => self.out.push_str("&lt;"),
                '&' => len = self.reference(rest),
                c => self.out.push(c),
            }
            rest = &rest[len..];
        }
    }

    /// Copies a character reference, unless it stands for a hidden character. Returns its length.
    fn reference(&mut self, rest: &str) -> usize {
        let Some(number) = rest.strip_prefix("&#") else {
            let named = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic());
            self.out.push_str(if named { "&" } else { "&amp;" });
            return 1;
        };
        let (digits, radix, prefix) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 3),
            None => (number, 10, 2),
        };
        let len = digits.bytes().take_while(|b| (*b as char).is_digit(radix)).count();
        if len == 0 {
            self.out.push_str("&amp;");
            return 1;
        }
        let code = u32::from_str_radix(&digits[..len], radix).unwrap_or(u32::MAX);
        // The standard reads 0x80 to 0x9f as windows-1252, except these five.
        let control = matches!(code, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d) || code < 0x20 && !matches!(code, 0 | 9 | 10);
        let hidden = control || !(0x80..0xa0).contains(&code) && char::from_u32(code).is_some_and(is_hidden);
        if !hidden {
            self.out.push_str(&format!("&#{code};"));
        }
        prefix + len + usize::from(digits[len..].starts_with(';'))
    }

    fn fill_gap(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if gap == Gap::None || self.out.is_empty() || self.at_block_edge() {
            return;
        }
        match gap {
            Gap::None => {}
            Gap::Cell => self.out.push_str(" | "),
            Gap::Line => self.void("br"),
        }
    }

    fn at_block_edge(&self) -> bool {
        // Bounded, or many breaks after much white space would each read all of it.
        let far = self.out.len() - cut_bytes(&self.out, self.out.len().saturating_sub(EDGE_BYTES)).len();
        let at = self.out[self.out.len() - far..].trim_end();
        let last = at.rfind('<').map_or("", |tag| &at[tag..]);
        let name = last.trim_start_matches(['<', '/']).trim_end_matches('>').split(' ').next().unwrap_or_default();
        last.ends_with('>') && (name == "br" || BLOCK.contains(&name))
    }

    fn void(&mut self, name: &str) {
        if self.elements < limits::HTML_ELEMENTS {
            self.elements += 1;
            self.out.push('<');
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    fn start(&mut self, name: &str, attributes: &[(String, &str)], budget: usize) {
        if name == "br" {
            self.gap = Gap::None;
            return self.void("br");
        }
        if BREAKING.contains(&name) {
            self.gap = Gap::Line;
            if name != "hr" && self.around.len() < limits::HTML_DEPTH {
                self.around.push((name.to_owned(), direction(attributes)));
            }
            return;
        }
        if matches!(name, "td" | "th") {
            self.gap = std::mem::take(&mut self.gap).max(Gap::Cell);
            return;
        }
        if name == "img" {
            return self.picture(attributes, budget);
        }
        let Some(name) = kept(name) else { return };
        if name == "a" && !has_accepted_href(attributes) {
            return;
        }
        let may_open =
            if name == "h" || BLOCK.contains(&name) { self.before_block(name) } else { self.before_inline(name) };
        if may_open {
            self.push(name, attributes);
        }
    }

    /// Ends the open elements that a block ends. Returns `false` if it may not open here; it then becomes a line break.
    fn before_block(&mut self, name: &str) -> bool {
        if !self.may_open(name) {
            self.gap = Gap::Line;
            return false;
        }
        self.gap = Gap::None;
        if name == "li" {
            self.close_item();
        }
        if let Some(at) = self.open.iter().position(|o| is_paragraph(o.name)) {
            self.close_from(at);
        }
        true
    }

    /// Ends the open elements that an inline element ends. Returns `false` for the text of a ruby outside of one.
    fn before_inline(&mut self, name: &str) -> bool {
        self.fill_gap();
        match name {
            "a" => {
                if let Some(at) = self.open.iter().position(|o| o.name == "a") {
                    self.close_from(at);
                }
            }
            "rt" | "rp" => {
                if !self.open.iter().any(|o| o.name == "ruby") {
                    return false;
                }
                while self.open.last().is_some_and(|o| matches!(o.name, "rt" | "rp" | "p" | "h" | "li")) {
                    self.close_from(self.open.len() - 1);
                }
            }
            _ => {}
        }
        true
    }

    /// Returns `true` if a block may open here: a summary is the first child of its details and contains no blocks.
    fn may_open(&self, block: &str) -> bool {
        let in_summary = self.open.iter().any(|o| o.name == "summary");
        let first = self.open.last().is_some_and(|o| o.name == "details" && self.out[o.content_at..].trim().is_empty());
        !in_summary && (block != "summary" || first)
    }

    /// Writes a picture as a link with its description as text; a comment of Lemmy may contain nothing else. An emoji, and a
    /// picture inside a link, become their description.
    fn picture(&mut self, attributes: &[(String, &str)], budget: usize) {
        let value = |name: &str| attributes.iter().find(|(a, _)| a == name).map_or("", |(_, value)| *value);
        let alt = value("alt").trim();
        let is_emoji = value("class").split_ascii_whitespace().any(|class| class == "emoji");
        let address = unescape(value("src"));
        // A picture of one pixel is a tracker.
        if value("width") == "1" && value("height") == "1" {
            return;
        }
        let is_link = !is_emoji && is_web_link(&address) && !self.open.iter().any(|o| o.name == "a");
        let name = match alt {
            "" if is_emoji || !is_web_link(&address) => return,
            "" => escape(file_name(&address)),
            alt => alt.to_owned(),
        };
        self.fill_gap();
        if is_link {
            if self.out.ends_with("</a>") {
                self.out.push(' ');
            }
            let depth = self.open.len();
            self.push("a", &[("href".to_owned(), &escape(&address))]);
            self.text(&name, budget);
            self.close_from(depth);
        } else {
            self.text(&name, budget);
        }
    }

    /// Closes the previous item of the same list.
    fn close_item(&mut self) {
        for at in (0..self.open.len()).rev() {
            match self.open[at].name {
                "li" => return self.close_from(at),
                "ul" | "ol" | "blockquote" | "pre" | "details" => return,
                _ => {}
            }
        }
    }

    fn push(&mut self, name: &'static str, attributes: &[(String, &str)]) {
        if self.open.len() >= limits::HTML_DEPTH || self.elements >= limits::HTML_ELEMENTS {
            return;
        }
        self.elements += 1;
        let tag_at = self.out.len();
        self.out.push('<');
        self.out.push_str(if name == "h" { "p" } else { name });
        // `href` first, so that sanitised HTML has one order of attributes.
        let keeps = |a: &str| if name == "h" { a == "dir" } else { attribute_is_kept(a) };
        let (address, others): (Vec<_>, Vec<_>) =
            attributes.iter().filter(|(a, _)| keeps(a)).partition(|(a, _)| a == "href");
        for (attribute, value) in address.into_iter().chain(others) {
            self.out.push_str(&format!(" {attribute}=\"{}\"", value.replace('"', "&quot;")));
        }
        let of_around = || self.around.iter().rev().find_map(|(_, direction)| *direction);
        let is_outer = self.open.is_empty() && (name == "h" || BLOCK.contains(&name)) && name != "details";
        if let Some(direction) = of_around().filter(|_| is_outer && self::direction(attributes).is_none()) {
            self.out.push_str(&format!(" dir=\"{direction}\""));
        }
        self.out.push_str(if name == "h" { "><strong>" } else { ">" });
        self.open.push(Open { name, tag_at, content_at: self.out.len() });
    }

    fn end(&mut self, name: &str) {
        if BREAKING.contains(&name) {
            self.gap = Gap::Line;
            if let Some(at) = self.around.iter().rposition(|(around, _)| around == name) {
                self.around.truncate(at);
            }
            return;
        }
        let Some(name) = kept(name) else { return };
        if let Some(at) = self.open.iter().rposition(|o| o.name == name) {
            self.close_from(at);
        } else if name == "summary" || self.open.iter().any(|o| o.name == "summary") {
            self.gap = Gap::Line;
        }
    }

    /// Closes the open elements from a position of the stack on. Empty paragraphs are removed.
    fn close_from(&mut self, at: usize) {
        while self.open.len() > at {
            let Some(open) = self.open.pop() else { return };
            if is_paragraph(open.name) && self.out.len() == open.content_at {
                self.out.truncate(open.tag_at);
            } else if open.name == "h" {
                self.out.push_str("</strong></p>");
            } else {
                self.out.push_str("</");
                self.out.push_str(open.name);
                self.out.push('>');
            }
        }
    }
}

/// The last part of the path of a URL, else its host.
fn file_name(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or(address).trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}

fn attribute_is_kept(name: &str) -> bool {
    matches!(name, "href" | "class" | "translate" | "start" | "reversed" | "value" | "dir")
}

/// The writing direction of an element (`dir`).
fn direction(attributes: &[(String, &str)]) -> Option<&'static str> {
    let stated = attributes.iter().find(|(name, _)| name == "dir")?.1.trim();
    ["ltr", "rtl", "auto"].into_iter().find(|known| stated.eq_ignore_ascii_case(known))
}

/// Returns `true` for a link with an accepted URL. Other links become their text.
fn has_accepted_href(attributes: &[(String, &str)]) -> bool {
    attributes.iter().any(|(name, address)| name == "href" && is_accepted_link(&unescape(address)))
}
