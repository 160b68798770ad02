//! A small HTML tokenizer for counting, balancing and reading, in one linear pass without recursion.
//!
//! It follows the states of the HTML standard (section 13.2.5) where they decide what is text and what is a tag.
//! Mistakes affect the appearance, never safety: the result is parsed again by ammonia.

use crate::limits;

/// One piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text as written, character references included.
    Text(&'a str),
    /// A start tag with lower-case names; values as written, character references included.
    Open(String, Vec<(String, &'a str)>),
    /// An end tag.
    Close(String),
}

/// Elements whose content is not text or must not be shown. They are skipped with their content.
const SKIPPED: [&str; 13] = [
    "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "svg", "select",
    "object", "head",
];

/// Of them, the elements that do not describe a page.
const SKIPPED_IN_PAGES: [&str; 9] =
    ["style", "textarea", "xmp", "iframe", "noembed", "noframes", "svg", "select", "object"];

/// The tokens of an HTML text, `math` and its children among them.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    skipped: &'static [&'static str],
}

/// A start tag of a page; of `title` and `script` with the content.
pub(crate) struct PageToken<'a> {
    /// Its name in lower case.
    pub(crate) name: String,
    /// Names in lower case, and values as written.
    pub(crate) attributes: Vec<(String, &'a str)>,
    /// What is between the tags of `title` and `script`; empty for all others.
    pub(crate) content: &'a str,
}

/// The start tags of a page, those in its head among them, in one linear pass.
pub(crate) fn page_tokens(html: &str) -> impl Iterator<Item = PageToken<'_>> {
    let mut tokens = Tokens { rest: html, skipped: &SKIPPED_IN_PAGES };
    std::iter::from_fn(move || {
        loop {
            if let Token::Open(name, attributes) = tokens.next()? {
                let content = if matches!(name.as_str(), "title" | "script") { tokens.skip_element(&name) } else { "" };
                return Some(PageToken { name, attributes, content });
            }
        }
    })
}

impl<'a> Tokens<'a> {
    pub(super) fn new(html: &'a str) -> Self {
        Self { rest: html, skipped: &SKIPPED }
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }

    /// Skips to the position after `end`, or to the end of the text.
    fn skip_past(&mut self, end: &str) {
        match self.rest.find(end) {
            Some(at) => self.rest = &self.rest[at + end.len()..],
            None => self.rest = "",
        }
    }

    /// Skips the content and end tag of an element. Returns the content.
    pub(super) fn skip_element(&mut self, name: &str) -> &'a str {
        let bytes = self.rest.as_bytes();
        let end = (0..bytes.len()).find(|&at| {
            bytes[at] == b'<'
                && bytes.get(at + 1) == Some(&b'/')
                && bytes.get(at + 2..at + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
                && bytes.get(at + 2 + name.len()).is_none_or(|b| !b.is_ascii_alphanumeric())
        });
        match end {
            Some(at) => {
                let content = self.take(at);
                self.skip_past(">");
                content
            }
            None => std::mem::take(&mut self.rest),
        }
    }

    /// Reads name and attributes up to `>`; `None` if the text ends first.
    fn tag(&mut self) -> Option<(String, Vec<(String, &'a str)>)> {
        let name_len = self.rest.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>')?;
        let name = self.take(name_len).to_ascii_lowercase();
        let mut attributes: Vec<(String, &'a str)> = Vec::new();
        loop {
            self.rest = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if let Some(rest) = self.rest.strip_prefix('>') {
                self.rest = rest;
                return Some((name, attributes));
            }
            let attribute = self.attribute()?;
            let known = attributes.iter().any(|(name, _)| *name == attribute.0);
            if attributes.len() < limits::HTML_ATTRIBUTES && !known {
                attributes.push(attribute);
            }
        }
    }

    fn attribute(&mut self) -> Option<(String, &'a str)> {
        // The first character belongs to the name even if it is `=`.
        let first = self.rest.chars().next()?.len_utf8();
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=');
        let len = first + self.rest[first..].find(ends)?;
        let name = self.take(len).to_ascii_lowercase();
        let after = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(value) = after.strip_prefix('=') else { return Some((name, "")) };
        self.rest = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let quote = self.rest.chars().next()?;
        if matches!(quote, '"' | '\'') {
            self.take(1);
            let len = self.rest.find(quote)?;
            let value = self.take(len);
            self.take(1);
            return Some((name, value));
        }
        let len = self.rest.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
        Some((name, self.take(len)))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let text = self.rest.find('<').unwrap_or(self.rest.len());
            if text > 0 {
                return Some(Token::Text(self.take(text)));
            }
            let mut after = self.rest.chars().skip(1);
            match (after.next(), after.next()) {
                (Some(c), _) if c.is_ascii_alphabetic() => {
                    self.take(1);
                    let Some((name, attributes)) = self.tag() else {
                        self.rest = "";
                        return None;
                    };
                    if self.skipped.contains(&name.as_str()) {
                        self.skip_element(&name);
                        continue;
                    }
                    return Some(Token::Open(name, attributes));
                }
                (Some('/'), Some(c)) if c.is_ascii_alphabetic() => {
                    self.take(2);
                    let Some((name, _)) = self.tag() else {
                        self.rest = "";
                        return None;
                    };
                    return Some(Token::Close(name));
                }
                (Some('!'), _) if self.rest.starts_with("<!-->") => self.skip_past(">"),
                (Some('!'), _) if self.rest.starts_with("<!--->") => self.skip_past(">"),
                (Some('!'), _) if self.rest.starts_with("<!--") => self.skip_past("-->"),
                (Some('!' | '?'), _) | (Some('/'), Some(_)) => self.skip_past(">"),
                _ => return Some(Token::Text(self.take(1))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_tags_are_distinguished_as_in_browsers() {
        let text = |html: &str| {
            Tokens::new(html)
                .filter_map(|t| if let Token::Text(t) = t { Some(t.to_owned()) } else { None })
                .collect::<String>()
        };
        for (html, expected) in [
            ("a < b <3 c", "a < b <3 c"),
            ("a<!-- > <b> -->b", "ab"),
            ("a<!-->b", "ab"),
            ("<a title='>'>x</a >y", "xy"),
            ("<script>if (a</b) 1</scriptx></SCRIPT >z", "z"),
            ("a<?php x ?>b<!DOCTYPE html>c", "abc"),
            ("a</ b>c", "ac"),
            ("a<b", "a"),
            ("<svg><p>in</p></svg>out", "out"),
        ] {
            assert_eq!(text(html), expected, "{html}");
        }
        let tags: Vec<_> = Tokens::new("<A HREF=x/y Class='a b' disabled/>").collect();
        assert_eq!(
            tags,
            [Token::Open("a".into(), vec![("href".into(), "x/y"), ("class".into(), "a b"), ("disabled".into(), "")])]
        );
    }
}
