//! Markdown as HTML: CommonMark with strikethrough and footnotes, sanitised like all other HTML.
//!
//! Links, handles, hashtags and shortcodes in the source are tokens. A placeholder replaces each before parsing, so that no `_`
//! or `*` in it is emphasis. After sanitising, a placeholder in running text becomes its link; in code, links and
//! attributes it becomes the original text. The HTML and the list of mentions thus come from the same scan.

use std::cell::RefCell;
use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

use crate::limits;
use crate::write_guard;

use super::characters::cut_bytes;
use super::escape::escape;
use super::html::clean;
use super::text::{Handle, Linker, MentionLink, Rendered, Token, note_handle, token};

/// Start and end of a placeholder. Between them is its number in base 16 with digits from [`FIRST_DIGIT`] on. These are
/// noncharacters, which are removed from the source.
const OPEN: char = '\u{fde0}';
const CLOSE: char = '\u{fde1}';
const FIRST_DIGIT: u32 = 0xfdd0;

/// Renders Markdown as sanitised HTML. Links, mentions and hashtags in running text become links as in
/// [`super::text::render`], but not in code or other links. Soft line breaks become `br`, pictures become links, and the numbers of
/// footnotes are text in brackets. There are no line feeds between elements, because some servers show them.
pub fn render(
    text: &str,
    mentions: &dyn Fn(&str, Option<&str>) -> Option<MentionLink>,
    tag_url: &dyn Fn(&str) -> String,
) -> Rendered {
    write_guard::assert_outside("Markdown is rendered");
    let source = Source::read(cut_bytes(text, limits::REMOTE_HTML));
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let events = without_footnotes(Parser::new_ext(&source.masked, options)).map(|event| match event {
        Event::Start(Tag::Image { dest_url, .. }) => {
            Event::InlineHtml(format!("<a href=\"{}\">", escape(&source.restore(&dest_url))).into())
        }
        Event::End(TagEnd::Image) => Event::InlineHtml("</a>".into()),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: CowStr::from(source.restore(&dest_url)), title, id })
        }
        Event::SoftBreak => Event::HardBreak,
        event => event,
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    let mut linker = Linker { mentions, tag_url, hashtags: Vec::new() };
    // What the linker writes is not sanitised: it has the same form as in plain text.
    let html = source.link(&clean(&html), &mut linker);
    Rendered { html, hashtags: linker.hashtags }
}

/// Writes footnotes as text: `[1]` where one is named, and before what it says. Anchors within a post would lead nowhere.
fn without_footnotes<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut label: Option<String> = None;
    events.flat_map(move |event| match event {
        Event::FootnoteReference(name) => vec![Event::Text(format!("[{name}]").into())],
        Event::Start(Tag::FootnoteDefinition(name)) => {
            label = Some(format!("[{name}] "));
            Vec::new()
        }
        Event::End(TagEnd::FootnoteDefinition) => label.take().map(paragraph).unwrap_or_default(),
        Event::Start(Tag::Paragraph) => {
            let label = label.take().map(|label| Event::Text(label.into()));
            [Event::Start(Tag::Paragraph)].into_iter().chain(label).collect()
        }
        // What begins with a list or code has its number above it.
        Event::Start(block) => label.take().map(paragraph).into_iter().flatten().chain([Event::Start(block)]).collect(),
        event => vec![event],
    })
}

fn paragraph<'a>(text: String) -> Vec<Event<'a>> {
    vec![Event::Start(Tag::Paragraph), Event::Text(text.into()), Event::End(TagEnd::Paragraph)]
}

/// Returns the handles that a text mentions, in order and without repeats: those for which [`render`] makes links. The limit is
/// that of [`super::text::find_mentions`].
pub fn find_mentions(text: &str) -> Vec<Handle> {
    let found = RefCell::new(Vec::new());
    let note = |username: &str, host: Option<&str>| {
        let handle = Handle { username: username.to_owned(), host: host.map(str::to_owned) };
        note_handle(&mut found.borrow_mut(), handle);
        None
    };
    render(text, &note, &|_| String::new());
    found.into_inner()
}

/// A text with placeholders instead of tokens.
struct Source<'a> {
    masked: String,
    tokens: Vec<&'a str>,
}

impl<'a> Source<'a> {
    fn read(text: &'a str) -> Self {
        let mut reader = Reader { text, at: 0, before: None, in_code: false, underscores: 0, next_angle: None };
        let mut source = Self { masked: String::with_capacity(text.len()), tokens: Vec::new() };
        // Equal tokens share a placeholder, so that the label of a reference still matches its definition.
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        while let Some((written, is_token)) = reader.next_part() {
            if !is_token {
                source.masked.extend(written.chars().filter(|c| !matches!(c, '\u{fdd0}'..='\u{fdef}')));
                continue;
            }
            let number = *numbers.entry(written).or_insert_with(|| {
                source.tokens.push(written);
                source.tokens.len() - 1
            });
            let digits = format!("{number:x}");
            let digits = digits.chars().filter_map(|d| char::from_u32(FIRST_DIGIT + d.to_digit(16)?));
            source.masked.push(OPEN);
            source.masked.extend(digits);
            source.masked.push(CLOSE);
        }
        source
    }

