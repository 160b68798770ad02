//! Rewrites HTML into balanced, shallow, small HTML of our own tags, so that the real parser behind it has an
//! easy life: no implied end tags, no adoption, no reconstruction of formatting, bounded depth and length.

use crate::limits;
use crate::protocol::text::is_hidden;

use super::plain::unescape;
use super::tokens::{Token, Tokens};
use super::{escape, is_web_link};

/// Elements that stand in running text. `h` stands for the six headings, shown as a bold paragraph.
const INLINE: [&str; 17] =
    ["a", "span", "del", "s", "code", "b", "strong", "i", "em", "u", "ruby", "rt", "rp", "strike", "ins", "tt", "kbd"];
/// Elements that end an open paragraph.
const BLOCK: [&str; 12] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "pre"];
/// Elements that we do not keep, but whose edges are line breaks for the reader.
const BREAKING: [&str; 24] = [
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
    "details",
    "summary",
    "form",
    "fieldset",
    "hr",
    "center",
    "caption",
    "body",
];

struct Open {
    name: &'static str,
    /// Where its start tag begins and its content begins in the output.
    tag_at: usize,
    content_at: usize,
}

struct Balance {
    out: String,
    open: Vec<Open>,
    elements: usize,
    gap: Gap,
}

/// What stands for the elements that were left out since the last text.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    /// A bar between two cells of a table.
    Cell,
    /// A line break.
    Line,
}

/// The balanced form of `html`, at most `budget` bytes plus closing tags. Hidden characters must already be gone.
pub(super) fn balance(html: &str, budget: usize) -> String {
    let mut b = Balance { out: String::new(), open: Vec::new(), elements: 0, gap: Gap::None };
    for token in Tokens::new(html) {
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

/// Our name of an element that we keep.
fn kept(name: &str) -> Option<&'static str> {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some("h"),
        "strike" => Some("s"),
        "ins" => Some("u"),
        "tt" | "kbd" => Some("code"),
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

    /// Copies a character reference, leaves it out if it hides a character that we strip; answers its length.
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
        // The standard reads 0x80 to 0x9f as windows-1252, but for these five.
        let control = matches!(code, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d) || code < 0x20 && !matches!(code, 0 | 9 | 10);
        let hidden = control || !(0x80..0xa0).contains(&code) && char::from_u32(code).is_some_and(is_hidden);
        if !hidden {
            self.out.push_str(&format!("&#{code};"));
        }
        prefix + len + usize::from(digits[len..].starts_with(';'))
    }

    fn fill_gap(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if self.out.is_empty() || self.at_block_edge() {
            return;
        }
        match gap {
            Gap::None => {}
            Gap::Cell => self.out.push_str(" | "),
            Gap::Line => self.void("br"),
        }
    }

    fn at_block_edge(&self) -> bool {
        let at = self.out.trim_end();
        ["<br>", "<p>", "</p>", "<li>", "</li>", "</ul>", "</ol>", "</blockquote>", "<blockquote>", "</pre>", "<pre>"]
            .iter()
            .any(|edge| at.ends_with(edge))
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
        if name == "h" || BLOCK.contains(&name) {
            self.gap = Gap::None;
            if name == "li" {
                self.close_item();
            }
            if let Some(at) = self.open.iter().position(|o| is_paragraph(o.name)) {
                self.close_from(at);
            }
        } else {
            self.fill_gap();
        }
        match name {
            "a" => {
                if let Some(at) = self.open.iter().position(|o| o.name == "a") {
                    self.close_from(at);
                }
            }
            "rt" | "rp" => {
                if !self.open.iter().any(|o| o.name == "ruby") {
                    return;
                }
                while self.open.last().is_some_and(|o| matches!(o.name, "rt" | "rp" | "p" | "h" | "li")) {
                    self.close_from(self.open.len() - 1);
                }
            }
            _ => {}
        }
        self.push(name, attributes);
    }

    /// A picture becomes a link to it, named by its description; a comment of Lemmy may hold nothing else. An emoji, and
    /// a picture within a link, become their description alone.
    fn picture(&mut self, attributes: &[(String, &str)], budget: usize) {
        let value = |name: &str| attributes.iter().find(|(a, _)| a == name).map_or("", |(_, value)| *value);
        let alt = value("alt").trim();
        let is_emoji = value("class").split_ascii_whitespace().any(|class| class == "emoji");
        let address = unescape(value("src"));
        // Something of a single dot counts readers and shows nothing.
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

    /// A list item ends the one before it in the same list.
    fn close_item(&mut self) {
        for at in (0..self.open.len()).rev() {
            match self.open[at].name {
                "li" => return self.close_from(at),
                "ul" | "ol" | "blockquote" | "pre" => return,
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
        if name == "h" {
            self.out.push_str("<p><strong>");
        } else {
            self.out.push('<');
            self.out.push_str(name);
            // The address first, so that cleaned HTML has one order of attributes.
            let (address, others): (Vec<_>, Vec<_>) =
                attributes.iter().filter(|(a, _)| attribute_is_kept(a)).partition(|(a, _)| a == "href");
            for (attribute, value) in address.into_iter().chain(others) {
                self.out.push_str(&format!(" {attribute}=\"{}\"", value.replace('"', "&quot;")));
            }
            self.out.push('>');
        }
        self.open.push(Open { name, tag_at, content_at: self.out.len() });
    }

    fn end(&mut self, name: &str) {
        if BREAKING.contains(&name) {
            self.gap = Gap::Line;
            return;
        }
        let Some(name) = kept(name) else { return };
        if let Some(at) = self.open.iter().rposition(|o| o.name == name) {
            self.close_from(at);
        }
    }

    /// Closes everything from this place of the stack up; a paragraph with nothing in it vanishes.
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

/// The last part of the path of an address, else its host.
fn file_name(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or(address).trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}

fn attribute_is_kept(name: &str) -> bool {
    matches!(name, "href" | "class" | "translate" | "start" | "reversed" | "value")
}
