//! The length of a post as its author counts it.

use super::scan::{Piece, pieces};
use crate::limits;
use crate::protocol::characters::is_mark;

/// Counts the characters of a post as Mastodon does: a link counts [`limits::POST_CHARS_PER_URL`], a mention counts without its
/// host, and a grapheme counts one.
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

/// Counts graphemes, by the parts of UAX 29 that occur in posts: combining marks, variation selectors, joined and coloured emoji,
/// flags of two letters, CRLF.
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
