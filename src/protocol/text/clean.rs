//! Untrusted plain text made safe to show: names, descriptions, excerpts.

use std::borrow::Cow;

use super::scan;
use crate::protocol::characters::is_hidden;

/// Cleans one line of text, such as a display name: removes hidden characters, collapses white space, trims, and cuts to
/// `max_chars` characters.
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

/// Returns `true` for one emoji: a single grapheme that shows something, without letters and not only of ASCII. A digit counts
/// only as a keycap.
pub fn is_one_emoji(text: &str) -> bool {
    use unicode_segmentation::UnicodeSegmentation;
    let mut graphemes = text.graphemes(true);
    let one = graphemes.next().is_some() && graphemes.next().is_none();
    let keycap = text.contains('\u{20e3}');
    one && !text.is_ascii()
        && !is_blank(text)
        && text.chars().all(|c| !c.is_alphabetic() && (keycap || !c.is_numeric()))
}

/// Cleans text of several lines, such as an image description: removes hidden characters, trims, uses `\n` for all line breaks, and
/// cuts to `max_chars` characters.
pub fn clean_text(text: &str, max_chars: usize) -> String {
    let visible: Cow<'_, str> = if text.chars().any(|c| is_hidden(c) || c == '\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| !is_hidden(*c)).collect::<String>().into()
    } else {
        text.into()
    };
    visible.trim().chars().take(max_chars).collect::<String>().trim_end().to_owned()
}

/// Returns `true` for a text without visible characters: only white space, hidden characters, joiners, fillers and blanks.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || is_hidden(c)
            || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
            || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}')
            || matches!(c, '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
    })
}

/// Cuts a line to `max_chars` characters with an ellipsis, between words if possible.
pub fn shorten(line: &str, max_chars: usize) -> String {
    if line.chars().nth(max_chars).is_none() {
        return line.to_owned();
    }
    let cut = line.char_indices().nth(max_chars.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let is_between = line[cut..].starts_with(char::is_whitespace);
    let words = if is_between { Some(cut) } else { line[..cut].rfind(char::is_whitespace) };
    // Without a space in the second half (some languages, very long words) it is cut anywhere.
    let end = words.filter(|end| *end > cut / 2).unwrap_or(cut);
    format!(
        "{}…",
        line[..end].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–'))
    )
}

/// Removes the handles at the start of a text.
pub fn without_leading_mentions(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with('@')
        && let Some((_, len)) = scan::mention(rest, None)
    {
        rest = rest[len..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | ';'));
    }
    rest
}
