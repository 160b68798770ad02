//! Tokens that Markdown must not change: links, handles, hashtags and emoji shortcodes in running text.

use super::scan::{Step, is_link_end, step};
use crate::limits;

/// What starts at a position of a Markdown text.
pub(crate) enum Token<'a> {
    /// A link, handle, hashtag or shortcode as written.
    Whole(&'a str),
    /// A number of bytes without a token.
    Text(usize),
}

/// Returns what starts at the beginning of `text`, after the character `before`. In a code span (`in_code`) a backtick ends a
/// link.
pub(crate) fn token(text: &str, before: Option<char>, in_code: bool) -> Token<'_> {
    let Some(c) = text.chars().next() else { return Token::Text(0) };
    if c == ':' {
        return shortcode(text, before).map_or(Token::Text(1), Token::Whole);
    }
    match step(text, c, before, |c| is_link_end(c) || in_code && c == '`') {
        Step::Piece(_, len) if matches!(c, 'h' | 'H') => Token::Whole(within_brackets(&text[..len])),
        Step::Piece(_, len) => Token::Whole(&text[..len]),
        Step::Text(len) => Token::Text(len),
    }
}

/// Cuts a link at the first unmatched closing bracket: `[text](link)`.
fn within_brackets(link: &str) -> &str {
    let (mut round, mut square) = (0_i32, 0_i32);
    let ends = |(_, c): &(usize, char)| {
        match c {
            '(' => round += 1,
            ')' => round -= 1,
            '[' => square += 1,
            ']' => square -= 1,
            _ => {}
        }
        round < 0 || square < 0
    };
    link.char_indices().find(ends).map_or(link, |(at, _)| &link[..at])
}

fn shortcode(text: &str, before: Option<char>) -> Option<&str> {
    if before.is_some_and(|c| c.is_alphanumeric() || c == ':') {
        return None;
    }
    let name = text[1..].bytes().take(limits::EMOJI_CHARS + 1);
    let len = name.take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let closes = text[1 + len..].starts_with(':');
    (len > 0 && len <= limits::EMOJI_CHARS && closes).then(|| &text[..len + 2])
}
