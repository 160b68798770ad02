//! Characters that are not shown at all.

/// True for the code points that Unicode calls default ignorable: soft hyphen, joiners, fillers, marks of direction,
/// variation selectors, tags. In a sentence some of them matter; in a handle each makes two equal names differ.
pub fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// A name without the characters that are not shown.
pub fn without_ignorable(name: &str) -> String {
    name.chars().filter(|c| !is_ignorable(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_equal_are_equal() {
        for name in
            ["al\u{ad}ice", "alice\u{200d}", "\u{feff}alice", "al\u{fe0f}ice", "alice\u{e0041}", "ali\u{3164}ce"]
        {
            assert_eq!(without_ignorable(name), "alice", "{name:?}");
        }
        assert_eq!(without_ignorable("bücher.نام"), "bücher.نام");
    }
}
