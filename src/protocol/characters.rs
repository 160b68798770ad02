//! Classes of characters, and cutting at character boundaries.

/// Returns `true` for characters that deceive or are invisible: control characters except tab and line breaks, the bidirectional
/// embeddings, overrides and isolates that reorder text, and invisible fillers. Joiners are not hidden, because emoji and
/// Indic and Persian words need them.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => true,
        c => c.is_control(),
    }
}

/// Returns `true` for default ignorable code points (Unicode): soft hyphen, joiners, fillers, direction marks, variation
/// selectors, tags. Some of them matter in a sentence; in a handle each makes two names differ that look equal.
pub fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Removes default ignorable code points from a name.
pub fn without_ignorable(name: &str) -> String {
    name.chars().filter(|c| !is_ignorable(*c)).collect()
}

/// Returns `true` for marks that attach to the letter before them: combining diacritics, viramas and tone marks that
/// `char::is_alphanumeric` does not count as part of a word.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0487}' | '\u{0591}'..='\u{05bd}' | '\u{064b}'..='\u{065f}'
        | '\u{093c}' | '\u{094d}' | '\u{09bc}' | '\u{09cd}' | '\u{0a3c}' | '\u{0a4d}' | '\u{0abc}' | '\u{0acd}'
        | '\u{0b3c}' | '\u{0b4d}' | '\u{0bcd}' | '\u{0c4d}' | '\u{0ccd}' | '\u{0d4d}' | '\u{0dca}'
        | '\u{0e31}' | '\u{0e34}'..='\u{0e3a}' | '\u{0e47}'..='\u{0e4e}' | '\u{0eb1}' | '\u{0eb4}'..='\u{0ebc}'
        | '\u{0ec8}'..='\u{0ece}' | '\u{1037}' | '\u{1039}' | '\u{103a}' | '\u{17d2}' | '\u{20d0}'..='\u{20ff}'
        | '\u{3099}' | '\u{309a}')
}

/// Returns the longest prefix of at most `max` bytes that ends at a character boundary.
pub(super) fn cut_bytes(text: &str, max: usize) -> &str {
    let mut end = max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visually_identical_names_are_equal() {
        for name in
            ["al\u{ad}ice", "alice\u{200d}", "\u{feff}alice", "al\u{fe0f}ice", "alice\u{e0041}", "ali\u{3164}ce"]
        {
            assert_eq!(without_ignorable(name), "alice", "{name:?}");
        }
        assert_eq!(without_ignorable("bücher.نام"), "bücher.نام");
    }
}
