//! Finds links, mentions and hashtags in plain text, in one pass.

use crate::limits;

use crate::protocol::characters::{is_hidden, is_mark};
use crate::protocol::links::is_web_link;

/// A handle as written: `@user` or `@user@host`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Handle {
    /// The user name as written.
    pub username: String,
    /// The host as written, with its port if it has one; `None` is this server.
    pub host: Option<String>,
}

/// A piece of a text. All pieces in their original form make up the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Url(&'a str),
    Mention(Handle),
    Hashtag { written: &'a str, name: &'a str },
}

/// Returns the handles that a text mentions, in order and without repeats, at most one more than [`limits::POST_MENTIONS`]. User
/// names are compared with letter case, because some servers distinguish it.
pub fn find_mentions(text: &str) -> Vec<Handle> {
    let mut found: Vec<Handle> = Vec::new();
    for piece in pieces(text) {
        if let Piece::Mention(handle) = piece {
            note_handle(&mut found, handle);
        }
    }
    found
}

/// Adds a handle to the list, unless the list has it or is full.
pub(crate) fn note_handle(found: &mut Vec<Handle>, handle: Handle) {
    if found.len() <= limits::POST_MENTIONS && !found.iter().any(|other| other.is(&handle)) {
        found.push(handle);
    }
}

impl Handle {
    /// Returns `true` if both are equal; host names are compared without letter case.
    pub fn is(&self, other: &Self) -> bool {
        let (host, other_host) = (self.host.as_deref().unwrap_or(""), other.host.as_deref().unwrap_or(""));
        self.username == other.username && host.eq_ignore_ascii_case(other_host)
    }
}

/// What starts at a position of a text.
pub(super) enum Step<'a> {
    /// A piece, with its length in bytes.
    Piece(Piece<'a>, usize),
    /// A number of bytes without a piece. They are not scanned again, so that scanning is linear.
    Text(usize),
}

/// Splits a text into pieces.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut before = None;
    while let Some(c) = text[at..].chars().next() {
        match step(&text[at..], c, before, is_link_end) {
            Step::Text(len) => {
                at += len;
                before = text[..at].chars().next_back();
            }
            Step::Piece(piece, len) => {
                if start < at {
                    out.push(Piece::Text(&text[start..at]));
                }
                out.push(piece);
                at += len;
                start = at;
                before = text[..at].chars().next_back();
            }
        }
    }
    if start < text.len() {
        out.push(Piece::Text(&text[start..]));
    }
    out
}

/// Returns what starts at the beginning of `text`, whose first character is `c`. Each byte of a text is read a bounded number
/// of times, however often a scheme or sign is repeated. `ends_link` returns `true` for characters that end a link.
pub(super) fn step(text: &str, c: char, before: Option<char>, ends_link: impl Fn(char) -> bool) -> Step<'_> {
    let found = match c {
        'h' | 'H' => return url(text, before, ends_link).unwrap_or(Step::Text(1)),
        '@' => mention(text, before),
        '#' | '＃' => hashtag(text, before),
        _ => None,
    };
    found.map_or(Step::Text(c.len_utf8()), |(piece, len)| Step::Piece(piece, len))
}

/// Returns `true` for a character of a word; no piece starts directly after one.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_mark(c)
}

/// Returns `true` for characters that end a link: those that browsers do not accept, and full-width punctuation, which ends a
/// link in Chinese and Japanese text without a space. Other characters that the URL standard percent-encodes (`|`, `^`, braces,
/// backtick) are part of the link.
pub(super) fn is_link_end(c: char) -> bool {
    c.is_whitespace()
        || is_hidden(c)
        || matches!(c, '<' | '>' | '"' | '\\')
        || matches!(c, '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '！' | '（' | '）' | '，' | '：' | '；' | '？' | '“' | '”' | '…')
}

/// Scans a link. One that is too long or invalid is text up to its end.
fn url(text: &str, before: Option<char>, ends: impl Fn(char) -> bool) -> Option<Step<'_>> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|s| text.get(..s.len()).is_some_and(|start| start.eq_ignore_ascii_case(s)))?;
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    let len = text.find(ends).unwrap_or(text.len());
    if len > limits::URL * 2 {
        return Some(Step::Text(len));
    }
    let url = trim_end(&text[..len]);
    if url.len() <= scheme.len() || !is_web_link(url) {
        return Some(Step::Text(len.max(1)));
    }
    Some(Step::Piece(Piece::Url(url), url.len()))
}