    /// Calls `visit` with each text between placeholders and each token, and whether it is a token.
    fn each(&self, masked: &str, mut visit: impl FnMut(&str, bool)) {
        let mut rest = masked;
        while let Some((before, after)) = rest.split_once(OPEN) {
            visit(before, false);
            let Some((digits, after)) = after.split_once(CLOSE) else { return };
            let digit = |c: char| (c as u32).checked_sub(FIRST_DIGIT).filter(|d| *d < 16);
            let number = digits.chars().try_fold(0_usize, |n, c| Some(n * 16 + digit(c)? as usize));
            if let Some(written) = number.and_then(|n| self.tokens.get(n)) {
                visit(written, true);
            }
            rest = after;
        }
        visit(rest, false);
    }

    fn restore(&self, masked: &str) -> String {
        let mut out = String::with_capacity(masked.len());
        self.each(masked, |text, _| out.push_str(text));
        out
    }

    /// Turns the tokens in running text of sanitised HTML into links and those elsewhere into their text, and removes line feeds
    /// outside preformatted text.
    fn link(&self, html: &str, linker: &mut Linker<'_>) -> String {
        let mut out = String::with_capacity(html.len() * 2);
        let (mut rest, mut plain, mut pre) = (html, 0_usize, 0_usize);
        let mut after_text = false;
        while !rest.is_empty() {
            let end = rest.find('<').unwrap_or(rest.len());
            let (text, tag) = rest.split_at(end);
            let end = tag.find('>').map_or(tag.len(), |at| at + 1);
            let (tag, next) = tag.split_at(end);
            let text = if pre > 0 { text.to_owned() } else { unbroken(text, after_text, is_within_text(tag)) };
            self.each(&text, |written, is_token| match is_token {
                false => out.push_str(written),
                true if plain > 0 => out.push_str(&escape(written)),
                true => linker.append(written, &mut out),
            });
            self.each(
                tag,
                |written, is_token| if is_token { out.push_str(&escape(written)) } else { out.push_str(written) },
            );
            let (name, by) = tag_of(tag);
            let count = |depth: usize| if by { depth + 1 } else { depth.saturating_sub(1) };
            if matches!(name, "a" | "code" | "pre") {
                plain = count(plain);
            }
            if name == "pre" {
                pre = count(pre);
            }
            after_text = is_within_text(tag);
            rest = next;
        }
        out
    }
}

/// The name of a tag, and whether it is a start tag.
fn tag_of(tag: &str) -> (&str, bool) {
    let inner = tag.trim_start_matches('<');
    let name = inner.trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    (&name[..end], name.len() == inner.len())
}

/// Returns `true` for an inline tag.
fn is_within_text(tag: &str) -> bool {
    let block = ["", "br", "p", "ul", "ol", "li", "blockquote", "pre", "details", "summary"];
    !block.contains(&tag_of(tag).0)
}

/// Removes line feeds next to a block or `br`, and replaces others by spaces.
fn unbroken(text: &str, after_text: bool, before_text: bool) -> String {
    let text = if after_text { text } else { text.trim_start_matches('\n') };
    let text = if before_text { text } else { text.trim_end_matches('\n') };
    text.replace('\n', " ")
}

/// Splits a source into tokens and the text between them.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    before: Option<char>,
    /// A backtick is open in this paragraph.
    in_code: bool,
    /// Underscores of this paragraph that may open emphasis and are not closed.
    underscores: usize,
    /// Position of the next `>`, if it was searched.
    next_angle: Option<usize>,
}

impl<'a> Reader<'a> {
    /// The next text, and whether it is a token.
    fn next_part(&mut self) -> Option<(&'a str, bool)> {
        let rest = &self.text[self.at..];
        let c = rest.chars().next()?;
        let len = match c {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '`' => {
                let run = rest.bytes().take_while(|b| *b == b'`').count();
                self.in_code = !self.in_code;
                run
            }
            '_' => self.underscore_run(rest),
            '<' => self.tag_len(rest),
            '\n' => {
                if rest[1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n') {
                    (self.in_code, self.underscores) = (false, 0);
                }
                1
            }
            _ => match token(rest, self.before, self.in_code) {
                Token::Whole(written) => {
                    let closing = written.bytes().rev().take_while(|b| *b == b'_').count().min(self.underscores);
                    let written = &written[..written.len() - closing];
                    self.advance(written.len());
                    return Some((written, true));
                }
                Token::Text(len) => len,
            },
        };
        let transparent = c == '_' && !self.before.is_some_and(char::is_alphanumeric);
        let before = self.before;
        let text = &rest[..len];
        self.advance(len);
        if transparent {
            self.before = before;
        }
        Some((text, false))
    }

    fn advance(&mut self, len: usize) {
        self.before = self.text[self.at..self.at + len].chars().next_back().or(self.before);
        self.at += len;
    }

    /// The length of a run of `_`, which opens emphasis before a word and closes it after one.
    fn underscore_run(&mut self, rest: &str) -> usize {
        let run = rest.bytes().take_while(|b| *b == b'_').count();
        let follows = rest[run..].chars().next();
        let after_word = self.before.is_some_and(|c| !c.is_whitespace());
        let before_word = follows.is_some_and(char::is_alphanumeric);
        if after_word && !before_word {
            self.underscores = self.underscores.saturating_sub(run);
        } else if !self.before.is_some_and(char::is_alphanumeric) && follows.is_some_and(|c| !c.is_whitespace()) {
            self.underscores += run;
        }
        run
    }

    /// The length of an HTML tag or `<link>` at the start of `rest`; 1 if there is none.
    fn tag_len(&mut self, rest: &str) -> usize {
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            return 1;
        }
        if self.next_angle.is_none_or(|at| at < self.at) {
            self.next_angle = Some(rest.find('>').map_or(usize::MAX, |at| self.at + at));
        }
        match self.next_angle {
            Some(end) if end < self.text.len() => end - self.at + 1,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests;
