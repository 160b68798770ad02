//! Plain text: what stands in it (links, mentions, hashtags), its HTML, its length, and names made safe.

mod ignorable;
mod render;
mod scan;
#[cfg(test)]
mod tests;
mod token;

use std::borrow::Cow;

use crate::limits;

pub use ignorable::{is_ignorable, without_ignorable};
pub(super) use render::Linker;
pub(crate) use render::link;
pub use render::{MentionLink, Rendered, render};
pub use scan::{Handle, find_mentions};
use scan::{Piece, pieces};
pub(crate) use scan::{note_handle, tag_name};
pub(super) use token::{Token, token};

/// True for characters that deceive or vanish: control characters except tab and line feed, the embeddings,
/// overrides and isolates that reorder text, and the invisible fillers that make two names look alike.
/// Joiners stay, because emoji and Indic and Persian words need them.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => true,
        c => c.is_control(),
    }
}

/// One line of plain text, such as a display name: without hidden characters, every run of white space one space,
/// trimmed, and cut to `max_chars`.
pub fn clean_name(text: &str, max_chars: usize) -> String {
    let mut out = String::new();
    let mut space = false;
    let mut left = max_chars;
    for c in text.chars().filter(|c| !is_hidden(*c)) {
        if c.is_whitespace() {
            space = !out.is_empty();
            continue;
        }
        let needed = 1 + usize::from(space);
        if left < needed {
            break;
        }
        if std::mem::take(&mut space) {
            out.push(' ');
        }
        out.push(c);
        left -= needed;
    }
    out
}

/// True for a text that is one emoji: a single grapheme without letters. A digit is one only as a keycap.
pub fn is_one_emoji(text: &str) -> bool {
    use unicode_segmentation::UnicodeSegmentation;
    let mut graphemes = text.graphemes(true);
    let one = graphemes.next().is_some() && graphemes.next().is_none();
    let keycap = text.contains('\u{20e3}');
    one && text.chars().all(|c| !c.is_alphabetic() && (keycap || !c.is_numeric()))
}

/// Several lines of plain text, such as an image description: without hidden characters, trimmed, `\n` alone as line
/// break, and cut to `max_chars`.
pub fn clean_text(text: &str, max_chars: usize) -> String {
    let visible: Cow<'_, str> = if text.chars().any(|c| is_hidden(c) || c == '\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| !is_hidden(*c)).collect::<String>().into()
    } else {
        text.into()
    };
    visible.trim().chars().take(max_chars).collect::<String>().trim_end().to_owned()
}

/// True for a text in which there is nothing to see: white space, hidden characters, joiners, fillers and blanks alone.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || is_hidden(c)
            || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
            || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}')
            || matches!(c, '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
    })
}

/// The start of one line within so many characters: cut between words if there are any, and then with an ellipsis.
pub fn shorten(line: &str, max_chars: usize) -> String {
    if line.chars().nth(max_chars).is_none() {
        return line.to_owned();
    }
    let cut = line.char_indices().nth(max_chars.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let is_between = line[cut..].starts_with(char::is_whitespace);
    let words = if is_between { Some(cut) } else { line[..cut].rfind(char::is_whitespace) };
    // A language without spaces, or one word that is longer than all the others together.
    let end = words.filter(|end| *end > cut / 2).unwrap_or(cut);
    format!(
        "{}…",
        line[..end].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–'))
    )
}

/// A text without the handles that it begins with.
pub fn without_leading_mentions(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with('@')
        && let Some((_, len)) = scan::mention(rest, None)
    {
        rest = rest[len..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | ';'));
    }
    rest
}

/// The longest start of a text within so many bytes.
pub(super) fn cut_bytes(text: &str, max: usize) -> &str {
    let mut end = max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// How long a post is for its author: a link counts [`limits::POST_CHARS_PER_URL`], a mention counts without its
/// host, and a cluster of code points that people see as one character counts one (Mastodon's rule).
pub fn count_chars(text: &str) -> usize {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Url(_) => limits::POST_CHARS_PER_URL,
            Piece::Mention(handle) => 1 + handle.username.len(),
            Piece::Text(t) => clusters(t),
            Piece::Hashtag { written, .. } => clusters(written),
        })
        .sum()
}

/// User-perceived characters, by the parts of UAX 29 that posts meet: combining marks, variation selectors, joined
/// and coloured emoji, flags of two letters, CRLF.
fn clusters(text: &str) -> usize {
    let mut count = 0;
    let mut joined = false;
    let mut flag_open = false;
    let mut before = None;
    for c in text.chars() {
        let regional = matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
        let extends = is_mark(c)
            || matches!(c, '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
            || before == Some('\r') && c == '\n';
        if !(extends || joined || regional && flag_open) {
            count += 1;
        }
        flag_open = regional && !flag_open;
        joined = c == '\u{200d}';
        before = Some(c);
    }
    count
}

/// Marks that attach to the letter before: combining diacritics, viramas and tone marks that `char::is_alphanumeric`
/// does not know as part of a word.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0487}' | '\u{0591}'..='\u{05bd}' | '\u{064b}'..='\u{065f}'
        | '\u{093c}' | '\u{094d}' | '\u{09bc}' | '\u{09cd}' | '\u{0a3c}' | '\u{0a4d}' | '\u{0abc}' | '\u{0acd}'
        | '\u{0b3c}' | '\u{0b4d}' | '\u{0bcd}' | '\u{0c4d}' | '\u{0ccd}' | '\u{0d4d}' | '\u{0dca}'
        | '\u{0e31}' | '\u{0e34}'..='\u{0e3a}' | '\u{0e47}'..='\u{0e4e}' | '\u{0eb1}' | '\u{0eb4}'..='\u{0ebc}'
        | '\u{0ec8}'..='\u{0ece}' | '\u{1037}' | '\u{1039}' | '\u{103a}' | '\u{17d2}' | '\u{20d0}'..='\u{20ff}'
        | '\u{3099}' | '\u{309a}')
}