/// Removes punctuation of the sentence and unmatched closing brackets from the end of a link.
fn trim_end(mut url: &str) -> &str {
    let count = |what: char| url.bytes().filter(|b| char::from(*b) == what).count();
    let mut surplus =
        [(')', '('), (']', '['), ('}', '{')].map(|(close, open)| (close, count(close).saturating_sub(count(open))));
    while let Some(last) = url.chars().next_back() {
        let cut = match last {
            // Around the link they are emphasis; in pairs inside it they are part of it.
            '*' | '~' => !ends_a_pair(url, last),
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '|' | '`' | '’' | '‘' | '»' | '«' => true,
            last => match surplus.iter_mut().find(|(close, _)| *close == last) {
                Some((_, left)) => {
                    let cut = *left > 0;
                    *left = left.saturating_sub(1);
                    cut
                }
                None => false,
            },
        };
        if !cut {
            break;
        }
        url = match last {
            '*' | '~' => url.trim_end_matches(last),
            last => &url[..url.len() - last.len_utf8()],
        };
    }
    url
}

/// Returns `true` if the run of this sign at the end has a matching run before it.
fn ends_a_pair(url: &str, sign: char) -> bool {
    let before = url.trim_end_matches(sign);
    let run = url.len() - before.len();
    let partners = before.split(|c| c != sign).filter(|signs| signs.len() == run).count();
    partners % 2 == 1
}

pub(super) fn mention<'a>(text: &'a str, before: Option<char>) -> Option<(Piece<'a>, usize)> {
    if before.is_some_and(|c| is_word(c) || matches!(c, '/' | '=' | '@')) {
        return None;
    }
    let rest = &text[1..];
    let username = trimmed(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'), |c| c == '_');
    let first = username.chars().next()?;
    if !(first.is_ascii_alphanumeric() || first == '_') || username.len() > limits::ACTOR_USERNAME_CHARS {
        return None;
    }
    let after = &rest[username.len()..];
    let host = after.strip_prefix('@').and_then(host);
    let len = 1 + username.len() + host.map_or(0, |h| 1 + h.len());
    // `@bücher` is not a mention of `b`.
    if host.is_none() && after.chars().next().is_some_and(is_word) {
        return None;
    }
    let handle = Handle { username: username.to_owned(), host: host.map(str::to_owned) };
    Some((Piece::Mention(handle), len))
}

/// Scans a host with its port at the start of a text.
fn host(text: &str) -> Option<&str> {
    let name = trimmed(text, |c| c.is_alphanumeric() || matches!(c, '-' | '.') || is_mark(c), |_| false);
    if name.is_empty() || name.len() > 253 || name.starts_with(['-', '.']) || name.contains("..") {
        return None;
    }
    let port = text[name.len()..].strip_prefix(':').unwrap_or("");
    let digits = port.bytes().take_while(u8::is_ascii_digit).count();
    let ends = !port[digits..].starts_with(is_word);
    if ends && port[..digits].parse::<u16>().is_ok_and(|p| p > 0) {
        return Some(&text[..name.len() + 1 + digits]);
    }
    Some(name)
}

/// The longest prefix of allowed characters that ends in a letter, a digit or a character for which `ends` is true.
fn trimmed(text: &str, allowed: impl Fn(char) -> bool, ends: impl Fn(char) -> bool) -> &str {
    let len = text.find(|c| !allowed(c)).unwrap_or(text.len());
    text[..len].trim_end_matches(|c: char| !(c.is_alphanumeric() || is_mark(c) || ends(c)))
}

fn hashtag<'a>(text: &'a str, before: Option<char>) -> Option<(Piece<'a>, usize)> {
    if before.is_some_and(|c| is_word(c) || matches!(c, '/' | '=' | '&' | '#' | ')')) {
        return None;
    }
    let sign = text.chars().next()?.len_utf8();
    let name = tag_name(&text[sign..])?;
    let len = sign + name.len();
    Some((Piece::Hashtag { written: &text[..len], name }, len))
}

/// Returns the hashtag name at the start of a text (without `#`): letters, digits, `_`, and inner dots and joiners, at least one
/// letter, at most [`limits::HASHTAG_CHARS`] characters.
pub(super) fn tag_name(text: &str) -> Option<&str> {
    let inner = |c: char| is_word(c) || matches!(c, '·' | '・' | '\u{200c}' | '\u{200d}');
    let len = text.find(|c| !inner(c)).unwrap_or(text.len());
    let name = text[..len].trim_end_matches(|c: char| !is_word(c));
    let starts = name.chars().next().is_some_and(is_word);
    let has_letter = name.chars().any(|c| c.is_alphanumeric() && !c.is_numeric());
    (starts && has_letter && name.chars().count() <= limits::HASHTAG_CHARS).then_some(name)
}
