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

/// A piece of a text; the written forms of all pieces together are the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Url(&'a str),
    Mention(Handle),
    Hashtag { written: &'a str, name: &'a str },
}

/// The handles that a text mentions, in order, without repeats: at most one more than [`limits::POST_MENTIONS`]. Each
/// spelling of a user name counts, because some servers distinguish letter case.
pub fn find_mentions(text: &str) -> Vec<Handle> {
    let mut found: Vec<Handle> = Vec::new();
    for piece in pieces(text) {
        if let Piece::Mention(handle) = piece {
            note_handle(&mut found, handle);
        }
    }
    found
}

/// Adds a handle that is not in the list yet, unless the list is full.
pub(crate) fn note_handle(found: &mut Vec<Handle>, handle: Handle) {
    if found.len() <= limits::POST_MENTIONS && !found.iter().any(|other| other.is(&handle)) {
        found.push(handle);
    }
}

impl Handle {
    /// True if both are the same spelling; host names have no letter case.
    pub fn is(&self, other: &Self) -> bool {
        let (host, other_host) = (self.host.as_deref().unwrap_or(""), other.host.as_deref().unwrap_or(""));
        self.username == other.username && host.eq_ignore_ascii_case(other_host)
    }
}

/// What begins at one place of a text.
pub(super) enum Step<'a> {
    /// A piece, with its length in bytes.
    Piece(Piece<'a>, usize),
    /// So many bytes that hold no piece: nothing in them is looked at again, so that scanning stays linear.
    Text(usize),
}

/// Cuts a text into its pieces.
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

/// What begins at the start of `text`, whose first character is `c`. Each byte of a text is looked at a bounded number of
/// times, however often a scheme or sign is repeated. `ends_link` says which characters cannot be in a link.
pub(super) fn step(text: &str, c: char, before: Option<char>, ends_link: impl Fn(char) -> bool) -> Step<'_> {
    let found = match c {
        'h' | 'H' => return url(text, before, ends_link).unwrap_or(Step::Text(1)),
        '@' => mention(text, before),
        '#' | '＃' => hashtag(text, before),
        _ => None,
    };
    found.map_or(Step::Text(c.len_utf8()), |(piece, len)| Step::Piece(piece, len))
}

/// True for what continues a word, so that nothing starts right after it.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_mark(c)
}

/// True for characters that end a link: those that no browser takes from running text, and full-width punctuation, which
/// ends a link in Chinese and Japanese text, where no space follows it. Others that the URL standard percent-encodes
/// (`|`, `^`, braces, backtick) belong to the link.
pub(super) fn is_link_end(c: char) -> bool {
    c.is_whitespace()
        || is_hidden(c)
        || matches!(c, '<' | '>' | '"' | '\\')
        || matches!(c, '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '！' | '（' | '）' | '，' | '：' | '；' | '？' | '“' | '”' | '…')
}

/// A link. What looks like one but is too long or has no valid host is text up to its end.
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

/// Leaves out punctuation that belongs to the sentence and a closing bracket whose opening one is outside.
fn trim_end(mut url: &str) -> &str {
    let count = |what: char| url.bytes().filter(|b| char::from(*b) == what).count();
    let mut surplus =
        [(')', '('), (']', '['), ('}', '{')].map(|(close, open)| (close, count(close).saturating_sub(count(open))));
    while let Some(last) = url.chars().next_back() {
        let cut = match last {
            // Around the link they are emphasis; in pairs within it they belong to it.
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

/// True if the run of this sign at the end has a partner: a run of the same length before it.
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

/// The host at the start of a text, with its port.
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

/// The longest start of allowed characters that ends in a letter, a digit or what `ends` allows.
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

/// The hashtag at the start of a text (without `#`): letters, digits, `_`, and dots and joiners within; not of
/// digits alone; at most [`limits::HASHTAG_CHARS`] characters.
pub(crate) fn tag_name(text: &str) -> Option<&str> {
    let inner = |c: char| is_word(c) || matches!(c, '·' | '・' | '\u{200c}' | '\u{200d}');
    let len = text.find(|c| !inner(c)).unwrap_or(text.len());
    let name = text[..len].trim_end_matches(|c: char| !is_word(c));
    let starts = name.chars().next().is_some_and(is_word);
    let has_letter = name.chars().any(|c| c.is_alphanumeric() && !c.is_numeric());
    (starts && has_letter && name.chars().count() <= limits::HASHTAG_CHARS).then_some(name)
}
