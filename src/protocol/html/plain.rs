//! HTML as plain text.

use super::formula::Flattened;
use super::tokens::Token;

/// Converts sanitised HTML to plain text for search, notifications and previews: an empty line between paragraphs, a line break
/// for `br` and list items. The result is text, so it must be escaped before it is put into HTML.
pub fn to_text(html: &str) -> String {
    text(html, false)
}

/// Converts sanitised HTML to plain text for previews and titles, without the hidden part of `details`.
pub fn to_preview(html: &str) -> String {
    text(html, true)
}

fn text(html: &str, without_hidden: bool) -> String {
    let mut text = Plain { out: String::with_capacity(html.len() / 2), breaks: 0, space: false, pre: 0, raised: false };
    let (mut details, mut summaries) = (0_usize, 0_usize);
    for token in Flattened::new(html) {
        let (name, opens) = match &token {
            Token::Text(_) if without_hidden && details > summaries => continue,
            Token::Text(t) => {
                text.push(&unescape(t));
                continue;
            }
            Token::Open(name, _) => (name, true),
            Token::Close(name) => (name, false),
        };
        let count = match name.as_str() {
            "details" => Some(&mut details),
            "summary" => Some(&mut summaries),
            _ => None,
        };
        if let Some(count) = count {
            *count = if opens { *count + 1 } else { count.saturating_sub(1) };
        }
        text.edge(name, opens);
    }
    text.out
}

struct Plain {
    out: String,
    /// Line breaks to write before the next text.
    breaks: usize,
    /// A space is to be written before the next text.
    space: bool,
    pre: usize,
    /// In `sup`; its digits become superscript characters, because 10⁶ is not 106.
    raised: bool,
}

impl Plain {
    fn edge(&mut self, name: &str, opens: bool) {
        match name {
            "br" => self.breaks = (self.breaks + 1).min(2),
            "li" | "div" | "tr" | "dt" | "dd" => self.breaks = self.breaks.max(1),
            "p" | "blockquote" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "details" => {
                self.breaks = 2;
            }
            "summary" => self.breaks = self.breaks.max(1),
            "q" => self.push(if opens { "“" } else { "”" }),
            "sup" => self.raised = opens,
            _ => {}
        }
        if name == "pre" {
            self.pre = if opens { self.pre + 1 } else { self.pre.saturating_sub(1) };
        }
    }

    fn push(&mut self, text: &str) {
        for c in text.chars() {
            let line_break = c == '\n' && self.pre > 0;
            if line_break {
                self.breaks = (self.breaks + 1).min(2);
            } else if c.is_whitespace() && self.pre == 0 {
                self.space = true;
            } else {
                if self.out.is_empty() {
                    if c.is_whitespace() {
                        continue;
                    }
                    self.breaks = 0;
                    self.space = false;
                }
                if self.breaks > 0 {
                    self.out.extend(std::iter::repeat_n('\n', self.breaks));
                } else if self.space {
                    self.out.push(' ');
                }
                (self.breaks, self.space) = (0, false);
                self.out.push(if self.raised { raised(c) } else { c });
            }
        }
    }
}

fn raised(c: char) -> char {
    const RAISED: [(char, char); 16] = [
        ('0', '⁰'),
        ('1', '¹'),
        ('2', '²'),
        ('3', '³'),
        ('4', '⁴'),
        ('5', '⁵'),
        ('6', '⁶'),
        ('7', '⁷'),
        ('8', '⁸'),
        ('9', '⁹'),
        ('+', '⁺'),
        ('-', '⁻'),
        ('−', '⁻'),
        ('(', '⁽'),
        (')', '⁾'),
        ('n', 'ⁿ'),
    ];
    RAISED.iter().find(|(plain, _)| *plain == c).map_or(c, |(_, raised)| *raised)
}

/// Resolves the character references that serialisers write and the most common others.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        match end.and_then(|end| character(&rest[1..end]).map(|c| (end, c))) {
            Some((end, c)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control() || *c == '\n');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "copy" => '©',
        _ => return None,
    })
}
