//! Finds links, mentions and hashtags in plain text, in one pass.

use crate::limits;

use super::is_mark;

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

/// The handles that a text mentions, in order, without repeats (by letter case neither).
pub fn find_mentions(text: &str) -> Vec<Handle> {
    let mut found: Vec<Handle> = Vec::new();
    for piece in pieces(text) {
        let Piece::Mention(handle) = piece else { continue };
        let same = |other: &Handle| {
            let hosts = (handle.host.as_deref().unwrap_or(""), other.host.as_deref().unwrap_or(""));
            other.username.eq_ignore_ascii_case(&handle.username) && hosts.0.eq_ignore_ascii_case(hosts.1)
        };
        if found.len() < limits::POST_MENTIONS && !found.iter().any(same) {
            found.push(handle);
        }
    }
    found
}

/// Cuts a text into its pieces.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut before = None;
    while let Some(c) = text[at..].chars().next() {
        let found = match c {
            'h' | 'H' => url(&text[at..], before),
            '@' => mention(&text[at..], before),
            '#' | '＃' => hashtag(&text[at..], before),
            _ => None,
        };
        let Some((piece, len)) = found else {
            before = Some(c);
            at += c.len_utf8();
            continue;
        };
        if start < at {
            out.push(Piece::Text(&text[start..at]));
        }
        out.push(piece);
        at += len;
        start = at;
        before = text[..at].chars().next_back();
    }
    if start < text.len() {
        out.push(Piece::Text(&text[start..]));
    }
    out
}

/// True for what continues a word, so that nothing starts right after it.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_mark(c)
}

fn url<'a>(text: &'a str, before: Option<char>) -> Option<(Piece<'a>, usize)> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|s| text.get(..s.len()).is_some_and(|start| start.eq_ignore_ascii_case(s)))?;
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    // Full-width punctuation ends a link in Chinese and Japanese text, where no space follows it.
    let ends = |c: char| {
        c.is_whitespace()
            || super::is_hidden(c)
            || matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '}' | '|')
            || matches!(c, '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '！' | '（' | '）' | '，' | '：' | '；' | '？' | '“' | '”' | '…')
    };
    let len = text.find(ends).unwrap_or(text.len());
    let url = trim_end(&text[..len]);
    if url.len() <= scheme.len() || !crate::protocol::html::is_web_link(url) {
        return None;
    }
    Some((Piece::Url(url), url.len()))
}

/// Leaves out punctuation that belongs to the sentence and a closing bracket whose opening one is outside.
fn trim_end(mut url: &str) -> &str {
    let count = |what: char| url.bytes().filter(|b| char::from(*b) == what).count();
    let mut surplus = [(')', '('), (']', '[')].map(|(close, open)| (close, count(close).saturating_sub(count(open))));
    while let Some(last) = url.chars().next_back() {
        let cut = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '~' => true,
            ')' | ']' => {
                let left = if last == ')' { &mut surplus[0].1 } else { &mut surplus[1].1 };
                let cut = *left > 0;
                *left = left.saturating_sub(1);
                cut
            }
            _ => false,
        };
        if !cut {
            break;
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url
}

fn mention<'a>(text: &'a str, before: Option<char>) -> Option<(Piece<'a>, usize)> {
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
