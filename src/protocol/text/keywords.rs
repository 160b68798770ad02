//! Which keywords a text contains, in time linear in the text however many keywords there are.

use std::collections::HashSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use unicode_segmentation::UnicodeSegmentation;

/// A keyword to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyword<'a> {
    /// The text, in any case.
    pub text: &'a str,
    /// It must not begin or end inside a word.
    pub whole_word: bool,
}

/// A set of keywords, compiled.
#[derive(Debug)]
pub struct Keywords {
    automaton: Option<AhoCorasick>,
    whole_words: Vec<bool>,
}

impl Keywords {
    /// Compiles keywords. Blank ones are never found.
    ///
    /// # Errors
    /// If they are too long together for the automaton.
    pub fn new(keywords: &[Keyword<'_>]) -> Result<Self, aho_corasick::BuildError> {
        let whole_words = keywords.iter().map(|k| k.whole_word).collect();
        if keywords.is_empty() {
            return Ok(Self { automaton: None, whole_words });
        }
        let folded = keywords.iter().map(|k| fold(k.text.trim()));
        let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(folded)?;
        Ok(Self { automaton: Some(automaton), whole_words })
    }

    /// Returns `true` if there is no keyword.
    pub fn is_empty(&self) -> bool {
        self.whole_words.is_empty()
    }

    /// The numbers of the keywords that a text contains, in ascending order.
    pub fn found_in(&self, text: &str) -> Vec<usize> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let text = fold(text);
        let mut boundaries: Option<HashSet<usize>> = None;
        let mut found = vec![false; self.whole_words.len()];
        for hit in automaton.find_overlapping_iter(&text) {
            let number = hit.pattern().as_usize();
            if found[number] || hit.is_empty() {
                continue;
            }
            let mut is_boundary = |at: usize| {
                let parted = || text.split_word_bound_indices().map(|(start, _)| start).collect();
                !is_inside_word(&text, at) || boundaries.get_or_insert_with(parted).contains(&at)
            };
            found[number] = !self.whole_words[number] || is_boundary(hit.start()) && is_boundary(hit.end());
        }
        found.iter().enumerate().filter(|(_, found)| **found).map(|(number, _)| number).collect()
    }
}

/// Lower case by character, so that a keyword is folded like the text around it. The two forms of the small sigma are one.
fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

/// Returns `true` where no word can begin or end by the rule of ASCII: between characters that may be part of a word. UAX #29
/// decides about such a place: it parts Chinese characters, and keeps combining marks with their letters.
fn is_inside_word(text: &str, at: usize) -> bool {
    let may_be_word = |c: char| if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { c != '’' };
    text[..at].chars().next_back().is_some_and(may_be_word) && text[at..].chars().next().is_some_and(may_be_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(text: &str, keyword: &str, whole_word: bool) -> bool {
        !Keywords::new(&[Keyword { text: keyword, whole_word }]).unwrap().found_in(text).is_empty()
    }

    #[test]
    fn keywords_are_found_in_any_case() {
        for (text, keyword) in [
            ("All about FOOTBALL today", "football"),
            ("straße", "STRAßE"),
            ("ΟΔΟΣ", "οδος"),
            ("ПРИВЕТ мир", "привет"),
            ("Pokémon", "pokÉmon"),
            ("see https://t.co/abc", "https://t.co/"),
            ("two  words", "two  words"),
        ] {
            assert!(contains(text, keyword, false), "{keyword} in {text}");
        }
        assert!(!contains("nothing of it", "football", false));
        assert!(!contains("anything", " ", false), "a blank keyword is in no text");
    }

    #[test]
    fn whole_words_end_at_word_boundaries() {
        for (text, keyword, is_found) in [
            ("an assassin", "ass", false),
            ("an ass.", "ass", true),
            ("ASS", "ass", true),
            ("assassin, then ass", "ass", true),
            ("#football!", "football", true),
            ("#football!", "#football", true),
            ("foo_bar", "foo", false),
            ("foo-bar", "foo", true),
            ("nazi.example", "nazi", true),
            ("I can't", "can", true),
            ("I can’t", "can", true),
            ("हिन्दी", "हिन", false),
            ("so—called", "so", true),
            ("learn c++ now", "c++", true),
            ("learn c++now", "c++", true),
            ("naïve", "na", false),
            ("na\u{308}ive", "na", false),
            ("黒猫が好き", "猫", true),
            ("сорокапут", "сорока", false),
            ("über", "ber", false),
            ("x 🦀 y", "🦀", true),
        ] {
            assert_eq!(contains(text, keyword, true), is_found, "{keyword} in {text}");
        }
    }

    #[test]
    fn all_keywords_are_reported_once() {
        let keyword = |text| Keyword { text, whole_word: false };
        let set = Keywords::new(&[keyword("a"), keyword("ab"), keyword("b"), keyword("A"), keyword("x")]).unwrap();
        assert_eq!(set.found_in("ab ab ab"), [0, 1, 2, 3]);
        assert!(Keywords::new(&[]).unwrap().found_in("ab").is_empty());
    }

    #[test]
    fn time_is_linear_in_the_text() {
        let long: Vec<String> = (1..200).map(|n| "a".repeat(n)).collect();
        let keywords: Vec<_> = long.iter().map(|text| Keyword { text, whole_word: true }).collect();
        let set = Keywords::new(&keywords).unwrap();
        assert!(set.found_in(&"a".repeat(5_000)).is_empty());
    }
}
